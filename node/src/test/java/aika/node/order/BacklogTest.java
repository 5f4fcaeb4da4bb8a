package aika.node.order;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Action;
import aika.core.ledger.Policy;
import aika.core.ledger.Reason;
import aika.core.ledger.SignedOrder;
import aika.core.money.ChainId;
import aika.core.note.Ed25519;
import aika.node.TestFederation;
import aika.node.store.StoreSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Orders that wait in a node: at the limit, and one past it. */
@Timeout(120)
final class BacklogTest {
  private static final ChainId KOMATSU = TestFederation.KOMATSU;

  @TempDir Path data;

  private final TestFederation federation = new TestFederation(Policy.standard());
  private final AtomicBoolean holds = new AtomicBoolean();
  private final CountDownLatch held = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);

  private Shard shard() {
    return Shard.start(
        new ShardSettings(
            "test",
            data,
            List.of(KOMATSU),
            3_600_000, // no seal takes a place
            1_000,
            StoreSettings.standard(),
            ShardSettings.Log.STANDARD),
        federation.directory,
        new Ed25519(64),
        System::currentTimeMillis,
        this::holding);
  }

  /** One entry is on its way until the test lets it go, and all others wait behind it. */
  private Function<byte[], CompletableFuture<byte[]>> holding(
      Function<byte[], CompletableFuture<byte[]>> ordering) {
    return entry -> {
      if (holds.get()) {
        held.countDown();
        try {
          goOn.await();
        } catch (InterruptedException stopped) {
          throw new IllegalStateException(stopped);
        }
      }
      return ordering.apply(entry);
    };
  }

  @Test
  void soManyWaitAndOneMoreIsRefused() throws Exception {
    try (Shard shard = shard()) {
      try {
        SignedOrder order = federation.open(federation.person(KOMATSU, "aaaa"));
        holds.set(true);
        CompletableFuture<Answer> first = shard.submitAsync(order, null);
        assertTrue(held.await(30, TimeUnit.SECONDS), "the first is on its way");
        Action other = new Action.Genesis(federation.directory.fileHash()); // nothing to verify
        for (int i = 1; i < 20_000; i++) {
          CompletableFuture<Answer> one = shard.submit(KOMATSU, other);
          assertFalse(one.isDone());
        }
        CompletableFuture<Answer> last = shard.submitAsync(order, null);
        assertFalse(last.isDone(), "it waits with the others");
        CompletableFuture<Answer> past = shard.submitAsync(order, null);
        assertTrue(past.isDone(), "it does not wait");
        Answer.Refused refused = assertInstanceOf(Answer.Refused.class, past.join());
        assertEquals(Reason.BUSY, refused.refusal().reason());
        assertEquals("too many orders are waiting", refused.refusal().detail());

        goOn.countDown();
        assertInstanceOf(Answer.Accepted.class, first.get(30, TimeUnit.SECONDS));
        assertInstanceOf(Answer.Repeated.class, last.get(60, TimeUnit.SECONDS));
        assertInstanceOf(Answer.Repeated.class, shard.submit(order, null), "there is room again");
      } finally {
        goOn.countDown();
      }
    }
  }
}
