package aika.core.log;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The hashes of a log's tree, from its published tiles (C2SP tlog-tiles). None of them needs to be
 * right: a proof that is made of wrong ones does not hold. For several threads.
 */
public final class HashTiles {
  private final Source source;
  private final Map<TilePath.Hashes, Tile> kept;

  /** Where the tiles come from. */
  @FunctionalInterface
  public interface Source {
    /**
     * The bytes of a tile: {@code path.width()} hashes, or more of the same. Throws what fits the
     * caller when there is no such tile.
     */
    byte[] tile(TilePath.Hashes path);
  }

  /**
   * @param tilesMax how many to keep, 16 KiB each
   */
  public HashTiles(Source source, int tilesMax) {
    this.source = source;
    kept =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<TilePath.Hashes, Tile> eldest) {
            return size() > tilesMax;
          }
        };
  }

  /** The tree of the first {@code size} leaves. */
  public Nodes of(long size) {
    return (level, index) -> {
      int tileLevel = level / TilePath.HEIGHT;
      int rise = level % TilePath.HEIGHT;
      long tile = index >>> (TilePath.HEIGHT - rise);
      int at = (int) (index % (TilePath.FULL_WIDTH >> rise));
      int width = TilePath.widthAt(tileLevel, tile, size);
      if (index < 0 || ((at + 1) << rise) > width) {
        throw new IndexOutOfBoundsException("no subtree " + index + " at level " + level);
      }
      return tile(new TilePath.Hashes(tileLevel, tile, width)).node(rise, at);
    };
  }

  /** The published bytes of a tile, as many hashes as the tree of this size has there, or more. */
  public byte[] bytes(int level, long index, long size) {
    return tile(new TilePath.Hashes(level, index, TilePath.widthAt(level, index, size)))
        .rows[0]
        .clone();
  }

  /** Reads every tile again from here on. */
  public void forget() {
    synchronized (kept) {
      kept.clear();
    }
  }

  private Tile tile(TilePath.Hashes path) {
    synchronized (kept) {
      Tile known = kept.get(path);
      if (known != null) {
        return known;
      }
    }
    Tile tile = new Tile(source.tile(path));
    synchronized (kept) {
      kept.put(path, tile);
    }
    return tile;
  }

  /** A tile and the levels of the tree above it, which proofs ask for again and again. */
  private static final class Tile {
    private final byte[][] rows = new byte[TilePath.HEIGHT][];

    Tile(byte[] hashes) {
      rows[0] = hashes;
    }

    synchronized Hash node(int rise, int at) {
      if (rise > 0 && rows[1] == null) {
        Merkle merkle = new Merkle();
        for (int row = 1; row < rows.length; row++) {
          int count = rows[row - 1].length / Hash.BYTES / 2;
          rows[row] = new byte[count * Hash.BYTES];
          for (int i = 0; i < count; i++) {
            Hash node = merkle.fold(rows[row - 1], 2 * i * Hash.BYTES, 2);
            node.copyTo(rows[row], i * Hash.BYTES);
          }
        }
      }
      return Hash.of(rows[rise], at * Hash.BYTES);
    }
  }
}
