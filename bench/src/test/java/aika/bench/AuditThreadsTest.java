package aika.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Parts may have parts, even on one thread; what one throws comes out as it is. */
class AuditThreadsTest {
  private static List<Runnable> times(int count, Runnable part) {
    List<Runnable> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      parts.add(part);
    }
    return parts;
  }

  @Test
  void runsPartsWithinParts() {
    for (int threads = 1; threads <= 3; threads++) {
      AtomicInteger ran = new AtomicInteger();
      try (AuditThreads runner = new AuditThreads(threads)) {
        runner.run(times(50, () -> runner.run(times(20, ran::incrementAndGet))));
        runner.run(List.of());
        runner.run(List.of(ran::incrementAndGet));
      }
      assertEquals(1_001, ran.get());
    }
  }

  private static final class StopException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Nothing runs any more after closing, so that what the parts use can be closed. */
  @Test
  void whatIsThrownEndsItAndClosingWaits() throws InterruptedException {
    CountDownLatch other = new CountDownLatch(1);
    AtomicInteger running = new AtomicInteger();
    try (AuditThreads runner = new AuditThreads(2)) {
      List<Runnable> parts =
          List.of(
              () -> {
                running.incrementAndGet();
                other.countDown();
                while (!Thread.currentThread().isInterrupted()) {
                  Thread.onSpinWait();
                }
                running.decrementAndGet();
              },
              () -> {
                try {
                  other.await();
                } catch (InterruptedException stop) {
                  throw new IllegalStateException(stop);
                }
                throw new StopException();
              });
      StopException _ = assertThrows(StopException.class, () -> runner.run(parts.reversed()));
    }
    assertEquals(0, running.get());
  }
}
