package aika.node.order;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WorkerTest {
  @Test
  void looksAgainAtWhatFailedAndHoldsUpNobodyElse() throws InterruptedException {
    List<String> done = Collections.synchronizedList(new ArrayList<>());
    AtomicInteger failures = new AtomicInteger();
    CountDownLatch all = new CountDownLatch(3);
    Worker<String> worker =
        new Worker<>(
            "test",
            things -> {
              if (things.contains("bad") && failures.incrementAndGet() < 4) {
                throw new IllegalStateException("not yet");
              }
              done.addAll(things);
              things.forEach(thing -> all.countDown());
            });
    try (worker) {
      worker.due("a");
      worker.due("bad");
      worker.due("a");
      worker.due("b");
      worker.start();
      assertTrue(all.await(30, TimeUnit.SECONDS));
    }
    assertEquals(List.of("a", "b", "bad"), done);
  }

  @Test
  void endsWhileSomethingFails() throws InterruptedException {
    CountDownLatch failed = new CountDownLatch(1);
    Worker<String> worker =
        new Worker<>(
            "test",
            things -> {
              failed.countDown();
              throw new IllegalStateException("always");
            });
    worker.due("a");
    worker.start();
    assertTrue(failed.await(30, TimeUnit.SECONDS));
    worker.close();
  }
}
