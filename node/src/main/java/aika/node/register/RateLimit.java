package aika.node.register;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * One token bucket for each caller, in bounded memory. A bucket is kept as the time at which it
 * will be full again (the generic cell rate algorithm), so a full bucket can be dropped without
 * loss. When there are too many callers and none can be dropped, new ones share a bucket: a flood
 * from many addresses neither escapes the limit nor locks out who was there before.
 */
public final class RateLimit {
  private static final int CALLER_CHARS_MAX = 64;
  private static final long SECOND_NANOS = 1_000_000_000;

  private final LongSupplier nanos;
  private final int callersMax;
  private final long intervalNanos;
  private final long burstNanos;

  /** Caller → when its bucket is full; the one that asked longest ago comes first. */
  private final Map<String, Long> fullAt = new LinkedHashMap<>(16, 0.75f, true);

  private long othersFullAt;

  public RateLimit(Rate rate, LongSupplier nanos) {
    this.nanos = nanos;
    this.callersMax = rate.callersMax();
    this.intervalNanos = SECOND_NANOS / rate.perSecond();
    this.burstNanos = (rate.burst() - 1) * intervalNanos;
    this.othersFullAt = nanos.getAsLong();
  }

  /** Takes a token of this caller, if there is one. */
  public synchronized boolean take(String caller) {
    long now = nanos.getAsLong();
    String key = key(caller);
    Long known = fullAt.get(key);
    if (known == null && !makeRoom(now)) {
      boolean allowed = allowed(othersFullAt, now);
      othersFullAt = allowed ? next(othersFullAt, now) : othersFullAt;
      return allowed;
    }
    long full = known == null ? now : known;
    boolean allowed = allowed(full, now);
    fullAt.put(key, allowed ? next(full, now) : full);
    return allowed;
  }

  /** Whether this caller has no token left; takes none. */
  public synchronized boolean isSpent(String caller) {
    long now = nanos.getAsLong();
    Long known = fullAt.get(key(caller));
    return known != null ? !allowed(known, now) : isFull(now) && !allowed(othersFullAt, now);
  }

  private static String key(String caller) {
    return caller.length() > CALLER_CHARS_MAX ? caller.substring(0, CALLER_CHARS_MAX) : caller;
  }

  synchronized int callers() {
    return fullAt.size();
  }

  private boolean makeRoom(long now) {
    if (isFull(now)) {
      return false;
    }
    if (fullAt.size() == callersMax) {
      fullAt.remove(fullAt.entrySet().iterator().next().getKey());
    }
    return true;
  }

  /** Whether there is no room, nor a bucket that is full and can be dropped. */
  private boolean isFull(long now) {
    return fullAt.size() == callersMax && fullAt.entrySet().iterator().next().getValue() - now > 0;
  }

  // Differences only: the clock's zero is anywhere and it may pass the largest long.
  private boolean allowed(long full, long now) {
    return full - now <= burstNanos;
  }

  private long next(long full, long now) {
    return (full - now > 0 ? full : now) + intervalNanos;
  }
}
