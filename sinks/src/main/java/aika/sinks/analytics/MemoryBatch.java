package aika.sinks.analytics;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows as they should be, to compare with those that are stored; values as in {@link Values}. */
final class MemoryBatch extends Batch {
  private final Map<Table, Kept> tables = new EnumMap<>(Table.class);

  @Override
  Rows begin(Table table) {
    Kept kept = new Kept();
    tables.put(table, kept);
    return kept;
  }

  @Override
  void flush() {}

  List<List<@Nullable Object>> of(Table table) {
    Kept kept = tables.get(table);
    return kept == null ? List.of() : kept.rows;
  }

  private static final class Kept implements Rows {
    private final List<List<@Nullable Object>> rows = new ArrayList<>();
    private List<@Nullable Object> row = new ArrayList<>();

    private Rows put(@Nullable Object value) {
      row.add(value);
      return this;
    }

    @Override
    public Rows text(@Nullable String value) {
      return put(value);
    }

    @Override
    public Rows number(long value) {
      return put(value);
    }

    @Override
    public Rows time(long millis) {
      return put(Times.utc(millis));
    }

    @Override
    public Rows day(long epochDay) {
      return put(LocalDate.ofEpochDay(epochDay));
    }

    @Override
    public Rows id(UUID value) {
      return put(value.toString());
    }

    @Override
    public Rows none() {
      return put(null);
    }

    @Override
    public void end() {
      rows.add(row);
      row = new ArrayList<>();
    }
  }
}
