package aika.client;

import aika.core.log.Hash;
import aika.core.log.HashTiles;
import aika.core.log.Nodes;
import aika.core.log.TilePath;
import aika.core.money.ChainId;

/** The hashes of a log's tree, from the tiles that a gateway serves. */
final class Tiles {
  private static final int KEPT_MAX = 64;

  private final AikaClient client;
  private final ChainId chain;
  private final HashTiles tiles = new HashTiles(this::fetched, KEPT_MAX);

  Tiles(AikaClient client, ChainId chain) {
    this.client = client;
    this.chain = chain;
  }

  /** The tree of the first {@code size} leaves. */
  Nodes of(long size) {
    return tiles.of(size);
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
