package aika.sinks.analytics;

import aika.core.money.ChainId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Puts the rows of a step into the tables. A transfer's row is made by whichever half comes first
 * and completed by the other; each half has columns of its own, so their order does not matter.
 * Both halves name sender's chain, leaf and receiver's chain: a decision of a chain that is not the
 * receiver's completes nothing. [ANA-4]
 */
final class Merge {
  private static final String SAME =
      "t.origin = n.origin AND t.leaf = n.leaf AND t.destination = n.destination";

  /** A transfer's id, as everywhere. */
  static final String ID = "origin || ':' || CAST(leaf AS VARCHAR)";

  private static final String COMPLETE_BY_SEND =
      """
      UPDATE transfers AS t SET client_id = n.client_id, sender = n.sender, receiver = n.receiver,
        amount_minor = n.amount_minor, requested_at = n.requested_at, sent_at = n.sent_at,
        sent_day = n.sent_day, sent_hour = n.sent_hour, sent_block = n.sent_block,
        valid_until = n.valid_until, listed_at = n.listed_at, listed_block = n.listed_block,
        listed_leaf = n.listed_leaf
      FROM new_sends AS n WHERE
      """
          + SAME;

  private static final String INSERT_SENDS =
      "INSERT INTO transfers (id, state, %1$s) SELECT %2$s, '%3$s', %1$s FROM new_sends AS n"
          .formatted(Table.NEW_SENDS.columns(), ID, Facts.SEND_PENDING);

  private static final String COMPLETE_BY_DECISION =
      """
      UPDATE transfers AS t SET state = n.state, answered_at = n.answered_at,
        decided_at = n.decided_at, decided_block = n.decided_block, decided_leaf = n.decided_leaf,
        completed_at = n.completed_at, done_day = n.done_day
      FROM new_decisions AS n WHERE
      """
          + SAME;

  private static final String INSERT_DECISIONS =
      "INSERT INTO transfers (id, %1$s) SELECT %2$s, %1$s FROM new_decisions AS n"
          .formatted(Table.NEW_DECISIONS.columns(), ID);

  private static final String UNKNOWN =
      " WHERE NOT EXISTS (SELECT 1 FROM transfers AS t WHERE " + SAME + ")";

  private static final String END =
      """
      UPDATE transfers AS t SET ended_at = n.ended_at, ended_block = n.ended_block,
        ended_leaf = n.ended_leaf
      FROM new_ends AS n WHERE t.origin = n.origin AND t.leaf = n.leaf AND t.sent_at IS NOT NULL\
      """;

  private static final String LIST =
      """
      UPDATE transfers AS t SET listed_at = n.listed_at, listed_block = n.listed_block,
        listed_leaf = n.listed_leaf
      FROM new_listed AS n WHERE t.origin = n.origin AND t.sent_block = n.sent_block\
      """;

  private static final String ACTIVE_SENDERS = active("sent_day, origin, sender FROM new_sends");

  private static final String ACTIVE_RECEIVERS =
      active(
          "done_day, destination, receiver FROM new_decisions WHERE state = '%s'"
                  .formatted(Facts.COMPLETE)
              + " AND receiver IS NOT NULL");

  private final Connection connection;

  Merge(Connection connection) {
    this.connection = connection;
  }

  /**
   * The batch is flushed and holds what leaves {@code from} below {@code to} of this chain tell.
   */
  void run(Batch batch, ChainId chain, long from, long to) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      if (batch.has(Table.NEW_SENDS)) {
        if (anyOf(chain, from, to)) {
          statement.executeUpdate(COMPLETE_BY_SEND);
          statement.executeUpdate(INSERT_SENDS + UNKNOWN);
        } else {
          statement.executeUpdate(INSERT_SENDS);
        }
        statement.executeUpdate(ACTIVE_SENDERS);
      }
      if (batch.has(Table.NEW_DECISIONS)) {
        long known = statement.executeUpdate(COMPLETE_BY_DECISION);
        if (known < count(statement, Table.NEW_DECISIONS)) {
          statement.executeUpdate(INSERT_DECISIONS + UNKNOWN);
        }
        statement.executeUpdate(ACTIVE_RECEIVERS);
      }
      if (batch.has(Table.NEW_ENDS)) {
        statement.executeUpdate(END);
      }
      if (batch.has(Table.NEW_LISTED)) {
        statement.executeUpdate(LIST);
      }
    }
  }

  /** Accounts that were not active yet in their week or month. */
  private static String active(String touched) {
    return """
    INSERT INTO active_accounts (period, start_day, chain, account)
    WITH touched(touched_day, chain, account) AS (SELECT DISTINCT %s)
    SELECT * FROM (
      SELECT 'week' AS period, CAST(date_trunc('week', touched_day) AS DATE) AS start_day, chain,
        account FROM touched
      UNION
      SELECT 'month', CAST(date_trunc('month', touched_day) AS DATE), chain, account FROM touched
    ) AS n
    WHERE NOT EXISTS (SELECT 1 FROM active_accounts AS t WHERE t.period = n.period
      AND t.start_day = n.start_day AND t.account = n.account)\
    """
        .formatted(touched);
  }

  /** Whether a decision came before its send. */
  private boolean anyOf(ChainId chain, long from, long to) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT 1 FROM transfers WHERE origin = ? AND leaf >= ? AND leaf < ? LIMIT 1")) {
      query.setString(1, chain.value());
      query.setLong(2, from);
      query.setLong(3, to);
      try (ResultSet rows = query.executeQuery()) {
        return rows.next();
      }
    }
  }

  private static long count(Statement statement, Table table) throws SQLException {
    try (ResultSet rows = statement.executeQuery("SELECT count(*) FROM " + table.sql())) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
