package aika.node.order;

import aika.core.ledger.Action;
import aika.core.ledger.Refusal;
import aika.core.money.ChainId;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Lets a chain of the shard go on elsewhere [MOVE-2, MOVE-3]. */
final class Departure {
  private static final long LOOK_MILLIS = 200;

  private final Shard shard;
  private final Set<ChainId> leaving = ConcurrentHashMap.newKeySet();

  Departure(Shard shard) {
    this.shard = shard;
  }

  /** Whether nothing but a seal is taken for this chain now. */
  boolean isLeaving(ChainId chain) {
    return leaving.contains(chain);
  }

  /**
   * Seals what is open, waits until all is approved, and has it ordered that the chain ends here.
   *
   * @return how many leaves it has
   */
  long of(Chain chain, String move, Duration wait) throws InterruptedException {
    ChainId id = chain.id();
    long end = System.nanoTime() + wait.toNanos();
    leaving.add(id);
    try {
      while (shard.released(id).isEmpty()) {
        check(chain, end);
        step(chain, move);
      }
    } finally {
      leaving.remove(id); // from now on the ledger refuses, or it goes on
    }
    if (!shard.released(id).orElse("").equals(move)) {
      throw OrderingException.refused(id + " has gone before, by another move");
    }
    return chain.size();
  }

  private void check(Chain chain, long end) {
    Refusal failure = shard.failure();
    if (chain.halted() || shard.isForbidden() || failure != null) {
      throw OrderingException.refused(
          "%s must not go now: %s"
              .formatted(chain.id(), failure == null ? "it is halted" : failure.detail()));
    }
    if (System.nanoTime() >= end) {
      throw OrderingException.refused(
          "%s has %d leaves, and %d are approved; it goes on here"
              .formatted(chain.id(), chain.size(), chain.approvedSize()));
    }
  }

  private void step(Chain chain, String move) throws InterruptedException {
    long seen = shard.changes().version();
    if (!chain.head().sealed()) {
      long height = chain.head().height() + 1;
      var _ = shard.await(shard.submit(chain.id(), new Action.Seal(height)));
    }
    long size = chain.size();
    boolean ready = chain.head().sealed() && chain.approvedSize() == size;
    if (!ready || !shard.orderRelease(chain.id(), size, move)) {
      boolean _ = shard.changes().await(seen, LOOK_MILLIS);
    }
  }
}
