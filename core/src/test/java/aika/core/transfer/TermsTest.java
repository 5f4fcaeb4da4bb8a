package aika.core.transfer;

import static aika.core.transfer.TestFederation.ASIA;
import static aika.core.transfer.TestFederation.KANAZAWA;
import static aika.core.transfer.TestFederation.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Action;
import aika.core.ledger.Directory;
import aika.core.ledger.Entry;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.Order;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Policy;
import aika.core.ledger.Reason;
import aika.core.ledger.Recovery;
import aika.core.ledger.Row;
import aika.core.ledger.Seats;
import aika.core.ledger.TestKeys;
import aika.core.log.Checkpoint;
import aika.core.log.ConflictProof;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Elections, hand-overs, conflicts and recovery. */
final class TermsTest {
  private static final int SEATS = 4;

  private TestFederation fed = terms(new Policy.Term(SEATS, 2, 0));

  private static TestFederation terms(Policy.Term term) {
    return TestFederation.with(Policy.standard().with(term));
  }

  private static byte[] seatKey(String word) {
    return Arrays.copyOf(TestKeys.seed(word), MlDsa44.PUBLIC_KEY_BYTES);
  }

  private Order.Stand standing(AccountId account, String word) {
    return new Order.Stand(fed.header(), account, seatKey(word), new byte[MlDsa44.SIGNATURE_BYTES]);
  }

  private AccountId candidate(ChainId chain, String local) {
    AccountId account = fed.open(chain, local, "100.00");
    fed.accepted(standing(account, account.toString()));
    return account;
  }

  private TestChain komatsu() {
    return fed.chain(KOMATSU);
  }

  private void pay(AccountId from, AccountId to, String amount) {
    TransferId transfer = fed.send(from, to, amount);
    fed.receive(to, transfer);
    fed.settle(to.chain(), transfer);
  }

  /** Ends blocks until the next term begins; the leaf that says who sits then. */
  private Leaf.Elected endTerm(ChainId id) {
    TestChain chain = fed.chain(id);
    long term = chain.head().term();
    for (int i = 0; chain.head().term() == term; i++) {
      assertTrue(i < 10, "the term does not end");
      if (chain.head().sealed()) {
        fed.open(id, "extra" + chain.head().size());
      }
      chain.seal(fed.now());
    }
    return (Leaf.Elected) chain.entries().get((int) chain.head().size() - 2).leaf();
  }

  // ---- elections

  @Test
  void theFirstByCounterpartiesThenTotalThenAccountAreElected() {
    fed = terms(new Policy.Term(SEATS, 1, 0));
    AccountId shop = fed.open(KOMATSU, "shop", "100.00");
    AccountId other = fed.open(KOMATSU, "other", "100.00");
    List<AccountId> who = new ArrayList<>();
    for (String local : List.of("cand1", "cand2", "cand3", "cand4", "cand5", "cand6")) {
      who.add(candidate(KOMATSU, local));
    }
    pay(who.get(5), shop, "1.00");
    pay(who.get(5), other, "1.00"); // two counterparties
    pay(who.get(4), shop, "9.00"); // one, but more
    pay(shop, who.get(3), "2.00"); // receiving counts as well
    pay(shop, who.get(3), "2.00"); // the same one again counts for the total only
    pay(who.get(2), shop, "4.00"); // as much as cand4: the account's id decides
    Leaf.Elected elected = endTerm(KOMATSU);
    String origin = "aika.example/Asia-Komatsu/";
    assertEquals(
        List.of(
            new Leaf.Ranked(origin + "cand6", 2, Money.of("2.00")),
            new Leaf.Ranked(origin + "cand5", 1, Money.of("9.00")),
            new Leaf.Ranked(origin + "cand3", 1, Money.of("4.00")),
            new Leaf.Ranked(origin + "cand4", 1, Money.of("4.00")),
            new Leaf.Ranked(origin + "cand1", 0, Money.ZERO),
            new Leaf.Ranked(origin + "cand2", 0, Money.ZERO)),
        elected.standings());
    assertEquals(
        List.of(origin + "cand6", origin + "cand5", origin + "cand3", origin + "cand4"),
        elected.seats().keys().stream().map(VerifierKey::name).toList());
    Seats next = elected.seats();
    Leaf.Sealed seal = (Leaf.Sealed) komatsu().last().leaf();
    assertEquals(1, seal.term());
    assertEquals(next.hash(), seal.nextSeats());
    assertEquals(next.hash(), komatsu().head().seats());
    Row.Term sits = komatsu().state().get(new Key.OfTerm(2));
    assertEquals(new Row.Term(next, komatsu().head().size(), false), sits);
  }

  @Test
  void onlyWhatIsCompletedAfterStandingInThisTermCounts() {
    AccountId shop = fed.open(KOMATSU, "shop", "100.00");
    AccountId one = fed.open(KOMATSU, "cand1", "100.00");
    pay(one, shop, "1.00");
    fed.accepted(standing(one, "first"));
    TransferId open = fed.send(one, shop, "1.00");
    endTerm(KOMATSU);
    fed.receive(shop, open); // in the next term, in which nobody stands yet
    fed.settle(KOMATSU, open);
    fed.accepted(standing(one, "second"));
    Leaf.Elected elected = endTerm(KOMATSU);
    assertEquals(0, elected.standings().getFirst().counted());
    assertEquals(Money.ZERO, elected.standings().getFirst().total());
  }

  @Test
  void eachTermCountsAnew() {
    AccountId shop = fed.open(KOMATSU, "shop", "100.00");
    AccountId one = candidate(KOMATSU, "cand1");
    pay(one, shop, "1.00");
    endTerm(KOMATSU);
    pay(one, shop, "1.00"); // stands in no term
    fed.accepted(standing(one, "second"));
    pay(one, shop, "2.00");
    assertEquals(
        List.of(new Leaf.Ranked("aika.example/Asia-Komatsu/cand1", 1, Money.of("2.00"))),
        endTerm(KOMATSU).standings());
  }

  @Test
  void tooFewCandidatesKeepThoseWhoSit() {
    candidate(KOMATSU, "cand1");
    candidate(KOMATSU, "cand2");
    candidate(KOMATSU, "cand3");
    Leaf.Elected elected = endTerm(KOMATSU);
    assertEquals(fed.directory().entry(KOMATSU).seats().keys(), elected.seats().keys());
    assertEquals(2, komatsu().head().term());
    assertEquals(3, elected.standings().size());
  }

  @Test
  void closedAndFrozenAccountsAreNotElected() {
    List<AccountId> who = new ArrayList<>();
    for (String local : List.of("cand1", "cand2", "cand3", "cand4", "cand5", "cand6")) {
      who.add(candidate(KOMATSU, local));
    }
    fed.accepted(new Order.Freeze(fed.header(), who.get(0), true));
    fed.accepted(new Order.Redeem(fed.header(), who.get(1), Money.of("100.00")));
    fed.accepted(new Order.Close(fed.header(), who.get(1)));
    assertEquals(
        List.of("cand3", "cand4", "cand5", "cand6"),
        endTerm(KOMATSU).seats().keys().stream()
            .map(key -> key.name().substring(key.name().lastIndexOf('/') + 1))
            .toList());
  }

  @Test
  void standsOnceInATermWithAKeyOfItsOwn() {
    AccountId one = candidate(KOMATSU, "cand1");
    fed.refused(Reason.STANDS_ALREADY, standing(one, "other"));
    AccountId two = fed.open(KOMATSU, "cand2");
    fed.refused(Reason.SEAT_KEY_USED, standing(two, one.toString()));
    for (String local : List.of("cand3", "cand4", "cand5")) {
      candidate(KOMATSU, local);
    }
    endTerm(KOMATSU);
    fed.refused(Reason.SEAT_KEY_USED, standing(two, one.toString())); // it sits
    fed.accepted(standing(one, "other"));
  }

  @Test
  void aHundredStandAndNoMore() {
    fed = terms(new Policy.Term(SEATS, 10, 0));
    for (int i = 0; i < 100; i++) {
      candidate(KOMATSU, "c" + (1000 + i));
    }
    fed.refused(Reason.TOO_MANY_CANDIDATES, standing(fed.open(KOMATSU, "last"), "last"));
  }

  /** */
  @Test
  void noMoreThanAllTheMoneyOfAChainCountsForACandidate() {
    fed =
        TestFederation.with(
            Policy.standard().withIssuedMax(Policy.MONEY_MAX).with(new Policy.Term(SEATS, 10, 0)));
    AccountId one = candidate(KOMATSU, "cand1"); // with 100.00
    String all = Policy.MONEY_MAX.minus(Money.of("100.00")).toString();
    AccountId rich = fed.open(KOMATSU, "rich", all);
    pay(rich, one, all);
    assertEquals(Money.of(all), total(one));
    pay(one, rich, "100.00");
    assertEquals(Policy.MONEY_MAX, total(one));
    pay(rich, one, "0.01");
    assertEquals(Policy.MONEY_MAX, total(one));
  }

  private Money total(AccountId candidate) {
    Row.Candidate row = komatsu().state().get(new Key.OfCandidate(candidate));
    assertNotNull(row);
    return row.total();
  }

  /** Of 21 towns with five representatives each. */
  @Test
  void aContinentsElectionNamesAHundredAndNoMore() {
    assertEquals(100, standingsOf(20));
    assertEquals(100, standingsOf(21));
  }

  private int standingsOf(int towns) {
    Directory usual = fed.directory();
    Map<ChainId, Directory.Entry> chains = new HashMap<>(usual.chains());
    chains.keySet().removeIf(ChainId::municipal);
    List<ChainId> ids = new ArrayList<>();
    for (int i = 0; i < towns; i++) {
      ChainId id = ChainId.of("Asia-Town" + i);
      String origin = "aika.example/" + id;
      List<VerifierKey> seats = new ArrayList<>();
      for (int seat = 1; seat <= 5; seat++) {
        String name = origin + "/seat" + seat;
        seats.add(TestKeys.cosigner(name, TestKeys.cheap(name)));
      }
      VerifierKey log = TestKeys.verifier(origin, TestKeys.cheap(origin));
      chains.put(id, new Directory.Entry(id, log, new Seats(1, seats), List.of(), List.of(), null));
      ids.add(id);
    }
    Directory many =
        new Directory(
            usual.federation(),
            usual.fileHash(),
            Policy.standard().with(new Policy.Term(5, 1, 0)),
            chains);
    TestChain asia = new TestChain(ASIA, many, Siblings.NONE);
    asia.accepted(fed.now(), new Action.Genesis(many.fileHash()));
    for (ChainId id : ids) {
      Checkpoint town = new Checkpoint(many.origin(id), 2, Hash.of(TestKeys.seed(id.value())));
      asia.accepted(fed.now(), new Action.RecordCheckpoint(id, 1, town, List.of()));
    }
    asia.seal(fed.now());
    Leaf.Elected elected = (Leaf.Elected) asia.entries().get((int) asia.head().size() - 2).leaf();
    return elected.standings().size();
  }

  @Test
  void aTermByTheCalendarEndsWithTheFirstBlockAfterIt() {
    fed = terms(new Policy.Term(SEATS, 0, 1_000));
    fed.open(KOMATSU, "aaaa");
    fed.advance(999);
    komatsu().seal(fed.now());
    assertEquals(1, komatsu().head().term());
    fed.open(KOMATSU, "bbbb");
    fed.advance(1);
    komatsu().seal(fed.now());
    assertEquals(2, komatsu().head().term());
  }

  @Test
  void aContinentElectsTheMunicipalitiesRepresentativesInTurns() {
    fed = terms(new Policy.Term(5, 1, 0));
    for (int i = 0; i < 5; i++) {
      fed.open(KANAZAWA, "acct" + i);
    }
    fed.open(KOMATSU, "aaaa");
    fed.record(ASIA, KOMATSU);
    fed.record(ASIA, KANAZAWA);
    fed.chain(ASIA).seal(fed.now());
    Leaf.Elected elected =
        (Leaf.Elected)
            fed.chain(ASIA).entries().get((int) fed.chain(ASIA).head().size() - 2).leaf();
    String kanazawa = "aika.example/Asia-Kanazawa/seat";
    String komatsu = "aika.example/Asia-Komatsu/seat";
    assertEquals(
        List.of(kanazawa + 1, komatsu + 1, kanazawa + 2, komatsu + 2, kanazawa + 3),
        elected.seats().keys().stream().map(VerifierKey::name).toList());
    assertEquals(new Leaf.Ranked(kanazawa + 1, 8, Money.ZERO), elected.standings().getFirst());
    assertEquals(10, elected.standings().size());
  }

  private List<String> electedOnTheContinent() {
    TestChain asia = fed.chain(ASIA);
    asia.seal(fed.now());
    Leaf.Elected elected = (Leaf.Elected) asia.entries().get((int) asia.head().size() - 2).leaf();
    return elected.standings().stream()
        .map(one -> one.seat().substring(0, one.seat().lastIndexOf('/')))
        .distinct()
        .toList();
  }

  @Test
  void aContinentCountsWhatWasAnchoredInItsTerm() {
    fed = terms(new Policy.Term(5, 1, 0));
    fed.record(ASIA, KANAZAWA);
    assertEquals(List.of("aika.example/Asia-Kanazawa"), electedOnTheContinent());
    fed.record(ASIA, KOMATSU);
    assertEquals(List.of("aika.example/Asia-Komatsu"), electedOnTheContinent());
  }

  @Test
  void aContinentElectsNobodyWhoSignedTwoHistories() {
    fed = terms(new Policy.Term(5, 1, 0));
    fed.record(ASIA, KANAZAWA);
    fed.record(ASIA, KOMATSU);
    fed.chain(ASIA).accepted(fed.now(), new Action.Convict(KOMATSU, 1, conflict()));
    assertEquals(List.of("aika.example/Asia-Kanazawa"), electedOnTheContinent());
  }

  /** A continent that has recorded a branch of Komatsu's which is {@code surplus} leaves longer. */
  private void chosenShorter(long surplus, long countedTerm, long countedFrom) {
    fed = terms(new Policy.Term(5, 2, 0));
    TestChain asia = fed.chain(ASIA);
    extended();
    fed.record(ASIA, KOMATSU);
    asia.seal(fed.now());
    ConflictProof proof = conflict();
    komatsu().accepted(fed.now(), new Action.Recover(fed.sign(seat(KOMATSU, 1))));
    long end = komatsu().head().size();
    Hash givenUp = Hash.of(TestKeys.seed("branch"));
    asia.state()
        .write(
            List.of(new Row.Latest(KOMATSU, end + surplus, givenUp, 1, countedTerm, countedFrom)));
    asia.accepted(fed.now(), new Action.Convict(KOMATSU, 1, proof));
    asia.accepted(fed.now(), chosen(end));
  }

  private Action.RecordCheckpoint chosen(long end) {
    Checkpoint checkpoint = new Checkpoint("aika.example/Asia-Komatsu", end, komatsu().root());
    return new Action.RecordCheckpoint(KOMATSU, 2, checkpoint, List.of(), handover(end - 2, end));
  }

  @Test
  void aContinentCountsNoLeavesOfAShorterBranchThatWasChosen() {
    chosenShorter(100, 0, 0);
    assertEquals(List.of(), electedOnTheContinent());
  }

  @Test
  void aContinentCountsFromTheEndOfAShorterBranchThatWasChosen() {
    chosenShorter(100, 0, 0);
    long end = komatsu().head().size();
    long more = extended();
    Checkpoint checkpoint = new Checkpoint("aika.example/Asia-Komatsu", more, komatsu().root());
    fed.chain(ASIA)
        .accepted(
            fed.now(),
            new Action.RecordCheckpoint(
                KOMATSU, 2, checkpoint, Proofs.consistency(end, more, komatsu().tree())));
    assertEquals(List.of("aika.example/Asia-Komatsu"), electedOnTheContinent());
    Leaf.Elected elected =
        (Leaf.Elected)
            fed.chain(ASIA).entries().get((int) fed.chain(ASIA).head().size() - 2).leaf();
    assertEquals(more - end, elected.standings().getFirst().counted());
  }

  @Test
  void aContinentCountsWhatAShorterBranchBroughtInTheTerm() {
    chosenShorter(100, 1, 2);
    assertEquals(List.of("aika.example/Asia-Komatsu"), electedOnTheContinent());
  }

  @Test
  void aContinentIsNotDisturbedByForeignNames() {
    fed = terms(new Policy.Term(5, 1, 0));
    fed.open(KANAZAWA, "aaaa");
    fed.record(ASIA, KANAZAWA);
    List<VerifierKey> junk = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      String name = "aika.example/Asia-Kanazawa/seat" + i; // not Komatsu's to give
      junk.add(TestKeys.cosigner(name, TestKeys.cheap("junk" + i)));
    }
    Recovery.Seat seat = new Recovery.Seat("aika.example", KOMATSU, 1, junk, "corrupt");
    komatsu().accepted(fed.now(), new Action.Recover(fed.sign(seat)));
    long end = komatsu().head().size();
    Checkpoint checkpoint = new Checkpoint("aika.example/Asia-Komatsu", end, komatsu().root());
    fed.chain(ASIA)
        .accepted(
            fed.now(),
            new Action.RecordCheckpoint(KOMATSU, 2, checkpoint, List.of(), handover(end - 2, end)));
    fed.chain(ASIA).seal(fed.now());
    Leaf.Elected elected =
        (Leaf.Elected)
            fed.chain(ASIA).entries().get((int) fed.chain(ASIA).head().size() - 2).leaf();
    assertEquals(fed.directory().entry(KANAZAWA).seats().keys(), elected.seats().keys());
  }

  /** Kanazawa names Komatsu's keys as its own, and has more leaves. */
  @Test
  void aContinentLeavesToEachItsOwnKeys() {
    fed = terms(new Policy.Term(5, 1, 0));
    for (int i = 0; i < 5; i++) {
      fed.open(KANAZAWA, "acct" + i);
    }
    fed.record(ASIA, KOMATSU);
    List<VerifierKey> stolen = new ArrayList<>();
    for (VerifierKey key : fed.directory().entry(KOMATSU).seats().keys()) {
      String name = key.name().replace("Komatsu", "Kanazawa");
      stolen.add(new VerifierKey(name, key.type(), key.publicKey()));
    }
    Recovery.Seat seat = new Recovery.Seat("aika.example", KANAZAWA, 1, stolen, "corrupt");
    TestChain kanazawa = fed.chain(KANAZAWA);
    kanazawa.accepted(fed.now(), new Action.Recover(fed.sign(seat)));
    long end = kanazawa.head().size();
    Action.Handover handover = new Action.Handover(end - 2, kanazawa.proof(end - 2, end));
    Checkpoint checkpoint = fed.checkpoint(KANAZAWA);
    fed.chain(ASIA)
        .accepted(
            fed.now(), new Action.RecordCheckpoint(KANAZAWA, 2, checkpoint, List.of(), handover));
    fed.chain(ASIA).seal(fed.now());
    Leaf.Elected elected =
        (Leaf.Elected)
            fed.chain(ASIA).entries().get((int) fed.chain(ASIA).head().size() - 2).leaf();
    assertEquals(10, elected.standings().size());
    List<VerifierKey> own = fed.directory().entry(KOMATSU).seats().keys();
    assertEquals(
        List.of(stolen.get(0), own.get(0), stolen.get(1), own.get(1), stolen.get(2)),
        elected.seats().keys());
  }

  @Test
  void aChosenBranchMayBeShorterThanTheOneGivenUp() {
    fed = terms(new Policy.Term(SEATS, 20, 0));
    long honest = extended();
    record(1, honest, null);
    // a branch of any size, as a corrupt quorum could approve
    Checkpoint absurd =
        new Checkpoint("aika.example/Asia-Komatsu", honest + 1, Hash.of(TestKeys.seed("branch")));
    fed.chain(KANAZAWA)
        .state()
        .write(
            List.of(
                new Row.Recorded(KOMATSU, 1L << 62, absurd.root()),
                new Row.Latest(KOMATSU, 1L << 62, absurd.root(), 1, 1, 0)));
    fed.chain(KANAZAWA).accepted(fed.now(), new Action.Convict(KOMATSU, 1, conflict()));
    komatsu().accepted(fed.now(), new Action.Recover(fed.sign(seat(KOMATSU, 1))));
    long end = komatsu().head().size();
    Checkpoint chosen = new Checkpoint("aika.example/Asia-Komatsu", end, komatsu().root());
    fed.chain(KANAZAWA)
        .accepted(
            fed.now(),
            new Action.RecordCheckpoint(KOMATSU, 2, chosen, List.of(), handover(end - 2, end)));
    record(2, extended(), null);
  }

  // ---- hand-over

  private Action.RecordCheckpoint recording(
      long term, long size, Action.@Nullable Handover handover) {
    Row.Latest latest = fed.chain(KANAZAWA).state().get(new Key.OfLatest(KOMATSU));
    Hash root = komatsu().tree().root(size);
    List<Hash> proof =
        latest == null ? List.of() : Proofs.consistency(latest.size(), size, komatsu().tree());
    Checkpoint checkpoint = new Checkpoint("aika.example/Asia-Komatsu", size, root);
    return new Action.RecordCheckpoint(KOMATSU, term, checkpoint, proof, handover);
  }

  private Action.Handover handover(long index, long size) {
    return new Action.Handover(index, komatsu().proof(index, size));
  }

  private Entry record(long term, long size, Action.@Nullable Handover handover) {
    return fed.chain(KANAZAWA).accepted(fed.now(), recording(term, size, handover));
  }

  private void refuse(Reason reason, long term, long size, Action.@Nullable Handover handover) {
    fed.chain(KANAZAWA).refused(reason, fed.now(), recording(term, size, handover));
  }

  private long extended() {
    fed.open(KOMATSU, "more" + komatsu().head().size());
    komatsu().seal(fed.now());
    return komatsu().head().size();
  }

  private void fourStand() {
    for (String local : List.of("cand1", "cand2", "cand3", "cand4")) {
      candidate(KOMATSU, local);
    }
  }

  @Test
  void theHandOverMakesOldKeysWorthlessAtOnce() {
    fourStand();
    Leaf.Elected elected = endTerm(KOMATSU);
    long end = komatsu().head().size();
    refuse(Reason.EVIDENCE_INVALID, 1, end, handover(end - 1, end)); // the seal seats nobody
    Entry recorded = record(1, end, handover(end - 2, end));
    assertEquals(end - 2, ((Leaf.Recorded) recorded.leaf()).handover());
    Row.Sitting sitting = fed.chain(KANAZAWA).state().get(new Key.OfSitting(KOMATSU));
    assertNotNull(sitting);
    assertEquals(elected.seats(), sitting.seats());
    long next = extended();
    refuse(Reason.NOT_APPROVED, 1, next, null);
    Leaf.Recorded leaf = (Leaf.Recorded) record(2, next, null).leaf();
    assertEquals(sitting.seats().hash(), leaf.seats());
  }

  @Test
  void aHandOverMayComeWithTheNextRecord() {
    fourStand();
    endTerm(KOMATSU);
    long end = komatsu().head().size();
    record(1, end, null);
    long next = extended();
    refuse(Reason.NOT_APPROVED, 2, next, null);
    refuse(Reason.EVIDENCE_INVALID, 2, next, handover(end - 2, next)); // not below the last one
    record(2, next, handover(end - 2, end));
  }

  @Test
  void noTermIsSkipped() {
    endTerm(KOMATSU);
    endTerm(KOMATSU);
    long end = komatsu().head().size();
    refuse(Reason.EVIDENCE_INVALID, 2, end, handover(end - 2, end));
    refuse(Reason.EVIDENCE_INVALID, 1, end, handover(end - 2, end));
    refuse(Reason.NOT_APPROVED, 3, end, null);
  }

  @Test
  void evidenceFromThreeTermsAgoStillCounts() {
    AccountId a = fed.open(KOMATSU, "aaaa", "100.00");
    AccountId b = fed.open(KANAZAWA, "bbbb");
    TransferId transfer = fed.send(a, b, "5.00");
    for (long term = 1; term <= 3; term++) {
      endTerm(KOMATSU);
      long end = komatsu().head().size();
      record(term, end, handover(end - 2, end));
    }
    Row.Term second = komatsu().state().get(new Key.OfTerm(2));
    assertNotNull(second);
    Action.Citation old = fed.cite(KOMATSU, transfer.index(), second.first());
    fed.chain(KANAZAWA).accepted(fed.now(), fed.submission(fed.receiveOrder(b, transfer), old));
    fed.checkConservation();
  }

  // ---- conflict

  private SignedCheckpoint signed(long size, Hash root) {
    Checkpoint checkpoint = new Checkpoint("aika.example/Asia-Komatsu", size, root);
    return SignedCheckpoint.sign(checkpoint, Ed25519.TYPE, fed.signer("aika.example/Asia-Komatsu"));
  }

  private ConflictProof conflict() {
    long size = komatsu().head().size();
    return ConflictProof.of(
        signed(size, komatsu().root()), signed(size, Hash.of(TestKeys.seed("another history"))));
  }

  private static Recovery.Seat seat(ChainId chain, long term) {
    List<VerifierKey> seats = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      String name = "aika.example/" + chain + "/new" + i;
      seats.add(TestKeys.cosigner(name, TestKeys.cheap(name)));
    }
    return new Recovery.Seat("aika.example", chain, term, seats, "lost");
  }

  @Test
  void aConflictFreezesUntilTheQuorumHasSeatedOthers() {
    fed = terms(new Policy.Term(SEATS, 20, 0));
    long first = extended();
    record(1, first, null);
    ConflictProof proof = conflict();
    fed.chain(KANAZAWA).refused(Reason.TERM_OVER, fed.now(), new Action.Convict(KOMATSU, 2, proof));
    fed.chain(KANAZAWA).refused(Reason.MALFORMED, fed.now(), new Action.Convict(ASIA, 1, proof));
    Entry entry = fed.chain(KANAZAWA).accepted(fed.now(), new Action.Convict(KOMATSU, 1, proof));
    assertArrayEquals(proof.encode(), ((Leaf.Conflicting) entry.leaf()).proof().encode());
    fed.chain(KANAZAWA)
        .refused(Reason.CHAIN_FROZEN, fed.now(), new Action.Convict(KOMATSU, 1, proof));
    long second = extended();
    refuse(Reason.CHAIN_FROZEN, 1, second, null);

    komatsu().accepted(fed.now(), new Action.Recover(fed.sign(seat(KOMATSU, 1))));
    long end = komatsu().head().size();
    refuse(Reason.CHAIN_FROZEN, 1, end, null);
    record(2, end, handover(end - 2, end));
    record(2, extended(), null);
  }

  @Test
  void aConflictOfATermThatIsOverFreezesNothing() {
    endTerm(KOMATSU);
    long end = komatsu().head().size();
    record(1, end, handover(end - 2, end));
    fed.chain(KANAZAWA)
        .refused(Reason.TERM_OVER, fed.now(), new Action.Convict(KOMATSU, 1, conflict()));
    record(2, extended(), null);
  }

  // ---- recovery

  @Test
  void theQuorumSeatsOthersWithTheVeryBlock() {
    fed.open(KOMATSU, "aaaa");
    long start = komatsu().head().blockStart();
    Recovery.Seat seat = seat(KOMATSU, 1);
    komatsu().refused(Reason.TERM_OVER, fed.now(), new Action.Recover(fed.sign(seat(KOMATSU, 2))));
    fed.chain(KANAZAWA).refused(Reason.WRONG_CHAIN, fed.now(), new Action.Recover(fed.sign(seat)));
    komatsu().accepted(fed.now(), new Action.Recover(fed.sign(seat)));
    Leaf.Sealed seal = (Leaf.Sealed) komatsu().last().leaf();
    assertEquals(2, seal.term());
    assertEquals(seat.set().hash(), seal.seats());
    assertEquals(new Row.Term(seat.set(), start, true), komatsu().state().get(new Key.OfTerm(2)));
    komatsu().refused(Reason.TERM_OVER, fed.now(), new Action.Recover(fed.sign(seat)));
  }

  @Test
  void whatTheQuorumDecidedIsBelievedWithoutTheLostSeats() {
    record(1, extended(), null);
    komatsu().accepted(fed.now(), new Action.Recover(fed.sign(seat(KOMATSU, 1))));
    long end = komatsu().head().size();
    refuse(Reason.NOT_APPROVED, 2, end, null);
    record(2, end, handover(end - 2, end));
  }

  @Test
  void aRecoveryOfATermThatIsOverSeatsNobody() {
    record(1, extended(), null);
    komatsu().accepted(fed.now(), new Action.Recover(fed.sign(seat(KOMATSU, 1))));
    long recovered = komatsu().head().size();
    record(2, recovered, handover(recovered - 2, recovered));
    endTerm(KOMATSU);
    long end = komatsu().head().size();
    record(2, end, handover(end - 2, end));
    long next = extended();
    refuse(Reason.EVIDENCE_INVALID, 3, next, handover(recovered - 2, next));
    record(3, next, null);
  }

  @Test
  void aRecoveryIsOfThisFederation() {
    Recovery.Close close =
        new Recovery.Close("other.example", KOMATSU, 1, KANAZAWA, "merged elsewhere");
    komatsu().refused(Reason.WRONG_FEDERATION, fed.now(), new Action.Recover(fed.sign(close)));
  }

  @Test
  void aClosedChainLetsMoneyOutOnly() {
    AccountId a = fed.open(KOMATSU, "aaaa", "100.00");
    AccountId b = fed.open(KANAZAWA, "bbbb", "100.00");
    TransferId waiting = fed.send(b, a, "1.00");
    Recovery.Close close =
        new Recovery.Close("aika.example", KOMATSU, 1, KANAZAWA, "merged into Kanazawa");
    komatsu()
        .refused(
            Reason.UNKNOWN_CHAIN,
            fed.now(),
            new Action.Recover(
                fed.sign(new Recovery.Close("aika.example", KOMATSU, 1, KOMATSU, "into itself"))));
    komatsu().accepted(fed.now(), new Action.Recover(fed.sign(close)));
    komatsu().refused(Reason.CHAIN_CLOSED, fed.now(), new Action.Recover(fed.sign(close)));
    fed.refused(Reason.CHAIN_CLOSED, new Order.Issue(fed.header(), a, Money.of("1.00")));
    fed.refused(
        Reason.CHAIN_CLOSED,
        new Order.Open(
            fed.header(), AccountId.of("Asia-Komatsu/late"), fed.signer("late").publicKey()));
    fed.refused(Reason.CHAIN_CLOSED, standing(a, "late"));
    Action.Citation cites = fed.cite(KOMATSU, KANAZAWA, waiting.index());
    fed.refused(Reason.CHAIN_CLOSED, fed.receiveOrder(a, waiting), cites);
    komatsu().accepted(fed.now(), new Action.Conclude(waiting, OutcomeKind.REJECTED, cites));
    fed.settle(KOMATSU, waiting);
    TransferId out = fed.send(a, b, "100.00");
    fed.receive(b, out);
    fed.settle(KANAZAWA, out);
    assertEquals(Money.of("200.00"), fed.chain(KANAZAWA).account(b).balance());
    assertEquals(Money.ZERO, komatsu().head().balances());
    fed.checkConservation();
  }
}
