package aika.node.order;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Action;
import aika.core.ledger.Policy;
import aika.core.money.ChainId;
import aika.core.note.Ed25519;
import aika.node.TestFederation;
import aika.node.store.StoreSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A seal that could not be ordered is tried again: no block may stay open for ever. */
class FailedSealTest {
  private static final ChainId KOMATSU = TestFederation.KOMATSU;
  private static final long INTERVAL_MILLIS = 20;
  private static final int FAILURES = 3;

  @TempDir Path data;

  private final Ed25519 ed25519 = new Ed25519(64);
  private final TestFederation federation = new TestFederation(Policy.standard());
  private final AtomicInteger seals = new AtomicInteger();

  private Shard shard() {
    return Shard.start(
        new ShardSettings(
            "test",
            data,
            List.of(KOMATSU),
            INTERVAL_MILLIS,
            1_000,
            StoreSettings.standard(),
            ShardSettings.Log.STANDARD),
        federation.directory,
        ed25519,
        System::currentTimeMillis,
        this::losingSeals);
  }

  /** The first seals are lost on their way; all else is ordered. */
  private Function<byte[], CompletableFuture<byte[]>> losingSeals(
      Function<byte[], CompletableFuture<byte[]>> ordering) {
    return entry ->
        isSeal(entry) && seals.incrementAndGet() <= FAILURES
            ? CompletableFuture.failedFuture(OrderingException.refused("lost"))
            : ordering.apply(entry);
  }

  private static boolean isSeal(byte[] entry) {
    return OrderedEntry.decode(entry).items().stream()
        .anyMatch(item -> item.action() instanceof Action.Seal);
  }

  @Test
  void theOpenBlockIsSealedInTheEnd() throws InterruptedException {
    try (Shard shard = shard()) {
      Chain chain = shard.chain(KOMATSU);
      await(shard, () -> chain.head().sealed());
      assertEquals(1, chain.head().height());
      assertEquals(2, chain.size(), "the genesis and its seal");
      assertEquals(FAILURES + 1, seals.get());
      // and the next block as any other
      Answer opened = shard.submit(federation.open(federation.person(KOMATSU, "aaaa")), null);
      assertInstanceOf(Answer.Accepted.class, opened, opened::toString);
      await(shard, () -> chain.head().height() == 2);
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
