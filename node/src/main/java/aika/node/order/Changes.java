package aika.node.order;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Wakes whoever waits for something to happen on any chain of the node. */
public final class Changes {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final AtomicLong version = new AtomicLong();

  /** A number that grows with every change. */
  public long version() {
    return version.get();
  }

  /** Something was executed, approved or listed. */
  public void happened() {
    lock.lock();
    try {
      version.incrementAndGet();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until the version is no longer {@code seen}, at most {@code millis}.
   *
   * @return whether it has changed
   */
  public boolean await(long seen, long millis) throws InterruptedException {
    long left = TimeUnit.MILLISECONDS.toNanos(millis);
    lock.lockInterruptibly();
    try {
      while (version.get() == seen && left > 0) {
        left = changed.awaitNanos(left);
      }
      return version.get() != seen;
    } finally {
      lock.unlock();
    }
  }
}
