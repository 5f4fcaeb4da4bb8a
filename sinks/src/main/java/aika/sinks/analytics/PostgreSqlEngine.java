package aika.sinks.analytics;

import aika.sinks.SinkException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** PostgreSQL 14 or newer, in a schema of its own. */
final class PostgreSqlEngine implements Engine {
  private static final Logger LOG = LoggerFactory.getLogger(PostgreSqlEngine.class);

  /** The schema of all tables and views. */
  static final String SCHEMA = "aika";

  private static final int CONNECT_SECONDS_MAX = 10;

  /** A server that says nothing for this long counts as lost. */
  private static final int SILENCE_SECONDS_MAX = 300;

  private static final int FETCH_ROWS = 1_000;

  private static final Pattern PASSWORD = Pattern.compile("(?i)[?&](password|sslpassword)=");

  private final AnalyticsSettings.PostgreSql settings;

  PostgreSqlEngine(AnalyticsSettings.PostgreSql settings) {
    this.settings = settings;
  }

  @Override
  public void open() {
    if (PASSWORD.matcher(settings.url()).find()) {
      throw new SinkException(
          SinkException.Kind.REFUSED,
          "the URL of PostgreSQL must not hold the password: it has a setting of its own",
          null);
    }
  }

  @Override
  public Connection writer() throws SQLException {
    Connection writer = connect("");
    try {
      writer.setAutoCommit(false);
      makeSchema(writer);
      try (Statement statement = writer.createStatement();
          ResultSet rows =
              statement.executeQuery(
                  "SELECT rolsuper FROM pg_roles WHERE rolname = current_user")) {
        if (rows.next() && rows.getBoolean(1)) {
          LOG.warn("analytics uses a superuser of PostgreSQL: give it a user of its own");
        }
      }
      return writer;
    } catch (SQLException failed) {
      writer.close();
      throw failed;
    }
  }

  private static void makeSchema(Connection writer) throws SQLException {
    try (Statement statement = writer.createStatement()) {
      boolean there;
      try (ResultSet rows =
          statement.executeQuery("SELECT 1 FROM pg_namespace WHERE nspname = '" + SCHEMA + "'")) {
        there = rows.next();
      }
      if (!there) {
        statement.execute("CREATE SCHEMA " + SCHEMA);
      }
    }
  }

  @Override
  public Connection reader(Duration timeout) throws SQLException {
    Connection reader =
        connect(" -c default_transaction_read_only=on -c statement_timeout=" + timeout.toMillis());
    try {
      reader.setReadOnly(true);
      reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      reader.setAutoCommit(false);
      return reader;
    } catch (SQLException failed) {
      reader.close();
      throw failed;
    }
  }

  private Connection connect(String options) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", settings.user());
    properties.setProperty("password", settings.password().value());
    properties.setProperty("ApplicationName", "aika analytics");
    properties.setProperty("connectTimeout", "" + CONNECT_SECONDS_MAX);
    properties.setProperty("loginTimeout", "" + 2 * CONNECT_SECONDS_MAX);
    properties.setProperty("socketTimeout", "" + SILENCE_SECONDS_MAX);
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("currentSchema", SCHEMA);
    properties.setProperty("options", "-c TimeZone=UTC" + options);
    return DriverManager.getConnection(settings.url(), properties);
  }

  /**
   * The server opens the statement as a cursor for reading, which it does with a single query only,
   * and fetches nothing. [ANA-12]
   */
  @Override
  public void check(Connection reader, String sql) throws SQLException {
    try (PreparedStatement query =
        reader.prepareStatement("SELECT query_to_xmlschema(?, true, false, '')")) {
      query.setString(1, sql);
      try (ResultSet rows = query.executeQuery()) {
        rows.next();
      }
    } catch (SQLException refused) {
      String state = String.valueOf(refused.getSQLState());
      // invalid_cursor_definition, feature_not_supported: not one query, or one that writes
      if (state.equals("42P11") || state.equals("0A000") || state.equals("22023")) {
        throw new SinkException(SinkException.Kind.REFUSED, "only one SELECT is answered", refused);
      }
      throw refused;
    }
  }

  /** The limit of the server begins anew with every thousand rows that are fetched. */
  @Override
  public Answer answer(Connection reader, Question.Bound query, int rowsMax, Duration timeout)
      throws SQLException {
    PGConnection server = reader.unwrap(PGConnection.class); // its statements ignore it in a fetch
    if (query.values().isEmpty()) { // a question mark may be an operator
      try (Statement statement = reader.createStatement()) {
        prepare(statement, rowsMax);
        try (Deadline _ = new Deadline(server::cancelQuery, timeout);
            ResultSet rows = statement.executeQuery(query.sql())) {
          return Values.answer(rows, rowsMax);
        }
      }
    }
    try (PreparedStatement statement = query.prepare(reader, query.sql())) {
      prepare(statement, rowsMax);
      try (Deadline _ = new Deadline(server::cancelQuery, timeout);
          ResultSet rows = statement.executeQuery()) {
        return Values.answer(rows, rowsMax);
      }
    }
  }

  private static void prepare(Statement statement, int rowsMax) throws SQLException {
    statement.setFetchSize(FETCH_ROWS);
    statement.setMaxRows(rowsMax + 1);
  }

  @Override
  public Batch batch(Connection writer) {
    return new CopyBatch(writer);
  }

  @Override
  public String people() {
    return Table.PEOPLE.sql();
  }

  @Override
  public void finish(Connection writer) throws SQLException {
    Script.of("postgresql.sql").run(writer);
  }

  /** Writes the table anew, so that the old file with the old bytes is deleted. */
  @Override
  public void purge(Connection writer) throws SQLException {
    writer.commit();
    writer.setAutoCommit(true);
    try (Statement statement = writer.createStatement()) {
      statement.execute("VACUUM FULL " + people());
    } finally {
      writer.setAutoCommit(false);
    }
  }

  @Override
  public SinkException failure(SQLException failed) {
    String state = String.valueOf(failed.getSQLState());
    String message = String.valueOf(failed.getMessage());
    if (failed instanceof SQLTimeoutException || state.equals("57014")) {
      return new SinkException(
          SinkException.Kind.UNREACHABLE, "the statement took too long", failed);
    }
    return new SinkException(kind(state), "PostgreSQL: " + message, failed);
  }

  private static SinkException.Kind kind(String state) {
    // 28: authorization; 42501: missing right; 3D000: no such database; 25006: it only reads
    if (state.startsWith("28")
        || state.equals("42501")
        || state.equals("3D000")
        || state.equals("25006")) {
      return SinkException.Kind.REFUSED;
    }
    // 08: connection; 53: no resources; 57P: it stops or starts
    if (state.startsWith("08") || state.startsWith("53") || state.startsWith("57P")) {
      return SinkException.Kind.UNREACHABLE;
    }
    return SinkException.Kind.FAILED;
  }

  @Override
  public List<Path> setAside(SinkException failed) {
    return List.of();
  }

  @Override
  public void abort(Connection writer) throws SQLException {
    writer.abort(Runnable::run);
  }

  @Override
  public void close() {}
}
