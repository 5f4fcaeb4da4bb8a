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

  /** Two megabytes at once, so that the driver begins to hand them out, then nothing. */
  @Override
  String slowAfterTheFirstRows() {
    return "SELECT i, 'much text, so that there is soon enough' AS text"
        + " FROM range(100000000000) AS t(i) WHERE i < 50000 OR i = 99999999999";
  }
}
