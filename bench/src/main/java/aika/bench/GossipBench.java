package aika.bench;

import aika.node.gossip.SimulatedMembers;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * How soon every node of a federation has heard of a new checkpoint, and what gossip sends: with
 * the library, settings and frames of real nodes, which are simulated in one process.
 */
public final class GossipBench implements AutoCloseable {
  private static final long GATHER_SECONDS_MAX = 600;
  private static final long HEAR_SECONDS_MAX = 10;
  private static final long LOOK_MILLIS = 20;

  /** Between two that join. All at once, the machine's speed would be measured. */
  private static final long JOIN_MILLIS = 200;

  private final GossipSettings settings;
  private final Progress progress;
  private final SimulatedMembers members;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** When each member first heard the rumour that is told now, 0 before. */
  private final long[] heardAt;

  private int hearers;
  private int rumour;

  private GossipBench(GossipSettings settings, Progress progress) {
    this.settings = settings;
    this.progress = progress;
    heardAt = new long[settings.members()];
    members = new SimulatedMembers(Duration.ofMillis(settings.delayMillis()), this::heard);
  }

  /**
   * Measures.
   *
   * @throws BenchException when the members do not find each other
   */
  public static GossipResult run(GossipSettings settings, Progress progress)
      throws InterruptedException {
    Machine machine = Machine.here();
    try (GossipBench bench = new GossipBench(settings, progress)) {
      return bench.measure(machine);
    } finally {
      progress.close();
    }
  }

  private void heard(int member, int told) {
    lock.lock();
    try {
      if (told == rumour && heardAt[member] == 0) {
        heardAt[member] = System.nanoTime();
        hearers++;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private GossipResult measure(Machine machine) throws InterruptedException {
    double gathered = gather();
    progress.phase("quiet", 2L * settings.quietSeconds());
    double _ = bytesASecond(0); // until what was told of the joins is over
    double quiet = bytesASecond(settings.quietSeconds());
    LongStream.Builder each = LongStream.builder();
    LongStream.Builder all = LongStream.builder();
    long missed = 0;
    progress.phase("rumours", settings.rumours());
    long before = members.sentBytes();
    long start = System.nanoTime();
    for (int i = 0; i < settings.rumours(); i++) {
      long[] times = tell(i + 1, i * 7 % settings.members());
      Arrays.stream(times).forEach(each);
      missed += settings.members() - 1 - times.length;
      if (times.length == settings.members() - 1) {
        all.add(Arrays.stream(times).max().orElseThrow());
      }
      progress.at(i + 1);
    }
    double _ = bytesASecond(0); // members pass a rumour on for a while after all have heard it
    double seconds = (System.nanoTime() - start) / 1e9;
    double sent = members.sentBytes() - before - quiet * seconds * settings.members();
    return new GossipResult(
        settings,
        machine,
        gathered,
        quiet,
        Math.max(0, sent / settings.rumours() / settings.members()),
        missed,
        Latency.of(each.build().toArray()),
        Latency.of(all.build().toArray()));
  }

  /** How many seconds after the last has come all see all. */
  private double gather() throws InterruptedException {
    progress.phase("members gather", settings.members());
    for (int i = 0; i < settings.members(); i++) {
      members.add();
      pause(JOIN_MILLIS);
    }
    long start = System.nanoTime();
    boolean gathered =
        await(
            GATHER_SECONDS_MAX,
            () -> {
              long complete =
                  IntStream.range(0, members.count())
                      .filter(i -> members.seenBy(i) == members.count())
                      .count();
              progress.at(complete);
              return complete == members.count();
            });
    if (!gathered) {
      throw new BenchException(
          "the members did not find each other within " + GATHER_SECONDS_MAX + " s");
    }
    return (System.nanoTime() - start) / 1e9;
  }

  /** Of each member, over the quiet seconds. */
  private double bytesASecond(int shownFrom) throws InterruptedException {
    long before = members.sentBytes();
    long start = System.nanoTime();
    for (int second = 1; second <= settings.quietSeconds(); second++) {
      pause(TimeUnit.SECONDS.toMillis(1));
      progress.at(shownFrom + second);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    return (members.sentBytes() - before) / seconds / settings.members();
  }

  /** ns until each of the others has heard it, of those that have: gossip does not reach all. */
  private long[] tell(int number, int teller) throws InterruptedException {
    lock.lock();
    try {
      Arrays.fill(heardAt, 0);
      heardAt[teller] = System.nanoTime();
      hearers = 1;
      rumour = number;
    } finally {
      lock.unlock();
    }
    long told = System.nanoTime();
    members.tell(teller, number, settings.rumourBytes());
    boolean _ = await(HEAR_SECONDS_MAX, () -> hearers == settings.members());
    lock.lock();
    try {
      return IntStream.range(0, heardAt.length)
          .filter(i -> i != teller && heardAt[i] != 0)
          .mapToLong(i -> heardAt[i] - told)
          .toArray();
    } finally {
      lock.unlock();
    }
  }

  private boolean await(long secondsMax, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(secondsMax);
    lock.lock();
    try {
      while (!condition.getAsBoolean()) {
        if (System.nanoTime() > deadline) {
          return false;
        }
        boolean _ = changed.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void pause(long millis) throws InterruptedException {
    lock.lock();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(millis);
      while (left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    members.close();
  }
}
