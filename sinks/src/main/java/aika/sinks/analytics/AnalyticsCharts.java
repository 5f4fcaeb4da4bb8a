package aika.sinks.analytics;

import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Three series for charts. Days are the office's, amounts in minor units (1/100). */
public final class AnalyticsCharts {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private static final List<Question.Parameter> PERIOD =
      Questions.DAILY_FLOWS.parameters().subList(2, 4);

  private static final Question FLOWS =
      new Question(
          "chart-flows",
          "自治体の間の流れ",
          "flows between municipalities",
          PERIOD,
          List.of(),
          """
          SELECT origin, destination, CAST(coalesce(sum(amount_minor), 0) AS BIGINT),
            CAST(sum(transfers) AS BIGINT)
          FROM daily_flows
          WHERE flow_day BETWEEN :since AND :until
          GROUP BY origin, destination
          ORDER BY 3 DESC, origin, destination
          """);

  private static final Question STATES =
      new Question(
          "chart-states",
          "日ごとの状態",
          "states over time",
          PERIOD,
          List.of(),
          """
          SELECT sent_day, 'send_pending', count(*) FROM transfers
          WHERE sent_day BETWEEN :since AND :until GROUP BY sent_day
          UNION ALL
          SELECT done_day, state, count(*) FROM transfers
          WHERE done_day BETWEEN :since AND :until GROUP BY done_day, state
          ORDER BY 1, 2
          """);

  private final AnalyticsReader reader;

  public AnalyticsCharts(AnalyticsReader reader) {
    this.reader = reader;
  }

  /**
   * What one municipality's people sent to another's.
   *
   * @param transfers how many
   */
  public record Flow(String from, String to, long amountMinor, long transfers) {}

  /** How many transfers reached this state on a day: send_pending, or one of the four ends. */
  public record StateCount(LocalDate day, String state, long transfers) {}

  /**
   * Pending transfers of an age.
   *
   * @param hoursMin at least this old; younger than the next bucket's
   */
  public record AgeBucket(long hoursMin, long transfers, long amountMinor) {}

  /** Between these days, both inclusive; the largest first. */
  public List<Flow> flows(LocalDate since, LocalDate until) {
    return rows(
        FLOWS,
        period(since, until),
        row -> new Flow(text(row, 0), text(row, 1), number(row, 2), number(row, 3)));
  }

  /** Between these days, both inclusive; by day and state. */
  public List<StateCount> states(LocalDate since, LocalDate until) {
    return rows(
        STATES,
        period(since, until),
        row -> new StateCount(LocalDate.parse(text(row, 0)), text(row, 1), number(row, 2)));
  }

  /**
   * The buckets that have transfers, from the youngest: 0, 1, 24, 72, 168 and 720 hours and older.
   *
   * @param now in UTC
   */
  public List<AgeBucket> pendingAge(LocalDateTime now) {
    return rows(
        Questions.PENDING_AGE,
        Map.of("now", now.toString()),
        row -> new AgeBucket(number(row, 0), number(row, 1), number(row, 2)));
  }

  private static Map<String, String> period(LocalDate since, LocalDate until) {
    return Map.of("since", since.toString(), "until", until.toString());
  }

  private <T> List<T> rows(
      Question question, Map<String, String> arguments, Function<List<@Nullable Object>, T> of) {
    Answer answer = reader.ask(question, arguments, AnalyticsReader.ROWS_MAX, TIMEOUT);
    List<T> series = new ArrayList<>(answer.rows().size());
    for (List<@Nullable Object> row : answer.rows()) {
      series.add(of.apply(row));
    }
    return series;
  }

  private static String text(List<@Nullable Object> row, int column) {
    return String.valueOf(row.get(column));
  }

  /** An empty cell counts as 0: amounts that a node cannot know. */
  private static long number(List<@Nullable Object> row, int column) {
    return row.get(column) instanceof Long value ? value : 0;
  }
}
