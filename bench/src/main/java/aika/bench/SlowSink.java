package aika.bench;

import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.sinks.Progress;
import aika.sinks.Sink;
import aika.sinks.Source;
import aika.sinks.Verification;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A sink whose store takes its time to answer each batch. It reads the leaves as the real ones do,
 * falls behind, and remembers how far it came when it is opened again.
 */
final class SlowSink implements Sink {
  /** Stands for an answer that never comes. */
  static final long NEVER = Long.MAX_VALUE;

  private static final long BATCH_LEAVES_MAX = 500;

  private final String name;
  private final Source source;
  private final long answerMillis;
  private final Map<ChainId, Progress> written = new ConcurrentHashMap<>();
  private volatile CountDownLatch hungUp = new CountDownLatch(1);

  SlowSink(String name, Source source, long answerMillis) {
    this.name = name;
    this.source = source;
    this.answerMillis = answerMillis;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<ChainId> chains() {
    return source.chains();
  }

  @Override
  public void open() {}

  @Override
  public Progress progress(ChainId chain) {
    return written.getOrDefault(chain, Progress.NOTHING);
  }

  @Override
  public Progress goal(ChainId chain) {
    long approved = source.approvedSize(chain);
    return new Progress(approved, approved);
  }

  @Override
  public Progress advance(ChainId chain) {
    Progress before = progress(chain);
    long end = Math.min(source.approvedSize(chain), before.leaves() + BATCH_LEAVES_MAX);
    long bytes = 0;
    for (long index = before.leaves(); index < end; index++) {
      bytes += source.entry(chain, index).bytes().length;
    }
    if (bytes == 0 || !answered()) {
      return before;
    }
    Progress after = new Progress(end, end);
    written.put(chain, after);
    return after;
  }

  /** False when the connection was closed before. */
  private boolean answered() {
    try {
      return !hungUp.await(answerMillis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Leaves that it wrote so far. */
  long leaves() {
    return written.values().stream().mapToLong(Progress::leaves).sum();
  }

  /** It can be used again after it was closed. */
  void reconnect() {
    hungUp = new CountDownLatch(1);
  }

  @Override
  public void rebuild() {
    written.clear();
  }

  @Override
  public Verification verify(Verification.Watcher watcher) {
    return new Verification(0, 0, List.of());
  }

  @Override
  public void forget(AccountId account) {}

  @Override
  public void close() {
    hungUp.countDown();
  }
}
