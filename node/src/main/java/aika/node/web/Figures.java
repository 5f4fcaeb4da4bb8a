package aika.node.web;

import aika.sinks.analytics.AnalyticsCharts;
import aika.sinks.analytics.AnalyticsCharts.AgeBucket;
import aika.sinks.analytics.AnalyticsCharts.Flow;
import aika.sinks.analytics.AnalyticsCharts.StateCount;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;

/**
 * What the page of numbers shows: sums only, nobody's account.
 *
 * @param at ms since 1970
 * @param until the last day that counts; the office's today
 * @param flows the largest first
 * @param pending from the youngest; ages without a transfer are left out
 */
record Figures(
    long at,
    Period period,
    LocalDate until,
    List<Flow> flows,
    List<StateCount> states,
    List<AgeBucket> pending) {

  /**
   * @param now in the time zone whose days the tables have
   */
  static Figures read(AnalyticsCharts charts, Period period, ZonedDateTime now) {
    LocalDate until = now.toLocalDate();
    LocalDate since = period.since(until);
    LocalDateTime utc = now.withZoneSameInstant(ZoneOffset.UTC).toLocalDateTime();
    return new Figures(
        now.toInstant().toEpochMilli(),
        period,
        until,
        charts.flows(since, until),
        charts.states(since, until),
        charts.pendingAge(utc));
  }
}
