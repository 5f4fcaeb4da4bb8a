package aika.sinks.analytics;

import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows on their way into the tables, in one transaction. */
abstract class Batch implements AutoCloseable {
  private final Map<Table, Rows> tables = new EnumMap<>(Table.class);

  /** Where the rows of this table go. */
  final Rows rows(Table table) {
    Rows known = tables.get(table);
    if (known == null) {
      known = begin(table);
      tables.put(table, known);
    }
    return known;
  }

  /** Whether there were rows for this table. */
  final boolean has(Table table) {
    return tables.containsKey(table);
  }

  final @Nullable Rows known(Table table) {
    return tables.get(table);
  }

  abstract Rows begin(Table table);

  /** Afterwards all rows are in the tables, and no more are taken. */
  abstract void flush() throws SQLException;

  @Override
  public void close() {}
}
