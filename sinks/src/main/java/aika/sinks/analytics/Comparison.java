package aika.sinks.analytics;

import aika.core.money.ChainId;
import aika.sinks.Source;
import aika.sinks.Verification;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compares the tables, as they are at one moment, with the logs: each leaf makes the rows again and
 * they must be there, equal, and no others. [ANA-10]
 */
final class Comparison {
  /**
   * Rows that one kind of leaf makes.
   *
   * @param all what all of them have
   * @param chain the column of the chain whose leaf made a row
   * @param leaf the column of that leaf
   */
  private record Kind(Table table, String all, String chain, String leaf) {}

  private static final List<Kind> KINDS =
      List.of(
          new Kind(Table.NEW_SENDS, "sent_at IS NOT NULL", "origin", "leaf"),
          new Kind(Table.NEW_DECISIONS, "decided_leaf IS NOT NULL", "destination", "decided_leaf"),
          new Kind(Table.NEW_ENDS, "ended_leaf IS NOT NULL", "origin", "ended_leaf"),
          new Kind(Table.ACCOUNTS, "TRUE", "chain", "leaf"),
          new Kind(Table.ISSUES, "TRUE", "chain", "leaf"),
          new Kind(Table.BLOCKS, "TRUE", "chain", "leaf"),
          new Kind(Table.ANCHORS, "TRUE", "chain", "leaf"));

  /** What a decision knows too, but the send decides: it counts while there is no send. */
  private static final List<String> UNTIL_SENT = List.of("receiver", "amount_minor");

  private final Source source;
  private final Calendar calendar;
  private final Connection snapshot;
  private final Verification.Watcher watcher;
  private final Map<Table, Long> seen = new EnumMap<>(Table.class);
  private final List<String> examples = new ArrayList<>();
  private long compared;
  private long faults;

  Comparison(Source source, ZoneId zone, Connection snapshot, Verification.Watcher watcher) {
    this.source = source;
    this.calendar = new Calendar(zone);
    this.snapshot = snapshot;
    this.watcher = watcher;
  }

  Verification run() throws SQLException {
    Map<ChainId, Long> ends = new HashMap<>();
    for (ChainId chain : source.chains()) {
      long stored = AnalyticsSink.Position.of(snapshot, chain).leaves();
      long approved = source.approvedSize(chain);
      if (stored > approved) {
        fault("%s is %d leaves ahead of the log".formatted(chain, stored - approved), 1);
      }
      ends.put(chain, Math.min(stored, approved));
    }
    long total = ends.values().stream().mapToLong(Long::longValue).sum();
    long done = 0;
    for (ChainId chain : source.chains()) {
      long from = 0;
      long end = ends.getOrDefault(chain, 0L);
      while (from < end) {
        long next = leaves(chain, from, Math.min(end, from + AnalyticsSink.STEP_LEAVES_MAX));
        done += next - from;
        from = next;
        watcher.compared(done, total);
      }
    }
    others();
    active("week");
    active("month");
    return new Verification(compared, faults, examples);
  }

  private long leaves(ChainId chain, long from, long to) throws SQLException {
    MemoryBatch wanted = new MemoryBatch();
    Anchors anchors = Anchors.of(snapshot, chain, from, to);
    Facts facts = new Facts(source, chain, calendar, anchors, wanted);
    long next = facts.read(from, to, AnalyticsSink.STEP_EVENTS_MAX);
    for (Kind kind : KINDS) {
      rows(kind.table, wanted.of(kind.table), stored(kind, chain, from, next));
    }
    return next;
  }

  private Map<String, List<@Nullable Object>> stored(Kind kind, ChainId chain, long from, long to)
      throws SQLException {
    Table table = kind.table;
    String columns =
        table.staging() ? table.columns() + ", sent_at IS NOT NULL AS sent" : table.columns();
    Map<String, List<@Nullable Object>> found = new HashMap<>();
    try (PreparedStatement query =
        snapshot.prepareStatement(
            "SELECT %s FROM %s WHERE %s AND %s = ? AND %5$s >= ? AND %5$s < ?"
                .formatted(columns, table.base(), kind.all, kind.chain, kind.leaf))) {
      query.setString(1, chain.value());
      query.setLong(2, from);
      query.setLong(3, to);
      try (ResultSet rows = query.executeQuery()) {
        List<Answer.Column> types = Values.columns(rows.getMetaData());
        while (rows.next()) {
          List<@Nullable Object> row = Values.row(rows, types);
          String key = key(table, row);
          if (found.put(key, row) != null) {
            fault(table.base() + " " + key + " is there twice", 1);
          }
          seen.merge(table, 1L, Long::sum);
        }
      }
    }
    return found;
  }

  private static String key(Table table, List<@Nullable Object> row) {
    List<String> names = List.of(table.columns().split(", "));
    StringBuilder key = new StringBuilder();
    for (String part :
        table.base().equals("transfers")
            ? List.of("origin", "leaf", "destination")
            : List.of("chain", "leaf")) {
      int column = names.indexOf(part);
      if (column >= 0) {
        key.append(key.isEmpty() ? "" : ":").append(row.get(column));
      }
    }
    return key.toString();
  }

  private void rows(
      Table table,
      List<List<@Nullable Object>> wanted,
      Map<String, List<@Nullable Object>> stored) {
    List<String> names = List.of(table.columns().split(", "));
    for (List<@Nullable Object> want : wanted) {
      compared++;
      String key = key(table, want);
      List<@Nullable Object> have = stored.remove(key);
      if (have == null) {
        fault("%s %s is missing".formatted(table.base(), key), 1);
        continue;
      }
      boolean sent = table == Table.NEW_DECISIONS && Boolean.TRUE.equals(have.getLast());
      for (int i = 0; i < names.size(); i++) {
        Object there = have.get(i);
        Object should = want.get(i);
        boolean counts = !(sent && UNTIL_SENT.contains(names.get(i)));
        if (counts && !(should == null ? there == null : should.equals(there))) {
          String column = names.get(i);
          fault("%s %s: %s is %s, not %s".formatted(table.base(), key, column, there, should), 1);
          break;
        }
      }
    }
    for (String key : stored.keySet()) {
      fault("%s %s should not be there".formatted(table.base(), key), 1);
    }
  }

  /** Rows that no leaf below the positions can have made. */
  private void others() throws SQLException {
    for (Kind kind : KINDS) {
      String table = kind.table.base();
      long all = count("SELECT count(*) FROM %s WHERE %s".formatted(table, kind.all));
      long known = seen.getOrDefault(kind.table, 0L);
      surplus(table, "of leaves that are not written yet", all - known);
    }
    surplus(
        "transfers",
        "with the id of another",
        count("SELECT count(*) FROM transfers WHERE id <> " + Merge.ID));
    surplus(
        "transfers",
        "neither sent nor decided",
        count("SELECT count(*) FROM transfers WHERE sent_at IS NULL AND decided_leaf IS NULL"));
    surplus(
        "transfers",
        "decided by no leaf",
        count(
            "SELECT count(*) FROM transfers WHERE decided_leaf IS NULL AND state <> '%s'"
                .formatted(Facts.SEND_PENDING)));
  }

  private void surplus(String table, String what, long rows) {
    if (rows > 0) {
      fault("%s: %d rows %s".formatted(table, rows, what), rows);
    }
  }

  private void active(String period) throws SQLException {
    String should =
        """
        SELECT '%1$s' AS period, CAST(date_trunc('%1$s', sent_day) AS DATE) AS start_day,
          origin AS chain, sender AS account FROM transfers WHERE sent_at IS NOT NULL
        UNION SELECT '%1$s', CAST(date_trunc('%1$s', done_day) AS DATE), destination, receiver
          FROM transfers WHERE state = 'complete'\
        """
            .formatted(period);
    String stored =
        "SELECT period, start_day, chain, account FROM active_accounts WHERE period = '%s'"
            .formatted(period);
    compared += count("SELECT count(*) FROM (%s) AS a".formatted(stored));
    surplus("active_accounts", "of a " + period + " missing", except(should, stored));
    surplus("active_accounts", "too many of a " + period, except(stored, should));
  }

  private long except(String first, String second) throws SQLException {
    return count(
        "SELECT count(*) FROM (SELECT * FROM (%s) AS a EXCEPT ALL SELECT * FROM (%s) AS b) AS c"
            .formatted(first, second));
  }

  private long count(String sql) throws SQLException {
    try (Statement statement = snapshot.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private void fault(String example, long times) {
    faults += times;
    if (examples.size() < Verification.EXAMPLES_MAX) {
      examples.add(example);
    }
  }
}
