package aika.core.follow;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** Followers' rows in memory: the simulator's, and tests'. */
public final class MemoryRows implements Rows {
  private final Map<Table, NavigableMap<byte[], byte[]>> tables = new EnumMap<>(Table.class);

  private NavigableMap<byte[], byte[]> table(Table table) {
    return tables.computeIfAbsent(table, any -> new TreeMap<>(Arrays::compareUnsigned));
  }

  @Override
  public byte @Nullable [] get(Table table, byte[] key) {
    return table(table).get(key);
  }

  @Override
  public void scan(Table table, byte[] from, byte[] to, BiPredicate<byte[], byte[]> visitor) {
    if (Arrays.compareUnsigned(from, to) >= 0) {
      return;
    }
    for (Map.Entry<byte[], byte[]> row : table(table).subMap(from, to).entrySet()) {
      if (!visitor.test(row.getKey(), row.getValue())) {
        return;
      }
    }
  }

  @Override
  public void write(Changes changes) {
    for (Changes.Change change : changes.list()) {
      if (change.value() == null) {
        table(change.table()).remove(change.key());
      } else {
        table(change.table()).put(change.key(), change.value());
      }
    }
  }
}
