package aika.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns Ctrl-C and SIGTERM into an orderly end: what runs is asked to stop, and the process waits
 * for it, within limits, before it ends with the code that the signal gives it (130, 143).
 */
final class Stop implements AutoCloseable {
  private static final long CLOSE_WAIT_SECONDS = 30;

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread hook = Thread.ofPlatform().name("stop").unstarted(this::stop);
  private volatile Runnable wake = () -> {};

  Stop() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /**
   * {@code wake} is called when the process is asked to stop, or has been; never when another one
   * was named before that.
   */
  void waking(Runnable wake) {
    this.wake = wake;
    if (asked()) {
      wake.run();
    }
  }

  boolean asked() {
    return asked.getCount() == 0;
  }

  /** Waits until the process was asked to stop. */
  void await() throws InterruptedException {
    asked.await();
  }

  /**
   * Waits so long.
   *
   * @return whether the process was asked to stop
   */
  boolean await(long millis) throws InterruptedException {
    return asked.await(millis, TimeUnit.MILLISECONDS);
  }

  /** As a signal does. */
  void ask() {
    asked.countDown();
    wake.run();
  }

  private void stop() {
    ask();
    try {
      if (!closed.await(CLOSE_WAIT_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("aika: it did not stop in time / 時間内に終了できませんでした");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Everything is closed now; a process that waits may end. */
  @Override
  public void close() {
    closed.countDown();
    if (!asked()) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException ending) {
        closed.countDown(); // the hook runs already and finds the way free
      }
    }
  }
}
