package aika.core.audit;

import aika.core.ledger.Directory;
import aika.core.ledger.Wire;
import aika.core.log.Checkpoint;
import aika.core.log.Frontier;
import aika.core.log.Hash;
import aika.core.money.ChainId;
import aika.core.note.MalformedException;
import aika.core.note.Sha256;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How far a chain was audited, as it is kept between audits ([AUD-11]): bound to the federation
 * file and the log, with a checksum at its end.
 *
 * @param frontier the tree of the executed leaves
 * @param tiles hashes at the right edge of each level of tiles, which do not fill a tile
 * @param counts accounts, sends, received
 */
record Mark(Frontier frontier, List<byte[]> tiles, List<Long> counts) {
  private static final String FIRST = "aika/audited/v1";
  private static final String FIRST_SEEN = "aika/seen/v1";
  private static final int COUNTS = 3;
  private static final int LEVELS_MAX = 8;

  Mark {
    tiles = List.copyOf(tiles);
    counts = List.copyOf(counts);
  }

  byte[] encode(Directory directory, ChainId chain) {
    Wire out = head(FIRST, directory, chain);
    out.hash(frontier.root()).blob(frontier.encode());
    out.i32(tiles.size());
    tiles.forEach(out::blob);
    counts.forEach(out::i64);
    return closed(out);
  }

  /**
   * @throws KeptStateException when these are not the bytes of {@link #encode}
   */
  static Mark decode(byte[] bytes, Directory directory, ChainId chain) {
    try {
      Wire.Reader in = opened(bytes, FIRST, directory, chain);
      Hash root = in.hash();
      Frontier frontier = Frontier.decode(in.blob());
      int levels = in.i32();
      if (!frontier.root().equals(root) || levels < 0 || levels > LEVELS_MAX) {
        throw new MalformedException("the root is not that of the tree");
      }
      List<byte[]> tiles = new ArrayList<>();
      for (int i = 0; i < levels; i++) {
        tiles.add(in.blob());
      }
      List<Long> counts = new ArrayList<>();
      for (int i = 0; i < COUNTS; i++) {
        counts.add(in.i64());
      }
      end(in);
      return new Mark(frontier, tiles, counts);
    } catch (MalformedException damaged) {
      throw refused(chain, damaged);
    }
  }

  static byte[] seen(Checkpoint checkpoint, Directory directory, ChainId chain) {
    return closed(
        head(FIRST_SEEN, directory, chain).i64(checkpoint.size()).hash(checkpoint.root()));
  }

  /**
   * @throws KeptStateException when these are not the bytes of the other
   */
  static Checkpoint seen(byte[] bytes, Directory directory, ChainId chain) {
    try {
      Wire.Reader in = opened(bytes, FIRST_SEEN, directory, chain);
      Checkpoint checkpoint = new Checkpoint(directory.origin(chain), in.i64(), in.hash());
      end(in);
      return checkpoint;
    } catch (MalformedException damaged) {
      throw refused(chain, damaged);
    }
  }

  private static Wire head(String first, Directory directory, ChainId chain) {
    return new Wire(512).text(first).hash(directory.fileHash()).text(directory.origin(chain));
  }

  private static byte[] closed(Wire out) {
    byte[] content = out.toBytes();
    return new Wire(content.length + Sha256.BYTES).raw(content).raw(Sha256.of(content)).toBytes();
  }

  private static Wire.Reader opened(
      byte[] bytes, String first, Directory directory, ChainId chain) {
    int length = bytes.length - Sha256.BYTES;
    if (length < 0
        || !Arrays.equals(
            Sha256.of(bytes, length), Arrays.copyOfRange(bytes, length, bytes.length))) {
      throw new MalformedException("its checksum does not fit");
    }
    Wire.Reader in = new Wire.Reader(Arrays.copyOf(bytes, length));
    if (!in.text().equals(first)) {
      throw new MalformedException("it is of another version");
    }
    if (!directory.isFile(in.hash())) {
      throw new MalformedException("it is of another federation file");
    }
    if (!in.text().equals(directory.origin(chain))) {
      throw new MalformedException("it is of another chain");
    }
    return in;
  }

  private static void end(Wire.Reader in) {
    if (in.hasMore()) {
      throw new MalformedException("something follows");
    }
  }

  private static KeptStateException refused(ChainId chain, MalformedException damaged) {
    return new KeptStateException("what was kept of " + chain + ": " + damaged.getMessage());
  }
}
