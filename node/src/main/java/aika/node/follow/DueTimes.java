package aika.node.follow;

import aika.core.follow.Endings;
import aika.core.money.ChainId;
import aika.node.order.Worker;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Wakes when something is due at a chain, and has it concluded. */
final class DueTimes implements AutoCloseable {
  private final Endings endings;
  private final Asking asking;
  private final Stuck stuck;
  private final LongSupplier clock;
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
   * @param clock ms since 1970, the leader's
   */
  DueTimes(Endings endings, Asking asking, Stuck stuck, LongSupplier clock) {
    this.endings = endings;
    this.asking = asking;
    this.stuck = stuck;
    this.clock = clock;
    timer.setRemoveOnCancelPolicy(true);
  }

  /** Looks at all that became due while nobody was there. */
  void start(List<ChainId> receivers) {
    receivers.forEach(receiver -> soon(receiver, 0));
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
          if (next != null && next.time <= time || timer.isShutdown()) {
            return next;
          }
          if (next != null) {
            next.alarm.cancel(false);
          }
          return new NextLook(time, alarm(receiver, time));
        });
  }

  private Future<?> alarm(ChainId receiver, long time) {
    long wait = Math.max(0, time - clock.getAsLong());
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
    try {
      if (hastened.remove(receiver)) {
        endings.hasten(receiver, clock.getAsLong());
      }
      if (then <= clock.getAsLong()) {
        Endings.Look look = endings.next(receiver, then, clock.getAsLong());
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
      NextLook same = new NextLook(taken.time, CompletableFuture.completedFuture(null));
      looks.merge(receiver, same, (a, b) -> a.time <= b.time ? a : b);
      throw failed; // the worker looks again a little later
    }
    soon(receiver, then);
  }

  @Override
  public void close() {
    timer.shutdownNow();
    worker.close();
  }
}
