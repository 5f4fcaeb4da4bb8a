package aika.node.store;

import aika.core.ledger.Entry;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.LeafText;
import aika.core.ledger.Row;
import aika.core.log.EntryBundle;
import aika.core.log.Frontier;
import aika.core.log.Hash;
import aika.core.log.Merkle;
import aika.core.log.Nodes;
import aika.core.log.TilePath;
import aika.core.money.ChainId;
import aika.core.note.MalformedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The leaves and the Merkle tree of one chain. Full tiles are kept (C2SP tlog-tiles); the partial
 * ones are in memory and built again from leaves and tiles at a start.
 *
 * <p>One thread appends; any thread reads what {@link #size} covers.
 */
public final class ChainLog implements Nodes {
  private static final int TILE_HEIGHT = 8;
  private static final int TILE_WIDTH = 1 << TILE_HEIGHT;
  private static final int LEVELS_MAX = 8;

  private final ChainId chain;
  private final ShardStore store;
  private final AtomicReferenceArray<@Nullable OpenTile> open =
      new AtomicReferenceArray<>(LEVELS_MAX);
  private Frontier frontier = new Frontier();
  private volatile long size;

  /** A tile being filled; bytes are added behind what readers may look at. */
  private record OpenTile(long index, byte[] hashes) {}

  private ChainLog(ChainId chain, ShardStore store) {
    this.chain = chain;
    this.store = store;
  }

  static ChainLog load(ChainId chain, ShardStore store) {
    ChainLog log = new ChainLog(chain, store);
    log.rebuild(store.leaves(chain));
    return log;
  }

  private void rebuild(long storedSize) {
    Merkle merkle = new Merkle();
    for (int level = 0; level < LEVELS_MAX; level++) {
      long count = storedSize >> (TILE_HEIGHT * level);
      long from = count / TILE_WIDTH * TILE_WIDTH;
      for (long i = from; i < count; i++) {
        Hash hash =
            level == 0
                ? merkle.leaf(entry(i).bytes())
                : merkle.fold(tile(level - 1, i), 0, TILE_WIDTH);
        place(level, i, hash);
      }
    }
    frontier = Frontier.of(storedSize, this);
    size = storedSize;
  }

  static Entry decode(ChainId chain, long index, byte[] bytes) {
    try {
      return new Entry(index, bytes, Merkle.leafHash(bytes), LeafText.parse(bytes));
    } catch (MalformedException damaged) {
      throw new StoreException(chain + " leaf " + index + " is damaged", damaged);
    }
  }

  public ChainId chain() {
    return chain;
  }

  public long size() {
    return size;
  }

  /** Adds a leaf; a seal also closes its block. */
  void append(Entry entry) {
    if (entry.index() != size) {
      throw new StoreException(chain + ": leaf " + entry.index() + " does not follow " + size);
    }
    store.leaf(chain, entry);
    frontier.append(entry.hash(), this::completed);
    if (entry.leaf() instanceof Leaf.Sealed sealed) {
      store.seal(
          chain,
          new Seal(
              sealed.height(), sealed.first(), entry.index() + 1, frontier.root(), sealed.time()));
    }
    size = entry.index() + 1;
  }

  /** Adds what an executed command wrote. Only the executing thread calls this. */
  public void append(List<Entry> entries, List<Row> rows) {
    entries.forEach(this::append);
    store.write(chain, rows);
  }

  private void completed(int level, long index, Hash hash) {
    if (level % TILE_HEIGHT == 0) {
      place(level / TILE_HEIGHT, index, hash);
    }
  }

  private void place(int level, long index, Hash hash) {
    int at = (int) (index % TILE_WIDTH);
    OpenTile tile = open.get(level);
    if (tile == null || tile.index != index / TILE_WIDTH) {
      tile = new OpenTile(index / TILE_WIDTH, new byte[TILE_WIDTH * Hash.BYTES]);
      open.set(level, tile);
    }
    hash.copyTo(tile.hashes, at * Hash.BYTES);
    if (at == TILE_WIDTH - 1) {
      store.tile(chain, level, tile.index, tile.hashes);
    }
  }

  /** The leaf at {@code index}, which must be below {@link #size}. */
  public Entry entry(long index) {
    return store.required(chain, index);
  }

  public <R extends Row> @Nullable R get(Key<R> key) {
    return store.row(chain, key);
  }

  /** The block that ends at this size, or null. */
  public @Nullable Seal sealAt(long sealedSize) {
    return store.sealAt(chain, sealedSize);
  }

  /** The block that holds this leaf, or null while it is open. */
  public @Nullable Seal sealAfter(long index) {
    return store.sealAfter(chain, index);
  }

  public @Nullable Seal lastSeal() {
    return store.lastSeal(chain);
  }

  @Override
  public Hash node(int level, long index) {
    int tileLevel = level / TILE_HEIGHT;
    int width = 1 << (level % TILE_HEIGHT);
    long first = index * width;
    byte[] tile = tile(tileLevel, first / TILE_WIDTH);
    int from = (int) (first % TILE_WIDTH) * Hash.BYTES;
    return width == 1 ? Hash.of(tile, from) : new Merkle().fold(tile, from, width);
  }

  private byte[] tile(int level, long index) {
    OpenTile tile = open.get(level);
    if (tile != null && tile.index == index) {
      return tile.hashes;
    }
    byte[] full = store.fullTile(chain, level, index);
    if (full == null) {
      throw new StoreException(chain + " has no tile " + level + "/" + index);
    }
    return full;
  }

  /**
   * A file of the log as C2SP tlog-tiles serves it, or null when a tree of {@code published} leaves
   * has no such file.
   */
  public byte @Nullable [] file(TilePath path, long published) {
    int level = path instanceof TilePath.Hashes hashes ? hashes.level() : 0;
    if (level >= LEVELS_MAX
        || path.index() > published / TILE_WIDTH
        || path.width() > TilePath.widthAt(level, path.index(), published)) {
      return null;
    }
    if (path instanceof TilePath.Hashes) {
      return Arrays.copyOf(tile(level, path.index()), path.width() * Hash.BYTES);
    }
    List<byte[]> entries = new ArrayList<>(path.width());
    for (int i = 0; i < path.width(); i++) {
      entries.add(entry(path.index() * TILE_WIDTH + i).bytes());
    }
    return EntryBundle.encode(entries);
  }
}
