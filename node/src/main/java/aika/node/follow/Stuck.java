package aika.node.follow;

import aika.core.money.ChainId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Since when a follower's rows wait although they are due. Some seconds are usual when a chain is
 * busy; after a minute somebody should look, and the log says so once.
 */
final class Stuck {
  /** From here on it is told. */
  static final long TOLD_MILLIS = 60_000;

  private static final Logger LOG = LoggerFactory.getLogger(Stuck.class);

  private final String what;
  private final LongSupplier clock;
  private final Map<ChainId, Wait> waits = new ConcurrentHashMap<>();

  private record Wait(long since, boolean told) {}

  /**
   * @param what waits, for the log
   * @param clock ms, steady: what waits often does while this machine's clock is set
   */
  Stuck(String what, LongSupplier clock) {
    this.what = what;
    this.clock = clock;
  }

  /** The chain did not take all that it was asked. */
  void waits(ChainId chain) {
    long now = clock.getAsLong();
    waits.compute(
        chain,
        (id, before) -> {
          if (before == null || before.told || now - before.since < TOLD_MILLIS) {
            return before == null ? new Wait(now, false) : before;
          }
          LOG.warn("{} of {} wait for more than a minute although they are due", what, id);
          return new Wait(before.since, true);
        });
  }

  /** Nothing waits there any more. */
  void done(ChainId chain) {
    Wait ended = waits.remove(chain);
    if (ended != null && ended.told) {
      LOG.info("{} of {} do not wait any more", what, chain);
    }
  }

  /** For how long, in seconds; 0 when nothing waits. */
  long seconds(ChainId chain) {
    Wait wait = waits.get(chain);
    return wait == null
        ? 0
        : Math.max(0, TimeUnit.MILLISECONDS.toSeconds(clock.getAsLong() - wait.since));
  }
}
