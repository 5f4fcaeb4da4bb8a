package aika.node.approve;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Leaf;
import aika.core.ledger.Policy;
import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.log.AddCheckpoint;
import aika.core.log.Checkpoint;
import aika.core.log.Cosignature;
import aika.core.log.Hash;
import aika.core.log.Proofs;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.note.Ed25519;
import aika.core.note.MlDsa44;
import aika.core.note.NoteSignature;
import aika.node.TestFederation;
import aika.node.config.HeldKey;
import aika.node.order.Answer;
import aika.node.order.Chain;
import aika.node.order.Shard;
import aika.node.order.ShardSettings;
import aika.node.store.Seal;
import aika.node.store.StoreSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApproverTest {
  private static final ChainId KOMATSU = TestFederation.KOMATSU;
  private static final long NEVER = 3_600_000;

  @TempDir Path data;

  private final Ed25519 ed25519 = new Ed25519(1_024);
  private final TestFederation federation =
      new TestFederation(
          new Policy(
              10, 100, 86_400_000, Money.of("0.01"), Money.of("1000.00"), Money.of("9000.00")));

  private Shard shard(long interval, long unapprovedMax) {
    List<ChainId> chains = List.of(TestFederation.ASIA, KOMATSU, TestFederation.KANAZAWA);
    return Shard.start(
        new ShardSettings(
            "test",
            data,
            chains,
            interval,
            unapprovedMax,
            StoreSettings.standard(),
            ShardSettings.Log.STANDARD),
        federation.directory,
        ed25519,
        System::currentTimeMillis);
  }

  private Approver approver(Shard shard, int seatsHeld) {
    List<HeldKey> held =
        federation.seats.values().stream()
            .flatMap(seats -> seats.subList(0, seatsHeld).stream())
            .toList();
    return new Approver(
        shard, federation.directory, federation.logKeys, held, ed25519, System::currentTimeMillis);
  }

  @Test
  void blocksCloseByCountAndAreApprovedByAQuorum() throws InterruptedException {
    try (Shard shard = shard(NEVER, 1_000);
        Approver approver = approver(shard, 4)) {
      approver.start();
      for (int i = 0; i < 25; i++) {
        accepted(
            shard,
            shard.submit(federation.open(federation.person(KOMATSU, "person" + (100 + i))), null));
      }
      Chain chain = shard.chain(KOMATSU);
      // genesis and 25 orders: two full blocks of ten and a seal each, six in the open one
      assertEquals(28, chain.size());
      assertEquals(2, chain.head().height());
      await(shard, () -> chain.approvedSize() == 22);
      SignedCheckpoint approved = requireNonNull(chain.approved());
      assertNotNull(approved);
      assertTrue(
          federation
              .directory
              .entry(KOMATSU)
              .seats()
              .approvedAt(approved, new MlDsa44())
              .isPresent());
      assertTrue(
          approved.isSignedByLog(requireNonNull(federation.logKeys.get(KOMATSU)).key(), ed25519));
      Seal second = chain.sealAfter(11);
      assertNotNull(second);
      assertEquals(new Seal(2, 11, 22, approved.checkpoint().root(), second.time()), second);
      assertInstanceOf(Leaf.Sealed.class, chain.entry(21).leaf());
      assertNull(chain.sealAfter(22));
    }
  }

  @Test
  void withoutQuorumItAcceptsUpToALimitThenIsBusyAndRecovers() throws InterruptedException {
    try (Shard shard = shard(20, 30)) {
      try (Approver tooFew = approver(shard, 3)) {
        tooFew.start();
        int taken = 0;
        Answer last = null;
        while (taken < 100) {
          last =
              shard.submit(federation.open(federation.person(KOMATSU, "p" + (1000 + taken))), null);
          if (last instanceof Answer.Refused) {
            break;
          }
          taken++;
        }
        assertEquals(Reason.BUSY, assertInstanceOf(Answer.Refused.class, last).refusal().reason());
        assertTrue(shard.chain(KOMATSU).size() > 30);
        assertNull(shard.chain(KOMATSU).approved());
      }
      try (Approver enough = approver(shard, 5)) {
        enough.start();
        await(shard, () -> shard.chain(KOMATSU).approvedSize() > 0);
        accepted(shard, shard.submit(federation.open(federation.person(KOMATSU, "later")), null));
      }
    }
  }

  @Test
  void restartsWithTheSameRootsAndApprovals() throws InterruptedException {
    Checkpoint before;
    Hash root;
    long size;
    try (Shard shard = shard(20, 1_000);
        Approver approver = approver(shard, 5)) {
      approver.start();
      for (int i = 0; i < 30; i++) {
        accepted(
            shard,
            shard.submit(federation.open(federation.person(KOMATSU, "person" + (100 + i))), null));
      }
      Chain chain = shard.chain(KOMATSU);
      await(shard, () -> chain.head().sealed() && chain.approvedSize() == chain.size());
      before = requireNonNull(chain.approved()).checkpoint();
      size = chain.size();
      root = Proofs.root(size, chain.nodes());
    }
    try (Shard shard = shard(20, 1_000)) {
      Chain chain = shard.chain(KOMATSU);
      assertEquals(size, chain.size());
      assertEquals(root, Proofs.root(size, chain.nodes()));
      assertEquals(before, requireNonNull(chain.approved()).checkpoint());
      assertTrue(chain.head().totals().conserved());
    }
  }

  /** Genesis and nine people are a block. */
  private void fillBlock(Shard shard) {
    for (int i = 0; i < 9; i++) {
      accepted(
          shard,
          shard.submit(federation.open(federation.person(KOMATSU, "person" + (100 + i))), null));
    }
  }

  @Test
  void answersAddCheckpointAsAWitness() throws InterruptedException {
    try (Shard shard = shard(NEVER, 1_000);
        Approver approver = approver(shard, 5)) {
      fillBlock(shard);
      Chain chain = shard.chain(KOMATSU);
      Seal seal = chain.lastSeal();
      assertNotNull(seal);
      String origin = federation.directory.origin(KOMATSU);
      Checkpoint checkpoint = new Checkpoint(origin, seal.size(), seal.root());
      AddCheckpoint good = request(0, checkpoint);

      assertEquals(
          400, approver.addCheckpoint("nonsense\n".getBytes(StandardCharsets.UTF_8)).status());
      Checkpoint unknown = new Checkpoint("test.example/Nowhere-Town", 1, seal.root());
      assertEquals(404, approver.addCheckpoint(request(0, unknown).encode()).status());
      Checkpoint wrong = new Checkpoint(origin, seal.size(), Hash.of(new byte[Hash.BYTES]));
      assertEquals(422, approver.addCheckpoint(request(0, wrong).encode()).status());
      Checkpoint unsealed = new Checkpoint(origin, 5, Proofs.root(5, chain.nodes()));
      assertEquals(503, approver.addCheckpoint(request(0, unsealed).encode()).status());

      Approver.Reply reply = approver.addCheckpoint(good.encode());
      assertEquals(200, reply.status());
      List<NoteSignature> lines = NoteSignature.parseLines(reply.body());
      assertEquals(5, lines.size());
      HeldKey seat = requireNonNull(federation.seats.get(KOMATSU)).get(2);
      assertTrue(Cosignature.verify(checkpoint, seat.key(), new MlDsa44(), lines.get(2)));

      Approver.Reply again = approver.addCheckpoint(good.encode());
      assertEquals(409, again.status());
      assertEquals(seal.size() + "\n", new String(again.body(), StandardCharsets.UTF_8));
      assertFalse(shard.chain(KOMATSU).halted());
    }
  }

  /** [NBR-7] A node that is behind what others have seen of it. */
  @Test
  void whatMayNotGoOnIsNotSigned() throws InterruptedException {
    try (Shard shard = shard(NEVER, 1_000);
        Approver approver = approver(shard, 5)) {
      fillBlock(shard);
      Chain chain = shard.chain(KOMATSU);
      Seal seal = requireNonNull(chain.lastSeal());
      shard.forbid(Refusal.of(Reason.CHAIN_HALTED, "somebody shows more"));
      String origin = federation.directory.origin(KOMATSU);
      AddCheckpoint good = request(0, new Checkpoint(origin, seal.size(), seal.root()));
      assertEquals(503, approver.addCheckpoint(good.encode()).status());
      approver.start();
      await(shard, ApproverTest::hasLooked);
      assertNull(chain.approved());
    }
  }

  /** Something was due from the start on: its thread rests when that is done. */
  private static boolean hasLooked() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread ->
            thread.getName().equals("approver") && thread.getState() == Thread.State.WAITING);
  }

  private AddCheckpoint request(long oldSize, Checkpoint checkpoint) {
    HeldKey key = requireNonNull(federation.logKeys.get(KOMATSU));
    return new AddCheckpoint(
        oldSize, List.of(), SignedCheckpoint.sign(checkpoint, Ed25519.TYPE, key.signer()));
  }

  private static void accepted(Shard shard, Answer answer) {
    assertInstanceOf(Answer.Accepted.class, answer, () -> answer + " with " + shard.failure());
  }

  private static void await(Shard shard, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + 30_000_000_000L;
    long seen = shard.changes().version();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "timed out");
      shard.changes().await(seen, 1_000);
      seen = shard.changes().version();
    }
  }
}
