package aika.core.audit;

import aika.core.log.Hash;
import aika.core.log.NodeSink;
import aika.core.log.TilePath;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** Compares a log's hash tiles with the hashes that its entries have. For one thread. */
final class TileCheck implements NodeSink {
  private final LogReader log;
  private final List<ByteArrayOutputStream> levels = new ArrayList<>();
  private final List<Long> filled = new ArrayList<>();
  private final Findings findings;
  private long size;

  /**
   * @param size leaves that were compared before
   * @param edge what {@link #edge} was then
   */
  TileCheck(LogReader log, Findings findings, long size, List<byte[]> edge) {
    this.log = log;
    this.findings = findings;
    for (byte[] tile : edge) {
      ByteArrayOutputStream hashes = new ByteArrayOutputStream(TilePath.FULL_WIDTH * Hash.BYTES);
      hashes.writeBytes(tile);
      filled.add(size >>> TilePath.HEIGHT * (levels.size() + 1));
      levels.add(hashes);
    }
  }

  /** The hashes that do not fill a tile yet, of each level. */
  List<byte[]> edge() {
    return levels.stream().map(ByteArrayOutputStream::toByteArray).toList();
  }

  /** The log will be read as the tree of this size. */
  void reading(long newSize) {
    size = newSize;
  }

  @Override
  public void completed(int level, long index, Hash hash) {
    if (level % TilePath.HEIGHT != 0) {
      return;
    }
    int tileLevel = level / TilePath.HEIGHT;
    if (tileLevel == levels.size()) {
      levels.add(new ByteArrayOutputStream(TilePath.FULL_WIDTH * Hash.BYTES));
      filled.add(0L);
    }
    ByteArrayOutputStream tile = levels.get(tileLevel);
    tile.writeBytes(hash.bytes());
    if (tile.size() == TilePath.FULL_WIDTH * Hash.BYTES) {
      compare(tileLevel, filled.get(tileLevel), tile.toByteArray());
      filled.set(tileLevel, filled.get(tileLevel) + 1);
      tile.reset();
    }
  }

  /** Compares what does not fill a tile. */
  void end() {
    for (int level = 0; level < levels.size(); level++) {
      byte[] partial = levels.get(level).toByteArray();
      if (partial.length > 0) {
        compare(level, filled.get(level), partial);
      }
    }
  }

  private void compare(int level, long index, byte[] computed) {
    int width = computed.length / Hash.BYTES;
    String path = new TilePath.Hashes(level, index, width).format();
    byte[] published;
    try {
      published = log.tile(level, index, size);
    } catch (FindingException missing) {
      findings.add(missing.finding());
      return;
    }
    for (int i = 0; i < computed.length; i++) {
      if (published[i] != computed[i]) {
        String what = "hash " + i / Hash.BYTES + " is not that of the entries";
        findings.add(new Finding(log.chain(), Finding.Kind.TILE, path, what));
        return;
      }
    }
  }
}
