package aika.node.web;

import aika.sinks.analytics.AnalyticsCharts.AgeBucket;
import aika.sinks.analytics.AnalyticsCharts.Flow;
import aika.sinks.analytics.AnalyticsCharts.StateCount;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** Numbers of a busy federation until the 22nd of November 2026, the same in every run. */
final class MadeUpFigures {
  static final LocalDate UNTIL = LocalDate.of(2026, 11, 22);

  private static final List<String> ENDS = List.of("complete", "rejected", "cancelled", "expired");

  private MadeUpFigures() {}

  static Figures empty(Period period) {
    return new Figures(FakeDesk.TEN, period, UNTIL, List.of(), List.of(), List.of());
  }

  static Figures busy(Period period) {
    Random random = new Random(5);
    List<String> places =
        FakeDesk.federation().municipalities().stream().map(one -> one.id().value()).toList();
    List<Flow> flows = new ArrayList<>();
    for (String from : places) {
      for (String to : places.subList(0, Math.min(4, places.size()))) {
        long transfers = random.nextLong(1, 4_000);
        flows.add(new Flow(from, to, transfers * random.nextLong(1, 90_000), transfers));
      }
    }
    flows.sort(Comparator.comparingLong(Flow::amountMinor).reversed());
    List<StateCount> states = new ArrayList<>();
    LocalDate day = period.since(UNTIL);
    for (int i = 0; !day.plusDays(i).isAfter(UNTIL); i++) {
      long sent = random.nextLong(900, 1_500) - (i % 7 > 4 ? 500L : 0L);
      states.add(new StateCount(day.plusDays(i), "send_pending", sent));
      for (String end : ENDS) {
        long share = end.equals("complete") ? sent * 9 / 10 : random.nextLong(80);
        states.add(new StateCount(day.plusDays(i), end, share));
      }
    }
    List<AgeBucket> ages =
        List.of(
            new AgeBucket(0, 212, 4_120_000),
            new AgeBucket(1, 1_430, 31_004_050),
            new AgeBucket(24, 377, 9_900_000),
            new AgeBucket(168, 12, 100_001));
    return new Figures(FakeDesk.TEN, period, UNTIL, flows, states, ages);
  }
}
