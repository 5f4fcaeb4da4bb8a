package aika.node.order;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that is woken with things to look at and looks at all of them together; what comes twice
 * meanwhile is looked at once, and what failed is looked at again a little later.
 */
public final class Worker<T> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

  /** When what failed is looked at again: a lasting fault must not spin. */
  private static final Executor LATER = CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);

  private final String name;
  private final Consumer<List<T>> work;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition woken = lock.newCondition();
  private final Set<T> due = new LinkedHashSet<>();
  private final Thread thread;
  private boolean closing;

  /**
   * @param work may be done again for the same things, also when it had done a part of them
   */
  public Worker(String name, Consumer<List<T>> work) {
    this.name = name;
    this.work = work;
    thread = Thread.ofPlatform().name(name).unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  /** Looks at it a second from now. */
  public void dueLater(T thing) {
    LATER.execute(() -> due(thing));
  }

  /** Looks at it after a rest. */
  public void dueIn(T thing, long nanos) {
    CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS).execute(() -> due(thing));
  }

  public void due(T thing) {
    lock.lock();
    try {
      due.add(thing);
      woken.signal();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    for (List<T> things = next(); !things.isEmpty(); things = next()) {
      attempt(things);
    }
  }

  /** One that fails must not hold up the others: then each is looked at by itself. */
  private void attempt(List<T> things) {
    try {
      work.accept(things);
    } catch (RuntimeException | Error failed) {
      LOG.error("{} failed on {}: {}", name, things, failed.getMessage(), failed);
      if (things.size() > 1) {
        things.forEach(one -> attempt(List.of(one)));
      } else {
        dueLater(things.getFirst());
      }
    }
  }

  private List<T> next() {
    lock.lock();
    try {
      while (due.isEmpty() && !closing) {
        woken.awaitUninterruptibly();
      }
      List<T> things = closing ? List.of() : List.copyOf(due);
      due.clear();
      return things;
    } finally {
      lock.unlock();
    }
  }

  /** Ends after the work at hand. */
  @Override
  public void close() {
    lock.lock();
    try {
      closing = true;
      woken.signal();
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
