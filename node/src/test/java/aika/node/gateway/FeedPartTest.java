package aika.node.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Policy;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.note.Ed25519;
import aika.node.TestFederation;
import aika.node.order.Answer;
import aika.node.order.Chain;
import aika.node.order.Shard;
import aika.node.order.ShardSettings;
import aika.node.store.StoreSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** [FEED-11] For a part of a feed at most 256 leaves are looked at, or 64 KiB. */
@Timeout(60)
final class FeedPartTest {
  private static final ChainId KOMATSU = TestFederation.KOMATSU;

  @TempDir Path data;

  private final Ed25519 ed25519 = new Ed25519(1_024);
  private final TestFederation federation =
      new TestFederation(
          new Policy(
              500, 100, 86_400_000, Money.of("0.01"), Money.of("1000.00"), Money.of("9000.00")));

  private Shard shard() {
    ShardSettings settings =
        new ShardSettings(
            "test",
            data,
            List.of(KOMATSU),
            3_600_000,
            1_000,
            StoreSettings.standard(),
            ShardSettings.Log.STANDARD);
    return Shard.start(settings, federation.directory, ed25519, System::currentTimeMillis);
  }

  @Test
  void aPartEndsWithTheLeafThatMakesItLargeEnough() {
    try (Shard shard = shard()) {
      Chain chain = shard.chain(KOMATSU);
      long bytes = chain.entry(0).bytes().length;
      while (bytes < 65_536) {
        open(shard, (int) chain.size());
        bytes += chain.entry(chain.size() - 1).bytes().length;
      }
      long large = chain.size();
      assertTrue(large < 256, "leaves are the limit");
      open(shard, (int) large);
      FeedReader reader = new FeedReader(new FeedQuery(chain, 0, null, Set.of(), false));
      assertEquals(large, reader.read().size());
      assertEquals(1, reader.read().size());
    }
  }

  @Test
  void theLeafAfterTheLimitComesWithTheNextPart() {
    try (Shard shard = shard()) {
      for (int i = 1; i < FeedReader.PART_LEAVES_MAX; i++) { // leaf 0 is there
        open(shard, i);
      }
      FeedReader reader = reader(shard);
      assertTrue(reader.read().isEmpty(), "nothing was issued");
      assertEquals(FeedReader.PART_LEAVES_MAX, reader.position());

      open(shard, FeedReader.PART_LEAVES_MAX);
      FeedReader second = reader(shard);
      assertTrue(second.read().isEmpty());
      assertTrue(second.isFull());
      assertEquals(FeedReader.PART_LEAVES_MAX, second.position());
      assertTrue(second.read().isEmpty());
      assertFalse(second.isFull());
      assertEquals(FeedReader.PART_LEAVES_MAX + 1, second.position());
    }
  }

  /** Looks for what is not there, so that the part's bytes are no limit. */
  private static FeedReader reader(Shard shard) {
    return new FeedReader(new FeedQuery(shard.chain(KOMATSU), 0, null, Set.of("issue"), false));
  }

  private void open(Shard shard, int number) {
    Answer answer =
        shard.submit(
            federation.open(federation.person(KOMATSU, "person" + (1_000 + number))), null);
    assertInstanceOf(Answer.Accepted.class, answer, answer::toString);
  }
}
