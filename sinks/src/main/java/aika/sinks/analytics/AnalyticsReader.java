package aika.sinks.analytics;

import aika.sinks.SinkException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * Answers questions about the tables, also while a sink writes them: each answer is of one moment.
 * Nothing that is asked can change the tables, read files or take longer than its time. Safe for
 * use by several threads.
 */
public final class AnalyticsReader implements AutoCloseable {
  public static final int ROWS_MAX = 100_000;
  public static final Duration TIMEOUT_MAX = Duration.ofMinutes(10);
  public static final int SQL_CHARS_MAX = 20_000;

  /** Answers at one time; more are refused, because each takes memory that the ledger needs. */
  private static final int QUERIES_AT_ONCE_MAX = 4;

  private final Engine engine;
  private final boolean own;
  private final Semaphore free = new Semaphore(QUERIES_AT_ONCE_MAX);
  private volatile boolean closed;

  AnalyticsReader(Engine engine, boolean own) {
    this.engine = engine;
    this.own = own;
  }

  /**
   * Opens tables that no node of this machine is writing: a DuckDB file of a node that is stopped,
   * or PostgreSQL, where a node may be writing.
   */
  public static AnalyticsReader open(AnalyticsSettings settings) {
    Engine engine = Engine.readOnly(settings);
    engine.open();
    return new AnalyticsReader(engine, true);
  }

  /** What is done with a connection that only reads. */
  interface Use<T> {
    T with(Connection reader) throws SQLException;
  }

  /**
   * Answers one SELECT.
   *
   * @param rowsMax at most {@link #ROWS_MAX}
   * @param timeout at most {@link #TIMEOUT_MAX}
   * @throws SinkException REFUSED when the statement is not one SELECT or wants what is not
   *     allowed, or its answer has more than 32 Mi characters, UNREACHABLE when it takes too long
   *     or too much is asked at once, FAILED with what the database says about it
   */
  public Answer query(String sql, int rowsMax, Duration timeout) {
    if (sql.length() > SQL_CHARS_MAX) {
      throw new SinkException(
          SinkException.Kind.REFUSED,
          "a statement has at most %d characters".formatted(SQL_CHARS_MAX),
          null);
    }
    return use(
        limited(timeout),
        reader -> {
          engine.check(reader, sql);
          Question.Bound query = new Question.Bound(sql, List.of());
          return engine.answer(reader, query, limited(rowsMax), limited(timeout));
        });
  }

  /**
   * Answers one of the documented questions.
   *
   * @param arguments values of parameters by name; others have their defaults
   * @throws SinkException as for {@link #query}; REFUSED also for an unknown or unreadable argument
   */
  public Answer ask(
      Question question, Map<String, String> arguments, int rowsMax, Duration timeout) {
    return use(
        limited(timeout),
        reader -> {
          Question.Bound bound = question.bind(arguments, Clock.system(zone(reader)));
          return engine.answer(reader, bound, limited(rowsMax), limited(timeout));
        });
  }

  private static ZoneId zone(Connection reader) throws SQLException {
    try (Statement statement = reader.createStatement();
        ResultSet rows = statement.executeQuery("SELECT value FROM about WHERE name = 'zone'")) {
      return rows.next() ? ZoneId.of(rows.getString(1)) : ZoneOffset.UTC;
    }
  }

  private static int limited(int rowsMax) {
    return Math.clamp(rowsMax, 1, ROWS_MAX);
  }

  static Duration limited(Duration timeout) {
    return timeout.compareTo(TIMEOUT_MAX) > 0 ? TIMEOUT_MAX : timeout;
  }

  /** Lends a reading connection; everything that it is asked sees one moment. */
  <T> T use(Duration timeout, Use<T> use) {
    if (closed) {
      throw new SinkException(SinkException.Kind.UNREACHABLE, "analytics is closed", null);
    }
    if (!free.tryAcquire()) {
      throw new SinkException(
          SinkException.Kind.UNREACHABLE,
          "%d questions are being answered; ask again".formatted(QUERIES_AT_ONCE_MAX),
          null);
    }
    try (Connection reader = engine.reader(timeout)) {
      return use.with(reader);
    } catch (SQLException failed) {
      throw engine.failure(failed);
    } finally {
      free.release();
    }
  }

  @Override
  public void close() {
    closed = true;
    if (own) {
      engine.close();
    }
  }
}
