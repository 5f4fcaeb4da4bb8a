package aika.bench;

import aika.core.ledger.Action;
import aika.core.ledger.SignedOrder;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import aika.node.follow.Evidencing;
import aika.node.order.Answer;
import aika.node.order.Chain;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Submits signed orders from several threads, a bounded number at a time. */
final class Load {
  private static final long DRAIN_SECONDS_MAX = 120;
  private static final int PROGRESS_STEP = 1_024;

  private final BenchNode node;
  private final Workers submitters;
  private final int inFlight;
  private final AtomicReference<@Nullable String> failure = new AtomicReference<>();

  /** Stands for as fast as it goes. */
  static final double FULL = 0;

  Load(BenchNode node, Workers submitters, int inFlight) {
    this.node = node;
    this.submitters = submitters;
    this.inFlight = inFlight;
  }

  /** An order of the load: parsed, checked and submitted by the thread that runs it. */
  @FunctionalInterface
  interface Step {
    void submit(int number, Window window);
  }

  /** The orders that are on their way. */
  final class Window {
    private final Semaphore places = new Semaphore(inFlight);

    void submit(byte[] note, @Nullable TransferId receives, LongConsumer accepted) {
      SignedOrder order = SignedOrder.parse(note);
      Action.Citation citation =
          receives == null ? null : citation(order.order().chain(), receives);
      places.acquireUninterruptibly();
      var _ =
          node.shard()
              .submitAsync(order, citation)
              .whenComplete((answer, failed) -> {
                places.release();
                if (answer instanceof Answer.Accepted done) {
                  accepted.accept(done.index());
                } else {
                  failure.compareAndSet(null, "not accepted: " + answer + ' ' + failed);
                }
              });
    }

    private Action.Citation citation(ChainId receiver, TransferId transfer) {
      Chain chain = node.shard().chain(receiver);
      return switch (node.evidencing().citation(chain, transfer)) {
        case Evidencing.Found.Citation found -> found.citation();
        case Evidencing.Found.Missing missing ->
            throw new BenchException("no evidence: " + missing.refusal());
      };
    }

    private void answered() {
      places.acquireUninterruptibly(inFlight);
      check();
    }
  }

  /**
   * Runs {@code step} for 0 … count - 1 and waits for all answers.
   *
   * @param perSecond at which times the steps begin, or {@link #FULL}
   */
  void run(int count, double perSecond, Progress progress, Step step) {
    Window window = new Window();
    AtomicInteger next = new AtomicInteger();
    long start = System.nanoTime();
    submitters.run(thread -> {
      for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
        check();
        if (perSecond != FULL) {
          waitUntil(due(start, i, perSecond));
        }
        step.submit(i, window);
        if (i % PROGRESS_STEP == 0) {
          progress.at(i);
        }
      }
    });
    window.answered();
  }

  static long due(long start, int number, double perSecond) {
    return start + (long) (number * 1e9 / perSecond);
  }

  private static void waitUntil(long nanoTime) {
    for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private void check() {
    String failed = failure.get();
    if (failed != null) {
      throw new BenchException(failed);
    }
  }

  /** Waits for what follows from the answered orders. */
  void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + DRAIN_SECONDS_MAX * 1_000_000_000;
    try {
      for (long seen = version(); !condition.getAsBoolean(); seen = version()) {
        if (System.nanoTime() > deadline) {
          throw new BenchException("waited in vain: " + what);
        }
        node.shard().changes().await(seen, 100);
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new BenchException("interrupted", stop);
    }
  }

  private long version() {
    return node.shard().changes().version();
  }
}
