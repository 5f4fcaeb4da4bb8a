package aika.core.approval;

import static aika.core.transfer.TestFederation.KANAZAWA;
import static aika.core.transfer.TestFederation.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Action;
import aika.core.ledger.Entry;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.MemoryState;
import aika.core.ledger.Order;
import aika.core.ledger.Policy;
import aika.core.ledger.Reason;
import aika.core.ledger.Recovery;
import aika.core.ledger.Row;
import aika.core.ledger.Seats;
import aika.core.ledger.TestKeys;
import aika.core.log.Checkpoint;
import aika.core.log.ConflictProof;
import aika.core.log.Cosignature;
import aika.core.log.Frontier;
import aika.core.log.Hash;
import aika.core.log.Proofs;
import aika.core.log.SignedCheckpoint;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import aika.core.note.Ed25519;
import aika.core.note.MlDsa44;
import aika.core.note.VerifierKey;
import aika.core.transfer.Authorization;
import aika.core.transfer.TestChain;
import aika.core.transfer.TestFederation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Komatsu's whole quorum is corrupt: it shows Kanazawa alone a branch in which its own people are
 * elected, and the others the true chain. Every block ends a term.
 */
final class ForgedElectionTest {
  private static final long THIRTY_DAYS = 30L * 24 * 60 * 60 * 1000;

  private final TestFederation fed = federation();
  private final TestFederation branch = federation();
  private final TestChain kanazawa = fed.chain(KANAZAWA);
  private final Map<Long, Shown> recorded = new HashMap<>();

  /** What Kanazawa was shown with a record. */
  private record Shown(TestChain komatsu, Hash seats) {}

  private static TestFederation federation() {
    TestFederation fed = TestFederation.with(Policy.standard().with(new Policy.Term(4, 1, 0)));
    fed.open(KOMATSU, "aaaa", "100.00");
    return fed;
  }

  /** A block that ends with the election of four new people. */
  private static void elect(TestFederation of, String word) {
    for (int i = 1; i <= 4; i++) {
      AccountId account = of.open(KOMATSU, word + i);
      byte[] key = Arrays.copyOf(TestKeys.seed(account.toString()), MlDsa44.PUBLIC_KEY_BYTES);
      byte[] possession = new byte[MlDsa44.SIGNATURE_BYTES];
      of.accepted(new Order.Stand(of.header(), account, key, possession));
    }
    of.chain(KOMATSU).seal(of.now());
  }

  /** A block after which those who sit go on, as a new term. */
  private static void goOn(TestFederation of) {
    of.open(KOMATSU, "more" + of.chain(KOMATSU).head().size());
    of.chain(KOMATSU).seal(of.now());
  }

  private static Recovery.Seat seat(long term) {
    List<VerifierKey> seats = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      String name = "aika.example/Asia-Komatsu/rescue" + i;
      seats.add(TestKeys.cosigner(name, TestKeys.cheap(name)));
    }
    return new Recovery.Seat(TestFederation.ID, KOMATSU, term, seats, "two histories");
  }

  private void recover(long term) {
    fed.chain(KOMATSU).accepted(fed.now(), new Action.Recover(fed.sign(seat(term))));
  }

  private static Action.Handover handover(TestFederation of, long index, long size) {
    return new Action.Handover(index, of.chain(KOMATSU).proof(index, size));
  }

  private Action.RecordCheckpoint recording(
      TestFederation of, long term, Action.@Nullable Handover handover) {
    TestChain komatsu = of.chain(KOMATSU);
    long size = komatsu.head().size();
    Row.Latest latest = kanazawa.state().get(new Key.OfLatest(KOMATSU));
    List<Hash> proof =
        latest == null || latest.size() >= size
            ? List.of()
            : Proofs.consistency(latest.size(), size, komatsu.tree());
    return new Action.RecordCheckpoint(KOMATSU, term, of.checkpoint(KOMATSU), proof, handover);
  }

  /** The newest checkpoint, with the hand-over at its end. */
  private Action.RecordCheckpoint handingOver(TestFederation of, long term) {
    long size = of.chain(KOMATSU).head().size();
    return recording(of, term, handover(of, size - 2, size));
  }

  private Leaf.Recorded record(TestFederation of, Action.RecordCheckpoint record) {
    Leaf.Recorded leaf = (Leaf.Recorded) kanazawa.accepted(fed.now(), record).leaf();
    recorded.put(leaf.size(), new Shown(of.chain(KOMATSU), leaf.seats()));
    return leaf;
  }

  private void refused(Reason reason, Action action) {
    kanazawa.refused(reason, fed.now(), action);
  }

  private Row.Sitting sitting() {
    return Objects.requireNonNull(kanazawa.state().get(new Key.OfSitting(KOMATSU)));
  }

  private SignedCheckpoint approved(TestFederation of, long size) {
    String origin = fed.directory().origin(KOMATSU);
    Checkpoint checkpoint = new Checkpoint(origin, size, of.chain(KOMATSU).tree().root(size));
    SignedCheckpoint signed = SignedCheckpoint.sign(checkpoint, Ed25519.TYPE, fed.signer(origin));
    for (VerifierKey seat : fed.directory().entry(KOMATSU).seats().keys()) {
      signed =
          signed.withSignature(
              Cosignature.sign(
                  checkpoint, seat.name(), fed.now() / 1000, fed.seatSigner(seat.name())));
    }
    return signed;
  }

  /** Term 1 approved the last block of its own in both. */
  private Action.Convict conviction(long term) {
    elect(fed, "t" + fed.chain(KOMATSU).head().size() + "x");
    if (branch.chain(KOMATSU).head().height() == 0) {
      elect(branch, "other");
    }
    long first = endOfFirst(fed);
    long second = endOfFirst(branch);
    ConflictProof proof =
        ConflictProof.of(
            approved(fed, first), approved(branch, second), branch.chain(KOMATSU).tree());
    return new Action.Convict(KOMATSU, term, proof);
  }

  private static long endOfFirst(TestFederation of) {
    Row.Term second = of.chain(KOMATSU).state().get(new Key.OfTerm(2));
    return Objects.requireNonNull(second).first();
  }

  @Test
  void theProofAgainstThoseBeforeFreezesAndTheQuorumChoosesTheTrueBranch() {
    AccountId b = fed.open(KANAZAWA, "bbbb");
    TransferId forged = branch.send(AccountId.of("Asia-Komatsu/aaaa"), b, "30.00");
    elect(branch, "forged");
    long size = record(branch, handingOver(branch, 1)).size();
    Action.Citation cites = branch.cite(KOMATSU, forged.index(), size);
    kanazawa.accepted(fed.now(), fed.submission(fed.receiveOrder(b, forged), cites));
    elect(branch, "again");
    record(branch, handingOver(branch, 2));
    assertEquals(3, sitting().seats().term());

    Action.Convict conviction = conviction(1); // meanwhile a true term 2 sits
    recover(2);
    refused(Reason.EVIDENCE_INVALID, handingOver(fed, 3));
    kanazawa.accepted(fed.now(), conviction);
    refused(Reason.CHAIN_FROZEN, conviction);
    goOn(branch);
    refused(Reason.CHAIN_FROZEN, recording(branch, 3, null));
    refused(Reason.CHAIN_FROZEN, handingOver(branch, 3));

    // of the same number as the forged term that was believed
    assertEquals(seat(2).set().hash(), record(fed, handingOver(fed, 3)).seats());
    assertEquals(Row.Sitting.of(KOMATSU, seat(2).set()), sitting());
    goOn(fed);
    record(fed, handingOver(fed, 3));
    assertEquals(Money.of("30.00"), kanazawa.account(b).balance());
    assertEquals(Money.of("-30.00"), kanazawa.clearing(KOMATSU));
    assertEquals(kanazawa.head(), replayed().state().head());
  }

  /** Kanazawa, executed by a cosigner that finds the logs as Kanazawa was shown them. */
  private Replica replayed() {
    Origins logs =
        new Origins() {
          @Override
          public Action.Proof proof(Row.Recorded tree, long index) {
            return shown(tree.size()).komatsu.proof(index, tree.size());
          }

          @Override
          public List<Hash> consistency(long oldSize, Row.Recorded tree) {
            return Proofs.consistency(oldSize, tree.size(), shown(tree.size()).komatsu.tree());
          }

          @Override
          public boolean approved(ChainId origin, Checkpoint checkpoint, Seats seats) {
            return shown(checkpoint.size()).seats.equals(seats.hash());
          }
        };
    Replica replica =
        new Replica(
            KANAZAWA,
            fed.directory(),
            new Authorization(fed.directory(), TestKeys.CHEAP, TestKeys.CHEAP),
            logs,
            (level, index, hash) -> {},
            new MemoryState(),
            new Frontier());
    for (Entry entry : kanazawa.entries()) {
      replica.execute(entry.bytes());
    }
    return replica;
  }

  private Shown shown(long size) {
    return Objects.requireNonNull(recorded.get(size));
  }

  @Test
  void aCosignerChecksTheProofAgainstThoseBefore() {
    elect(branch, "forged");
    record(branch, handingOver(branch, 1));
    Action.Convict conviction = conviction(1);
    SignedCheckpoint one = conviction.proof().first();
    String origin = fed.directory().origin(KOMATSU);
    SignedCheckpoint unapproved =
        SignedCheckpoint.sign(
            new Checkpoint(origin, one.checkpoint().size(), Hash.of(TestKeys.seed("other"))),
            Ed25519.TYPE,
            fed.signer(origin));
    ConflictProof proof = ConflictProof.of(one, unapproved);
    kanazawa.accepted(fed.now(), new Action.Convict(KOMATSU, 1, proof));
    assertThrows(DivergedException.class, this::replayed);
  }

  @Test
  void manyForgedElectionsDoNotHideWhoseTheyAre() {
    for (int term = 1; term <= 12; term++) {
      elect(branch, "f" + term + "x");
      record(branch, handingOver(branch, term));
    }
    assertEquals(8, sitting().earlier().size());
    kanazawa.accepted(fed.now(), conviction(1));
    assertTrue(sitting().conflict());
  }

  @Test
  void whoWasReplacedLongAgoIsConvictedNoMore() {
    elect(branch, "forged");
    record(branch, handingOver(branch, 1));
    Action.Convict conviction = conviction(1);
    long until = fed.now() + THIRTY_DAYS;
    kanazawa.refused(Reason.TERM_OVER, until, conviction);
    fed.at(until);
    elect(branch, "again");
    record(branch, handingOver(branch, 2));
    assertEquals(List.of(2L), sitting().earlier().stream().map(o -> o.seats().term()).toList());
  }

  @Test
  void whoWasReplacedIsConvictedUntilThen() {
    elect(branch, "forged");
    record(branch, handingOver(branch, 1));
    kanazawa.accepted(fed.now() + THIRTY_DAYS - 1, conviction(1));
  }

  /** A proof convicts them in the term that sits. */
  @Test
  void whoGoesOnIsNotKeptTwice() {
    goOn(fed);
    record(fed, handingOver(fed, 1));
    assertEquals(List.of(), sitting().earlier());
    refused(Reason.TERM_OVER, conviction(1));
    kanazawa.accepted(fed.now(), new Action.Convict(KOMATSU, 2, conviction(2).proof()));
  }

  @Test
  void aRecoveryBeginsALineThatOlderDecisionsDoNotTouch() {
    elect(fed, "first");
    record(fed, handingOver(fed, 1));
    recover(2);
    long old = fed.chain(KOMATSU).head().size() - 2;
    record(fed, handingOver(fed, 3));
    refused(Reason.TERM_OVER, conviction(1)); // after which term 4 sits
    record(fed, handingOver(fed, 3));
    kanazawa.accepted(fed.now(), conviction(4));
    long size = fed.chain(KOMATSU).head().size();
    refused(Reason.EVIDENCE_INVALID, recording(fed, 3, handover(fed, old, size)));
  }

  @Test
  void noElectionEndsAConflict() {
    elect(branch, "forged");
    long size = record(branch, recording(branch, 1, null)).size();
    kanazawa.accepted(fed.now(), conviction(1));
    goOn(branch);
    refused(Reason.CHAIN_FROZEN, recording(branch, 2, handover(branch, size - 2, size)));
  }

  /** Or of the given-up branch: whatever they had recorded before, the decision is not held up. */
  @Test
  void theBlockOfTheRecoveryMayHaveBeenRecordedAsTheirs() {
    Action.Convict conviction = conviction(1); // after which term 2 sits
    record(fed, handingOver(fed, 1));
    recover(2);
    record(fed, recording(fed, 2, null)); // the convicted approved that, too
    kanazawa.accepted(fed.now(), conviction);
    record(fed, handingOver(fed, 3));
    assertEquals(Row.Sitting.of(KOMATSU, seat(2).set()), sitting());
    refused(Reason.EVIDENCE_INVALID, handingOver(fed, 3)); // once
    refused(Reason.CHECKPOINT_NOT_LARGER, recording(fed, 3, null));
  }

  @Test
  void whoIsInConflictDoesNotApproveTheRecovery() {
    Action.Convict conviction = conviction(1); // after which term 2 sits
    record(fed, handingOver(fed, 1));
    kanazawa.accepted(fed.now(), conviction);
    recover(2);
    refused(Reason.CHAIN_FROZEN, handingOver(fed, 2));
    record(fed, handingOver(fed, 3));
  }
}
