package aika.node.gossip;

import aika.core.money.ChainId;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** How many rumours a second are looked into in each chain's name. One thread asks. */
final class Paces {
  private static final long INTERVAL_NANOS = 1_000_000_000L / 50;
  private static final long BURST_NANOS = 200 * INTERVAL_NANOS;

  private final LongSupplier nanos;

  /** When the pace is full again; chains of the federation only, so there are not too many. */
  private final Map<ChainId, Long> fullAt = new HashMap<>();

  Paces(LongSupplier nanos) {
    this.nanos = nanos;
  }

  boolean take(ChainId from) {
    long now = nanos.getAsLong();
    long full = fullAt.getOrDefault(from, now);
    if (full - now > BURST_NANOS) {
      return false;
    }
    fullAt.put(from, (full - now > 0 ? full : now) + INTERVAL_NANOS);
    return true;
  }
}
