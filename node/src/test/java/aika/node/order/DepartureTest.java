package aika.node.order;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Policy;
import aika.core.ledger.Reason;
import aika.core.log.Checkpoint;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import aika.core.note.Ed25519;
import aika.node.TestFederation;
import aika.node.store.Seal;
import aika.node.store.ShardStore;
import aika.node.store.StoreSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A chain that goes on elsewhere ends here once, and only when all of it is approved. */
@Timeout(60)
final class DepartureTest {
  private static final ChainId KOMATSU = TestFederation.KOMATSU;
  private static final ChainId KANAZAWA = TestFederation.KANAZAWA;
  private static final String MOVE = "first";
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir Path data;

  private final TestFederation federation = new TestFederation(Policy.standard());

  private Shard shard(ChainId... named) {
    return Shard.start(
        new ShardSettings(
            "test",
            data,
            List.of(named),
            3_600_000, // no block is sealed by the time
            1_000,
            StoreSettings.standard(),
            ShardSettings.Log.STANDARD),
        federation.directory,
        new Ed25519(64),
        System::currentTimeMillis);
  }

  private Answer open(Shard shard, ChainId chain, String local) {
    return shard.submit(federation.open(federation.person(chain, local)), null);
  }

  private static Reason refused(Answer answer) {
    return assertInstanceOf(Answer.Refused.class, answer).refusal().reason();
  }

  private void approve(Shard shard, ChainId chain) {
    Seal seal = Objects.requireNonNull(shard.hosted(chain).lastSeal());
    Checkpoint tree = new Checkpoint(federation.directory.origin(chain), seal.size(), seal.root());
    SignedCheckpoint signed =
        SignedCheckpoint.sign(
            tree, Ed25519.TYPE, Objects.requireNonNull(federation.logKeys.get(chain)).signer());
    shard.approvals().round().approved(chain, signed).write();
    shard.changes().happened();
  }

  @Test
  void whatIsNotApprovedGoesOnHere() throws Exception {
    try (Shard shard = shard(KOMATSU, KANAZAWA)) {
      assertInstanceOf(Answer.Accepted.class, open(shard, KOMATSU, "aaaa"));
      assertThrows(
          OrderingException.class, () -> shard.release(KOMATSU, MOVE, Duration.ofMillis(300)));
      assertTrue(shard.released(KOMATSU).isEmpty());
      assertInstanceOf(Answer.Accepted.class, open(shard, KOMATSU, "bbbb"));
    }
  }

  @Test
  void whatHasGoneIsNeverOrderedHereAgain() throws Exception {
    long size;
    try (Shard shard = shard(KOMATSU, KANAZAWA)) {
      assertInstanceOf(Answer.Accepted.class, open(shard, KOMATSU, "aaaa"));
      shard.onSeal(chain -> approve(shard, chain));
      size = shard.release(KOMATSU, MOVE, LONG);
      assertEquals(size, shard.hosted(KOMATSU).approvedSize());
      assertEquals(Reason.CHAIN_MOVED, refused(open(shard, KOMATSU, "bbbb")));
      assertInstanceOf(Answer.Accepted.class, open(shard, KANAZAWA, "cccc"));
    }
    try (Shard again = shard(KOMATSU, KANAZAWA)) {
      again.onSeal(chain -> approve(again, chain));
      Set<ChainId> served = new TreeSet<>();
      again.chains().forEach(chain -> served.add(chain.id()));
      assertEquals(Set.of(KANAZAWA), served);
      assertEquals(Optional.of(MOVE), again.released(KOMATSU));
      assertEquals(size, again.hosted(KOMATSU).size());
      assertEquals(Reason.CHAIN_MOVED, refused(open(again, KOMATSU, "bbbb")));
      assertEquals(size, again.release(KOMATSU, MOVE, LONG), "asked again");
      assertThrows(OrderingException.class, () -> again.release(KOMATSU, "another", LONG));
      assertFalse(again.orderRelease(KOMATSU, size, "another"));
      assertThrows(
          OrderingException.class,
          () -> again.release(KANAZAWA, "last", Duration.ofMillis(300)),
          "one chain stays");
      assertInstanceOf(Answer.Accepted.class, open(again, KANAZAWA, "dddd"));
    }
  }

  @Test
  void anEndOfAnotherSizeIsNone() throws Exception {
    try (Shard shard = shard(KOMATSU, KANAZAWA)) {
      assertInstanceOf(Answer.Accepted.class, open(shard, KOMATSU, "aaaa"));
      assertFalse(shard.orderRelease(KOMATSU, shard.hosted(KOMATSU).size(), MOVE), "an open block");
      assertFalse(shard.orderRelease(KANAZAWA, 7, MOVE));
      assertFalse(shard.orderRelease(ChainId.of("Asia-Nowhere"), 0, MOVE));
      assertInstanceOf(Answer.Accepted.class, open(shard, KOMATSU, "bbbb"));
    }
  }

  /** As a restore of the old node leaves it: without the chain, and with the mark that it went. */
  @Test
  void aRestoredNodeLeavesOutWhatWent() {
    try (ShardStore store = ShardStore.open(data.resolve("ledger"), StoreSettings.standard())) {
      store.release(KOMATSU, MOVE);
      var _ = store.checkpoint().join();
    }
    try (Shard shard = shard(KOMATSU, KANAZAWA)) {
      assertEquals(1, shard.chains().size());
      assertEquals(Optional.of(MOVE), shard.released(KOMATSU));
      assertEquals(Reason.CHAIN_MOVED, refused(open(shard, KOMATSU, "aaaa")));
      assertInstanceOf(Answer.Accepted.class, open(shard, KANAZAWA, "bbbb"));
    }
  }

  /** Its entries may still be in the log, and must not be executed as nothing. */
  @Test
  void aChainThatIsNotNamedAnyMoreStaysWhatItIs() {
    long size;
    try (Shard shard = shard(KOMATSU, KANAZAWA)) {
      assertInstanceOf(Answer.Accepted.class, open(shard, KOMATSU, "aaaa"));
      size = shard.chain(KOMATSU).size();
    }
    try (Shard fewer = shard(KANAZAWA)) {
      assertEquals(1, fewer.chains().size());
      assertEquals(Reason.UNKNOWN_CHAIN, refused(open(fewer, KOMATSU, "bbbb")));
    }
    try (Shard again = shard(KOMATSU, KANAZAWA)) {
      assertEquals(size, again.chain(KOMATSU).size());
      assertInstanceOf(Answer.Accepted.class, open(again, KOMATSU, "bbbb"));
    }
  }
}
