package aika.core.audit;

import static aika.core.transfer.TestFederation.KANAZAWA;
import static aika.core.transfer.TestFederation.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.audit.Finding.Kind;
import aika.core.ledger.Action;
import aika.core.ledger.Policy;
import aika.core.ledger.Recovery;
import aika.core.ledger.SignedRecovery;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import aika.core.note.Ed25519;
import aika.core.note.SignedNote;
import aika.core.note.Signer;
import aika.core.note.VerifierKey;
import aika.core.transfer.TestFederation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** [AUD-16] Kanazawa recorded a hand-over of the history that Komatsu gave up. */
final class GivenUpTermsTest {
  /** A term ends with its second block. */
  private final PartedHistories two =
      new PartedHistories(Policy.standard().with(new Policy.Term(4, 2, 0)));

  private final AccountId a = two.open(KOMATSU, "k3v9q2mw", "100.00");
  private final AccountId b = two.open(KANAZAWA, "p8d1x7aa", "50.00");
  private final List<AccountId> people = people();
  private final List<VerifierKey> first = two.fed.directory().entry(KOMATSU).seats().keys();
  private final List<String> notes = new ArrayList<>();

  private List<AccountId> people() {
    List<AccountId> people = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      people.add(two.open(KOMATSU, "cand%04d".formatted(i), "1.00"));
    }
    return people;
  }

  private List<VerifierKey> stand(TestFederation... histories) {
    return people.stream().map(one -> two.stand(one, histories)).toList();
  }

  @BeforeEach
  void oneBlockIsOfBoth() {
    two.part();
  }

  /** Kanazawa is shown what ends a term, and another block, and receives on it. */
  private void received() {
    TransferId forged = two.branch.send(a, b, "30.00");
    AccountId _ = two.branch.open(KOMATSU, "1eaf0000"); // another election stands elsewhere
    long elects = two.show();
    AccountId _ = two.branch.open(KOMATSU, "m0re0000");
    long shown = two.show();
    notes.add(PartedHistories.at(Kind.GIVEN_UP, elects));
    notes.add(PartedHistories.at(Kind.GIVEN_UP, shown));
    notes.add(PartedHistories.at(Kind.UNPROVEN, two.receive(b, forged)));
  }

  private void clean(Map<ChainId, PublishedFiles> published) throws InterruptedException {
    AuditReport report = two.audit(published);
    assertEquals(List.of(), report.findings());
    assertEquals(notes, PartedHistories.lines(report.notes()));
  }

  private void refused(Map<ChainId, PublishedFiles> published, long leaf, String why)
      throws InterruptedException {
    Finding found = two.audit(published).findings().getFirst();
    assertEquals(PartedHistories.at(Kind.LEAF_REFUSED, leaf), found.kind() + " " + found.place());
    assertTrue(found.what().startsWith(why), found::what);
  }

  @Test
  void whoWentOnAsAnotherTermThereAreConvictedAsThat() throws Exception {
    received();
    two.convict(2, first, false);
    two.recover();
    clean(two.published());
    clean(two.publishedWithBranch());
  }

  @Test
  void whoWasElectedThereIsReadWhereItIsKept() throws Exception {
    List<VerifierKey> others = stand(two.branch);
    received();
    two.convict(2, others, false);
    two.recover();
    clean(two.publishedWithBranch());
  }

  @Test
  void whoWasElectedThereAndIsNotKnownIsTakenAtItsWordWhenTheLogSignedBoth() throws Exception {
    List<VerifierKey> others = stand(two.branch);
    received();
    notes.add(PartedHistories.at(Kind.UNPROVEN, two.convict(2, others, true)));
    two.recover();
    clean(two.published());
  }

  /** Whoever makes up seats has not Komatsu's log key, and Komatsu may have one history only. */
  @Test
  void whoIsNotKnownProvesNothingWithoutTheLog() throws Exception {
    List<VerifierKey> others = stand(two.branch);
    received();
    long convicted = two.convict(2, others, false);
    two.recover();
    refused(two.published(), convicted, "TERM_OVER");
  }

  /** Its log key alone, on heads that nobody approved, does not make a history that it gave up. */
  @Test
  void theLogConvictsNobodyWhoseRecoveryQuorumHasDecidedNothing() throws Exception {
    List<VerifierKey> others = stand(two.branch);
    received();
    long convicted = two.convict(2, others, true);
    refused(two.published(), convicted, "TERM_OVER");
  }

  /** Where no hand-over was recorded, nobody sits who is not known. */
  @Test
  void theLogAloneConvictsNobodyWithoutAHandOver() throws Exception {
    List<VerifierKey> others = stand(two.branch);
    two.recordOnly(two.branch);
    long convicted = two.convict(1, others, true);
    two.recover();
    refused(two.published(), convicted, "BAD_SIGNATURE");
  }

  /** Both elected the same before they parted; Kanazawa recorded that with what was given up. */
  @Test
  void whoWasElectedInBothIsReadInTheOtherOne() throws Exception {
    final List<VerifierKey> others = stand(two.fed, two.branch);
    two.part();
    two.recordOnly(two.branch);
    TransferId forged = two.branch.send(a, b, "30.00");
    notes.add(PartedHistories.at(Kind.GIVEN_UP, two.recordElected(two.branch)));
    notes.add(PartedHistories.at(Kind.UNPROVEN, two.receive(b, forged)));
    two.convict(2, others, false);
    two.recover();
    clean(two.published());
  }

  private long recover(TestFederation in, SignedRecovery signed) {
    return in.chain(KOMATSU).accepted(in.now(), new Action.Recover(signed)).index();
  }

  /** Both were recovered alike before they parted. */
  @Test
  void whomTheRecoveryQuorumSeatedIsReadInTheOtherOne() throws Exception {
    Recovery.Seat seat = two.seat(1);
    recover(two.fed, two.fed.sign(seat));
    final long recovered = recover(two.branch, two.branch.sign(seat));
    TransferId forged = two.branch.send(a, b, "30.00");
    notes.add(PartedHistories.at(Kind.GIVEN_UP, two.recordRecovered(two.branch, recovered)));
    notes.add(PartedHistories.at(Kind.UNPROVEN, two.receive(b, forged)));
    two.convict(2, seat.set().keys(), false);
    two.recover();
    clean(two.published());
  }

  /** Those who sat write down that others do, and approve it themselves. */
  @Test
  void whomNoRecoveryQuorumSeatedIsNotKnown() throws Exception {
    Recovery.Seat seat = two.seat(1);
    String official = TestFederation.official(KOMATSU.value(), "recovery1");
    Signer another = two.fed.signer("another");
    SignedNote note = SignedNote.sign(seat.text(), official, Ed25519.TYPE, another);
    long recovered = recover(two.branch, SignedRecovery.parse(note.encode()));
    two.recordRecovered(two.branch, recovered);
    long convicted = two.convict(2, seat.set().keys(), false);
    List<byte[]> leaves = PublishedFiles.leaves(two.branch.chain(KOMATSU));
    PublishedFiles kept = new PublishedFiles(two.branch, KOMATSU, leaves, 5);
    refused(two.publishedWith(kept), convicted, "TERM_OVER");
  }
}
