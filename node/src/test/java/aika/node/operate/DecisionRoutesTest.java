package aika.node.operate;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Action;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.LeafText;
import aika.core.ledger.Policy;
import aika.core.ledger.Reason;
import aika.core.ledger.Recovery;
import aika.core.ledger.Row;
import aika.core.ledger.Seats;
import aika.core.ledger.SignedRecovery;
import aika.core.log.Checkpoint;
import aika.core.log.ConflictProof;
import aika.core.log.Cosignature;
import aika.core.log.Hash;
import aika.core.log.Merkle;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import aika.core.note.Ed25519;
import aika.core.note.MlDsa44;
import aika.core.note.NoteSignature;
import aika.core.note.SignedNote;
import aika.core.note.Signer;
import aika.core.note.VerifierKey;
import aika.node.TestFederation;
import aika.node.approve.Approver;
import aika.node.approve.Convicting;
import aika.node.config.HeldKey;
import aika.node.gateway.RefusedException;
import aika.node.gossip.Conflicts;
import aika.node.order.Answer;
import aika.node.order.Chain;
import aika.node.order.Shard;
import aika.node.order.ShardSettings;
import aika.node.store.StoreSettings;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** [OPR-8, OPR-9] */
@Timeout(60)
class DecisionRoutesTest {
  private static final ChainId KOMATSU = TestFederation.KOMATSU;
  private static final String REASON = "three of five have moved away";
  private static final long TIME = 1_800_000_000;

  @TempDir Path data;

  private final TestFederation federation = new TestFederation(Policy.standard());
  private final Ed25519 ed25519 = new Ed25519(64);
  private Shard shard;
  private Approver approver;
  private DecisionRoutes routes;
  private Chain komatsu;

  @BeforeEach
  void start() {
    shard =
        Shard.start(
            new ShardSettings(
                "test",
                data,
                List.of(TestFederation.ASIA, KOMATSU, TestFederation.KANAZAWA),
                20,
                1_000,
                StoreSettings.standard(),
                ShardSettings.Log.STANDARD),
            federation.directory,
            ed25519,
            System::currentTimeMillis);
    List<HeldKey> others =
        federation.seats.entrySet().stream()
            .filter(one -> !one.getKey().equals(KOMATSU))
            .flatMap(one -> one.getValue().stream())
            .toList();
    approver =
        new Approver(
            shard,
            federation.directory,
            federation.logKeys,
            others,
            ed25519,
            System::currentTimeMillis);
    approver.start();
    routes = new DecisionRoutes(shard, federation.directory, ed25519);
    komatsu = shard.chain(KOMATSU);
  }

  @AfterEach
  void stop() {
    approver.close();
    shard.close();
  }

  private SignedRecovery signed(Recovery recovery, int signers) {
    List<HeldKey> quorum = requireNonNull(federation.recovery.get(KOMATSU));
    HeldKey first = quorum.getFirst();
    SignedNote note =
        SignedNote.sign(recovery.text(), first.key().name(), Ed25519.TYPE, first.signer());
    for (HeldKey more : quorum.subList(1, signers)) {
      note = note.signedBy(more.key().name(), Ed25519.TYPE, more.signer());
    }
    return SignedRecovery.parse(note.encode());
  }

  private Reason refused(SignedRecovery signed) {
    return assertThrows(RefusedException.class, () -> routes.recover(signed)).refusal().reason();
  }

  private void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "it did not happen");
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  /** [X-38, SEAL-26] Nobody of the first seats approves; those whom the quorum seats do. */
  @Test
  void theQuorumSeatsOthersWhoApprove() throws InterruptedException {
    assertInstanceOf(
        Answer.Accepted.class,
        shard.submit(federation.open(federation.person(KOMATSU, "somebody")), null));
    List<HeldKey> held = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      Signer signer = MlDsa44.signer(MlDsa44.generate(new SecureRandom()));
      String name = "test.example/Asia-Komatsu/new-" + i;
      held.add(new HeldKey(new VerifierKey(name, Cosignature.TYPE, signer.publicKey()), signer));
    }
    List<VerifierKey> keys = held.stream().map(HeldKey::key).toList();
    Recovery seat = new Recovery.Seat("test.example", KOMATSU, 1, keys, REASON);
    assertEquals(Reason.BAD_SIGNATURE, refused(signed(seat, 1)));
    assertEquals(0, komatsu.approvedSize());
    held.forEach(approver::hold);
    Map<String, Object> done = routes.recover(signed(seat, 2));
    assertEquals(2L, done.get("term"));
    await(() -> komatsu.approvedSize() == komatsu.size());
    assertEquals(keys, komatsu.seatsOf(komatsu.size()).keys());
    assertEquals(Reason.TERM_OVER, refused(signed(seat, 2)));
    assertEquals(2, requireNonNull(komatsu.termEnd(1)).next());
  }

  @Test
  void theQuorumClosesAChain() {
    Recovery close =
        new Recovery.Close("test.example", KOMATSU, 1, TestFederation.KANAZAWA, REASON);
    routes.recover(signed(close, 3));
    assertTrue(komatsu.head().closed());
    assertEquals(Reason.CHAIN_CLOSED, refused(signed(close, 2)));
  }

  private SignedCheckpoint approved(byte fill, int seats) {
    byte[] root = new byte[Hash.BYTES];
    root[0] = fill;
    HeldKey log = requireNonNull(federation.logKeys.get(KOMATSU));
    Checkpoint checkpoint = new Checkpoint(federation.directory.origin(KOMATSU), 7, Hash.of(root));
    List<NoteSignature> lines = new ArrayList<>();
    for (HeldKey seat : requireNonNull(federation.seats.get(KOMATSU)).subList(0, seats)) {
      lines.add(Cosignature.sign(checkpoint, seat.key().name(), TIME, seat.signer()));
    }
    return SignedCheckpoint.sign(checkpoint, Ed25519.TYPE, log.signer()).withSignatures(lines);
  }

  /** Kanazawa's chain believes people of whom Komatsu's seats say that they were elected. */
  private void showForgedElection() {
    elected(TestFederation.KANAZAWA, MlDsa44.signer(MlDsa44.generate(new SecureRandom())));
  }

  /** A chain records that this key is Komatsu's second term. */
  private void elected(ChainId at, Signer own) {
    String name = "test.example/Asia-Komatsu/own";
    VerifierKey key = new VerifierKey(name, Cosignature.TYPE, own.publicKey());
    byte[] leaf =
        LeafText.encode(new Leaf.Elected(TIME * 1_000, new Seats(2, List.of(key)), List.of()));
    Checkpoint branch =
        new Checkpoint(federation.directory.origin(KOMATSU), 1, Merkle.leafHash(leaf));
    Action.Handover handover = new Action.Handover(0, new Action.Proof(leaf, List.of()));
    Answer answer =
        shard.await(
            shard.submit(at, new Action.RecordCheckpoint(KOMATSU, 1, branch, List.of(), handover)));
    assertInstanceOf(Answer.Accepted.class, answer);
  }

  /** Also after a restart. */
  @Test
  void aProofConvictsThoseWhoWereReplaced() {
    showForgedElection();
    stop();
    start();
    Chain kanazawa = shard.chain(TestFederation.KANAZAWA);
    assertEquals(2, requireNonNull(kanazawa.get(new Key.OfSitting(KOMATSU))).seats().term());
    ConflictProof proof = ConflictProof.of(approved((byte) 1, 4), approved((byte) 2, 5));
    Map<String, Object> told =
        routes.convict(proof).stream()
            .filter(one -> kanazawa.id().equals(one.get("chain")))
            .findFirst()
            .orElseThrow();
    Leaf leaf = kanazawa.entry((long) requireNonNull(told.get("leaf"))).leaf();
    assertEquals(1, assertInstanceOf(Leaf.Conflicting.class, leaf).term());
    assertTrue(requireNonNull(kanazawa.get(new Key.OfSitting(KOMATSU))).conflict());
  }

  /** [GOS-9] */
  @Test
  void aProofThatIsKeptIsBroughtToWhoeverBelievesTheTermLater() throws InterruptedException {
    Signer own = MlDsa44.signer(MlDsa44.generate(new SecureRandom()));
    elected(TestFederation.KANAZAWA, own);
    String name = "test.example/Asia-Komatsu/own";
    ConflictProof proof =
        ConflictProof.of(approvedBy((byte) 1, name, own), approvedBy((byte) 2, name, own));
    Convicting convicting = new Convicting(shard, federation.directory, ed25519);
    Conflicts conflicts = new Conflicts(data, convicting);
    conflicts.show(proof);
    assertTrue(inConflict(TestFederation.KANAZAWA));
    assertFalse(inConflict(TestFederation.ASIA));

    elected(TestFederation.ASIA, own);
    new Conflicts(data, convicting).bringAgain(); // as after a restart
    await(() -> inConflict(TestFederation.ASIA));
  }

  private boolean inConflict(ChainId id) {
    Row.Sitting sitting = shard.chain(id).get(new Key.OfSitting(KOMATSU));
    return sitting != null && sitting.conflict();
  }

  private SignedCheckpoint approvedBy(byte fill, String name, Signer seat) {
    SignedCheckpoint signed = approved(fill, 0);
    return signed.withSignature(Cosignature.sign(signed.checkpoint(), name, TIME, seat));
  }

  /** */
  @Test
  void aConflictIsWrittenDownByEveryOtherChain() {
    ConflictProof few = ConflictProof.of(approved((byte) 1, 5), approved((byte) 2, 3));
    routes
        .convict(few)
        .forEach(one -> assertEquals(Reason.EVIDENCE_INVALID.name(), one.get("code")));
    ConflictProof proof = ConflictProof.of(approved((byte) 1, 4), approved((byte) 2, 5));
    List<Map<String, Object>> told = routes.convict(proof);
    assertEquals(
        List.of(TestFederation.ASIA, TestFederation.KANAZAWA),
        told.stream().map(one -> one.get("chain")).sorted().toList());
    for (Map<String, Object> one : told) {
      Chain chain = shard.chain((ChainId) requireNonNull(one.get("chain")));
      assertTrue(requireNonNull(chain.get(new Key.OfSitting(KOMATSU))).conflict());
    }
    routes.convict(proof).forEach(one -> assertEquals(Reason.CHAIN_FROZEN.name(), one.get("code")));
  }
}
