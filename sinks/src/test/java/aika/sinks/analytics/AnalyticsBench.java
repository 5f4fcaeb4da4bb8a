package aika.sinks.analytics;

import aika.core.money.ChainId;
import aika.sinks.Names;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;

/**
 * Measures how fast a year is loaded and how long each question takes; not part of the tests.
 * Arguments: a file for DuckDB or {@code postgresql}, transfers, and how many blocks of each chain
 * are approved at a time (0: all of them, as in a rebuild).
 */
final class AnalyticsBench {
  private static final Duration TIMEOUT = Duration.ofMinutes(5);

  private AnalyticsBench() {}

  public static void main(String[] arguments) throws Exception {
    Year year = new Year(Long.parseLong(arguments[1]));
    long atOnce = Long.parseLong(arguments[2]);
    read(year);
    if (arguments[0].equals("postgresql")) {
      try (TestPostgreSql server = new TestPostgreSql()) {
        measure(server.fresh(), year, atOnce);
      }
    } else {
      Path file = Path.of(arguments[0]);
      measure(new AnalyticsSettings.DuckDb(file), year, atOnce);
      System.out.printf("%d MB in the file%n", Files.size(file) >> 20);
    }
  }

  private static void measure(AnalyticsSettings settings, Year year, long atOnce) {
    try (AnalyticsSink sink =
        new AnalyticsSink(settings, year, Names.NONE, ZoneId.of("Asia/Tokyo"))) {
      sink.open();
      load(sink, year, atOnce);
      ask(sink);
    }
  }

  /** What making the leaves costs by itself. */
  private static void read(Year year) {
    long begin = System.nanoTime();
    long count = 0;
    for (ChainId chain : year.chains()) {
      for (long i = 0; i < Math.min(100_000, year.size(chain)); i++) {
        count += year.entry(chain, i).leaf().time() > 0 ? 1 : 0;
      }
    }
    System.out.printf("leaves alone: %d ns each%n", (System.nanoTime() - begin) / count);
  }

  private static void load(AnalyticsSink sink, Year year, long atOnce) {
    long begin = System.nanoTime();
    long last = begin;
    long shown = 0;
    for (long round = atOnce; ; round += atOnce) {
      year.approve(atOnce == 0 ? year.rounds() : round);
      boolean moved = true;
      while (moved) {
        moved = false;
        long written = 0;
        for (ChainId chain : sink.chains()) {
          long leaves = sink.advance(chain).leaves();
          moved |= leaves < sink.goal(chain).leaves();
          written += chain.municipal() ? leaves / (2L * Year.SENDS + 2) * Year.SENDS : 0;
        }
        if (written - shown >= 500_000) {
          long now = System.nanoTime();
          System.out.printf(
              "%,d transfers, %,.0f/s%n", written, (written - shown) * 1e9 / (now - last));
          last = now;
          shown = written;
        }
      }
      if (atOnce == 0 || round >= year.rounds()) {
        break;
      }
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    System.out.printf(
        "%,d transfers in %.1f s: %,.0f/s%n",
        year.transfers(), seconds, year.transfers() / seconds);
  }

  private static void ask(AnalyticsSink sink) {
    for (int run = 0; run < 3; run++) {
      for (Question question : Questions.all()) {
        Map<String, String> arguments = new HashMap<>();
        for (Question.Parameter parameter : question.parameters()) {
          switch (parameter.name()) {
            case "since" -> arguments.put("since", "2026-01-01");
            case "until" -> arguments.put("until", "2027-12-31");
            case "origin" -> arguments.put("origin", "Asia-City1");
            case "destination" -> arguments.put("destination", "Asia-City2");
            case "now" -> arguments.put("now", "2027-01-01T00:00:00");
            case "period" -> arguments.put("period", "week");
            default -> {}
          }
        }
        long begin = System.nanoTime();
        Answer answer = sink.reader().ask(question, arguments, 10_000, TIMEOUT);
        System.out.printf(
            "run %d %-16s %5d ms, %d rows%n",
            run, question.id(), (System.nanoTime() - begin) / 1_000_000, answer.rows().size());
      }
    }
  }
}
