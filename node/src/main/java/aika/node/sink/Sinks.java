package aika.node.sink;

import aika.core.money.AccountId;
import aika.node.order.Changes;
import aika.sinks.Follower;
import aika.sinks.Sink;
import aika.sinks.SinkStatus;
import aika.sinks.analytics.AnalyticsSink;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The followers of a node that write elsewhere, and the thread that wakes them when something
 * happens on a chain. Nothing is connected before {@link #start}, and nobody in the node waits for
 * a store.
 */
public final class Sinks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Sinks.class);

  /** All of them together; then the node stops without the one that hangs. */
  private static final long CLOSE_MILLIS_MAX = 8_000;

  /** How long nothing may happen before the waker looks whether it is to stop. */
  private static final long WAIT_MILLIS = 60_000;

  private final Changes changes;
  private final List<Follower> followers;
  private final Thread waker = Thread.ofPlatform().name("sink-waker").unstarted(this::wakeAll);
  private volatile boolean closing;

  /**
   * @param sinks are closed with this
   * @param clock ms since 1970
   */
  public Sinks(Changes changes, List<Sink> sinks, LongSupplier clock) {
    this.changes = changes;
    followers = sinks.stream().map(sink -> new Follower(sink, clock)).toList();
  }

  public void start() {
    followers.forEach(Follower::start);
    waker.start();
  }

  private void wakeAll() {
    try {
      while (!closing) {
        long seen = changes.version();
        followers.forEach(Follower::wake);
        boolean _ = changes.await(seen, WAIT_MILLIS);
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt(); // closing
    }
  }

  /** In the order of the operator's file. */
  public List<Follower> followers() {
    return followers;
  }

  public Optional<Follower> find(String name) {
    return followers.stream().filter(one -> one.sink().name().equals(name)).findFirst();
  }

  /** The tables for questions, if the operator's file has any. */
  public Optional<AnalyticsSink> analytics() {
    return followers.stream()
        .map(Follower::sink)
        .filter(AnalyticsSink.class::isInstance)
        .map(AnalyticsSink.class::cast)
        .findFirst();
  }

  public List<SinkStatus> statuses() {
    return followers.stream().map(Follower::status).toList();
  }

  /** This person's name is erased or changed; every sink forgets what it knew. */
  public void forget(AccountId account) {
    followers.forEach(one -> one.forget(account));
  }

  /** Ends all of them side by side; one that hangs is left behind after some seconds. */
  @Override
  public void close() {
    closing = true;
    waker.interrupt();
    CompletableFuture<?>[] closings =
        followers.stream()
            .map(one -> CompletableFuture.runAsync(one::close, Sinks::onItsOwnThread))
            .toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(closings)
        .completeOnTimeout(null, CLOSE_MILLIS_MAX, TimeUnit.MILLISECONDS)
        .exceptionally(failed -> {
          LOG.warn("a sink did not close: {}", failed.getMessage(), failed);
          return null;
        })
        .join();
    for (int i = 0; i < closings.length; i++) {
      if (!closings[i].isDone()) {
        LOG.warn("{} hangs; the node stops without it", followers.get(i).sink().name());
      }
    }
  }

  private static void onItsOwnThread(Runnable task) {
    var _ = Thread.ofPlatform().daemon().name("sink-closing").start(task);
  }
}
