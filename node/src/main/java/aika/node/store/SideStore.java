package aika.node.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import aika.core.ledger.Wire;
import aika.node.config.DurableFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Checkpoint;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small RocksDB database for what stands beside the log: the register, the counter wallet. A
 * change is on disk, whole, when {@link Change#commit} returns. Keys are text, in the order of
 * their UTF-8 bytes. The directory is open to its owner only. Unlike {@link Database}, which keeps
 * the public log, it can take what it deletes out of its files. Safe for use by several threads.
 *
 * <p>On a machine that is one of several peers a change is ordered before it is written, and {@link
 * Change#commit} returns when a quorum of them has it.
 */
public final class SideStore implements AutoCloseable, PeerStore {
  private static final long WRITE_BUFFER_BYTES = 1L << 20;
  private static final int OPEN_FILES_MAX = 64;
  private static final long INFO_LOG_BYTES_MAX = 1L << 20;
  private static final int INFO_LOG_FILES_MAX = 2;
  private static final int PLAIN = 0;
  private static final int ERASING = 1;
  private static final int DELETE = 0;
  private static final int PUT = 1;
  private static final Logger LOG = LoggerFactory.getLogger(SideStore.class);

  private final Files files;
  private final long term;

  /** What those who have the store in different terms share. */
  private static final class Files {
    private final Path directory;
    private final Options options;
    private final RocksDB db;

    /** Held shared by whoever uses the database: native code does not survive use after closing. */
    private final ReadWriteLock use = new ReentrantReadWriteLock();

    private volatile @Nullable Order order;
    private boolean closed;

    Files(Path directory, Options options, RocksDB db) {
      this.directory = directory;
      this.options = options;
      this.db = db;
    }
  }

  /** A key and what is kept under it. */
  public record Item(String key, byte[] value) {}

  /** Whether nothing is kept in this directory; it must not be open. */
  public static boolean isEmpty(Path directory) {
    try (SideStore store = open(directory)) {
      return store.items("", 1).isEmpty();
    }
  }

  private SideStore(Files files, long term) {
    this.files = files;
    this.term = term;
  }

  /**
   * Opens the database in this directory; makes it when there is none.
   *
   * @throws StoreException when it cannot be opened, for instance because another process has it
   */
  public static SideStore open(Path directory) {
    RocksDB.loadLibrary();
    Options options =
        new Options()
            .setCreateIfMissing(true)
            .setCompressionType(CompressionType.NO_COMPRESSION)
            .setWriteBufferSize(WRITE_BUFFER_BYTES)
            .setMaxOpenFiles(OPEN_FILES_MAX)
            // At a finer level RocksDB's own log shows keys.
            .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
            .setMaxLogFileSize(INFO_LOG_BYTES_MAX)
            .setKeepLogFileNum(INFO_LOG_FILES_MAX);
    try {
      DurableFile.createPrivateDirectory(directory);
      RocksDB db = RocksDB.open(options, directory.toString());
      return new SideStore(new Files(directory, options, db), ANY_TERM);
    } catch (IOException | RocksDBException e) {
      options.close();
      throw new StoreException("cannot open " + directory + ": " + e.getMessage(), e);
    }
  }

  /**
   * The same store for whoever decides while this peer leads in this term: what they change
   * afterwards is not taken, since others may have changed what they had read.
   */
  public SideStore in(long onlyTerm) {
    return new SideStore(files, onlyTerm);
  }

  /** What is kept under this key, or null. */
  public byte @Nullable [] get(String key) {
    return using("read", () -> files.db.get(key.getBytes(UTF_8)));
  }

  /** The first items, in the order of their keys, whose key starts with {@code prefix}. */
  public List<Item> items(String prefix, int itemsMax) {
    return using(
        "read",
        () -> {
          List<Item> items = new ArrayList<>();
          try (RocksIterator at = files.db.newIterator()) {
            for (at.seek(prefix.getBytes(UTF_8)); at.isValid() && items.size() < itemsMax; ) {
              String key = new String(at.key(), UTF_8);
              if (!key.startsWith(prefix)) {
                break;
              }
              items.add(new Item(key, at.value()));
              at.next();
            }
            at.status();
          }
          return items;
        });
  }

  /** Hands over every item, in the order of their keys; what changes meanwhile may be missing. */
  public void each(Consumer<Item> taker) {
    var _ =
        using(
            "read",
            () -> {
              try (RocksIterator at = files.db.newIterator()) {
                for (at.seekToFirst(); at.isValid(); at.next()) {
                  taker.accept(new Item(new String(at.key(), UTF_8), at.value()));
                }
                at.status();
              }
              return true;
            });
  }

  /**
   * Copies the database as it is now into a directory that is not there yet.
   *
   * @throws StoreException when it cannot be written
   */
  public void copyInto(Path copy) {
    using(
        "copy",
        () -> {
          try (Checkpoint now = Checkpoint.create(files.db)) {
            now.createCheckpoint(copy.toString());
          }
          return true;
        });
  }

  public Change change() {
    return new Change();
  }

  @Override
  public void orderBy(Order next) {
    files.order = next;
  }

  @Override
  public void take(byte[] change) {
    Change taken = new Change();
    Wire.Reader in = new Wire.Reader(change);
    boolean erasing = in.u8() == ERASING;
    while (in.hasMore()) {
      taken.writes.add(new Change.Write(in.text(), in.u8() == PUT ? in.blob() : null));
    }
    taken.write(false);
    if (erasing) { // not by the executing thread, which everything waits for
      Thread.ofVirtual().name("side-store-erasing").start(this::eraseIfOpen);
    }
  }

  @Override
  public void sync() {
    using(
        "sync",
        () -> {
          files.db.syncWal();
          return true;
        });
  }

  /** Rewrites the files, so that what was deleted is no longer in them. */
  private void erase() {
    using(
        "erase from",
        () -> {
          try (FlushOptions flush = new FlushOptions().setWaitForFlush(true);
              CompactRangeOptions rewrite =
                  new CompactRangeOptions()
                      .setBottommostLevelCompaction(
                          CompactRangeOptions.BottommostLevelCompaction.kForce)) {
            files.db.flush(flush);
            files.db.compactRange(files.db.getDefaultColumnFamily(), null, null, rewrite);
          }
          return true;
        });
  }

  private void eraseIfOpen() {
    try {
      erase();
    } catch (StoreException failed) {
      LOG.warn("what was deleted may still be in the files: {}", failed.getMessage());
    }
  }

  /** Several writes that happen together or not at all. For one thread. */
  public final class Change {
    private record Write(String key, byte @Nullable [] value) {}

    private final List<Write> writes = new ArrayList<>();

    private Change() {}

    public Change put(String key, byte[] value) {
      writes.add(new Write(key, value.clone()));
      return this;
    }

    public Change delete(String key) {
      writes.add(new Write(key, null));
      return this;
    }

    /** Writes the change; it is on disk when this returns. */
    public void commit() {
      commit(true, PLAIN);
    }

    /** Writes the change; a loss of power may undo it, but never half of it. */
    public void commitUnsynced() {
      commit(false, PLAIN);
    }

    /**
     * Writes the change and rewrites the files, so that what it deletes is no longer in them. Costs
     * a pass over the whole database. Other peers rewrite theirs a little later.
     */
    public void commitErasing() {
      commit(true, ERASING);
      erase();
    }

    private void commit(boolean sync, int kind) {
      Order ordering = files.order;
      if (ordering == null) {
        write(sync);
      } else {
        ordering.of(term, encoded(kind));
      }
    }

    private byte[] encoded(int kind) {
      Wire out = new Wire(256).u8(kind);
      for (Write each : writes) {
        out.text(each.key);
        if (each.value == null) {
          out.u8(DELETE);
        } else {
          out.u8(PUT).blob(each.value);
        }
      }
      return out.toBytes();
    }

    private void write(boolean sync) {
      using(
          "write to",
          () -> {
            try (WriteBatch batch = new WriteBatch();
                WriteOptions how = new WriteOptions().setSync(sync)) {
              for (Write each : writes) {
                byte[] key = each.key.getBytes(UTF_8);
                if (each.value == null) {
                  batch.delete(key);
                } else {
                  batch.put(key, each.value);
                }
              }
              files.db.write(how, batch);
            }
            return true;
          });
    }
  }

  @FunctionalInterface
  private interface Step<T extends @Nullable Object> {
    T run() throws RocksDBException;
  }

  private <T extends @Nullable Object> T using(String what, Step<T> step) {
    Lock lock = files.use.readLock();
    lock.lock();
    try {
      if (files.closed) {
        throw new StoreException(files.directory + " is closed");
      }
      return step.run();
    } catch (RocksDBException e) {
      throw new StoreException("cannot " + what + " " + files.directory, e);
    } finally {
      lock.unlock();
    }
  }

  /** Waits for whoever uses the database, then closes it. */
  @Override
  public void close() {
    Lock lock = files.use.writeLock();
    lock.lock();
    try {
      if (!files.closed) {
        files.closed = true;
        files.db.close();
        files.options.close();
      }
    } finally {
      lock.unlock();
    }
  }
}
