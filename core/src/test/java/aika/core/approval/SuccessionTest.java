package aika.core.approval;

import static aika.core.transfer.TestFederation.KANAZAWA;
import static aika.core.transfer.TestFederation.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import aika.core.ledger.Action;
import aika.core.ledger.Policy;
import aika.core.ledger.Recovery;
import aika.core.ledger.Seats;
import aika.core.ledger.SignedRecovery;
import aika.core.ledger.TestKeys;
import aika.core.log.Checkpoint;
import aika.core.log.Cosignature;
import aika.core.log.SignedCheckpoint;
import aika.core.log.TlogProof;
import aika.core.note.Ed25519;
import aika.core.note.MalformedException;
import aika.core.note.SignedNote;
import aika.core.note.VerifierKey;
import aika.core.transfer.TestChain;
import aika.core.transfer.TestFederation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who sits, followed by hand-overs that are proven, approved and without a gap. */
final class SuccessionTest {
  /** A term of one block each, so every block hands over. */
  private final TestFederation fed =
      TestFederation.with(Policy.standard().with(new Policy.Term(4, 1, 0)));

  private final TestChain komatsu = fed.chain(KOMATSU);
  private final Seats first = fed.directory().entry(KOMATSU).seats();
  private final String origin = fed.directory().origin(KOMATSU);
  private final Succession succession =
      new Succession(
          TestFederation.ID, fed.directory().entry(KOMATSU), TestKeys.CHEAP, TestKeys.CHEAP);

  /** Ends a block, and a term with it; the size of the tree then. */
  private long ended() {
    fed.open(KOMATSU, "more" + komatsu.head().size());
    komatsu.seal(fed.now());
    return komatsu.head().size();
  }

  private SignedCheckpoint signed(long size, String log, List<VerifierKey> seats) {
    Checkpoint checkpoint = new Checkpoint(origin, size, komatsu.tree().root(size));
    SignedCheckpoint signed = SignedCheckpoint.sign(checkpoint, Ed25519.TYPE, fed.signer(log));
    for (VerifierKey seat : seats) {
      signed =
          signed.withSignature(
              Cosignature.sign(checkpoint, seat.name(), 1, TestKeys.cheap(seat.name())));
    }
    return signed;
  }

  private TlogProof proof(long index, SignedCheckpoint signed) {
    Action.Proof proof = komatsu.proof(index, signed.checkpoint().size());
    return new TlogProof(Optional.of(proof.leaf()), index, proof.path(), signed);
  }

  private TlogProof handover(long size, List<VerifierKey> seats) {
    return proof(size - 2, signed(size, origin, seats));
  }

  private void refused(TlogProof proof) {
    Seats before = succession.seats();
    assertThrows(MalformedException.class, () -> succession.handOver(proof));
    assertEquals(before, succession.seats());
  }

  @Test
  void followsOneTermAfterTheOther() {
    long one = ended();
    long two = ended();
    refused(handover(two, first.keys())); // of the second term
    succession.handOver(handover(one, first.keys()));
    assertEquals(2, succession.seats().term());
    refused(handover(one, first.keys()));
    succession.handOver(handover(two, first.keys()));
    assertEquals(3, succession.seats().term());
  }

  @Test
  void thoseWhoSitApproveAndTheLogSigns() {
    long size = ended();
    refused(handover(size, List.of()));
    refused(handover(size, first.keys().subList(0, first.quorum() - 1)));
    refused(proof(size - 2, signed(size, "another log", first.keys())));
    succession.handOver(handover(size, first.keys().subList(0, first.quorum())));
  }

  @Test
  void theLeafIsTheLastButOneOfItsTree() {
    long size = ended();
    long later = ended();
    refused(proof(size - 2, signed(later, origin, first.keys())));
    refused(proof(size - 1, signed(size, origin, first.keys())));
    TlogProof honest = handover(size, first.keys());
    TlogProof elsewhere = proof(size - 1, honest.checkpoint());
    refused(new TlogProof(honest.extra(), size - 2, elsewhere.proof(), honest.checkpoint()));
    refused(new TlogProof(Optional.empty(), size - 2, honest.proof(), honest.checkpoint()));
  }

  private static Recovery.Seat seat() {
    List<VerifierKey> seats = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      String name = "aika.example/Asia-Komatsu/rescue" + i;
      seats.add(TestKeys.cosigner(name, TestKeys.cheap(name)));
    }
    return new Recovery.Seat(TestFederation.ID, KOMATSU, 1, seats, "lost seats");
  }

  @Test
  void thoseWhomTheQuorumSeatedApprove() {
    komatsu.accepted(fed.now(), new Action.Recover(fed.sign(seat())));
    long size = komatsu.head().size();
    refused(handover(size, List.of()));
    refused(handover(size, first.keys()));
    succession.handOver(handover(size, seat().seats()));
    assertEquals(seat().set(), succession.seats());
  }

  @Test
  void nobodyButTheQuorumSeats() {
    String one = TestFederation.official(KOMATSU.value(), "recovery1");
    SignedNote note = SignedNote.sign(seat().text(), one, Ed25519.TYPE, fed.signer(one));
    komatsu.accepted(fed.now(), new Action.Recover(SignedRecovery.parse(note.encode())));
    refused(handover(komatsu.head().size(), seat().seats()));
  }

  @Test
  void aClosedChainSeatsNobody() {
    Recovery close = new Recovery.Close(TestFederation.ID, KOMATSU, 1, KANAZAWA, "merged");
    komatsu.accepted(fed.now(), new Action.Recover(fed.sign(close)));
    refused(handover(komatsu.head().size(), first.keys()));
  }
}
