package aika.node.store;

import aika.core.audit.AuditBook;
import aika.core.ledger.Directory;
import aika.core.ledger.Entry;
import aika.core.ledger.Key;
import aika.core.ledger.Row;
import aika.core.ledger.Wire;
import aika.core.log.Hash;
import aika.core.money.ChainId;
import aika.core.note.MalformedException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.rocksdb.LRUCache;

/**
 * What an audit keeps: the rows of all chains on disk, those that are asked for again in memory,
 * and how far each chain was audited. Rows and marks are written together, so that whatever a crash
 * loses, what is left is as it was at some mark.
 *
 * <p>One thread at a time for each chain.
 */
public final class AuditStore implements AutoCloseable, AuditBook.Shelf {
  private static final String ROWS = "rows";
  private static final String MARKS = "marks";
  private static final String META = "meta";
  private static final byte[] FORMAT = ByteKey.text("format");
  private static final byte[] FEDERATION = ByteKey.text("federation");
  private static final byte[] KEPT = ByteKey.text("kept");
  private static final byte[] SEEN = ByteKey.text("seen");
  private static final int ROW_BYTES = 400;
  private static final int CLEAR_ROWS = 10_000;

  private final LRUCache blockCache;
  private final Database db;
  private final HotRows hotRows;

  private AuditStore(LRUCache blockCache, Database db, long hotRows) {
    this.blockCache = blockCache;
    this.db = db;
    this.hotRows = new HotRows(hotRows);
  }

  /**
   * Opens what an earlier audit of the same federation kept, or begins.
   *
   * @param directory of the federation; what was kept with a file that its file continues counts
   * @param memoryBytes for rows and what the disk is read through, about
   * @throws StoreException when it is damaged, of another federation file or version, or in use
   */
  public static AuditStore open(Path state, Directory directory, long memoryBytes) {
    LRUCache cache = Database.cache(memoryBytes / 4);
    Database db = null;
    try {
      db = Database.open(state, List.of(ROWS, MARKS, META), cache, memoryBytes / 4);
      db.verify();
      byte[] format = new Wire(4).i32(RowWire.FORMAT).toBytes();
      byte[] before = db.get(META, FORMAT);
      if (before != null && !Arrays.equals(before, format)) {
        throw new StoreException(state + " is of another version");
      }
      byte[] file = db.get(META, FEDERATION);
      if (file != null && !directory.isFile(new Wire.Reader(file).hash())) {
        throw new StoreException(state + " is of another federation file");
      }
      Database.Batch batch = db.batch();
      batch.put(META, FORMAT, format);
      batch.put(META, FEDERATION, new Wire(Hash.BYTES).hash(directory.fileHash()).toBytes());
      batch.write();
      return new AuditStore(cache, db, memoryBytes / 2 / ROW_BYTES);
    } catch (StoreException refused) {
      if (db != null) {
        db.close();
      }
      cache.close();
      throw refused;
    }
  }

  @Override
  public AuditBook of(ChainId chain, LongFunction<Entry> leaves) {
    return new Book(chain, leaves);
  }

  /** Makes what was kept survive a crash of the machine. */
  public void sync() {
    db.sync();
  }

  @Override
  public void close() {
    try {
      db.sync();
    } finally {
      db.close();
      blockCache.close();
    }
  }

  private synchronized void trim() {
    hotRows.trim();
  }

  private final class Book implements AuditBook {
    private final ChainId chain;
    private final LongFunction<Entry> leaves;

    /** Written since what was kept last. */
    private final Map<RowId, Row> rows = new HashMap<>();

    Book(ChainId chain, LongFunction<Entry> leaves) {
      this.chain = chain;
      this.leaves = leaves;
    }

    @Override
    @SuppressWarnings("unchecked") // a row is only ever stored under its own key
    public <R extends Row> @Nullable R get(Key<R> key) {
      RowId id = RowId.of(chain, key);
      Row row =
          switch (key) {
            case Key.OfHold k -> {
              Row open = hotRows.get(id);
              yield open != null ? open : cold(id, key);
            }
            case Key.OfOutcome k -> cold(id, key);
            case Key.OfOrder k -> cold(id, key);
            case Key.OfMet k -> cold(id, key);
            default -> hotRows.get(id, any -> cold(any, key));
          };
      return (R) row;
    }

    private @Nullable Row cold(RowId id, Key<?> key) {
      Row row = rows.get(id);
      if (row != null) {
        return row;
      }
      byte[] value = db.get(ROWS, id.toBytes());
      return value == null ? null : decoded(key, value);
    }

    private Row decoded(Key<?> key, byte[] value) {
      try {
        return RowWire.row(chain, key, value, leaves::apply);
      } catch (MalformedException | IllegalArgumentException damaged) {
        throw new StoreException(chain + " has a damaged row of " + key, damaged);
      }
    }

    @Override
    public void write(List<Row> changed) {
      for (Row row : changed) {
        RowId id = RowId.of(chain, row.key());
        rows.put(id, row);
        hotRows.put(id, row);
      }
    }

    @Override
    public byte @Nullable [] seen() {
      return db.get(MARKS, ByteKey.with(ByteKey.of(chain), SEEN));
    }

    @Override
    public void see(byte[] checkpoint) {
      db.batch().put(MARKS, ByteKey.with(ByteKey.of(chain), SEEN), checkpoint).write();
    }

    @Override
    public byte @Nullable [] kept() {
      return db.get(MARKS, ByteKey.with(ByteKey.of(chain), KEPT));
    }

    /** A hold that has ended is not asked for again, so it is not kept. */
    @Override
    public void keep(byte @Nullable [] mark) {
      Database.Batch batch = db.batch();
      rows.forEach((id, row) -> {
        if (row instanceof Row.Hold hold && hold.status() != Row.Hold.Status.HELD) {
          batch.delete(ROWS, id.toBytes());
        } else {
          batch.put(ROWS, id.toBytes(), RowWire.value(row));
        }
      });
      byte[] key = ByteKey.with(ByteKey.of(chain), KEPT);
      if (mark == null) {
        batch.delete(MARKS, key);
      } else {
        batch.put(MARKS, key, mark);
      }
      batch.write();
      rows.clear();
      trim();
    }

    @Override
    public void clear() {
      byte[] all = ByteKey.of(chain);
      int[] found = {1};
      while (found[0] > 0) {
        found[0] = 0;
        Database.Batch batch = db.batch();
        db.scan(
            ROWS,
            all,
            all,
            (key, value) -> {
              batch.delete(ROWS, key);
              return ++found[0] < CLEAR_ROWS;
            });
        batch.write();
      }
      rows.clear();
    }

    @Override
    public void latest(Consumer<Row.Latest> visitor) {
      visit(
          'l',
          name -> new Key.OfLatest(ChainId.of(text(name))),
          row -> visitor.accept((Row.Latest) row));
    }

    @Override
    public void open(Consumer<Row.Hold> visitor) {
      visit(
          'h',
          number -> new Key.OfHold(ByteKey.number(number)),
          row -> {
            if (row instanceof Row.Hold hold && hold.status() == Row.Hold.Status.HELD) {
              visitor.accept(hold);
            }
          });
    }

    private static String text(byte[] name) {
      return new String(name, 0, name.length - 1, StandardCharsets.UTF_8);
    }

    /** Every row of a kind: those that are not written yet, then the others. */
    private void visit(char kind, Function<byte[], Key<?>> key, Consumer<Row> visitor) {
      byte[] prefix = ByteKey.with(ByteKey.of(chain), new byte[] {(byte) kind});
      rows.forEach((id, row) -> {
        if (id.kind() == kind) {
          visitor.accept(row);
        }
      });
      db.scan(
          ROWS,
          prefix,
          prefix,
          (stored, value) -> {
            byte[] name = Arrays.copyOfRange(stored, prefix.length, stored.length);
            Key<?> found = key.apply(name);
            if (!rows.containsKey(RowId.of(chain, found))) {
              visitor.accept(decoded(found, value));
            }
            return true;
          });
    }
  }
}
