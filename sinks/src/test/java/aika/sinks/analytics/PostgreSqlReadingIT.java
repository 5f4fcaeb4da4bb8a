package aika.sinks.analytics;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PostgreSqlReadingIT extends ReadingCases {
  private TestPostgreSql server;

  @BeforeAll
  void start() {
    server = new TestPostgreSql();
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Override
  AnalyticsSettings fresh() {
    return server.fresh();
  }

  @Override
  void tamper(AnalyticsSettings settings, String sql) {
    server.tamper(settings, sql);
  }

  /** About half a millisecond for each row: a thousand of them are there in time. */
  @Override
  String slowAfterTheFirstRows() {
    return "SELECT i, (SELECT count(*) FROM generate_series(1, 4000) AS b(j) WHERE j <> i)"
        + " FROM generate_series(1, 100000) AS a(i)";
  }
}
