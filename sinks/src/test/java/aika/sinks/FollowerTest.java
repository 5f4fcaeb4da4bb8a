package aika.sinks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.money.AccountId;
import aika.core.money.ChainId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class FollowerTest {
  private final MadeUpChains chains = MadeUpChains.world();
  private final Shelf shelf = new Shelf();

  /** A store in memory that can be made to fail. */
  private final class Shelf implements Sink {
    private final ConcurrentHashMap<ChainId, Long> written = new ConcurrentHashMap<>();
    private final List<AccountId> forgotten = new ArrayList<>();
    private volatile @Nullable RuntimeException failure;
    private volatile @Nullable Error error;
    private volatile Runnable whileRebuilding = () -> {};
    private final AtomicInteger opened = new AtomicInteger();
    private volatile boolean closed;
    private final CountDownLatch failedOnce = new CountDownLatch(1);

    @Override
    public String name() {
      return "shelf";
    }

    @Override
    public List<ChainId> chains() {
      return chains.chains();
    }

    @Override
    public void open() {
      opened.incrementAndGet();
    }

    @Override
    public Progress progress(ChainId chain) {
      long leaves = written.getOrDefault(chain, 0L);
      return new Progress(leaves, leaves);
    }

    @Override
    public Progress goal(ChainId chain) {
      return new Progress(chains.approvedSize(chain), chains.approvedSize(chain));
    }

    @Override
    public Progress advance(ChainId chain) {
      Error serious = error;
      if (serious != null) {
        throw serious;
      }
      RuntimeException wanted = failure;
      if (wanted != null) {
        failedOnce.countDown();
        throw wanted;
      }
      written.merge(chain, 1L, Long::sum);
      return progress(chain);
    }

    @Override
    public void rebuild() {
      whileRebuilding.run();
      written.clear();
    }

    @Override
    public Verification verify(Verification.Watcher watcher) {
      return new Verification(0, 0, List.of());
    }

    @Override
    public void forget(AccountId account) {
      forgotten.add(account);
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private Follower started() {
    Follower follower = new Follower(shelf, () -> 1_000L);
    follower.start();
    return follower;
  }

  private static void until(BooleanSupplier there) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!there.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "it did not happen");
      TimeUnit.MILLISECONDS.sleep(2);
    }
  }

  @Test
  void writesWhatIsThereAndWhatComes() throws InterruptedException {
    try (Follower follower = started()) {
      until(() -> follower.status().lag() == 0);
      chains.close(MadeUpChains.KOMATSU);
      assertTrue(follower.status().lag() > 0);
      follower.wake();
      until(() -> follower.status().lag() == 0);
      assertEquals(SinkStatus.State.FOLLOWING, follower.status().state());
      assertEquals(1, shelf.opened.get());
    }
    assertTrue(shelf.closed);
  }

  @Test
  void aFailureIsShownAndTheSinkIsOpenedAgain() throws InterruptedException {
    shelf.failure = new SinkException(SinkException.Kind.REFUSED, "the password is wrong", null);
    try (Follower follower = started()) {
      assertTrue(shelf.failedOnce.await(20, TimeUnit.SECONDS));
      until(() -> follower.status().state() == SinkStatus.State.WAITING);
      assertEquals("the password is wrong", follower.status().failure());
      assertEquals(SinkException.Kind.REFUSED, follower.status().kind());
      shelf.failure = null;
      until(() -> follower.status().state() == SinkStatus.State.FOLLOWING);
      until(() -> follower.status().lag() == 0);
      assertEquals(null, follower.status().failure());
      assertTrue(shelf.opened.get() > 1);
    }
  }

  @Test
  void anErrorIsShownAndDoesNotEndTheThread() throws InterruptedException {
    shelf.error = new StackOverflowError("deep");
    try (Follower follower = started()) {
      until(() -> follower.status().state() == SinkStatus.State.WAITING);
      assertEquals(SinkException.Kind.FAILED, follower.status().kind());
      assertEquals("java.lang.StackOverflowError: deep", follower.status().failure());
      shelf.error = null;
      until(() -> follower.status().lag() == 0);
    }
  }

  @Test
  void anotherKindOfFailureIsShown() throws InterruptedException {
    shelf.failure = new SinkException(SinkException.Kind.UNREACHABLE, "away", null);
    try (Follower follower = started()) {
      until(() -> follower.status().kind() == SinkException.Kind.UNREACHABLE);
      shelf.failure = new SinkException(SinkException.Kind.TAMPERED, "changed", null);
      until(() -> follower.status().kind() == SinkException.Kind.TAMPERED);
    }
  }

  @Test
  void theOldProgressIsNotShownDuringARebuild() throws InterruptedException {
    List<SinkStatus> seen = new ArrayList<>();
    try (Follower follower = started()) {
      until(() -> follower.status().lag() == 0);
      shelf.whileRebuilding = () -> seen.add(follower.status());
      follower.rebuild();
      assertEquals(SinkStatus.State.STARTING, seen.getFirst().state());
      assertTrue(seen.getFirst().lag() > 0);
    }
  }

  @Test
  void aRebuildWritesEverythingAgain() throws InterruptedException {
    try (Follower follower = started()) {
      until(() -> follower.status().lag() == 0);
      shelf.written.put(MadeUpChains.KOMATSU, 99L);
      follower.rebuild();
      until(() -> shelf.progress(MadeUpChains.KOMATSU).equals(shelf.goal(MadeUpChains.KOMATSU)));
    }
  }

  @Test
  void anErasedNameIsForgottenWhenTheSinkCanBeReached() throws InterruptedException {
    shelf.failure = new IllegalStateException("down");
    try (Follower follower = started()) {
      assertTrue(shelf.failedOnce.await(20, TimeUnit.SECONDS));
      follower.forget(MadeUpChains.A);
      shelf.failure = null;
      until(() -> shelf.forgotten.equals(List.of(MadeUpChains.A)));
    }
  }
}
