package aika.sinks.analytics;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time that an answer may take, from its statement to its last row. When it is over the
 * statement is cancelled, and again until it ends: drivers forget their own limits as soon as there
 * are rows, and a cancel between two fetches is lost. Close it before the statement.
 */
final class Deadline implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Deadline.class);
  private static final long AGAIN_MILLIS = 200;

  private final Cut cut;
  private final long millis;
  private final CountDownLatch answered = new CountDownLatch(1);
  private final Thread thread;

  /** Ends the statement that is under way, if there is one. */
  @FunctionalInterface
  interface Cut {
    void now() throws SQLException;
  }

  Deadline(Cut cut, Duration time) {
    this.cut = cut;
    this.millis = time.toMillis();
    thread = Thread.ofPlatform().daemon().name("analytics deadline").start(this::run);
  }

  private void run() {
    try {
      boolean done = answered.await(millis, TimeUnit.MILLISECONDS);
      while (!done) {
        cancel();
        done = answered.await(AGAIN_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException nobodyDoes) {
      throw new IllegalStateException("nobody interrupts a deadline", nobodyDoes);
    }
  }

  private void cancel() {
    try {
      cut.now();
    } catch (SQLException failed) {
      LOG.debug("a statement was not cancelled; it is tried again", failed);
    }
  }

  /** When it returns, nobody cancels the statement any more. */
  @Override
  public void close() {
    answered.countDown();
    boolean interrupted = false;
    boolean joined = false;
    while (!joined) {
      try {
        thread.join();
        joined = true;
      } catch (InterruptedException later) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
