package aika.bench;

import aika.core.audit.FederationAudit;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;

/** Runs an audit's parts on so many threads; who waits for parts runs some of them. */
public final class AuditThreads implements FederationAudit.Runner, AutoCloseable {
  private final ForkJoinPool pool;

  public AuditThreads(int threads) {
    pool = new ForkJoinPool(threads);
  }

  @Override
  public void run(List<Runnable> parts) {
    if (parts.size() == 1) {
      parts.getFirst().run();
    } else if (ForkJoinTask.inForkJoinPool()) {
      all(parts);
    } else {
      Object _ = pool.invoke(ForkJoinTask.adapt(() -> all(parts)));
    }
  }

  private static void all(List<Runnable> parts) {
    ForkJoinTask.invokeAll(parts.stream().<ForkJoinTask<?>>map(ForkJoinTask::adapt).toList());
  }

  @Override
  public void close() {
    pool.shutdownNow();
    pool.close();
  }
}
