package aika.core.note;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Decoded public keys, bounded: a key may stand in one slot only, and a later key of that slot
 * takes its place. Whoever aims keys at one slot makes them decoded again, no more.
 */
final class KeyCache {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long GOLDEN_RATIO = 0x9e3779b97f4a7c15L;

  private final AtomicReferenceArray<@Nullable Entry> slots;
  private final int shift;

  private record Entry(byte[] raw, PublicKey decoded) {}

  /**
   * @param entries rounded up to a power of two
   */
  KeyCache(int entries) {
    if (entries < 1 || entries > 1 << 26) {
      throw new IllegalArgumentException("key cache of " + entries + " entries");
    }
    int bits = 32 - Integer.numberOfLeadingZeros(entries - 1);
    slots = new AtomicReferenceArray<>(1 << bits);
    shift = 64 - bits;
  }

  @Nullable PublicKey get(byte[] raw) {
    Entry entry = slots.getAcquire(slot(raw));
    return entry != null && Arrays.equals(entry.raw, raw) ? entry.decoded : null;
  }

  void put(byte[] raw, PublicKey decoded) {
    slots.setRelease(slot(raw), new Entry(raw.clone(), decoded));
  }

  private int slot(byte[] raw) {
    long mixed = ((long) LONG.get(raw, 0) ^ (long) LONG.get(raw, 8)) * GOLDEN_RATIO;
    return shift == 64 ? 0 : (int) (mixed >>> shift);
  }
}
