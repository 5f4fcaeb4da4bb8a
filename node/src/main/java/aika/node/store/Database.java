package aika.node.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompactionStyle;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** One RocksDB with named families of keys, and no more of RocksDB than the node needs. */
public final class Database implements AutoCloseable {
  private static final int BLOOM_BITS = 10;
  private static final int BLOB_BYTES_MIN = 4_096;
  private static final int BLOCK_BYTES = 16 * 1024;

  /** Counts as written: a larger one is more often full. */
  private static final double MEMTABLE_BLOOM_RATIO = 0.02;

  private static final int LEVEL0_FILES = 4;

  static {
    RocksDB.loadLibrary();
  }

  private final Path directory;
  private final RocksDB db;
  private final DBOptions options;
  private final List<ColumnFamilyOptions> familyOptions;
  private final Map<String, ColumnFamilyHandle> families;
  private final WriteOptions lazy =
      new WriteOptions().setDisableWAL(true).setMemtableInsertHintPerBatch(true);
  private final WriteOptions logged = new WriteOptions();
  private final WriteOptions synced = new WriteOptions().setSync(true);

  /** Held shared by whoever uses the database: native code does not survive use after closing. */
  private final ReadWriteLock lifetime = new ReentrantReadWriteLock();

  private boolean closed;

  private Database(
      Path directory,
      RocksDB db,
      DBOptions options,
      List<ColumnFamilyOptions> familyOptions,
      Map<String, ColumnFamilyHandle> families) {
    this.directory = directory;
    this.db = db;
    this.options = options;
    this.familyOptions = familyOptions;
    this.families = families;
  }

  /** A cache of disk blocks; several databases may share one. */
  public static LRUCache cache(long bytes) {
    return new LRUCache(bytes);
  }

  /** Opens or creates the database; a directory in use by another process is refused. */
  public static Database open(
      Path directory, List<String> names, Cache blockCache, long memtableBytes) {
    DBOptions options =
        new DBOptions()
            .setCreateIfMissing(true)
            .setCreateMissingColumnFamilies(true)
            .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
            .setKeepLogFileNum(2)
            .setMaxBackgroundJobs(2)
            // what is written without a write-ahead log reaches the disk for all families together
            .setAtomicFlush(true)
            .setDbWriteBufferSize(memtableBytes);
    List<String> all = new ArrayList<>(names);
    all.addFirst("default");
    List<ColumnFamilyOptions> familyOptions = new ArrayList<>();
    List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
    for (String name : all) {
      ColumnFamilyOptions family = familyOptions(blockCache, memtableBytes);
      familyOptions.add(family);
      descriptors.add(new ColumnFamilyDescriptor(name.getBytes(StandardCharsets.US_ASCII), family));
    }
    List<ColumnFamilyHandle> handles = new ArrayList<>();
    try {
      Files.createDirectories(directory);
      RocksDB db = RocksDB.open(options, directory.toString(), descriptors, handles);
      Map<String, ColumnFamilyHandle> families = new LinkedHashMap<>();
      for (int i = 0; i < handles.size(); i++) {
        families.put(all.get(i), handles.get(i));
      }
      return new Database(directory, db, options, familyOptions, families);
    } catch (RocksDBException | IOException failed) {
      familyOptions.forEach(ColumnFamilyOptions::close);
      options.close();
      throw new StoreException("cannot open " + directory + ": " + failed.getMessage(), failed);
    }
  }

  private static ColumnFamilyOptions familyOptions(Cache blockCache, long memtableBytes) {
    BlockBasedTableConfig table =
        new BlockBasedTableConfig()
            .setBlockCache(blockCache)
            .setBlockSize(BLOCK_BYTES)
            .setFilterPolicy(new BloomFilter(BLOOM_BITS, false))
            .setCacheIndexAndFilterBlocks(false);
    return new ColumnFamilyOptions()
        .setTableFormatConfig(table)
        .setWriteBufferSize(memtableBytes)
        // every order looks for an id that is not there: few files to ask, their filters in memory
        .setLevel0FileNumCompactionTrigger(LEVEL0_FILES)
        .setMemtableWholeKeyFiltering(true)
        .setMemtablePrefixBloomSizeRatio(MEMTABLE_BLOOM_RATIO)
        // Rows are added in random order and seldom change: merging files of like size rewrites
        // each
        // a few times; levels would rewrite it at every step down.
        .setCompactionStyle(CompactionStyle.UNIVERSAL)
        .setCompressionType(CompressionType.LZ4_COMPRESSION)
        // large values (runs of leaves, tiles) stay out of compaction
        .setEnableBlobFiles(true)
        .setMinBlobSize(BLOB_BYTES_MIN)
        .setBlobCompressionType(CompressionType.LZ4_COMPRESSION);
  }

  /** Keeps the database open until it is closed itself. */
  private record Use(Lock lock) implements AutoCloseable {
    @Override
    public void close() {
      lock.unlock();
    }
  }

  private Use use() {
    lifetime.readLock().lock();
    if (closed) {
      lifetime.readLock().unlock();
      throw new StoreException(directory + " is closed");
    }
    return new Use(lifetime.readLock());
  }

  /**
   * Puts and deletes that become visible together, or not at all. They are written in the order of
   * their keys, which RocksDB places in memory for less; of two changes of one key the later one
   * counts.
   */
  public static final class Batch {
    private static final Comparator<Change> BY_KEY =
        Comparator.comparingInt((Change change) -> change.family.getID())
            .thenComparing(Change::key, Arrays::compareUnsigned);

    private final Database database;
    private final List<Change> changes = new ArrayList<>();

    /** A null value deletes. */
    private record Change(ColumnFamilyHandle family, byte[] key, byte @Nullable [] value) {}

    private Batch(Database database) {
      this.database = database;
    }

    public Batch put(String family, byte[] key, byte[] value) {
      changes.add(new Change(database.family(family), key, value));
      return this;
    }

    public Batch delete(String family, byte[] key) {
      changes.add(new Change(database.family(family), key, null));
      return this;
    }

    /**
     * Writes to memory; the disk follows when {@link #sync} says so or the memory is full. After a
     * crash the database is as it was at some earlier batch, so this is for what can be done again
     * from there: what the replicated log still holds, and views with their cursors.
     */
    public void write() {
      database.write(this, database.lazy);
    }

    /** Writes so that a crash of the process undoes nothing; one of the machine may. */
    public void writeLogged() {
      database.write(this, database.logged);
    }

    /** Writes and fsyncs. */
    public void writeSynced() {
      database.write(this, database.synced);
    }

    private void fill(WriteBatch batch) throws RocksDBException {
      changes.sort(BY_KEY);
      for (Change change : changes) {
        if (change.value == null) {
          batch.delete(change.family, change.key);
        } else {
          batch.put(change.family, change.key, change.value);
        }
      }
    }
  }

  public Batch batch() {
    return new Batch(this);
  }

  private void write(Batch changes, WriteOptions how) {
    try (Use _ = use();
        WriteBatch batch = new WriteBatch()) {
      changes.fill(batch);
      db.write(how, batch);
    } catch (RocksDBException failed) {
      throw failed("write", failed);
    }
  }

  /** Deletes all keys that begin with {@code prefix}, for good when this returns. */
  public void drop(List<String> from, byte[] prefix) {
    byte[] end = prefix.clone();
    end[end.length - 1]++;
    try (Use _ = use();
        WriteBatch batch = new WriteBatch()) {
      for (String family : from) {
        batch.deleteRange(family(family), prefix, end);
      }
      db.write(lazy, batch);
    } catch (RocksDBException failed) {
      throw failed("delete", failed);
    }
    sync();
  }

  public byte @Nullable [] get(String family, byte[] key) {
    try (Use _ = use()) {
      return db.get(family(family), key);
    } catch (RocksDBException failed) {
      throw failed("read", failed);
    }
  }

  /** A key with its value. */
  public record Cell(byte[] key, byte[] value) {
    public boolean hasPrefix(byte[] prefix) {
      return key.length >= prefix.length
          && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }
  }

  /** The first cell at or after {@code key} that begins with {@code prefix}. */
  public @Nullable Cell atOrAfter(String family, byte[] key, byte[] prefix) {
    try (Use _ = use();
        RocksIterator found = db.newIterator(family(family))) {
      found.seek(key);
      return cell(found, prefix);
    }
  }

  /** The last cell at or before {@code key} that begins with {@code prefix}. */
  public @Nullable Cell atOrBefore(String family, byte[] key, byte[] prefix) {
    try (Use _ = use();
        RocksIterator found = db.newIterator(family(family))) {
      found.seekForPrev(key);
      return cell(found, prefix);
    }
  }

  private @Nullable Cell cell(RocksIterator found, byte[] prefix) {
    if (!found.isValid()) {
      check(found);
      return null;
    }
    Cell cell = new Cell(found.key(), found.value());
    return cell.hasPrefix(prefix) ? cell : null;
  }

  /** Visits the cells from {@code from} on that begin with {@code prefix} until told to stop. */
  public void scan(String family, byte[] from, byte[] prefix, BiPredicate<byte[], byte[]> visitor) {
    try (Use _ = use();
        RocksIterator found = db.newIterator(family(family))) {
      for (found.seek(from); found.isValid(); found.next()) {
        Cell cell = new Cell(found.key(), found.value());
        if (!cell.hasPrefix(prefix) || !visitor.test(cell.key, cell.value)) {
          return;
        }
      }
      check(found);
    }
  }

  /**
   * Visits the cells from {@code from} on that are before {@code to} until told to stop. Deleted
   * keys behind the end are not stepped over.
   */
  public void range(String family, byte[] from, byte[] to, BiPredicate<byte[], byte[]> visitor) {
    try (Use _ = use();
        Slice end = new Slice(to);
        ReadOptions bounded = new ReadOptions().setIterateUpperBound(end);
        RocksIterator found = db.newIterator(family(family), bounded)) {
      for (found.seek(from); found.isValid(); found.next()) {
        if (!visitor.test(found.key(), found.value())) {
          return;
        }
      }
      check(found);
    }
  }

  private void check(RocksIterator iterator) {
    try {
      iterator.status();
    } catch (RocksDBException failed) {
      throw failed("scan", failed);
    }
  }

  /**
   * Copies the database as it is now, in memory and on disk, into a directory that is not there
   * yet. All families are of one moment.
   */
  public void copyInto(Path copy) {
    try (Use _ = use();
        Checkpoint now = Checkpoint.create(db)) {
      now.createCheckpoint(copy.toString());
    } catch (RocksDBException failed) {
      throw failed("copying", failed);
    }
  }

  /** Makes what was {@linkplain Batch#writeLogged logged} survive a crash of the machine. */
  public void syncLog() {
    try (Use _ = use()) {
      db.syncWal();
    } catch (RocksDBException failed) {
      throw failed("sync", failed);
    }
  }

  /** Makes everything written so far survive a crash. */
  public void sync() {
    try (Use _ = use();
        FlushOptions wait = new FlushOptions().setWaitForFlush(true)) {
      db.flush(wait, List.copyOf(families.values()));
    } catch (RocksDBException failed) {
      throw failed("flush", failed);
    }
  }

  /** Reads everything, and refuses what is not as it was written. */
  public void verify() {
    try (Use _ = use()) {
      db.verifyChecksum();
    } catch (RocksDBException damaged) {
      throw failed("verification", damaged);
    }
  }

  private ColumnFamilyHandle family(String name) {
    ColumnFamilyHandle family = families.get(name);
    if (family == null) {
      throw new IllegalArgumentException("no family " + name);
    }
    return family;
  }

  private StoreException failed(String what, RocksDBException cause) {
    return new StoreException(what + " failed in " + directory + ": " + cause.getMessage(), cause);
  }

  /** Waits for whoever uses it; afterwards everything is refused. */
  @Override
  public void close() {
    lifetime.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        families.values().forEach(ColumnFamilyHandle::close);
        lazy.close();
        logged.close();
        synced.close();
        db.close();
        familyOptions.forEach(ColumnFamilyOptions::close);
        options.close();
      }
    } finally {
      lifetime.writeLock().unlock();
    }
  }
}
