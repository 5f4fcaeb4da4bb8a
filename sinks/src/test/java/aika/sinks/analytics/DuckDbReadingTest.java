package aika.sinks.analytics;

import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class DuckDbReadingTest extends ReadingCases {
  @TempDir private Path folder;
  private int files;

  @Override
  AnalyticsSettings fresh() {
    return TestDuckDb.settings(folder, ++files);
  }

  @Override
  void tamper(AnalyticsSettings settings, String sql) {
    TestDuckDb.tamper(settings, sql);
  }
}
