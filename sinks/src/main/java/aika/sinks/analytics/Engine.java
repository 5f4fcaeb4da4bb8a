package aika.sinks.analytics;

import aika.sinks.SinkException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** What differs between the two databases. */
sealed interface Engine extends AutoCloseable permits DuckDbEngine, PostgreSqlEngine {
  static Engine of(AnalyticsSettings settings) {
    return switch (settings) {
      case AnalyticsSettings.DuckDb duck -> new DuckDbEngine(duck.file(), false);
      case AnalyticsSettings.PostgreSql server -> new PostgreSqlEngine(server);
    };
  }

  /** For whoever only reads, while no node has the file open. */
  static Engine readOnly(AnalyticsSettings settings) {
    return switch (settings) {
      case AnalyticsSettings.DuckDb duck -> new DuckDbEngine(duck.file(), true);
      case AnalyticsSettings.PostgreSql server -> new PostgreSqlEngine(server);
    };
  }

  /** Connects, again after a failure; readers of before then have a failure too. */
  void open();

  /** A connection that writes, without autocommit; one at a time. */
  Connection writer() throws SQLException;

  /**
   * A connection that only reads, in a transaction that sees one moment.
   *
   * @param timeout of each statement; none when it is zero
   */
  Connection reader(Duration timeout) throws SQLException;

  /** Refuses whatever is not one reading statement, or reads what is none of the tables. */
  void check(Connection reader, String sql) throws SQLException;

  /**
   * Answers a SELECT that was checked, or one of our own.
   *
   * @param timeout of everything, also of its rows
   */
  Answer answer(Connection reader, Question.Bound query, int rowsMax, Duration timeout)
      throws SQLException;

  Batch batch(Connection writer);

  /** The table of names, as {@link #writer} calls it. */
  String people();

  /** Makes what only this database needs. */
  void finish(Connection writer) throws SQLException;

  /** Makes sure that the bytes of deleted names are in no file of the table. */
  void purge(Connection writer) throws SQLException;

  SinkException failure(SQLException failed);

  /** See {@link aika.sinks.Sink#setAside}. */
  List<Path> setAside(SinkException failed);

  /** Lets go of a statement that may never end. */
  void abort(Connection writer) throws SQLException;

  @Override
  void close();
}
