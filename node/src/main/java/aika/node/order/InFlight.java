package aika.node.order;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The entries that wait for their answer: bounded, found by number, and failed together when the
 * ordering stops.
 */
final class InFlight {
  private final Map<Long, Submission> open = new ConcurrentHashMap<>();
  private final AtomicLong numbers = new AtomicLong();
  private final AtomicReference<@Nullable OrderingException> failure = new AtomicReference<>();
  // Fair, so that a large entry is not overtaken for ever by small ones.
  private final Semaphore places;
  private final Semaphore bytes;
  private final int placesMax;
  private final int entryBytesMax;
  private volatile boolean closed;

  InFlight(OrderingSettings settings) {
    placesMax = settings.inFlightMax();
    entryBytesMax = settings.entryBytesMax();
    places = new Semaphore(placesMax, true);
    bytes = new Semaphore(settings.inFlightBytesMax(), true);
  }

  /** Waits for room. Throws when the entry cannot be taken; then nothing was taken. */
  Submission enter(byte[] entry) {
    if (entry.length == 0 || entry.length > entryBytesMax) {
      throw OrderingException.refused(
          "an entry has 1 to " + entryBytesMax + " bytes, this one " + entry.length);
    }
    checkOpen();
    waitForRoom(entry.length);
    Submission submission = new Submission(numbers.getAndIncrement(), entry);
    open.put(submission.number(), submission);
    var _ = submission.answer().whenComplete((answer, thrown) -> leave(submission));
    // Only now: whoever stops the ordering sets the reason first and then looks at what is open.
    try {
      checkOpen();
    } catch (OrderingException stopped) {
      submission.answer().completeExceptionally(stopped);
      throw stopped;
    }
    return submission;
  }

  private void waitForRoom(int length) {
    try {
      places.acquire();
      try {
        bytes.acquire(length);
      } catch (InterruptedException interrupted) {
        places.release();
        throw interrupted;
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw OrderingException.refused("interrupted while waiting for room", interrupted);
    }
  }

  private void leave(Submission submission) {
    open.remove(submission.number());
    bytes.release(submission.entry().length);
    places.release();
  }

  private void checkOpen() {
    OrderingException failed = failure.get();
    if (failed != null) {
      throw OrderingException.refused("the ordering has stopped: " + failed.getMessage(), failed);
    }
    if (closed) {
      throw OrderingException.refused("the ordering is closed");
    }
  }

  @Nullable Submission find(long number) {
    return open.get(number);
  }

  Optional<OrderingException> failure() {
    return Optional.ofNullable(failure.get());
  }

  boolean isClosed() {
    return closed;
  }

  /**
   * Stops for good and fails everything that waits. The first reason stays: false when there is one
   * already.
   */
  boolean fail(String why, @Nullable Throwable cause) {
    OrderingException reason = OrderingException.refused(why, cause);
    boolean first = failure.compareAndSet(null, reason);
    if (first) {
      open.values().forEach(submission -> submission.fail(why, reason));
    }
    return first;
  }

  /** Refuses what comes from now on, and waits until all that is open has its answer. */
  void close(long waitSeconds) {
    closed = true;
    boolean empty = false;
    try {
      empty = places.tryAcquire(placesMax, waitSeconds, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    if (empty) {
      // For those who saw it open and wait since: they find it closed and leave.
      places.release(placesMax);
    } else {
      fail("closed with entries still in flight", null);
    }
  }
}
