package aika.sinks.analytics;

import aika.sinks.SinkException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import java.io.BufferedWriter;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * Writes the tables as files for other programs, one file a table, all of the same moment. Names of
 * people are never exported.
 */
public final class AnalyticsExport {
  /** What is exported, in this order. */
  public static final List<String> TABLES =
      List.of(
          "transfers",
          "states",
          "daily_flows",
          "active_accounts",
          "accounts",
          "issues",
          "blocks",
          "anchors",
          "progress");

  private static final int FETCH_ROWS = 10_000;
  private static final long WATCH_ROWS = 100_000;
  private static final String MEMORY_MAX = "512MiB";
  private static final String SPILL_MAX = "4GiB";
  private static final int THREADS_MAX = 2;

  private final AnalyticsReader reader;

  public AnalyticsExport(AnalyticsReader reader) {
    this.reader = reader;
  }

  /** Hears how an export goes on. */
  @FunctionalInterface
  public interface Watcher {
    /** {@code done} of {@code total} rows of this table are written. */
    void written(String table, long done, long total);
  }

  /** One table's rows on their way into a file. */
  private interface Target extends AutoCloseable {
    void row(List<@Nullable Object> values) throws SQLException, IOException;

    void finish() throws SQLException, IOException;

    @Override
    void close() throws SQLException, IOException;
  }

  private interface Targets {
    Target of(Path file, List<Answer.Column> columns) throws SQLException, IOException;
  }

  /**
   * Apache Parquet. A file of the same name is replaced when the new one is complete.
   *
   * @return the files
   * @throws SinkException when the tables cannot be read or the files not be written
   */
  public List<Path> parquet(Path folder, Watcher watcher) {
    return export(folder, ".parquet", ParquetFile::new, watcher);
  }

  /** One JSON object a line (NDJSON), UTF-8; times in UTC. Otherwise like {@link #parquet}. */
  public List<Path> ndjson(Path folder, Watcher watcher) {
    return export(folder, ".ndjson", LinesFile::new, watcher);
  }

  private List<Path> export(Path folder, String suffix, Targets targets, Watcher watcher) {
    return reader.use(
        Duration.ZERO,
        connection -> {
          try {
            Files.createDirectories(folder);
            List<Path> written = new ArrayList<>();
            for (String table : TABLES) {
              Path file = folder.resolve(table + suffix);
              Path begun = folder.resolve(table + suffix + ".part");
              try {
                Files.deleteIfExists(begun);
                export(connection, table, begun, targets, watcher);
                Files.move(begun, file, StandardCopyOption.REPLACE_EXISTING);
              } finally {
                Files.deleteIfExists(begun); // also when nobody waits for it any more
              }
              written.add(file);
            }
            return written;
          } catch (IOException failed) {
            throw new SinkException(
                SinkException.Kind.FAILED, "cannot write into " + folder + ": " + failed, failed);
          }
        });
  }

  private static void export(
      Connection connection, String table, Path file, Targets targets, Watcher watcher)
      throws SQLException, IOException {
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(FETCH_ROWS);
      long total;
      try (ResultSet count = statement.executeQuery("SELECT count(*) FROM " + table)) {
        count.next();
        total = count.getLong(1);
      }
      try (ResultSet rows = statement.executeQuery("SELECT * FROM " + table)) {
        List<Answer.Column> columns = Values.columns(rows.getMetaData());
        try (Target target = targets.of(file, columns)) {
          long done = 0;
          while (rows.next()) {
            target.row(Values.row(rows, columns));
            if (++done % WATCH_ROWS == 0) {
              watcher.written(table, done, total);
            }
          }
          target.finish();
          watcher.written(table, done, total);
        }
      }
    }
  }

  /** A node shares its machine with the ledger. */
  static DuckDBConnection scratch(Path file) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("memory_limit", MEMORY_MAX);
    properties.setProperty("max_temp_directory_size", SPILL_MAX);
    properties.setProperty("threads", "" + THREADS_MAX);
    return DriverManager.getConnection("jdbc:duckdb:" + file.toAbsolutePath(), properties)
        .unwrap(DuckDBConnection.class);
  }

  /** Rows go into a DuckDB of their own, beside the file, which writes Parquet in the end. */
  private static final class ParquetFile implements Target {
    private final Path file;
    private final Path scratch;
    private final DuckDBConnection connection;
    private final DuckDBAppender appender;

    ParquetFile(Path file, List<Answer.Column> columns) throws SQLException, IOException {
      this.file = file;
      this.scratch = file.resolveSibling(file.getFileName() + ".duckdb");
      Files.deleteIfExists(scratch);
      connection = scratch(scratch);
      StringBuilder sql = new StringBuilder("CREATE TABLE rows (");
      String comma = "";
      for (Answer.Column column : columns) {
        sql.append(comma).append(column.name()).append(' ').append(type(column.kind()));
        comma = ", ";
      }
      try (Statement statement = connection.createStatement()) {
        statement.execute(sql.append(')').toString());
        appender = connection.createAppender("main", "rows");
      } catch (SQLException failed) {
        close();
        throw failed;
      }
    }

    private static String type(Answer.Kind kind) {
      return switch (kind) {
        case TEXT -> "VARCHAR";
        case INTEGER -> "BIGINT";
        case NUMBER -> "DOUBLE";
        case DAY -> "DATE";
        case TIME -> "TIMESTAMP";
        case TRUTH -> "BOOLEAN";
      };
    }

    @Override
    public void row(List<@Nullable Object> values) throws SQLException {
      appender.beginRow();
      for (Object value : values) {
        switch (value) {
          case null -> appender.appendNull();
          case String text -> appender.append(text);
          case Long number -> appender.append(number.longValue());
          case Double number -> appender.append(number.doubleValue());
          case BigDecimal number -> appender.append(number.doubleValue());
          case LocalDate day -> appender.append(day);
          case LocalDateTime time -> appender.append(time);
          case Boolean truth -> appender.append(truth.booleanValue());
          default -> throw new IllegalStateException("no cell: " + value.getClass());
        }
      }
      appender.endRow();
    }

    @Override
    public void finish() throws SQLException {
      appender.close();
      try (Statement statement = connection.createStatement()) {
        String to = file.toAbsolutePath().toString().replace("'", "''");
        statement.execute("COPY rows TO '" + to + "' (FORMAT parquet, COMPRESSION zstd)");
      }
    }

    @Override
    public void close() throws SQLException, IOException {
      try {
        connection.close();
      } finally {
        Files.deleteIfExists(scratch);
        Files.deleteIfExists(scratch.resolveSibling(scratch.getFileName() + ".wal"));
      }
    }
  }

  private static final class LinesFile implements Target {
    private static final JsonFactory JSON = new JsonFactory();

    private final List<Answer.Column> columns;
    private final BufferedWriter writer;
    private final JsonGenerator json;

    LinesFile(Path file, List<Answer.Column> columns) throws IOException {
      this.columns = columns;
      this.writer = Files.newBufferedWriter(file);
      this.json = JSON.createGenerator(writer);
      json.setPrettyPrinter(new MinimalPrettyPrinter("\n"));
    }

    @Override
    public void row(List<@Nullable Object> values) throws IOException {
      json.writeStartObject();
      for (int i = 0; i < values.size(); i++) {
        json.writeFieldName(columns.get(i).name());
        switch (values.get(i)) {
          case null -> json.writeNull();
          case String text -> json.writeString(text);
          case Long number -> json.writeNumber(number);
          case Double number -> json.writeNumber(number);
          case BigDecimal number -> json.writeNumber(number);
          case LocalDate day -> json.writeString(day.toString());
          case LocalDateTime time -> json.writeString(time + "Z");
          case Boolean truth -> json.writeBoolean(truth);
          default -> throw new IllegalStateException("no cell: " + values.get(i));
        }
      }
      json.writeEndObject();
    }

    @Override
    public void finish() throws IOException {
      json.flush();
      writer.write('\n');
    }

    @Override
    public void close() throws IOException {
      json.close();
    }
  }
}
