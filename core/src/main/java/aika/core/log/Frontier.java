package aika.core.log;

import aika.core.note.MalformedException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The right edge of a growing Merkle tree: all that appending and the root need, at most 63 hashes.
 * Mutable, for one thread at a time.
 */
public final class Frontier {
  /** Size and the hashes of the complete subtrees, at most one per bit of the size. */
  public static final int ENCODED_BYTES_MAX = Long.BYTES + 63 * Hash.BYTES;

  private static final int LEVELS = 63;
  private static final NodeSink NOWHERE = (level, index, hash) -> {};

  private final Merkle merkle = new Merkle();
  private final Hash[] peaks;
  private long size;

  /** An empty tree. */
  public Frontier() {
    this(0, new Hash[LEVELS]);
  }

  /** Peaks stand at their level; slots of bits that the size does not have are unspecified. */
  private Frontier(long size, Hash[] peaks) {
    this.size = size;
    this.peaks = peaks;
  }

  /** The edge of the tree of this size whose complete subtrees come from {@code nodes}. */
  public static Frontier of(long size, Nodes nodes) {
    if (size < 0) {
      throw new IllegalArgumentException("tree of size " + size);
    }
    Hash[] peaks = new Hash[LEVELS];
    for (int level = 0; level < LEVELS; level++) {
      if ((size >>> level & 1) == 1) {
        peaks[level] = nodes.node(level, (size >>> level) - 1);
      }
    }
    return new Frontier(size, peaks);
  }

  /** Number of leaves. */
  public long size() {
    return size;
  }

  public void append(Hash leaf) {
    append(leaf, NOWHERE);
  }

  /** Appends and tells which subtrees are complete now, the leaf itself first. */
  public void append(Hash leaf, NodeSink sink) {
    if (size == Long.MAX_VALUE) {
      throw new IllegalStateException("a tree holds at most 2^63 - 1 leaves");
    }
    Hash hash = leaf;
    int level = 0;
    sink.completed(0, size, hash);
    while ((size >>> level & 1) == 1) {
      hash = merkle.node(peaks[level], hash);
      level++;
      sink.completed(level, size >>> level, hash);
    }
    peaks[level] = hash;
    size++;
  }

  public Hash root() {
    if (size == 0) {
      return Merkle.EMPTY_ROOT;
    }
    int level = Long.numberOfTrailingZeros(size);
    Hash root = peaks[level];
    for (level++; size >>> level != 0; level++) {
      if ((size >>> level & 1) == 1) {
        root = merkle.node(peaks[level], root);
      }
    }
    return root;
  }

  public Frontier copy() {
    return new Frontier(size, peaks.clone());
  }

  /** The size in 8 bytes, big-endian, then the complete subtrees' hashes, the largest first. */
  public byte[] encode() {
    ByteBuffer out = ByteBuffer.allocate(encodedBytes(size));
    out.putLong(size);
    for (int level = LEVELS - 1; level >= 0; level--) {
      if ((size >>> level & 1) == 1) {
        out.put(peaks[level].shared());
      }
    }
    return out.array();
  }

  /**
   * @throws MalformedException when these are not the bytes of {@link #encode}
   */
  public static Frontier decode(byte[] encoded) {
    if (encoded.length < Long.BYTES) {
      throw new MalformedException("frontier of " + encoded.length + " bytes");
    }
    long size = ByteBuffer.wrap(encoded).getLong();
    if (size < 0 || encoded.length != encodedBytes(size)) {
      throw new MalformedException("frontier of size " + size + " in " + encoded.length + " bytes");
    }
    Hash[] peaks = new Hash[LEVELS];
    int at = Long.BYTES;
    for (int level = LEVELS - 1; level >= 0; level--) {
      if ((size >>> level & 1) == 1) {
        peaks[level] = Hash.of(encoded, at);
        at += Hash.BYTES;
      }
    }
    return new Frontier(size, peaks);
  }

  private static int encodedBytes(long size) {
    return Long.BYTES + Long.bitCount(size) * Hash.BYTES;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Frontier that && Arrays.equals(encode(), that.encode());
  }

  @Override
  public int hashCode() {
    return Long.hashCode(size);
  }

  @Override
  public String toString() {
    return "Frontier[" + size + " " + root() + "]";
  }
}
