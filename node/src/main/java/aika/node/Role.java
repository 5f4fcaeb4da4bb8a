package aika.node;

import aika.core.ledger.Refusal;
import aika.node.config.PeersFile;
import aika.node.order.PeerState;
import aika.node.order.Shard;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The part that this machine takes: it leads, always when it is alone and when the others make it
 * among several, or it stands by (docs/adr/0017).
 */
final class Role implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Role.class);

  /** How often a peer looks at how it stands when nothing is told. */
  private static final long LOOK_MILLIS = 1_000;

  /** How long a leader that may not order waits before it lets another lead. */
  private static final long SILENT_MILLIS = 5_000;

  /** After a start as leader that failed. */
  private static final long FAILED_MILLIS = 3_000;

  private final Leading.Base base;
  private final Shard shard;
  private final Beginning beginning;
  private final Runnable follow;
  private final BooleanSupplier isOutdated;
  private final @Nullable PeersFile peers;
  private final UnaryOperator<PeersFile> peersNow;
  private final Semaphore changed = new Semaphore(0);
  private volatile @Nullable Leading leading;
  private volatile boolean closing;
  private @Nullable Thread watching;
  private @Nullable StandingBy standingBy;
  private boolean strange;
  private long silentNanos;

  /**
   * @param follow lets the followers begin, once
   * @param isOutdated whether the node has to start again
   * @param peers as they were at the start; null for a machine that is alone
   * @param peersNow as the file says now, or as before
   */
  Role(
      Leading.Base base,
      Beginning beginning,
      Runnable follow,
      BooleanSupplier isOutdated,
      @Nullable PeersFile peers,
      UnaryOperator<PeersFile> peersNow) {
    this.base = base;
    this.shard = base.shard();
    this.beginning = beginning;
    this.follow = follow;
    this.isOutdated = isOutdated;
    this.peers = peers;
    this.peersNow = peersNow;
  }

  /** Leads, or stands by until this machine may. */
  void begin() {
    if (peers == null) {
      follow.run();
      leading = new Leading(base, shard.leadingTerm(), () -> {});
    } else {
      base.followers().lead(false);
      standBy();
      shard.onRole(changed::release);
      watching = Thread.ofPlatform().name("peer-role").start(this::watch);
    }
  }

  /** What runs while this machine leads; null while it does not. */
  @Nullable Leading leading() {
    return leading;
  }

  /** Leads when the others make it, and stands by when they do not. */
  private void watch() {
    try {
      while (!closing) {
        boolean _ = changed.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        changed.drainPermits();
        try {
          look();
        } catch (RuntimeException | Error failed) {
          LOG.error("this peer cannot take its part now: {}", failed.getMessage(), failed);
          standByAfter(failed);
          Thread.sleep(FAILED_MILLIS);
        }
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    long term = shard.leadingTerm();
    Leading now = leading;
    if (now != null && now.term() != term) { // also when it leads again: others may have meanwhile
      rest();
      standBy();
    } else if (now != null) {
      handOverWhenSilent();
    }
    if (leading == null && isOutdated.getAsBoolean()) {
      LOG.debug("a chain went elsewhere before this machine came to know");
    } else if (leading == null && term >= 0) {
      lead(term);
    } else if (leading == null && !shard.hasLeft()) {
      keepUp();
    }
  }

  private void lead(long term) {
    long start = System.nanoTime();
    silentNanos = 0;
    beginning.begin();
    base.followers().lead(true);
    follow.run();
    leading = new Leading(base, term, this::stopStandingBy);
    LOG.info("this peer leads, after {} ms", (System.nanoTime() - start) / 1_000_000);
  }

  private void rest() {
    LOG.info("this peer does not lead any more");
    Leading before = leading;
    leading = null;
    base.followers().lead(false);
    shard.rest();
    base.mirrors().ifPresent(copies -> copies.relyOn(_ -> false));
    if (before != null) {
      base.peers().ifPresentOrElse(routes -> routes.closeAfterAnswer(before::close), before::close);
    }
  }

  /** A leader whose clock is not to be believed orders nothing; another's may be. */
  private void handOverWhenSilent() {
    Refusal refusal = shard.clock().refusal();
    if (refusal == null) {
      silentNanos = 0;
      return;
    }
    long now = System.nanoTime();
    silentNanos = silentNanos == 0 ? now : silentNanos;
    if (now - silentNanos >= SILENT_MILLIS * 1_000_000) {
      silentNanos = 0;
      LOG.warn("this peer may order nothing; another one is to lead: {}", refusal.detail());
      boolean _ = shard.handOver();
    }
  }

  /** Others may be able to do what this one is not. */
  private void standByAfter(Throwable failed) {
    try {
      rest();
      boolean _ = shard.leads() && shard.handOver();
      standBy();
    } catch (RuntimeException again) {
      failed.addSuppressed(again);
      LOG.error("this peer does not stand by either", again);
    }
  }

  private void standBy() {
    PeersFile told = peers;
    if (standingBy == null && told != null) {
      standingBy = StandingBy.start(base, () -> peersNow.apply(told));
    }
  }

  private void stopStandingBy() {
    StandingBy before = standingBy;
    standingBy = null;
    if (before != null) {
      before.close();
    }
  }

  /** Follows the chains as soon as there are some, and knows then that they have begun. */
  private void keepUp() {
    standBy();
    tellWhenStranger();
    if (shard.isOrderedByAnother()) {
      beginning.goesOn();
    }
    if (beginning.hasBegun()) {
      follow.run();
    }
  }

  /** A machine that nobody adds would wait for ever. */
  private void tellWhenStranger() {
    List<PeerState> known = shard.peers();
    boolean stranger = known.stream().noneMatch(PeerState::self);
    if (stranger && !strange) {
      LOG.warn(
          "this machine is none of the node's peers {}; it waits until it is added"
              + " (only the machines of a new node begin by themselves, with new: true in {})",
          known.stream().map(PeerState::id).toList(),
          PeersFile.NAME);
    }
    strange = stranger;
  }

  /** A peer that leads lets another one lead first. */
  @Override
  public void close() {
    closing = true;
    beginning.stopWaiting();
    changed.release();
    boolean interrupted = false;
    Thread thread = watching;
    while (thread != null && thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException stop) {
        interrupted = true;
      }
    }
    try {
      Leading before = leading;
      if (peers != null && before != null && shard.leads()) {
        boolean _ = shard.handOver();
      }
      leading = null;
      if (before != null) {
        before.close();
      }
      stopStandingBy();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
