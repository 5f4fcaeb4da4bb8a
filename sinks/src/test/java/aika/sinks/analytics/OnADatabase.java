package aika.sinks.analytics;

import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.sinks.Names;
import aika.sinks.Source;
import aika.sinks.Verification;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;

/** What tests need of a database. */
abstract class OnADatabase {
  static final ZoneId TOKYO = ZoneId.of("Asia/Tokyo");
  static final Duration LONG = Duration.ofSeconds(60);

  /** An empty database of its own, another at each call. */
  abstract AnalyticsSettings fresh();

  /** Changes the tables behind the sink's back; the sink is closed. */
  abstract void tamper(AnalyticsSettings settings, String sql);

  static AnalyticsSink sink(AnalyticsSettings settings, Source source) {
    return sink(settings, source, Names.NONE);
  }

  static AnalyticsSink sink(AnalyticsSettings settings, Source source, Names names) {
    return sink(settings, source, names, 1_000);
  }

  static AnalyticsSink sink(
      AnalyticsSettings settings, Source source, Names names, long stepLeavesMax) {
    AnalyticsSink sink = new AnalyticsSink(settings, source, names, TOKYO, stepLeavesMax);
    sink.open();
    return sink;
  }

  static List<String> lines(AnalyticsReader reader, String sql) {
    return reader.query(sql, 1_000, LONG).rows().stream()
        .map(row -> String.join(" ", row.stream().map(String::valueOf).toList()))
        .toList();
  }

  static List<String> written(AnalyticsSettings settings, Source source) {
    try (AnalyticsSink sink = sink(settings, source)) {
      Content.advanceAll(sink);
      return Content.of(sink.reader());
    }
  }

  static void assertClean(AnalyticsSink sink) {
    Verification found = sink.verify(Verification.Watcher.NOBODY);
    assertTrue(found.isClean(), () -> found.examples().toString());
    assertTrue(found.compared() > 0);
  }
}
