package aika.node.order;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

/**
 * Remembers what it applied, and answers with its position. What lies behind the last checkpoint
 * (or {@link #makeDurable}) is gone after {@link #crashed}.
 */
final class Recorder implements Replicated {
  record Applied(long index, String text) {}

  private final List<Applied> all = new ArrayList<>();
  private final Semaphore gate = new Semaphore(Integer.MAX_VALUE);
  private int durable;
  private String poison = "";

  Recorder() {}

  private Recorder(List<Applied> survived) {
    all.addAll(survived);
    durable = all.size();
  }

  /** What a process finds that starts after this one's has been killed. */
  synchronized Recorder crashed() {
    return new Recorder(all.subList(0, durable));
  }

  synchronized void makeDurable() {
    durable = all.size();
  }

  /** Applying this text throws. */
  synchronized void poison(String text) {
    poison = text;
  }

  /** Applying waits from now on. */
  void shutGate() {
    gate.drainPermits();
  }

  void openGate() {
    gate.release(Integer.MAX_VALUE / 2);
  }

  synchronized List<String> texts() {
    return all.stream().map(Applied::text).toList();
  }

  synchronized void awaitSize(int size) throws InterruptedException {
    while (all.size() < size) {
      wait();
    }
  }

  @Override
  public synchronized long appliedIndex() {
    return durable == 0 ? -1 : all.get(durable - 1).index();
  }

  @Override
  public byte[] apply(long index, byte[] entry) {
    gate.acquireUninterruptibly();
    return remember(index, new String(entry, StandardCharsets.UTF_8));
  }

  private synchronized byte[] remember(long index, String text) {
    if (text.equals(poison)) {
      throw new IllegalStateException("cannot apply " + text);
    }
    all.add(new Applied(index, text));
    notifyAll();
    return Integer.toString(all.size() - 1).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public synchronized CompletableFuture<Long> checkpoint() {
    makeDurable();
    return CompletableFuture.completedFuture(appliedIndex());
  }
}
