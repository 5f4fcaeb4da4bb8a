package aika.sinks.analytics;

import aika.core.money.AccountId;
import aika.sinks.Names;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Keeps the table of names like what the registers let be shown. It is no function of the logs, so
 * it has transactions of its own. [ANA-8]
 */
final class People {
  private static final int BATCH_ACCOUNTS_MAX = 10_000;

  private final Engine engine;
  private final Connection writer;
  private final Names names;

  People(Engine engine, Connection writer, Names names) {
    this.engine = engine;
    this.writer = writer;
    this.names = names;
  }

  /** Asks for every account's name again; what may not be known any more goes. */
  void refresh() throws SQLException {
    try (Statement statement = writer.createStatement()) {
      statement.executeUpdate("TRUNCATE " + engine.people());
    }
    if (!names.equals(Names.NONE)) {
      List<AccountId> accounts = accounts("");
      while (!accounts.isEmpty()) {
        write(accounts);
        accounts = accounts(accounts.getLast().toString());
      }
    }
    writer.commit();
  }

  private List<AccountId> accounts(String after) throws SQLException {
    List<AccountId> found = new ArrayList<>();
    try (PreparedStatement query =
        writer.prepareStatement(
            "SELECT account FROM accounts WHERE account > ? ORDER BY account LIMIT "
                + BATCH_ACCOUNTS_MAX)) {
      query.setString(1, after);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          found.add(AccountId.of(rows.getString(1)));
        }
      }
    }
    return found;
  }

  /** These accounts are new. */
  void add(List<AccountId> accounts) throws SQLException {
    if (!names.equals(Names.NONE) && !accounts.isEmpty()) {
      write(accounts);
      writer.commit();
    }
  }

  private void write(List<AccountId> accounts) throws SQLException {
    try (Batch batch = engine.batch(writer)) {
      for (AccountId account : accounts) {
        Optional<String> name = names.of(account);
        if (name.isPresent()) {
          batch.rows(Table.PEOPLE).text(account.toString()).text(name.get()).end();
        }
      }
      batch.flush();
    }
  }

  /** Deletes a name; afterwards its bytes are in no file of the table. */
  void forget(AccountId account) throws SQLException {
    try (PreparedStatement delete =
        writer.prepareStatement("DELETE FROM " + engine.people() + " WHERE account = ?")) {
      delete.setString(1, account.toString());
      delete.executeUpdate();
    }
    writer.commit();
    engine.purge(writer);
  }
}
