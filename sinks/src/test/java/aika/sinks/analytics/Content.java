package aika.sinks.analytics;

import aika.core.money.ChainId;
import aika.sinks.Progress;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What the tables hold, in the same words for both databases. */
final class Content {
  private static final Map<String, String> ORDER =
      Map.of(
          "about", "name",
          "progress", "chain",
          "transfers", "origin, leaf, destination",
          "accounts", "chain, leaf",
          "issues", "chain, leaf",
          "blocks", "chain, leaf",
          "anchors", "chain, leaf",
          "active_accounts", "period, start_day, account",
          "states", "transfer, reached_at, state",
          "daily_flows", "flow_day, origin, destination");

  private Content() {}

  /** Every row of every table, a line each. */
  static List<String> of(AnalyticsReader reader) {
    return reader.use(
        Duration.ofSeconds(60),
        connection -> {
          List<String> all = new ArrayList<>();
          for (String table : ORDER.keySet().stream().sorted().toList()) {
            String sql = "SELECT * FROM %s ORDER BY %s".formatted(table, ORDER.get(table));
            try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
              all.addAll(lines(table, rows));
            }
          }
          return all;
        });
  }

  private static List<String> lines(String table, ResultSet rows) throws SQLException {
    List<String> lines = new ArrayList<>();
    Answer answer = Values.answer(rows, Integer.MAX_VALUE - 1);
    for (List<?> row : answer.rows()) {
      lines.add(table + " " + row.stream().map(String::valueOf).collect(Collectors.joining("|")));
    }
    return lines;
  }

  /** Lets the sink write everything that is approved now. */
  static void advanceAll(AnalyticsSink sink) {
    boolean moved = true;
    while (moved) {
      moved = false;
      for (ChainId chain : sink.chains()) {
        Progress goal = sink.goal(chain);
        moved |= sink.advance(chain).leaves() < goal.leaves();
      }
    }
  }
}
