package aika.sinks.analytics;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class DuckDbAnalyticsTest extends AnalyticsCases {
  @TempDir private Path folder;
  private int files;

  @Override
  AnalyticsSettings fresh() {
    return new AnalyticsSettings.DuckDb(folder.resolve("made/analytics" + ++files + ".duckdb"));
  }

  @Override
  void tamper(AnalyticsSettings settings, String sql) {
    if (!(settings instanceof AnalyticsSettings.DuckDb duck)) {
      throw new IllegalArgumentException("not a DuckDB");
    }
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + duck.file());
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    } catch (SQLException failed) {
      throw new IllegalStateException(failed);
    }
  }
}
