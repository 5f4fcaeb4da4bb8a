package aika.core.audit;

import static aika.core.transfer.TestFederation.KANAZAWA;
import static aika.core.transfer.TestFederation.KOMATSU;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.approval.Handovers;
import aika.core.approval.LifeReceipt;
import aika.core.approval.OriginUnreachableException;
import aika.core.approval.Receipt;
import aika.core.follow.FollowedFederation;
import aika.core.ledger.Action;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.Order;
import aika.core.ledger.Policy;
import aika.core.ledger.Recovery;
import aika.core.ledger.Row;
import aika.core.ledger.Seats;
import aika.core.ledger.TestKeys;
import aika.core.log.Checkpoint;
import aika.core.log.TlogProof;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import aika.core.note.Ed25519;
import aika.core.note.MlDsa44;
import aika.core.note.Signer;
import aika.core.note.VerifierKey;
import aika.core.transfer.TestFederation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Audits and receipts of chains whose representatives changed several times. */
final class TermsAuditTest {
  private static final FederationAudit.Schemes CHEAP =
      new FederationAudit.Schemes(TestKeys.CHEAP, TestKeys.CHEAP, TestKeys.CHEAP);

  private static final FederationAudit.Schemes REAL =
      new FederationAudit.Schemes(new Ed25519(64), new Ed25519(64), new MlDsa44());

  /** A term of one block each, so every block hands over. */
  private final TestFederation fed =
      TestFederation.with(Policy.standard().with(new Policy.Term(4, 1, 0)));

  private final FollowedFederation followed = new FollowedFederation(fed);
  private final AccountId a = fed.open(KOMATSU, "aaaa", "1000.00");
  private final AccountId b = fed.open(KANAZAWA, "bbbb");
  private final Map<ChainId, PublishedFiles> published = new HashMap<>();
  private TransferId transfer = new TransferId(KOMATSU, 0);

  private static Recovery.Seat seat(long term) {
    List<VerifierKey> seats = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      String name = "aika.example/Asia-Komatsu/rescue" + i;
      seats.add(TestKeys.cosigner(name, TestKeys.cheap(name)));
    }
    return new Recovery.Seat("aika.example", KOMATSU, term, seats, "lost seats");
  }

  @BeforeEach
  void threeTermsAndARecovery() {
    transfer = fed.send(a, b, "5.00");
    long until = (fed.now() + TestFederation.HOUR) / 1_000 * 1_000;
    List<Order.Payment> payments = new ArrayList<>();
    for (int i = 1; i <= 5; i++) {
      payments.add(new Order.Payment(b, Money.of(i + ".00")));
    }
    fed.accepted(new Order.SendBatch(fed.header(), a, payments, until));
    followed.record(KANAZAWA, KOMATSU);
    fed.receive(b, transfer);
    followed.record(KOMATSU, KANAZAWA);
    fed.settle(KANAZAWA, transfer);
    fed.accepted(new Order.Redeem(fed.header(), a, Money.of("10.00")));
    followed.approve(KOMATSU);
    fed.chain(KOMATSU)
        .accepted(fed.now(), new Action.Recover(fed.sign(seat(fed.chain(KOMATSU).head().term()))));
    fed.accepted(new Order.AutoReceive(fed.header(), a, Money.of("1.00")));
    followed.record(KANAZAWA, KOMATSU);
    fed.accepted(new Order.Clear(fed.header(), KANAZAWA, KOMATSU, Money.of("5.00"), false));
    fed.chains().forEach(chain -> chain.seal(fed.now()));
    fed.chains().forEach(chain -> published.put(chain.id(), PublishedFiles.of(fed, chain)));
  }

  private AuditReport audit() throws InterruptedException {
    return audit((chain, leaves) -> new MemoryBook());
  }

  private AuditReport audit(AuditBook.Shelf books) throws InterruptedException {
    return new FederationAudit(
            fed.directory(), CHEAP, chain -> Objects.requireNonNull(published.get(chain)), books)
        .run(runs -> runs.forEach(Runnable::run), more -> {});
  }

  private PublishedFiles komatsu() {
    return Objects.requireNonNull(published.get(KOMATSU));
  }

  private byte[] term(long number) {
    return Objects.requireNonNull(komatsu().files.get("term/" + number));
  }

  private void found(Finding.Kind kind, String place) throws InterruptedException {
    List<Finding> findings = audit().findings();
    assertTrue(
        findings.stream()
            .anyMatch(one ->
                one.chain().equals(KOMATSU) && one.kind() == kind && one.place().equals(place)),
        findings::toString);
  }

  @Test
  void followsTheRepresentativesFromTermToTerm() throws Exception {
    assertTrue(fed.chain(KOMATSU).head().term() >= 4);
    AuditReport report = audit();
    assertEquals(List.of(), report.findings());
    assertTrue(Objects.requireNonNull(report.sums()).conserved());
  }

  /** Those who were just elected have approved nothing yet. */
  @Test
  void theBlockThatEndsATermIsApprovedByItsOwnSeats() throws Exception {
    TestFederation young =
        new TestFederation(
            TestFederation.Signing.REAL,
            TestFederation.Between.CARRIED,
            Policy.standard().with(new Policy.Term(4, 1, 0)));
    for (int i = 1; i <= 4; i++) {
      AccountId account = young.open(KOMATSU, "cand" + i);
      Order.Header header = young.header();
      Signer seat = young.seatSigner(TestFederation.ID + "/" + account);
      byte[] possession = seat.sign(Order.Stand.possessionMessage(header, account));
      young.accepted(new Order.Stand(header, account, seat.publicKey(), possession));
    }
    young.chains().forEach(chain -> chain.seal(young.now()));
    young.chains().forEach(chain -> published.put(chain.id(), PublishedFiles.of(young, chain)));
    Row.Term second = Objects.requireNonNull(young.chain(KOMATSU).state().get(new Key.OfTerm(2)));
    assertEquals(
        TestFederation.ID + "/Asia-Komatsu/cand1", second.seats().keys().getFirst().name());
    AuditReport report =
        new FederationAudit(
                young.directory(), REAL, chain -> Objects.requireNonNull(published.get(chain)))
            .run(runs -> runs.forEach(Runnable::run), more -> {});
    assertEquals(List.of(), report.findings());
  }

  @Test
  void aHandOverThatIsMissingLeavesTheLastSeatsUnproven() throws Exception {
    komatsu().files.remove("term/2");
    found(Finding.Kind.QUORUM, "checkpoint");
  }

  @Test
  void aChangedHandOverIsNamed() throws Exception {
    String honest = new String(term(1), UTF_8);
    komatsu()
        .files
        .put(
            "term/1",
            honest
                .replaceFirst("extra [A-Za-z0-9+/]{8}", "extra YWlrYS9s")
                .replaceFirst("index (\\d+)", "index 1")
                .getBytes(UTF_8));
    found(Finding.Kind.HANDOVER, "term/1");
  }

  @Test
  void aHandOverOfAForkIsNamed() throws Exception {
    komatsu().usurped(fed.chain(KOMATSU), 3);
    found(Finding.Kind.HANDOVER, "term/1");
    assertNull(audit().sums(), "sums over what those who sit have not approved");
  }

  /** It leads to the right seats, but its tree is not the one that they went on with. */
  @Test
  void aHandOverOfAForkThatElectsTheSameIsNamed() throws Exception {
    TlogProof honest = TlogProof.parse(term(1));
    Checkpoint end = honest.checkpoint().checkpoint();
    List<byte[]> leaves = PublishedFiles.leaves(fed.chain(KOMATSU)).subList(0, (int) end.size());
    List<byte[]> fork = new ArrayList<>(leaves);
    fork.set(1, leaves.get(2));
    komatsu().files.put("term/1", new PublishedFiles(fed, KOMATSU, fork, 5).handOver(fork));
    found(Finding.Kind.HANDOVER, "term/1");
  }

  @Test
  void seatsOfATermThatIsOverApproveNothingMore() throws Exception {
    komatsu().overstayed(fed.chain(KOMATSU));
    found(Finding.Kind.HANDOVER, "checkpoint");
  }

  /** What an earlier audit has executed is compared with what is published now. */
  @Test
  void aHandOverOfAForkIsNamedByAnAuditThatGoesOn() throws Exception {
    KeptBooks books = new KeptBooks();
    assertEquals(List.of(), audit(books).findings());
    komatsu().usurped(fed.chain(KOMATSU), 3);
    assertEquals(
        List.of("HANDOVER term/1"),
        audit(books).findings().stream().map(one -> one.kind() + " " + one.place()).toList());
  }

  @Test
  void nobodyBelievesAHandOverOfAFork() {
    komatsu().usurped(fed.chain(KOMATSU), 3);
    long size = fed.chain(KOMATSU).head().size();
    Checkpoint honest =
        new Checkpoint(fed.directory().origin(KOMATSU), size, fed.chain(KOMATSU).tree().root(size));
    Function<ChainId, PublishedLog> logs = chain -> Objects.requireNonNull(published.get(chain));
    PublishedOrigins origins = new PublishedOrigins(fed.directory(), CHEAP, logs);
    Seats seats = fed.directory().entry(KOMATSU).seats();
    assertThrows(OriginUnreachableException.class, () -> origins.approved(KOMATSU, honest, seats));
    assertThrows(
        UnreadableLogException.class,
        () -> new LifeFinder(fed.directory(), CHEAP, logs).find(transfer));
    komatsu().files.putAll(PublishedFiles.of(fed, fed.chain(KOMATSU)).files);
    assertTrue(origins.approved(KOMATSU, honest, seats));
  }

  @Test
  void aHandOverOfAnotherTermIsNamed() throws Exception {
    komatsu().files.put("term/1", term(2));
    found(Finding.Kind.HANDOVER, "term/1");
  }

  @Test
  void aLifeCarriesTheTermsThatLeadToItsApproval() {
    byte[] receipt =
        new LifeFinder(
                fed.directory(), CHEAP, chain -> Objects.requireNonNull(published.get(chain)))
            .find(transfer)
            .orElseThrow();
    LifeReceipt.Result result =
        LifeReceipt.check(receipt, fed.directory(), TestKeys.CHEAP, TestKeys.CHEAP);
    LifeReceipt life = assertInstanceOf(LifeReceipt.Result.Proven.class, result).life();
    assertEquals(3, life.parts().size());
    String text = new String(receipt, UTF_8);
    assertTrue(text.contains("\nterm Asia-Komatsu\n") && text.contains("\nterm Asia-Kanazawa\n"));
    // without one of them the approval leads nowhere
    int first = text.indexOf("\nterm Asia-Komatsu\n");
    int second = text.indexOf("\nterm Asia-Komatsu\n", first + 1);
    int terms = text.split("\nterm ", -1).length - 1;
    String without =
        (text.substring(0, first) + text.substring(second))
            .replaceFirst("terms " + terms, "terms " + (terms - 1));
    assertInstanceOf(
        LifeReceipt.Result.Refused.class,
        LifeReceipt.check(
            without.getBytes(UTF_8), fed.directory(), TestKeys.CHEAP, TestKeys.CHEAP));
  }

  /** [RCP-2] A send that was approved in the first term, shown when so many are over. */
  private static byte[] lifeAfter(int terms) {
    TestFederation old = TestFederation.with(Policy.standard().with(new Policy.Term(4, 1, 0)));
    AccountId from = old.open(KOMATSU, "aaaa", "1.00");
    TransferId sent = old.send(from, old.open(KOMATSU, "bbbb"), "1.00");
    for (int i = 0; i <= terms; i++) {
      old.accepted(new Order.AutoReceive(old.header(), from, Money.of("1.00")));
      old.chain(KOMATSU).seal(old.now());
    }
    PublishedFiles files = PublishedFiles.of(old, old.chain(KOMATSU));
    byte[] receipt =
        new LifeFinder(old.directory(), CHEAP, chain -> files).find(sent).orElseThrow();
    assertTrue(new String(receipt, UTF_8).contains("\nterms " + terms + "\n"));
    return receipt;
  }

  private LifeReceipt.Result checked(byte[] life) {
    return LifeReceipt.check(life, fed.directory(), TestKeys.CHEAP, TestKeys.CHEAP);
  }

  @Test
  void aReceiptCarries200HandOversAndNoMore() {
    assertInstanceOf(LifeReceipt.Result.Proven.class, checked(lifeAfter(200)));
    LifeReceipt.Result more = checked(lifeAfter(201));
    LifeReceipt.Result.Refused refused = assertInstanceOf(LifeReceipt.Result.Refused.class, more);
    assertEquals(LifeReceipt.Part.HEAD, refused.part());
    assertTrue(refused.what().contains("at most 200 hand-overs"), refused::what);
  }

  private static Receipt.Result check(byte[] receipt, Handovers handovers, TestFederation of) {
    return Receipt.check(receipt, of.directory(), handovers, TestKeys.CHEAP, TestKeys.CHEAP);
  }

  private static Receipt proven(Receipt.Result result) {
    return assertInstanceOf(Receipt.Result.Proven.class, result).receipt();
  }

  private static Receipt.Part refused(Receipt.Result result) {
    return assertInstanceOf(Receipt.Result.Refused.class, result).part();
  }

  /** [RCP-11] */
  @Test
  void aReceiptOfALaterTermIsBelievedByTheHandOversThatLeadThere() {
    byte[] life =
        new LifeFinder(
                fed.directory(), CHEAP, chain -> Objects.requireNonNull(published.get(chain)))
            .find(transfer)
            .orElseThrow();
    String text = new String(life, UTF_8);
    String part = "\npart send\n";
    int from = text.indexOf(part) + part.length();
    byte[] send = text.substring(from, text.indexOf("\npart ", from)).getBytes(UTF_8);
    Handovers files =
        (chain, term) -> {
          byte[] file = komatsu().files.get("term/" + term);
          return file == null ? null : TlogProof.parse(file);
        };
    long sits = fed.chain(KOMATSU).head().term() - 1; // whose last block is the newest one
    assertEquals(sits, proven(check(send, files, fed)).term());
    Iterator<TlogProof> carried = LifeReceipt.handovers(life, KOMATSU).iterator();
    Handovers ofLife = (chain, term) -> carried.hasNext() ? carried.next() : null;
    assertEquals(sits, proven(check(send, ofLife, fed)).term());
    assertEquals(List.of(), LifeReceipt.handovers(life, ChainId.of("Asia")));
    assertNotEquals(Receipt.Part.LEAF, refused(check(send, Handovers.NONE, fed)));
    // who approved a term's last block: its hand-over, read as a receipt, says it
    int recoveries = 0;
    for (TlogProof next = files.after(KOMATSU, 1); next != null; ) {
      Receipt last = proven(check(next.encode(), files, fed));
      long term = last.term();
      if (last.leaf() instanceof Leaf.Recovered decided) {
        assertEquals(((Recovery.Seat) decided.recovery().recovery()).set().term(), term);
        recoveries++;
      } else {
        assertEquals(((Leaf.Elected) last.leaf()).term(), ++term);
      }
      next = files.after(KOMATSU, term);
    }
    assertEquals(1, recoveries);
    komatsu().files.put("term/1", term(2));
    assertEquals(Receipt.Part.HANDOVER, refused(check(send, files, fed)));
  }
}
