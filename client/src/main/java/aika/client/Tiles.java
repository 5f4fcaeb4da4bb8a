package aika.client;

import aika.core.log.Hash;
import aika.core.log.Merkle;
import aika.core.log.Nodes;
import aika.core.log.TilePath;
import aika.core.money.ChainId;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The hashes of a log's tree, from its published tiles (C2SP tlog-tiles). None of them needs to be
 * right: a proof that is made of wrong ones does not hold. For one thread.
 */
final class Tiles {
  /** 8 KiB each. */
  private static final int KEPT_MAX = 64;

  private final AikaClient client;
  private final ChainId chain;
  private final Merkle merkle = new Merkle();
  private final Map<TilePath.Hashes, byte[]> kept =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<TilePath.Hashes, byte[]> eldest) {
          return size() > KEPT_MAX;
        }
      };

  Tiles(AikaClient client, ChainId chain) {
    this.client = client;
    this.chain = chain;
  }

  /** The tree of the first {@code size} leaves. */
  Nodes of(long size) {
    return (level, index) -> {
      int tileLevel = level / TilePath.HEIGHT;
      int rise = level % TilePath.HEIGHT;
      long first = index << rise;
      long tile = first / TilePath.FULL_WIDTH;
      int at = (int) (first % TilePath.FULL_WIDTH);
      int count = 1 << rise;
      int width = TilePath.widthAt(tileLevel, tile, size);
      if (at + count > width) {
        throw new IndexOutOfBoundsException("no subtree " + index + " at level " + level);
      }
      return merkle.fold(tile(new TilePath.Hashes(tileLevel, tile, width)), at * Hash.BYTES, count);
    };
  }

  private byte[] tile(TilePath.Hashes path) {
    byte[] known = kept.get(path);
    if (known == null) {
      known = fetched(path);
      kept.put(path, known);
    }
    return known;
  }

  /** A log may keep no partial tile once the full one is there. */
  private byte[] fetched(TilePath.Hashes path) {
    TilePath.Hashes full = new TilePath.Hashes(path.level(), path.index(), TilePath.FULL_WIDTH);
    byte[] tile =
        client
            .file(chain, path.format())
            .or(() -> client.file(chain, full.format()))
            .orElseThrow(() -> ClientException.invalid(chain + " has no " + path.format()));
    if (tile.length < path.width() * Hash.BYTES) {
      throw ClientException.invalid(path.format() + " of " + chain + " is too short");
    }
    return tile;
  }
}
