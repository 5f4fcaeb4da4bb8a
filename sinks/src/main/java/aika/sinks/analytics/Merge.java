package aika.sinks.analytics;

import aika.core.money.ChainId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * Puts the rows of a step into the tables. A transfer's row is made by whichever half comes first
 * and completed by the other; each half has columns of its own, so their order does not matter.
 * Both halves name sender's chain, leaf and receiver's chain: a decision of a chain that is not the
 * receiver's completes nothing. [ANA-4]
 *
 * <p>Conditions with constants, and those on columns that are still empty, say nothing new: they
 * let DuckDB skip what lies long ago, and PostgreSQL use its indexes. (A chain's name needs no
 * quoting.)
 */
final class Merge {
  /** A transfer's id, as everywhere. */
  static final String ID = "origin || ':' || CAST(leaf AS VARCHAR)";

  private static final String SAME =
      "t.origin = n.origin AND t.leaf = n.leaf AND t.destination = n.destination";

  private static final String INSERT_SENDS =
      "INSERT INTO transfers (id, state, %1$s) SELECT %2$s, '%3$s', %1$s FROM new_sends AS n"
          .formatted(Table.NEW_SENDS.columns(), ID, Facts.SEND_PENDING);

  private static final String INSERT_DECISIONS =
      "INSERT INTO transfers (id, %1$s) SELECT %2$s, %1$s FROM new_decisions AS n"
          .formatted(Table.NEW_DECISIONS.columns(), ID);

  private final Connection connection;
  private final ChainId chain;
  private final long from;
  private final long to;

  /** For a batch that is flushed and holds what leaves {@code from} below {@code to} tell. */
  Merge(Connection connection, ChainId chain, long from, long to) {
    this.connection = connection;
    this.chain = chain;
    this.from = from;
    this.to = to;
  }

  void run(Batch batch) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      if (batch.has(Table.NEW_SENDS)) {
        sends(statement);
      }
      if (batch.has(Table.NEW_DECISIONS)) {
        decisions(statement);
      }
      if (batch.has(Table.NEW_ENDS)) {
        statement.executeUpdate(
            """
            UPDATE transfers AS t SET ended_at = n.ended_at, ended_block = n.ended_block,
              ended_leaf = n.ended_leaf
            FROM new_ends AS n WHERE t.origin = n.origin AND t.leaf = n.leaf
              AND t.sent_at IS NOT NULL AND t.ended_at IS NULL\
            """);
      }
      if (batch.has(Table.NEW_LISTED)) {
        statement.executeUpdate(
            """
            UPDATE transfers AS t SET listed_at = n.listed_at, listed_block = n.listed_block,
              listed_leaf = n.listed_leaf
            FROM new_listed AS n WHERE t.origin = n.origin AND t.sent_block = n.sent_block
              AND t.listed_at IS NULL\
            """);
      }
    }
  }

  private void sends(Statement statement) throws SQLException {
    String here = "t.origin = '%s' AND t.leaf >= %d AND t.leaf < %d".formatted(chain, from, to);
    boolean decidedBefore =
        text(statement, "SELECT min(id) FROM transfers AS t WHERE " + here) != null;
    if (decidedBefore) {
      statement.executeUpdate(
          """
          UPDATE transfers AS t SET client_id = n.client_id, sender = n.sender,
            receiver = n.receiver, amount_minor = n.amount_minor, requested_at = n.requested_at,
            sent_at = n.sent_at, sent_day = n.sent_day, sent_hour = n.sent_hour,
            sent_block = n.sent_block, valid_until = n.valid_until, listed_at = n.listed_at,
            listed_block = n.listed_block, listed_leaf = n.listed_leaf
          FROM new_sends AS n WHERE %s AND %s AND t.sent_at IS NULL\
          """
              .formatted(SAME, here));
      statement.executeUpdate(INSERT_SENDS + unless(here));
    } else {
      statement.executeUpdate(INSERT_SENDS);
    }
    active(statement, "sent_day", "sender", "new_sends WHERE TRUE");
  }

  private void decisions(Statement statement) throws SQLException {
    long known =
        statement.executeLargeUpdate(
            """
            UPDATE transfers AS t SET state = n.state, answered_at = n.answered_at,
              decided_at = n.decided_at, decided_block = n.decided_block,
              decided_leaf = n.decided_leaf, completed_at = n.completed_at, done_day = n.done_day
            FROM new_decisions AS n
            WHERE %s AND t.destination = '%s' AND t.decided_leaf IS NULL\
            """
                .formatted(SAME, chain));
    String all = text(statement, "SELECT count(*) FROM new_decisions");
    if (!Long.toString(known).equals(all)) {
      statement.executeUpdate(
          INSERT_DECISIONS
              + unless(
                  "t.destination = '%s' AND t.decided_leaf >= %d AND t.decided_leaf < %d"
                      .formatted(chain, from, to)));
    }
    active(
        statement,
        "done_day",
        "receiver",
        "new_decisions WHERE receiver IS NOT NULL AND state = '%s'".formatted(Facts.COMPLETE));
  }

  private static String unless(String there) {
    return " WHERE NOT EXISTS (SELECT 1 FROM transfers AS t WHERE %s AND %s)"
        .formatted(there, SAME);
  }

  /** Accounts of this chain that were not active yet in their week or month. */
  private void active(Statement statement, String day, String account, String touched)
      throws SQLException {
    String first =
        text(
            statement,
            "SELECT CAST(date_trunc('week', date_trunc('month', min(%s))) AS DATE) FROM %s"
                .formatted(day, touched));
    if (first == null) {
      return;
    }
    statement.executeUpdate(
        """
        INSERT INTO active_accounts (period, start_day, chain, account)
        WITH touched(touched_day, account) AS (SELECT DISTINCT %1$s, %2$s FROM %3$s),
        n AS (
          SELECT 'week' AS period, CAST(date_trunc('week', touched_day) AS DATE) AS start_day,
            account FROM touched
          UNION
          SELECT 'month', CAST(date_trunc('month', touched_day) AS DATE), account FROM touched
        )
        SELECT period, start_day, '%4$s', account FROM n
        WHERE NOT EXISTS (SELECT 1 FROM active_accounts AS t
          WHERE t.chain = '%4$s' AND t.start_day >= DATE '%5$s' AND t.period = n.period
            AND t.start_day = n.start_day AND t.account = n.account)\
        """
            .formatted(day, account, touched, chain, first));
  }

  private static @Nullable String text(Statement statement, String sql) throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getString(1) : null;
    }
  }
}
