package aika.node.gateway;

import aika.core.ledger.Reason;
import aika.node.order.Changes;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Those who read feeds of one gateway: so many at a time, each on a thread of its own, and none
 * that has stopped reading (docs/spec/feed.md, FEED-10 ff.).
 */
final class FeedReaders implements AutoCloseable {
  /** Between two looks at a chain, so that a busy node is not busy with readers. */
  private static final long SIGN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final Duration PAUSE = Duration.ofMillis(100);

  private static final Duration WATCH = Duration.ofSeconds(1);

  private final Changes changes;
  private final Stopping stopping;
  private final Bounds bounds;
  private final LongSupplier nanoTime;
  private final Semaphore free;

  /** Whoever reads old leaves does so a part at a time, and all others come between. */
  private final Semaphore turn = new Semaphore(1, true);

  private final Set<Place> taken = ConcurrentHashMap.newKeySet();

  /** Where a reader's events go; its methods return when the reader's side has taken them. */
  interface Out {
    void write(List<FeedItem> items);

    /** All leaves below have been looked at, and nothing else is to be said. */
    void quiet(long position);
  }

  /**
   * @param readersMax at a time
   * @param writeMax in which a reader takes a part; then it is cut
   * @param quietMax after which a reader hears its position
   */
  record Bounds(int readersMax, Duration writeMax, Duration quietMax) {
    static final Bounds USUAL = new Bounds(1_000, Duration.ofSeconds(30), Duration.ofSeconds(15));
  }

  FeedReaders(Changes changes, Stopping stopping, Bounds bounds) {
    this(changes, stopping, bounds, System::nanoTime);
  }

  /**
   * @param nanoTime {@link System#nanoTime}
   */
  FeedReaders(Changes changes, Stopping stopping, Bounds bounds, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.changes = changes;
    this.stopping = stopping;
    this.bounds = bounds;
    free = new Semaphore(bounds.readersMax);
    var _ = Thread.ofVirtual().name("feed watch").start(this::cutStuck);
  }

  int count() {
    return taken.size();
  }

  /** Those whose side has not taken yet what is being written. */
  long writing() {
    return taken.stream().filter(Place::isWriting).count();
  }

  /**
   * Takes a place for the calling thread.
   *
   * @throws RefusedException {@code BUSY}
   */
  Place enter() {
    if (stopping.isStopping()) {
      throw RefusedException.of(Reason.BUSY, "the node is stopping");
    }
    if (!free.tryAcquire()) {
      throw RefusedException.of(Reason.BUSY, "too many read feeds already");
    }
    Place place = new Place(Thread.currentThread());
    taken.add(place);
    return place;
  }

  private void cutStuck() {
    try {
      while (!stopping.isStopping()) {
        stopping.await(WATCH);
        cutStuckNow();
      }
    } catch (InterruptedException nobodyDoes) {
      Stopping.LOG.warn("the watch over feeds was interrupted");
    }
  }

  void cutStuckNow() {
    taken.forEach(Place::cutIfStuck);
  }

  /** Those that have not been told to leave. */
  long uncut() {
    return taken.stream().filter(Place::isUncut).count();
  }

  /** Wakes all readers, who end since the gateway stops. */
  @Override
  public void close() {
    changes.happened();
  }

  /** One reader. */
  final class Place implements AutoCloseable {
    private final Thread thread;
    private boolean writing;
    private boolean left;
    private boolean cut;
    private long writingSince;

    private Place(Thread thread) {
      this.thread = thread;
    }

    /** Tells what there is and what comes, until the reader leaves or the gateway stops. */
    void follow(FeedReader reader, Out out) throws InterruptedException {
      write(() -> out.quiet(reader.position()));
      long written = System.nanoTime();
      while (!stopping.isStopping()) {
        long seen = changes.version();
        List<FeedItem> items = inTurn(reader);
        if (!items.isEmpty()) {
          write(() -> out.write(items));
          written = System.nanoTime();
        }
        if (reader.isFull()) {
          if (System.nanoTime() - written
              > SIGN_NANOS) { // a reader that left is noticed by a write
            write(() -> out.quiet(reader.position()));
            written = System.nanoTime();
          }
          continue;
        }
        stopping.await(PAUSE);
        long quietMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - written);
        long left = bounds.quietMax.toMillis() - quietMillis;
        if (left <= 0 || !changes.await(seen, left)) {
          write(() -> out.quiet(reader.position()));
          written = System.nanoTime();
        }
      }
    }

    private List<FeedItem> inTurn(FeedReader reader) throws InterruptedException {
      turn.acquire();
      try {
        return reader.read();
      } finally {
        turn.release();
      }
    }

    void write(Runnable write) throws InterruptedException {
      begin();
      try {
        write.run();
      } finally {
        end();
      }
    }

    private synchronized void begin() throws InterruptedException {
      if (left) {
        throw new InterruptedException("the reader left");
      }
      writing = true;
      writingSince = nanoTime.getAsLong();
    }

    private synchronized void end() {
      writing = false;
    }

    /** An interrupt ends a write to a socket and closes it. */
    private synchronized void cutIfStuck() {
      if (writing && !cut && nanoTime.getAsLong() - writingSince > bounds.writeMax.toNanos()) {
        left = true;
        cut = true;
        thread.interrupt();
      }
    }

    /** The reader is gone, as its own side says; never ends a write that others may share. */
    synchronized void leave() {
      if (!left) {
        left = true;
        if (!writing) {
          thread.interrupt();
        }
      }
    }

    private synchronized boolean isUncut() {
      return !cut;
    }

    private synchronized boolean isWriting() {
      return writing;
    }

    @Override
    public void close() {
      synchronized (this) {
        left = true;
        writing = false;
      }
      // Nobody interrupts from here on; what is left of it must not meet the thread's next work.
      Thread.interrupted();
      taken.remove(this);
      free.release();
    }
  }
}
