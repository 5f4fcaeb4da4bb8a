package aika.sinks;

import aika.core.money.AccountId;
import aika.core.money.ChainId;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Drives one sink on a thread of its own: brings it up to date, waits until it is woken, and after
 * a failure opens it again, with growing pauses. It reads the chains like any other reader and
 * holds nobody up.
 */
public final class Follower implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Follower.class);

  private static final long PAUSE_MILLIS_MIN = 200;
  private static final long PAUSE_MILLIS_MAX = 15_000;

  /** A step that takes longer than this when the node stops is cut short by closing the sink. */
  private static final long LAST_STEP_MILLIS_MAX = 5_000;

  private final Sink sink;
  private final LongSupplier clock;
  private final Thread thread;
  private final Queue<AccountId> toForget = new ConcurrentLinkedQueue<>();
  private final Map<ChainId, Progress> progress = new ConcurrentHashMap<>();

  /** Held while the sink is used; {@link #rebuild} waits for it. */
  private final ReentrantLock using = new ReentrantLock(true);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition woken = lock.newCondition();
  private volatile boolean closing;
  private boolean news;
  private boolean opened;
  private volatile Now now;

  private record Now(SinkStatus.State state, @Nullable SinkException failure, long since) {}

  /**
   * @param clock ms since 1970
   */
  public Follower(Sink sink, LongSupplier clock) {
    this.sink = sink;
    this.clock = clock;
    now = new Now(SinkStatus.State.STARTING, null, clock.getAsLong());
    thread = Thread.ofPlatform().name("sink " + sink.name()).unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  public Sink sink() {
    return sink;
  }

  /** Something happened on some chain. Cheap; may be called from any thread. */
  public void wake() {
    lock.lock();
    try {
      news = true;
      woken.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** This person's name is erased; the sink forgets it as soon as it can be reached. */
  public void forget(AccountId account) {
    toForget.add(account);
    wake();
  }

  private void run() {
    long pause = PAUSE_MILLIS_MIN;
    while (!closing) {
      try {
        boolean moved = step();
        if (!moved) {
          awaitNews();
        }
        pause = PAUSE_MILLIS_MIN;
      } catch (SinkException failed) {
        fail(failed);
        pause = pause(pause);
      } catch (Throwable failed) {
        // Errors too: else the thread would end, and its last state would stand for ever.
        fail(new SinkException(SinkException.Kind.FAILED, message(failed), failed));
        pause = pause(pause);
      }
    }
    enter(SinkStatus.State.STOPPED, null);
  }

  private static String message(Throwable failed) {
    return failed instanceof Error ? failed.toString() : String.valueOf(failed.getMessage());
  }

  /** Writes a step of each chain that has news; whether there was any. */
  private boolean step() {
    using.lock();
    try {
      if (!opened) {
        sink.open();
        opened = true;
        for (ChainId chain : sink.chains()) {
          progress.put(chain, sink.progress(chain));
        }
      }
      for (AccountId account = toForget.peek(); account != null; account = toForget.peek()) {
        sink.forget(account);
        toForget.remove();
      }
      boolean moved = false;
      for (ChainId chain : sink.chains()) {
        if (closing) {
          return false;
        }
        Progress before = progress.getOrDefault(chain, Progress.NOTHING);
        if (!before.equals(sink.goal(chain))) {
          Progress after = sink.advance(chain);
          progress.put(chain, after);
          moved |= !after.equals(before);
        }
      }
      // While the sink is held, so that it cannot hide the start of a rebuild.
      enter(SinkStatus.State.FOLLOWING, null);
      return moved;
    } finally {
      using.unlock();
    }
  }

  private void awaitNews() {
    lock.lock();
    try {
      while (!news && !closing) {
        woken.awaitUninterruptibly();
      }
      news = false;
    } finally {
      lock.unlock();
    }
  }

  private void fail(SinkException failed) {
    opened = false;
    SinkException last = now.failure;
    if (!closing && (last == null || last.kind() != failed.kind())) { // closing cuts a step short
      tell(failed);
    }
    enter(SinkStatus.State.WAITING, failed);
  }

  private void tell(SinkException failed) {
    Level level = failed.kind() == SinkException.Kind.TAMPERED ? Level.ERROR : Level.WARN;
    LOG.atLevel(level).log("{} waits: {} ({})", sink.name(), failed.getMessage(), failed.kind());
    LOG.debug("{} failed", sink.name(), failed);
  }

  private void enter(SinkStatus.State state, @Nullable SinkException failure) {
    if (now.state == state && failure == null) {
      return;
    }
    if (now.state == SinkStatus.State.WAITING && state == SinkStatus.State.FOLLOWING) {
      LOG.info("{} follows again", sink.name());
    }
    long since = now.state == state ? now.since : clock.getAsLong();
    now = new Now(state, failure, since);
  }

  /** Waits unless it is closed meanwhile; the next pause is twice as long. */
  private long pause(long millis) {
    lock.lock();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(millis);
      while (!closing && left > 0) {
        left = woken.awaitNanos(left);
      }
    } catch (InterruptedException nobodyDoes) {
      throw new IllegalStateException("nobody interrupts a sink's thread", nobodyDoes);
    } finally {
      lock.unlock();
    }
    return Math.min(millis * 2, PAUSE_MILLIS_MAX);
  }

  /**
   * Drops the sink's content; the thread then writes everything again. Damaged files of the sink's
   * own do not prevent it.
   *
   * @return damaged files by the names that they have now
   */
  public List<Path> rebuild() {
    using.lock();
    try {
      opened = false;
      List<Path> aside = openAtAnyRate();
      // Before anything is dropped: nobody may take the old progress for the new one.
      progress.clear();
      enter(SinkStatus.State.STARTING, null);
      sink.rebuild();
      return aside;
    } finally {
      using.unlock();
      wake(); // also after a failure, which leaves the sink to be opened again
    }
  }

  private List<Path> openAtAnyRate() {
    try {
      sink.open();
      return List.of();
    } catch (SinkException failed) {
      List<Path> aside = sink.setAside(failed);
      if (aside.isEmpty()) {
        throw failed;
      }
      LOG.warn("{}: set aside what is damaged: {}", sink.name(), aside);
      sink.open();
      return aside;
    }
  }

  public SinkStatus status() {
    Now at = now;
    Map<ChainId, SinkStatus.Position> chains = new LinkedHashMap<>();
    for (ChainId chain : sink.chains()) {
      Progress done = progress.getOrDefault(chain, Progress.NOTHING);
      chains.put(chain, new SinkStatus.Position(done, sink.goal(chain)));
    }
    SinkException failure = at.failure;
    return new SinkStatus(
        sink.name(),
        at.state,
        chains,
        failure == null ? null : failure.getMessage(),
        failure == null ? null : failure.kind(),
        at.since);
  }

  /** Lets the step that is being written end, then ends the thread and the sink. */
  @Override
  public void close() {
    lock.lock();
    try {
      closing = true;
      woken.signalAll();
    } finally {
      lock.unlock();
    }
    boolean interrupted = join(LAST_STEP_MILLIS_MAX);
    sink.close();
    interrupted |= join(0);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * @param millisMax 0: as long as it takes
   * @return whether somebody interrupted the caller meanwhile
   */
  private boolean join(long millisMax) {
    boolean interrupted = false;
    boolean joined = !thread.isAlive();
    while (!joined) {
      try {
        thread.join(millisMax);
        joined = true;
      } catch (InterruptedException later) {
        interrupted = true;
      }
    }
    return interrupted;
  }
}
