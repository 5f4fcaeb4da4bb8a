package aika.node.follow;

import aika.core.follow.Changes;
import aika.core.follow.Rows;
import aika.node.store.Database;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import org.rocksdb.LRUCache;

/**
 * The followers' rows in a RocksDB of their own. Without a write-ahead log: after a crash they are
 * as they were at an earlier write, and the followers read on from there.
 */
public final class Views implements Rows, AutoCloseable {
  private static final long CACHE_BYTES = 16 * 1024 * 1024;
  private static final long MEMTABLE_BYTES = 32 * 1024 * 1024;

  private static final Map<Table, String> FAMILIES = new EnumMap<>(Table.class);

  static {
    for (Table table : Table.values()) {
      FAMILIES.put(table, table.name().toLowerCase(Locale.ROOT));
    }
  }

  private final LRUCache cache;
  private final Database db;

  private Views(LRUCache cache, Database db) {
    this.cache = cache;
    this.db = db;
  }

  public static Views open(Path directory) {
    LRUCache cache = Database.cache(CACHE_BYTES);
    return new Views(
        cache, Database.open(directory, List.copyOf(FAMILIES.values()), cache, MEMTABLE_BYTES));
  }

  private static String family(Table table) {
    return Objects.requireNonNull(FAMILIES.get(table));
  }

  @Override
  public byte @Nullable [] get(Table table, byte[] key) {
    return db.get(family(table), key);
  }

  @Override
  public void scan(Table table, byte[] from, byte[] to, BiPredicate<byte[], byte[]> visitor) {
    if (Arrays.compareUnsigned(from, to) < 0) {
      db.range(family(table), from, to, visitor);
    }
  }

  @Override
  public void write(Changes changes) {
    Database.Batch batch = db.batch();
    for (Changes.Change change : changes.list()) {
      if (change.value() == null) {
        batch.delete(family(change.table()), change.key());
      } else {
        batch.put(family(change.table()), change.key(), change.value());
      }
    }
    batch.write();
  }

  /** Copies the rows as they are now into a directory that is not there yet. */
  public void copyInto(Path copy) {
    db.copyInto(copy);
  }

  @Override
  public void close() {
    db.close();
    cache.close();
  }
}
