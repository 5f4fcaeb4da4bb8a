package aika.node.order;

import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.ledger.Wire;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Puts actions into entries of tens of kilobytes and stamps them with the time. An entry leaves at
 * once when nothing is on its way, and otherwise when it is full or when an earlier one is
 * answered: so a lone order waits for nobody, and under load an fsync serves hundreds. While the
 * clock is not to be believed, or after something else has forbidden it, nothing leaves: every
 * action is refused.
 */
final class Batcher implements AutoCloseable {
  private static final int ENTRY_BYTES = 128 * 1024;

  private final Function<byte[], CompletableFuture<byte[]>> ordering;
  private final Engine engine;
  private final MedianClock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ready = lock.newCondition();
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private final Thread thread;
  private long waitingBytes;
  private int inFlight;
  private boolean closing;
  private volatile @Nullable Refusal forbidden;
  private long number;
  private long time;

  private record Waiting(OrderedEntry.Item item, byte[] bytes, CompletableFuture<Answer> answer) {}

  /**
   * @param ordering {@link Ordering#submit}
   */
  Batcher(
      Function<byte[], CompletableFuture<byte[]>> ordering,
      Engine engine,
      MedianClock clock,
      long firstNumber) {
    this.ordering = ordering;
    this.engine = engine;
    this.clock = clock;
    this.number = firstNumber;
    thread = Thread.ofPlatform().name("batcher").start(this::run);
  }

  CompletableFuture<Answer> submit(OrderedEntry.Item item) {
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    Waiting next = new Waiting(item, OrderedEntry.encodeItem(item), answer);
    lock.lock();
    try {
      if (closing) {
        answer.complete(new Answer.Refused(Refusal.of(Reason.BUSY, "the node is stopping")));
      } else {
        waiting.add(next);
        waitingBytes += next.bytes.length;
        if (due()) { // waking it for less would cost more than the order itself
          ready.signal();
        }
      }
    } finally {
      lock.unlock();
    }
    return answer;
  }

  /** Refuses everything from now on with CHAIN_HALTED; the first reason stays. */
  void forbid(Refusal reason) {
    if (forbidden == null) {
      forbidden = reason;
    }
  }

  /** Why nothing will be ordered while this runs, or null. */
  @Nullable Refusal forbidden() {
    return forbidden;
  }

  /** Why nothing is ordered now, or null. */
  @Nullable Refusal refusal() {
    Refusal reason = forbidden;
    return reason == null ? clock.refusal() : reason;
  }

  /** What whoever orders is told: of what does not pass, only the operator can do away with it. */
  private @Nullable Refusal answer(long now) {
    Refusal reason = forbidden;
    return reason == null
        ? clock.refusal(now)
        : Refusal.of(Reason.CHAIN_HALTED, reason.detail()); // [NBR-7]
  }

  /** Actions that wait to be ordered. */
  int backlog() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    for (List<Waiting> batch = next(); !batch.isEmpty(); batch = next()) {
      order(batch);
    }
  }

  /** The next batch; empty when closed and nothing is left. */
  private List<Waiting> next() {
    lock.lock();
    try {
      while (!due() && !(waiting.isEmpty() && closing)) {
        ready.awaitUninterruptibly();
      }
      List<Waiting> batch = new ArrayList<>();
      int bytes = 0;
      while (!waiting.isEmpty() && (batch.isEmpty() || bytes < ENTRY_BYTES)) {
        Waiting first = waiting.remove();
        bytes += first.bytes.length;
        batch.add(first);
      }
      waitingBytes -= bytes;
      inFlight += batch.isEmpty() ? 0 : 1;
      return batch;
    } finally {
      lock.unlock();
    }
  }

  /** Whether an entry should leave now; with the lock held. */
  private boolean due() {
    return !waiting.isEmpty() && (inFlight == 0 || waitingBytes >= ENTRY_BYTES);
  }

  private void order(List<Waiting> batch) {
    long now = clock.now();
    Refusal refusal = answer(now);
    if (refusal != null) {
      left();
      batch.forEach(w -> w.answer.complete(new Answer.Refused(refusal)));
      return;
    }
    time = Math.max(time, now);
    List<byte[]> bytes = batch.stream().map(Waiting::bytes).toList();
    int size = bytes.stream().mapToInt(b -> b.length).sum();
    List<OrderedEntry.Item> items = batch.stream().map(Waiting::item).toList();
    OrderedEntry entry = new OrderedEntry(number++, time, items);
    CompletableFuture<byte[]> ordered;
    try {
      engine.expect(entry);
      ordered = ordering.apply(OrderedEntry.encode(entry.number(), time, bytes, size));
    } catch (RuntimeException | Error failed) { // whoever waits must hear of it
      ordered = CompletableFuture.failedFuture(failed);
    }
    var _ = ordered.whenComplete((answers, failure) -> answered(entry, batch, answers, failure));
  }

  private void answered(
      OrderedEntry entry,
      List<Waiting> batch,
      byte @Nullable [] answers,
      @Nullable Throwable failure) {
    left();
    if (failure != null || answers == null) {
      engine.forget(entry);
      Throwable cause =
          failure == null ? new IllegalStateException("an entry without answers") : failure;
      batch.forEach(w -> w.answer.completeExceptionally(cause));
      return;
    }
    Wire.Reader in = new Wire.Reader(answers);
    for (Waiting w : batch) {
      w.answer.complete(OrderedEntry.readAnswer(in));
    }
  }

  /** An entry is no longer on its way. */
  private void left() {
    lock.lock();
    try {
      inFlight--;
      ready.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Takes nothing more and waits until what was taken is with the ordering. */
  @Override
  public void close() {
    lock.lock();
    try {
      closing = true;
      ready.signal();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException stop) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
