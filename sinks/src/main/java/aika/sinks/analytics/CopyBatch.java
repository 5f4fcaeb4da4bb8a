package aika.sinks.analytics;

import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/** Rows through PostgreSQL's COPY; they are kept as text until {@link #flush}. */
final class CopyBatch extends Batch {
  private final Connection connection;
  private final Map<Table, Lines> tables = new EnumMap<>(Table.class);

  CopyBatch(Connection connection) {
    this.connection = connection;
  }

  @Override
  Rows begin(Table table) {
    Lines lines = new Lines();
    tables.put(table, lines);
    return lines;
  }

  @Override
  void flush() throws SQLException {
    CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
    for (Map.Entry<Table, Lines> one : tables.entrySet()) {
      Table table = one.getKey();
      if (table.staging()) {
        stage(table);
      }
      try {
        copy.copyIn(
            "COPY %s (%s) FROM STDIN".formatted(table.sql(), table.columns()),
            new StringReader(one.getValue().text.toString()));
      } catch (IOException lost) {
        throw new SQLException("the connection was lost", "08006", lost);
      }
    }
    tables.clear();
  }

  private void stage(Table table) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TEMP TABLE IF NOT EXISTS %s ON COMMIT DELETE ROWS AS SELECT %s FROM %s WITH NO DATA"
              .formatted(table.sql(), table.columns(), table.base()));
    }
  }

  private static final class Lines implements Rows {
    private final StringBuilder text = new StringBuilder();
    private boolean inRow;

    private StringBuilder cell() {
      if (inRow) {
        text.append('\t');
      }
      inRow = true;
      return text;
    }

    @Override
    public Rows text(@Nullable String value) {
      if (value == null) {
        return none();
      }
      StringBuilder to = cell();
      for (int i = 0; i < value.length(); i++) {
        char c = value.charAt(i);
        switch (c) {
          case '\\' -> to.append("\\\\");
          case '\t' -> to.append("\\t");
          case '\n' -> to.append("\\n");
          case '\r' -> to.append("\\r");
          default -> to.append(c);
        }
      }
      return this;
    }

    @Override
    public Rows number(long value) {
      cell().append(value);
      return this;
    }

    @Override
    public Rows time(long millis) {
      cell().append(LocalDateTime.ofInstant(Instant.ofEpochMilli(millis), ZoneOffset.UTC));
      return this;
    }

    @Override
    public Rows day(long epochDay) {
      cell().append(LocalDate.ofEpochDay(epochDay));
      return this;
    }

    @Override
    public Rows id(UUID value) {
      cell().append(value);
      return this;
    }

    @Override
    public Rows none() {
      cell().append("\\N");
      return this;
    }

    @Override
    public void end() {
      text.append('\n');
      inRow = false;
    }
  }
}
