package aika.node.follow;

import aika.core.follow.Endings;
import aika.core.money.ChainId;
import aika.node.order.MedianClock;
import aika.node.order.Worker;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Wakes when something is due at a chain, and has it concluded. While this machine's clock is not
 * to be believed nothing is looked at: what the chain does not take would be put off by it.
 */
final class DueTimes implements AutoCloseable {
  /** A clock may be set while the timer sleeps. */
  private static final long SLEEP_MILLIS_MAX = 5_000;

  private static final long DOUBT_MILLIS = 1_000;

  private final Endings endings;
  private final Asking asking;
  private final Stuck stuck;
  private final MedianClock clock;
  private final Worker<ChainId> worker =
      new Worker<>("due-times", receivers -> receivers.forEach(this::conclude));
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("due-timer").factory());

  private final Set<ChainId> hastened = ConcurrentHashMap.newKeySet();
  private final Map<ChainId, NextLook> looks = new ConcurrentHashMap<>();

  /** Nothing is due at a chain before this time, ms, when {@code alarm} wakes. */
  private record NextLook(long time, Future<?> alarm) {}

  /**
   * @param stuck is told which receivers wait
   * @param clock by which the shard orders
   */
  DueTimes(Endings endings, Asking asking, Stuck stuck, MedianClock clock) {
    this.endings = endings;
    this.asking = asking;
    this.stuck = stuck;
    this.clock = clock;
    timer.setRemoveOnCancelPolicy(true);
    timer.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy()); // once it is closed
  }

  /** Looks at all that became due while nobody was there, or was put off. */
  void start(List<ChainId> receivers) {
    hasten(receivers);
    worker.start();
  }

  /** From now on the chains are asked: what was put off until now is not put off any longer. */
  void hasten(List<ChainId> receivers) {
    hastened.addAll(receivers);
    receivers.forEach(receiver -> soon(receiver, 0));
  }

  /** Something is due then, and written already. */
  void soon(ChainId receiver, long time) {
    looks.compute(
        receiver,
        (id, next) -> {
          if (next != null && next.time <= time) {
            return next;
          }
          if (next != null) {
            next.alarm.cancel(false);
          }
          long wait = Math.clamp(time - clock.now(), 0, SLEEP_MILLIS_MAX);
          return new NextLook(time, alarm(receiver, wait));
        });
  }

  private Future<?> alarm(ChainId receiver, long wait) {
    return timer.schedule(() -> worker.due(receiver), wait, TimeUnit.MILLISECONDS);
  }

  /** What is written after the look was taken out asks for the next one. */
  private void conclude(ChainId receiver) {
    NextLook taken = looks.remove(receiver);
    if (taken == null) {
      return; // woken twice
    }
    taken.alarm.cancel(false);
    long then = taken.time;
    long now = clock.now();
    if (clock.refusal(now) != null) {
      again(receiver, then, alarm(receiver, DOUBT_MILLIS));
      return;
    }
    try {
      if (hastened.remove(receiver)) {
        endings.hasten(receiver, now);
      }
      if (then <= now) {
        Endings.Look look = endings.next(receiver, then, now);
        Asking.Asked asked = asking.ask(look);
        asked.finish();
        if (asked.undone().isEmpty()) {
          stuck.done(receiver);
        } else {
          stuck.waits(receiver);
        }
        then = look.then(); // what is left is another task: a stop need not wait for all of it
      }
    } catch (RuntimeException | Error failed) {
      stuck.waits(receiver);
      // the worker looks again a little later
      again(receiver, taken.time, CompletableFuture.completedFuture(null));
      throw failed;
    }
    soon(receiver, then);
  }

  /** The same look, by this alarm, unless there is one before it. */
  private void again(ChainId receiver, long time, Future<?> alarm) {
    looks.merge(receiver, new NextLook(time, alarm), (a, b) -> a.time <= b.time ? a : b);
  }

  @Override
  public void close() {
    timer.shutdownNow();
    worker.close();
  }
}
