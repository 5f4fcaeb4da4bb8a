package aika.node.follow;

import aika.core.follow.Chains;
import aika.core.follow.OfferList;
import aika.core.follow.Rows;
import aika.core.money.ChainId;
import aika.node.mirror.ReadableChains;
import aika.node.order.Chain;
import aika.node.order.Changes;
import aika.node.order.MedianClock;
import aika.node.order.Worker;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pending list of this node, which all continents that it serves share. */
public final class PendingList extends OfferList implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PendingList.class);
  private static final long KEPT_MILLIS = Duration.ofDays(7).toMillis();
  private static final long SWEEP_MINUTES = 24 * 60;

  /** Until then somebody else's clock is heard. */
  private static final long SWEEP_MINUTES_FIRST = 10;

  private final ReadableChains readable;
  private final Changes changes;
  private final MedianClock clock;

  /** Continents with anchors that are set aside; they look again when a municipality goes on. */
  private final Set<ChainId> incomplete = ConcurrentHashMap.newKeySet();

  private final Worker<ChainId> worker = new Worker<>("pending-list", this::follow);
  private final ScheduledExecutorService sweeper =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("pending-sweeper").factory());

  PendingList(ReadableChains readable, Chains chains, Rows rows) {
    super(chains, rows, KEPT_MILLIS);
    this.readable = readable;
    changes = readable.shard().changes();
    clock = readable.shard().clock();
  }

  void start() {
    for (ChainId continent : continents().map(Chain::id).toList()) {
      if (aside(continent) > 0) {
        incomplete.add(continent);
      }
      approved(continent);
    }
    worker.start();
    var _ =
        sweeper.scheduleWithFixedDelay(
            this::sweep, SWEEP_MINUTES_FIRST, SWEEP_MINUTES, TimeUnit.MINUTES);
  }

  /** A chain's approved part has grown. */
  void approved(ChainId chain) {
    if (!chain.municipal()) {
      worker.due(chain);
      return;
    }
    if (hasPassed(chain)) {
      worker.due(chain);
    }
    if (incomplete.contains(chain.continent())) {
      worker.due(chain.continent());
    }
  }

  private void follow(List<ChainId> due) {
    for (ChainId chain : due) {
      Read read = chain.municipal() ? takeUp(chain) : read(chain);
      if (read.more()) {
        worker.due(chain); // a long way is gone in parts, so that a stop need not wait for it
      }
      // its copy may have been begun, and come, before that was noted
      read.passed().stream().filter(one -> readable.find(one) != null).forEach(worker::due);
      setAside(chain.continent(), read.aside());
    }
    changes.happened();
  }

  private void setAside(ChainId continent, List<ChainId> municipalities) {
    for (ChainId one : new TreeSet<>(municipalities)) {
      LOG.info(
          "{} has anchors of {} that its log does not show yet; they are set aside",
          continent,
          one);
    }
    if (!municipalities.isEmpty()) {
      if (incomplete.add(continent)) {
        worker.due(continent); // its municipality may have gone on before that was noted
      }
    } else if (incomplete.contains(continent) && aside(continent) == 0) {
      incomplete.remove(continent);
      LOG.info("all anchors of {} are read", continent);
    }
  }

  /** Drops what is long over; by a clock that others contradict nothing is. */
  void sweep() {
    try {
      for (byte[] next = new byte[0]; next != null && !sweeper.isShutdown(); ) {
        long now = clock.now();
        if (clock.isContradicted(now)) {
          LOG.warn("the pending list is not swept while this machine's clock is in doubt");
          var _ = sweeper.schedule(() -> sweep(), SWEEP_MINUTES_FIRST, TimeUnit.MINUTES);
          return;
        }
        next = sweep(next, now).next();
      }
    } catch (RuntimeException failed) { // thrown on, it would end all later sweeps
      LOG.warn("the pending list was not swept: {}", failed.getMessage(), failed);
    }
  }

  /** Whether the list has read all that the continents' representatives have approved. */
  public boolean caughtUp() {
    return continents().allMatch(chain -> seen(chain.id()) >= readable(chain));
  }

  private Stream<Chain> continents() {
    return readable.all().filter(chain -> !chain.id().municipal());
  }

  /** Of a copy, more may be known than is here. */
  private static long readable(Chain chain) {
    return Math.min(chain.approvedSize(), chain.size());
  }

  /**
   * Waits until the list has read what is approved now.
   *
   * @return whether it has, in this time
   */
  public boolean awaitCaughtUp(Duration most) throws InterruptedException {
    List<Chain> continents = continents().toList();
    List<Long> sizes = continents.stream().map(PendingList::readable).toList();
    long deadline = System.nanoTime() + most.toNanos();
    for (int i = 0; i < continents.size(); i++) {
      long seen = changes.version();
      while (seen(continents.get(i).id()) < sizes.get(i)) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
          return false;
        }
        changes.await(seen, left);
        seen = changes.version();
      }
    }
    return true;
  }

  @Override
  public void close() {
    sweeper.shutdownNow();
    worker.close();
  }
}
