package aika.node.store;

import aika.core.ledger.Entry;
import aika.core.ledger.Key;
import aika.core.ledger.Row;
import aika.core.ledger.Wire;
import aika.core.money.ChainId;
import aika.core.note.MalformedException;
import aika.node.store.RecentLeaves.ChunkId;
import aika.node.store.Unwritten.TileId;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.rocksdb.LRUCache;

/**
 * All chains of one shard. Execution writes into memory; from time to time everything unwritten
 * goes to RocksDB in one batch together with the index of the last ordered entry that it contains,
 * so that a restart replays exactly what is missing from the replicated log.
 *
 * <p>One thread writes; any thread reads, and sees all that has been executed.
 */
public final class ShardStore implements AutoCloseable {
  private static final String ROWS = "rows";
  private static final String LEAVES = "leaves";
  private static final String TILES = "tiles";
  private static final String SEALS = "seals";
  private static final String META = "meta";
  private static final List<String> FAMILIES = List.of(ROWS, LEAVES, TILES, SEALS, META);
  private static final byte[] APPLIED = ByteKey.text("applied");
  private static final byte[] FORMAT = ByteKey.text("format");
  private static final byte[] HALTED = ByteKey.text("halted/");
  private static final byte[] RELEASED = ByteKey.text("released/");
  private static final byte[] CHAINS = ByteKey.text("chain/");
  private static final int CHUNK_LEAVES = RecentLeaves.CHUNK_LEAVES;
  private static final int TILE_CACHE_BYTES = 16 * 1024 * 1024;
  private static final int READ_CACHE_BYTES = 16 * 1024 * 1024;

  private final StoreSettings settings;
  private final LRUCache blockCache;
  private final Database db;
  private final HotRows hotRows;
  private final RecentLeaves recentLeaves;
  private final Cache<ChunkId, byte[][]> readLeaves;
  private final Cache<TileId, byte[]> tiles;
  private final Map<ChainId, ChainLog> logs = new ConcurrentHashMap<>();
  private final ExecutorService writer =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("store-writer").factory());
  private final ExecutorService syncer =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("store-syncer").factory());
  private volatile Unwritten current = new Unwritten();
  private volatile @Nullable Unwritten writing;
  private volatile long writtenPart = -1;
  private CompletableFuture<Void> written = CompletableFuture.completedFuture(null);
  private volatile Runnable beforeWriting = () -> {};
  private long applied;

  private ShardStore(StoreSettings settings, LRUCache blockCache, Database db) {
    this.settings = settings;
    this.blockCache = blockCache;
    this.db = db;
    hotRows = new HotRows(settings.hotRows());
    recentLeaves = new RecentLeaves(settings.recentLeafBytes());
    readLeaves =
        Caffeine.newBuilder()
            .maximumWeight(READ_CACHE_BYTES)
            .weigher((ChunkId id, byte[][] leaves) -> bytes(leaves))
            .build();
    tiles =
        Caffeine.newBuilder()
            .maximumWeight(TILE_CACHE_BYTES)
            .weigher((TileId id, byte[] bytes) -> bytes.length)
            .build();
  }

  public static ShardStore open(Path directory, StoreSettings settings) {
    LRUCache blockCache = Database.cache(settings.blockCacheBytes());
    Database db = Database.open(directory, FAMILIES, blockCache, settings.memtableBytes());
    byte[] applied = db.get(META, APPLIED);
    if (applied != null) {
      try {
        checkFormat(directory, db.get(META, FORMAT));
      } catch (StoreException refused) {
        db.close();
        blockCache.close();
        throw refused;
      }
    }
    ShardStore store = new ShardStore(settings, blockCache, db);
    store.applied = applied == null ? -1 : new Wire.Reader(applied).i64();
    db.scan(
        META,
        CHAINS,
        CHAINS,
        (key, value) -> {
          ChainId chain = ChainId.of(new Wire.Reader(value).text());
          store.logs.put(chain, ChainLog.load(chain, store));
          return true;
        });
    return store;
  }

  private static void checkFormat(Path directory, byte @Nullable [] stored) {
    int format = stored == null ? 1 : new Wire.Reader(stored).i32();
    if (format != RowWire.FORMAT) {
      throw new StoreException(
          directory
              + " was written by another version of aika (its format is "
              + format
              + ", this one reads "
              + RowWire.FORMAT
              + ")");
    }
  }

  /** Drops a chain from disk; to be called before anything of it is read or added. */
  public void drop(ChainId chain) {
    byte[] all = ByteKey.of(chain);
    db.drop(List.of(ROWS, LEAVES, TILES, SEALS), all);
    db.drop(List.of(META), ByteKey.with(CHAINS, all));
    logs.remove(chain);
  }

  /** Index of the last ordered entry that is contained, -1 for none. */
  public long appliedIndex() {
    return applied;
  }

  /**
   * Calls {@code before} each time before it is written how far the entries were executed, so that
   * what they did elsewhere is durable first.
   */
  public void beforeWriting(Runnable before) {
    beforeWriting = before;
  }

  /**
   * Copies what is written into a directory that is not there yet.
   *
   * @return the last ordered entry that is contained, -1 for none
   */
  public long copyInto(Path copy) {
    db.copyInto(copy);
    return appliedIn(copy);
  }

  private static long appliedIn(Path directory) {
    try (LRUCache cache = Database.cache(READ_CACHE_BYTES);
        Database copied = Database.open(directory, FAMILIES, cache, READ_CACHE_BYTES)) {
      byte[] applied = copied.get(META, APPLIED);
      return applied == null ? -1 : new Wire.Reader(applied).i64();
    }
  }

  /** The log of a chain; a chain seen for the first time has an empty one. */
  public ChainLog log(ChainId chain) {
    return logs.computeIfAbsent(chain, id -> ChainLog.load(id, this));
  }

  public Collection<ChainLog> logs() {
    return logs.values();
  }

  /** A row as it is after the last executed command. */
  @SuppressWarnings("unchecked") // a row is only ever stored under its own key
  public <R extends Row> @Nullable R row(ChainId chain, Key<R> key) {
    RowId id = RowId.of(chain, key);
    Function<RowId, @Nullable Row> cold = any -> coldRow(any, key);
    Row row =
        switch (key) {
          case Key.OfHold k -> {
            Row open = hotRows.get(id);
            yield open != null ? open : coldRow(id, key);
          }
          case Key.OfOutcome k -> coldRow(id, key);
          case Key.OfMet k -> coldRow(id, key);
          case Key.OfOrder k -> coldRow(id, key);
          default -> hotRows.get(id, cold);
        };
    return (R) row;
  }

  private @Nullable Row coldRow(RowId id, Key<?> key) {
    // `current` before `writing`: what leaves the one is in the other, then in the database
    Row row = current.rows.get(id);
    if (row == null) {
      Unwritten earlier = writing;
      row = earlier == null ? null : earlier.rows.get(id);
    }
    return row != null ? row : stored(id, key);
  }

  /** Loads atomically with the writer's puts, so that an old row cannot overtake a new one. */
  @SuppressWarnings("NullAway") // a loader may answer null: then nothing is cached
  private static <K, V> @Nullable V loaded(
      Cache<K, V> cache, K key, Function<K, @Nullable V> loader) {
    return cache.get(key, loader);
  }

  private @Nullable Row stored(RowId id, Key<?> key) {
    byte[] value = db.get(ROWS, id.toBytes());
    if (value == null) {
      return null;
    }
    try {
      return RowWire.row(id.chain(), key, value, index -> required(id.chain(), index));
    } catch (MalformedException | IllegalArgumentException damaged) {
      throw new StoreException(id.chain() + " has a damaged row of " + key, damaged);
    }
  }

  /** Leaves of a chain that are on disk; to be asked before any is added. */
  long leaves(ChainId chain) {
    byte[] prefix = ByteKey.of(chain);
    Database.Cell last = db.atOrBefore(LEAVES, ByteKey.of(chain, Long.MAX_VALUE), prefix);
    if (last == null) {
      return 0;
    }
    long size = ByteKey.number(last.key());
    for (Wire.Reader in = new Wire.Reader(last.value()); in.hasMore(); in.blob()) {
      size++;
    }
    return size;
  }

  /** A leaf that the log holds. */
  Entry required(ChainId chain, long index) {
    Entry entry = entry(chain, index);
    if (entry == null) {
      throw new StoreException(chain + " has no leaf " + index);
    }
    return entry;
  }

  // ------------------------------------------------------------------ the one writing thread

  /** Adds the rows that an executed command wrote. */
  public void write(ChainId chain, List<Row> rows) {
    Map<RowId, Row> into = current.rows;
    for (Row row : rows) {
      RowId id = RowId.of(chain, row.key());
      into.put(id, row);
      hotRows.put(id, row);
    }
  }

  void leaf(ChainId chain, Entry entry) {
    current.leaf(chain, entry);
    recentLeaves.add(chain, entry, current.number);
  }

  void tile(ChainId chain, int level, long index, byte[] bytes) {
    current.tiles.put(new TileId(chain, level, index), bytes);
  }

  void seal(ChainId chain, Seal seal) {
    current.seal(chain, seal);
  }

  /** Marks a chain as halted, together with all that has been executed so far. */
  public void halt(ChainId chain) {
    current.halted.add(chain);
  }

  /** The chains that were halted when the store was opened. */
  public Set<ChainId> halted() {
    Set<ChainId> found = new HashSet<>();
    db.scan(
        META, HALTED, HALTED, (key, value) -> found.add(ChainId.of(new Wire.Reader(value).text())));
    return found;
  }

  /** Marks a chain as gone elsewhere by a move, together with all that has been executed so far. */
  public void release(ChainId chain, String move) {
    current.released.put(chain, move);
  }

  /** The chains that had gone elsewhere when the store was opened, and by which moves. */
  public Map<ChainId, String> released() {
    Map<ChainId, String> found = new HashMap<>();
    db.scan(
        META,
        RELEASED,
        RELEASED,
        (key, value) -> {
          Wire.Reader in = new Wire.Reader(value);
          found.put(ChainId.of(in.text()), in.text());
          return true;
        });
    return found;
  }

  /** Everything of the ordered entry {@code index} has been written. */
  public void applied(long index) {
    applied = index;
    if (current.bytes() >= settings.flushBytes()) {
      startWriting();
    }
  }

  /**
   * Makes everything executed so far survive a crash of the machine, beside further execution; done
   * with the last index that is contained then.
   */
  public CompletableFuture<Long> checkpoint() {
    startWriting();
    long index = applied;
    return written.thenApplyAsync(
        nothing -> {
          db.sync();
          return index;
        },
        syncer);
  }

  /** Hands over what is unwritten; waits while the previous part is still being written. */
  private void startWriting() {
    await(written);
    Unwritten part = current;
    long index = applied;
    writing = part;
    current = part.next();
    hotRows.trim();
    recentLeaves.dropWritten(writtenPart);
    written = CompletableFuture.runAsync(() -> writeOut(part, index), writer);
  }

  private static void await(CompletableFuture<Void> written) {
    try {
      written.join();
    } catch (CompletionException failed) {
      throw new StoreException("an earlier write failed: " + failed.getCause(), failed);
    }
  }

  // ------------------------------------------------------------------------------ the disk

  private void writeOut(Unwritten part, long index) {
    beforeWriting.run();
    Database.Batch batch = db.batch();
    part.rows.forEach((id, row) -> batch.put(ROWS, id.toBytes(), RowWire.value(row)));
    part.tiles.forEach((id, bytes) -> batch.put(TILES, tileKey(id), bytes));
    part.leaves.forEach((chain, entries) -> putRuns(batch, chain, entries));
    part.seals.forEach((chain, seals) ->
        seals.forEach((size, seal) -> batch.put(SEALS, ByteKey.of(chain, size), sealBytes(seal))));
    part.leaves.keySet().forEach(chain -> mark(batch, CHAINS, chain, name(chain)));
    part.halted.forEach(chain -> mark(batch, HALTED, chain, name(chain)));
    part.released.forEach((chain, move) -> mark(batch, RELEASED, chain, name(chain).text(move)));
    batch.put(META, FORMAT, new Wire(4).i32(RowWire.FORMAT).toBytes());
    batch.put(META, APPLIED, new Wire(8).i64(index).toBytes());
    batch.write();
    writing = null;
    writtenPart = part.number;
  }

  private static Wire name(ChainId chain) {
    return new Wire(64).text(chain.value());
  }

  private static void mark(Database.Batch batch, byte[] mark, ChainId chain, Wire value) {
    batch.put(META, ByteKey.with(mark, ByteKey.of(chain)), value.toBytes());
  }

  /** Leaves lie in runs that do not reach beyond their chunk. */
  private static void putRuns(Database.Batch batch, ChainId chain, List<Entry> entries) {
    for (int from = 0, to; from < entries.size(); from = to) {
      long first = entries.get(from).index();
      long end = (first / CHUNK_LEAVES + 1) * CHUNK_LEAVES;
      to = (int) Math.min(entries.size(), from + end - first);
      batch.put(LEAVES, ByteKey.of(chain, first), run(entries.subList(from, to)));
    }
  }

  private static byte[] run(List<Entry> entries) {
    int size = 0;
    for (Entry entry : entries) {
      size += Integer.BYTES + entry.bytes().length;
    }
    Wire run = new Wire(size);
    for (Entry entry : entries) {
      run.blob(entry.bytes());
    }
    return run.toBytes();
  }

  private static byte[] tileKey(TileId id) {
    byte[] level = {(byte) id.level()};
    return ByteKey.with(ByteKey.with(ByteKey.of(id.chain()), level), id.index());
  }

  private static byte[] sealBytes(Seal seal) {
    return new Wire(64)
        .i64(seal.height())
        .i64(seal.first())
        .i64(seal.size())
        .hash(seal.root())
        .i64(seal.time())
        .toBytes();
  }

  private static Seal seal(byte[] bytes) {
    Wire.Reader in = new Wire.Reader(bytes);
    return new Seal(in.i64(), in.i64(), in.i64(), in.hash(), in.i64());
  }

  // ---------------------------------------------------------------------- reading, for ChainLog

  /** The leaf, decoded; null when the log does not hold it. */
  @Nullable Entry entry(ChainId chain, long index) {
    Entry found = recentLeaves.get(chain, index);
    return found != null ? found : storedLeaf(chain, index);
  }

  private @Nullable Entry storedLeaf(ChainId chain, long index) {
    ChunkId id = ChunkId.of(chain, index);
    byte[][] leaves = readLeaves.getIfPresent(id);
    if (leaves == null) {
      leaves = storedChunk(id);
      if (leaves.length == CHUNK_LEAVES) { // otherwise the rest may yet be written
        readLeaves.put(id, leaves);
      }
    }
    int at = (int) (index % CHUNK_LEAVES);
    return at < leaves.length ? ChainLog.decode(chain, index, leaves[at]) : null;
  }

  /** The chunk's first leaves, as many as are on disk. */
  private byte[][] storedChunk(ChunkId id) {
    byte[] prefix = ByteKey.of(id.chain());
    List<byte[]> leaves = new ArrayList<>(CHUNK_LEAVES);
    db.scan(
        LEAVES,
        ByteKey.with(prefix, id.number() * CHUNK_LEAVES),
        prefix,
        (key, run) -> {
          if (ByteKey.number(key) / CHUNK_LEAVES != id.number()) {
            return false;
          }
          for (Wire.Reader in = new Wire.Reader(run); in.hasMore(); ) {
            leaves.add(in.blob());
          }
          return leaves.size() < CHUNK_LEAVES;
        });
    return leaves.toArray(byte[][]::new);
  }

  private static int bytes(byte[][] leaves) {
    int sum = 0;
    for (byte[] leaf : leaves) {
      sum += leaf.length;
    }
    return sum;
  }

  byte @Nullable [] fullTile(ChainId chain, int level, long index) {
    TileId id = new TileId(chain, level, index);
    byte[] found = unwritten(part -> part.tiles.get(id));
    return found != null ? found : loaded(tiles, id, any -> db.get(TILES, tileKey(any)));
  }

  /** The block that ends at {@code size}. */
  @Nullable Seal sealAt(ChainId chain, long size) {
    Seal found = unwritten(part -> at(part.seals.get(chain), size));
    if (found != null) {
      return found;
    }
    byte[] stored = db.get(SEALS, ByteKey.of(chain, size));
    return stored == null ? null : seal(stored);
  }

  /** The first block whose size is greater than {@code index}: the one that holds that leaf. */
  @Nullable Seal sealAfter(ChainId chain, long index) {
    Seal memory = unwritten(part -> after(part.seals.get(chain), index));
    Database.Cell stored = db.atOrAfter(SEALS, ByteKey.of(chain, index + 1), ByteKey.of(chain));
    // what is stored is older than what is not
    return stored != null ? seal(stored.value()) : memory;
  }

  @Nullable Seal lastSeal(ChainId chain) {
    Seal newest = last(current.seals.get(chain));
    Seal memory = newest != null ? newest : unwritten(part -> last(part.seals.get(chain)));
    if (memory != null) {
      return memory;
    }
    Database.Cell stored =
        db.atOrBefore(SEALS, ByteKey.of(chain, Long.MAX_VALUE), ByteKey.of(chain));
    return stored == null ? null : seal(stored.value());
  }

  /** Asks the two unwritten parts, the earlier one first. */
  private <T> @Nullable T unwritten(Function<Unwritten, @Nullable T> read) {
    Unwritten newest = current;
    Unwritten earlier = writing;
    if (earlier != null && earlier != newest) {
      T found = read.apply(earlier);
      if (found != null) {
        return found;
      }
    }
    return read.apply(newest);
  }

  private static <T> @Nullable T at(@Nullable NavigableMap<Long, T> map, long key) {
    return map == null ? null : map.get(key);
  }

  private static <T> @Nullable T after(@Nullable NavigableMap<Long, T> map, long key) {
    Map.Entry<Long, T> found = map == null ? null : map.higherEntry(key);
    return found == null ? null : found.getValue();
  }

  private static <T> @Nullable T last(@Nullable NavigableMap<Long, T> map) {
    Map.Entry<Long, T> found = map == null ? null : map.lastEntry();
    return found == null ? null : found.getValue();
  }

  /** Waits for what is being written; what is not yet handed over stays to be replayed. */
  @Override
  public void close() {
    try {
      await(written);
    } finally {
      writer.close();
      syncer.close();
      db.close();
      blockCache.close();
    }
  }
}
