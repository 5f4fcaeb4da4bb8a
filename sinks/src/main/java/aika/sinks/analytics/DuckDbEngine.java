package aika.sinks.analytics;

import aika.sinks.SetAside;
import aika.sinks.SinkException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * DuckDB in a file. The engine itself keeps statements away from files, extensions and settings
 * ({@code enable_external_access}, {@code lock_configuration}); names are in memory only.
 */
final class DuckDbEngine implements Engine {
  /** The database in memory that has the names. */
  static final String NAMES = "names";

  /** A node shares its machine with the ledger. */
  private static final String MEMORY_MAX = "1GiB";

  private static final String SPILL_MAX = "4GiB";

  /** Log that is written before the tables are brought up to date: often costs much. */
  private static final String LOG_MAX = "256MiB";

  private static final int THREADS_MIN = 2;
  private static final int THREADS_MAX = 8;

  /** Functions that people may have in FROM; others show files or the engine's insides. */
  private static final Set<String> TABLE_FUNCTIONS =
      Set.of("range", "generate_series", "unnest", "repeat", "json_each", "json_tree");

  private static final Set<String> FUNCTIONS_REFUSED = Set.of("write_log", "sleep_ms");

  /** The driver puts this before what the engine says. */
  private static final String DRIVERS_PREFIX = "closed pending query result\nError: ";

  /** What a statement says that was cancelled. */
  private static final String INTERRUPTED = "INTERRUPT Error";

  private static final List<String> NOT_THE_FILE = List.of("Out of Memory", "No space left");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final boolean readOnly;
  private volatile @Nullable DuckDBConnection base;

  DuckDbEngine(Path file, boolean readOnly) {
    this.file = file.toAbsolutePath();
    this.readOnly = readOnly;
  }

  @Override
  public synchronized void open() {
    close();
    if (readOnly && !Files.exists(file)) {
      throw new SinkException(SinkException.Kind.UNREACHABLE, "there is no " + file + " yet", null);
    }
    try {
      Path folder = file.getParent();
      if (folder != null && !readOnly) {
        Files.createDirectories(folder);
      }
      DuckDBConnection opened = connect(properties());
      base = opened;
      if (!readOnly) {
        makePeople(opened);
      }
    } catch (SQLException failed) {
      throw failed(failed);
    } catch (IOException failed) {
      throw new SinkException(
          SinkException.Kind.REFUSED, "cannot make the folder of " + file, failed);
    }
  }

  private void makePeople(DuckDBConnection opened) throws SQLException {
    try (Statement statement = opened.createStatement()) {
      statement.execute("ATTACH IF NOT EXISTS ':memory:' AS " + NAMES);
      statement.execute(
          "CREATE TABLE IF NOT EXISTS " + people() + " (account VARCHAR, name VARCHAR)");
    }
  }

  private DuckDBConnection connect(Properties properties) throws SQLException {
    return DriverManager.getConnection("jdbc:duckdb:" + file, properties)
        .unwrap(DuckDBConnection.class);
  }

  private Properties properties() {
    int cores = Runtime.getRuntime().availableProcessors();
    Properties properties = new Properties();
    properties.setProperty("access_mode", readOnly ? "READ_ONLY" : "READ_WRITE");
    properties.setProperty("memory_limit", MEMORY_MAX);
    properties.setProperty("max_temp_directory_size", SPILL_MAX);
    properties.setProperty("checkpoint_threshold", LOG_MAX);
    properties.setProperty("threads", "" + Math.clamp(cores / 2, THREADS_MIN, THREADS_MAX));
    properties.setProperty("enable_external_access", "false");
    properties.setProperty("autoinstall_known_extensions", "false");
    properties.setProperty("autoload_known_extensions", "false");
    properties.setProperty("allow_community_extensions", "false");
    properties.setProperty("lock_configuration", "true");
    properties.setProperty("jdbc_stream_results", "true");
    return properties;
  }

  private DuckDBConnection base() {
    DuckDBConnection opened = base;
    if (opened == null) {
      throw new SinkException(SinkException.Kind.UNREACHABLE, file + " is not open", null);
    }
    return opened;
  }

  @Override
  public Connection writer() throws SQLException {
    Connection writer = base().duplicate();
    writer.setAutoCommit(false);
    return writer;
  }

  @Override
  public Connection reader(Duration timeout) throws SQLException {
    Connection reader = base().duplicate();
    try (Statement statement = reader.createStatement()) {
      statement.execute(
          readOnly
              ? "CREATE TEMP VIEW people AS SELECT '' AS account, '' AS name WHERE FALSE"
              : "CREATE TEMP VIEW people AS SELECT account, name FROM " + people());
      statement.execute("BEGIN TRANSACTION READ ONLY");
      return reader;
    } catch (SQLException failed) {
      reader.close();
      throw failed;
    }
  }

  /** Asks the engine's own parser. [ANA-12] */
  @Override
  public void check(Connection reader, String sql) throws SQLException {
    try (PreparedStatement query =
        reader.prepareStatement("SELECT json_serialize_sql(CAST(? AS VARCHAR))")) {
      query.setString(1, sql);
      try (ResultSet rows = query.executeQuery()) {
        rows.next();
        check(JSON.readTree(rows.getString(1)));
      }
    } catch (JsonProcessingException failed) {
      throw new SQLException("the statement is too deep to be looked at", failed);
    }
  }

  private static void check(JsonNode parsed) throws SQLException {
    if (parsed.path("error").asBoolean()) {
      if (parsed.path("error_type").asText().equals("parser")) {
        throw new SQLException(parsed.path("error_message").asText());
      }
      throw refused("only one SELECT is answered");
    }
    if (parsed.path("statements").size() != 1) {
      throw refused("only one SELECT is answered");
    }
    checkFunctions(parsed);
  }

  private static void checkFunctions(JsonNode node) {
    if (node.path("type").asText().equals("TABLE_FUNCTION")) {
      String name = node.path("function").path("function_name").asText().toLowerCase(Locale.ROOT);
      if (!TABLE_FUNCTIONS.contains(name)) {
        throw refused(name + " is not allowed in FROM");
      }
    }
    String function = node.path("function_name").asText().toLowerCase(Locale.ROOT);
    if (FUNCTIONS_REFUSED.contains(function)) {
      throw refused(function + " is not allowed");
    }
    for (JsonNode child : node) {
      checkFunctions(child);
    }
  }

  /**
   * The rows are collected first: the driver cannot cut short a statement that is being fetched,
   * nor end it after so many rows.
   */
  @Override
  public Answer answer(Connection reader, Question.Bound query, int rowsMax, Duration timeout)
      throws SQLException {
    String from = "(" + query.sql() + ") AS asked";
    if (query.values().isEmpty()) { // somebody's own text, which may end with anything
      reader.prepareStatement(query.sql()).close(); // faults in words about that text alone
      from = "query('" + query.sql().replace("'", "''") + "')";
    }
    String collect =
        "CREATE TEMP TABLE answer AS SELECT * FROM " + from + " LIMIT " + (rowsMax + 1);
    try (PreparedStatement statement = query.prepare(reader, collect);
        Deadline _ = new Deadline(statement::cancel, timeout)) {
      statement.execute();
    }
    try (Statement statement = reader.createStatement();
        ResultSet rows = statement.executeQuery("SELECT * FROM answer")) {
      return Values.answer(rows, rowsMax);
    }
  }

  private static SinkException refused(String why) {
    return new SinkException(SinkException.Kind.REFUSED, why, null);
  }

  @Override
  public Batch batch(Connection writer) {
    try {
      return new DuckDbBatch(writer.unwrap(DuckDBConnection.class));
    } catch (SQLException failed) {
      throw failed(failed);
    }
  }

  @Override
  public String people() {
    return NAMES + ".main.people";
  }

  @Override
  public void finish(Connection writer) {}

  /** Names are in memory. */
  @Override
  public void purge(Connection writer) {}

  @Override
  public SinkException failure(SQLException failed) {
    return failed(failed);
  }

  static SinkException failed(SQLException failed) {
    String said = String.valueOf(failed.getMessage());
    int prefix = said.indexOf(DRIVERS_PREFIX);
    String message = prefix < 0 ? said : said.substring(prefix + DRIVERS_PREFIX.length());
    if (message.startsWith(INTERRUPTED)) {
      return new SinkException(
          SinkException.Kind.UNREACHABLE, "the statement took too long", failed);
    }
    if (message.contains("Could not set lock on file")) {
      return new SinkException(
          SinkException.Kind.UNREACHABLE, "another process has the file open: " + message, failed);
    }
    boolean denied =
        List.of("Permission denied", "Permission Error", "read-only mode").stream()
            .anyMatch(message::contains);
    return new SinkException(
        denied ? SinkException.Kind.REFUSED : SinkException.Kind.FAILED,
        "DuckDB: " + message,
        failed);
  }

  /** The file and its log belong together. Want of memory or of disk is no fault of theirs. */
  @Override
  public synchronized List<Path> setAside(SinkException failed) {
    String message = String.valueOf(failed.getMessage());
    if (failed.kind() != SinkException.Kind.FAILED
        || NOT_THE_FILE.stream().anyMatch(message::contains)) {
      return List.of();
    }
    close();
    return Stream.of(file, file.resolveSibling(file.getFileName() + ".wal"))
        .map(SetAside::damaged)
        .flatMap(Optional::stream)
        .toList();
  }

  /** DuckDB runs in this process: its statements end. */
  @Override
  public void abort(Connection writer) {}

  @Override
  public synchronized void close() {
    DuckDBConnection opened = base;
    base = null;
    if (opened != null) {
      try {
        opened.close();
      } catch (SQLException failed) {
        throw failed(failed);
      }
    }
  }
}
