package aika.sinks.analytics;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** Files for tests. */
final class TestDuckDb {
  private TestDuckDb() {}

  static AnalyticsSettings settings(Path folder, int number) {
    return new AnalyticsSettings.DuckDb(folder.resolve("made/analytics" + number + ".duckdb"));
  }

  static void tamper(AnalyticsSettings settings, String sql) {
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
