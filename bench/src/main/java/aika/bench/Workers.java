package aika.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/** Some named threads that do the same work at once. */
final class Workers implements AutoCloseable {
  private final int threads;
  private final ExecutorService pool;

  Workers(String name, int threads) {
    this.threads = threads;
    pool = Executors.newFixedThreadPool(threads, Thread.ofPlatform().name(name, 0).factory());
  }

  int threads() {
    return threads;
  }

  /** Runs {@code work} with the numbers 0 … threads - 1 and waits; throws what one threw. */
  void run(IntConsumer work) {
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int number = i;
      running.add(pool.submit(() -> work.accept(number)));
    }
    try {
      for (Future<?> each : running) {
        each.get();
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new BenchException("interrupted", stop);
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof BenchException ours
          ? ours
          : new BenchException("failed: " + failed.getCause(), failed);
    }
  }

  /** Spreads the numbers 0 … count - 1 over the threads. */
  void each(int count, IntConsumer work) {
    run(thread -> {
      for (int i = thread; i < count; i += threads) {
        work.accept(i);
      }
    });
  }

  @Override
  public void close() {
    pool.shutdownNow();
    pool.close();
  }
}
