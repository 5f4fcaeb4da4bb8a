package aika.node.approve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Policy;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.note.Ed25519;
import aika.node.TestFederation;
import aika.node.config.HeldKey;
import aika.node.order.Answer;
import aika.node.order.Chain;
import aika.node.order.Shard;
import aika.node.order.ShardSettings;
import aika.node.store.StoreSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the seats refuse for a reason that passes is asked for again, without a new block. */
class ApprovalRetryTest {
  private static final ChainId KOMATSU = TestFederation.KOMATSU;
  private static final int BLOCK = 4;
  private static final long NEVER = 3_600_000;

  @TempDir Path data;

  private final Ed25519 ed25519 = new Ed25519(64);
  private final TestFederation federation =
      new TestFederation(
          new Policy(
              BLOCK, 100, 86_400_000, Money.of("0.01"), Money.of("1000.00"), Money.of("9000.00")));

  private Shard shard() {
    return Shard.start(
        new ShardSettings(
            "test",
            data,
            List.of(KOMATSU),
            NEVER,
            1_000,
            StoreSettings.standard(),
            ShardSettings.Log.STANDARD),
        federation.directory,
        ed25519,
        System::currentTimeMillis);
  }

  private Approver approver(Shard shard, LongSupplier clock) {
    List<HeldKey> seats = federation.seats.values().stream().flatMap(List::stream).toList();
    return new Approver(shard, federation.directory, federation.logKeys, seats, ed25519, clock);
  }

  /** One block and no more: its leaves are the genesis and three openings. */
  private Chain sealedOnce(Shard shard) {
    for (int i = 1; i < BLOCK; i++) {
      Answer answer =
          shard.submit(federation.open(federation.person(KOMATSU, "person" + (100 + i))), null);
      assertInstanceOf(Answer.Accepted.class, answer, answer::toString);
    }
    Chain chain = shard.chain(KOMATSU);
    assertEquals(1, chain.head().height());
    assertEquals(BLOCK + 1L, chain.size());
    return chain;
  }

  @Test
  void aSeatsClockThatIsBehindAtFirst() throws InterruptedException {
    AtomicInteger asked = new AtomicInteger();
    LongSupplier behindTwice =
        () -> asked.incrementAndGet() <= 2 ? 1_000 : System.currentTimeMillis();
    try (Shard shard = shard();
        Approver approver = approver(shard, behindTwice)) {
      Chain chain = sealedOnce(shard);
      approver.start();
      await(shard, () -> chain.approvedSize() == BLOCK + 1);
      assertEquals(3, asked.get(), "refused, refused again, and then cosigned");
      assertEquals(BLOCK + 1L, chain.size(), "nothing else set it going");
    }
  }

  private static void await(Shard shard, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    long seen = shard.changes().version();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "timed out");
      shard.changes().await(seen, 1_000);
      seen = shard.changes().version();
    }
  }
}
