package aika.core.note;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * What an Ed25519 encoding must be before any provider sees it, so that providers cannot differ
 * over it: canonical (RFC 8032, 5.1.3 and 5.1.7) and, for points, not of small order.
 */
final class Ed25519Encoding {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** Clears the sign of x in the highest word of a point. */
  private static final long Y_MASK = Long.MAX_VALUE;

  /** p = 2^255 - 19: its lowest word; above it all bits up to 254 are ones. */
  private static final long P_0 = -19L;

  /** L = 2^252 + 27742317777372353535851937790883648493, the order of the base point. */
  private static final long[] L = {0x5812631a5cf5d3edL, 0x14def9dea2f79cd6L, 0, 1L << 60};

  /** The y of all eight points of small order: orders 4, 1, 2 and twice 8. */
  private static final long[][] SMALL_ORDER_Y = {
    words("0000000000000000000000000000000000000000000000000000000000000000"),
    words("0100000000000000000000000000000000000000000000000000000000000000"),
    words("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    words("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    words("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
  };

  private Ed25519Encoding() {}

  /**
   * Whether the 32 bytes at {@code from} may be a public key or the R of a signature: y &lt; p, and
   * not of small order. (The encodings with x = 0 and a sign are of small order too.)
   */
  static boolean isAcceptablePoint(byte[] bytes, int from) {
    long y0 = (long) LONG.get(bytes, from);
    long y1 = (long) LONG.get(bytes, from + 8);
    long y2 = (long) LONG.get(bytes, from + 16);
    long y3 = (long) LONG.get(bytes, from + 24) & Y_MASK;
    boolean atLeastP = y3 == Y_MASK && y2 == -1 && y1 == -1 && Long.compareUnsigned(y0, P_0) >= 0;
    if (atLeastP) {
      return false;
    }
    for (long[] small : SMALL_ORDER_Y) {
      if (y0 == small[0] && y1 == small[1] && y2 == small[2] && y3 == small[3]) {
        return false;
      }
    }
    return true;
  }

  /** Whether the 32 bytes at {@code from} are a number below L, as the S of a signature must be. */
  static boolean isCanonicalScalar(byte[] bytes, int from) {
    for (int word = 3; word >= 0; word--) {
      int order = Long.compareUnsigned((long) LONG.get(bytes, from + 8 * word), L[word]);
      if (order != 0) {
        return order < 0;
      }
    }
    return false;
  }

  private static long[] words(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    long[] words = new long[4];
    for (int word = 0; word < 4; word++) {
      words[word] = (long) LONG.get(bytes, 8 * word);
    }
    return words;
  }
}
