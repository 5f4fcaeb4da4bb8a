package aika.core.audit;

import static aika.core.transfer.TestFederation.KANAZAWA;
import static aika.core.transfer.TestFederation.KOMATSU;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.approval.LifeReceipt;
import aika.core.audit.Finding.Kind;
import aika.core.ledger.Action;
import aika.core.ledger.Order;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.TestKeys;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * [AUD-16] What Kanazawa did on a history that Komatsu gave up is named, and all that follows is
 * audited.
 */
final class GivenUpAuditTest extends TwoHistories {
  private long conclude(TransferId transfer, OutcomeKind kind, long cited) {
    return kanazawa.accepted(fed.now(), new Action.Conclude(transfer, kind, cite(cited))).index();
  }

  private AuditReport audit(AuditBook.Shelf books, Map<ChainId, PublishedFiles> published)
      throws InterruptedException {
    return new FederationAudit(
            fed.directory(), CHEAP, chain -> Objects.requireNonNull(published.get(chain)), books)
        .run(runs -> runs.forEach(Runnable::run), more -> {});
  }

  private AuditReport audit() throws InterruptedException {
    return audit((chain, leaves) -> new MemoryBook(), published());
  }

  private static List<String> lines(List<Finding> findings) {
    return findings.stream().map(one -> one.kind() + " " + one.place()).toList();
  }

  private static String noted(Kind kind, long leaf) {
    return kind + " leaf " + leaf;
  }

  private static void exposed(AuditReport report, String amount) {
    assertEquals(List.of(), report.findings());
    AuditReport.Sums sums = Objects.requireNonNull(report.sums());
    assertTrue(sums.conserved(), sums::toString);
    assertEquals(Money.of(amount), sums.exposed());
  }

  @Test
  void whatWasDoneOnAGivenUpHistoryIsNamedAndTheRestIsAudited() throws Exception {
    TransferId forged = branch.send(a, b, "30.00");
    final TransferId declined = branch.send(a, b, "2.00");
    final TransferId asked = branch.send(a, b, "3.00");
    final TransferId taken = branch.send(a, b, "4.00");
    final long cancel = branch.cancel(a, asked).index();
    fed.accepted(new Order.AutoReceive(fed.header(), b, Money.of("4.00")));
    TransferId back = fed.send(b, a, "7.00");
    showBranch();
    long first = branch.chain(KOMATSU).head().size();
    decide(common, true); // in both histories: nothing is owed
    final long received = decide(forged, true);
    final long rejected = decide(declined, false);
    final long cancelled = conclude(asked, OutcomeKind.CANCELLED, cancel);
    final long standing = conclude(taken, OutcomeKind.RECEIVED, taken.index());
    final long settled = settledByBranch(back);
    long second = branch.chain(KOMATSU).head().size();
    conflict();
    recover();
    List<String> notes =
        List.of(
            noted(Kind.GIVEN_UP, Objects.requireNonNull(places.get(first))),
            noted(Kind.UNPROVEN, received),
            noted(Kind.UNPROVEN, rejected),
            noted(Kind.UNPROVEN, cancelled),
            noted(Kind.UNPROVEN, standing),
            noted(Kind.GIVEN_UP, Objects.requireNonNull(places.get(second))),
            noted(Kind.UNPROVEN, settled));
    AuditReport report = audit();
    assertEquals(notes, lines(report.notes()));
    assertTrue(report.clean());
    exposed(report, "27.00"); // 30.00 and 4.00 from nowhere; 7.00 are gone

    // what follows is executed: the same transfer, and what Komatsu's new history decides
    record(KOMATSU, KANAZAWA, 1);
    fed.settle(KANAZAWA, common);
    long size = kanazawa.head().size();
    fed.chain(KOMATSU)
        .accepted(
            fed.now(),
            fed.submission(fed.receiveOrder(a, back), fed.cite(KANAZAWA, back.index(), size)));
    fed.accepted(new Order.Redeem(fed.header(), b, Money.of("40.00")));
    AuditReport later = audit();
    assertEquals(notes, lines(later.notes()));
    exposed(later, "34.00");
  }

  @Test
  void whatIsForgedBehindAGivenUpHistoryIsFound() throws Exception {
    TransferId forged = branch.send(a, b, "30.00");
    showBranch();
    decide(forged, true);
    conflict();
    recover();
    long redeemed = fed.accepted(new Order.Redeem(fed.header(), b, Money.of("40.00"))).index();
    Map<ChainId, PublishedFiles> published = published();
    List<byte[]> leaves = PublishedFiles.leaves(kanazawa);
    String leaf = new String(leaves.get((int) redeemed), UTF_8);
    leaves.set((int) redeemed, leaf.replace(" -40.00 40.00", " -40.00 49.00").getBytes(UTF_8));
    published.put(KANAZAWA, PublishedFiles.forged(fed, kanazawa, leaves));
    AuditReport report = audit((chain, any) -> new MemoryBook(), published);
    assertEquals(List.of(noted(Kind.LEAF_DIFFERS, redeemed)), lines(report.findings()));
  }

  /** Another send in the place of the one that was received is not even looked at. */
  @Test
  void aForgedSendOfAKeptHistoryTellsAnAuditorNothing() throws Exception {
    Map<ChainId, PublishedFiles> published = received();
    AuditReport kept = audit((chain, any) -> new MemoryBook(), published);
    komatsu(published)
        .replaceAll((path, file) ->
            path.startsWith("given-up/") && path.contains("tile/entries")
                ? new String(file, ISO_8859_1).replace("30.00", "31.00").getBytes(ISO_8859_1)
                : file);
    AuditReport forged = audit((chain, any) -> new MemoryBook(), published);
    assertEquals(List.of(), forged.findings());
    assertEquals(kept.notes(), forged.notes());
  }

  /** An auditor notes it all the same, but knows what was sent. */
  @Test
  void anAuditorSeesWhatWasSentOnAKeptHistory() throws Exception {
    TransferId forged = branch.send(a, b, "30.00");
    showBranch();
    long received = decide(forged, true);
    conflict();
    recover();
    Map<ChainId, PublishedFiles> published = published();
    List<Finding> notes = audit((chain, any) -> new MemoryBook(), published).notes();
    keep(published);
    AuditReport kept = audit((chain, any) -> new MemoryBook(), published);
    assertEquals(notes, kept.notes());
    exposed(kept, "30.00");

    List<byte[]> leaves = PublishedFiles.leaves(kanazawa);
    String leaf = new String(leaves.get((int) received), UTF_8);
    leaves.set(
        (int) received,
        leaf.replace(" -30.00 -30.00", " -31.00 -31.00")
            .replace(" 30.00 80.00", " 31.00 81.00")
            .getBytes(UTF_8));
    PublishedFiles more = PublishedFiles.forged(fed, kanazawa, leaves);
    published.put(KANAZAWA, more);
    AuditReport report = audit((chain, any) -> new MemoryBook(), published);
    assertEquals(noted(Kind.LEAF_DIFFERS, received), lines(report.findings()).getFirst());
  }

  /** More than the exposure limits allow is not even taken at its word. */
  @Test
  void theLimitsHoldForWhatCannotBeProven() throws Exception {
    TransferId forged = branch.send(a, b, "30.00");
    showBranch();
    long received = decide(forged, true);
    conflict();
    recover();
    Map<ChainId, PublishedFiles> published = published();
    List<byte[]> leaves = PublishedFiles.leaves(kanazawa);
    String leaf = new String(leaves.get((int) received), UTF_8);
    leaves.set(
        (int) received,
        leaf.replace(" -30.00 -30.00", " -2000000.00 -2000000.00")
            .replace(" 30.00 80.00", " 2000000.00 2000050.00")
            .getBytes(UTF_8));
    published.put(KANAZAWA, PublishedFiles.forged(fed, kanazawa, leaves));
    AuditReport report = audit((chain, any) -> new MemoryBook(), published);
    Finding found = report.findings().getFirst();
    assertEquals(noted(Kind.LEAF_REFUSED, received), lines(List.of(found)).getFirst());
    assertTrue(found.what().startsWith("CAP_REACHED"), found::what);
  }

  @Test
  void anotherHistoryWithoutAConflictIsAFinding() throws Exception {
    TransferId forged = branch.send(a, b, "30.00");
    showBranch();
    long place = Objects.requireNonNull(places.get(branch.chain(KOMATSU).head().size()));
    decide(forged, true);
    AccountId _ = fed.open(KOMATSU, "0therhi5");
    AuditReport report = audit();
    assertEquals(List.of(noted(Kind.RECORDED_CHECKPOINT, place)), lines(report.findings()));
    assertEquals(List.of(), report.notes());
    assertNull(report.sums());
  }

  /** A conflict that was over says nothing about what is recorded after it. */
  @Test
  void aConflictBeforeItExplainsNothing() throws Exception {
    AccountId _ = branch.open(KOMATSU, "f0rgedaa");
    branch.chain(KOMATSU).seal(branch.now());
    record(KANAZAWA, KOMATSU, 1);
    conflict();
    recover();
    AccountId _ = fed.open(KOMATSU, "m0re0000");
    record(KANAZAWA, KOMATSU, 2);
    long forged = kanazawa.last().index();
    Map<ChainId, PublishedFiles> published = published();
    List<byte[]> leaves = PublishedFiles.leaves(kanazawa);
    String leaf = new String(leaves.get((int) forged), UTF_8);
    leaves.set((int) forged, leaf.replaceFirst("root [^\n]{4}", "root AAAA").getBytes(UTF_8));
    published.put(KANAZAWA, PublishedFiles.forged(fed, kanazawa, leaves));
    AuditReport report = audit((chain, any) -> new MemoryBook(), published);
    assertEquals(List.of(noted(Kind.RECORDED_CHECKPOINT, forged)), lines(report.findings()));
  }

  /** [RCP-8] Two sends have one number; the receiver's chain has decided about the other one. */
  @Test
  void theLifeOfTheSendThatGaveWayEndsAsCancelled() {
    TransferId forged = branch.send(a, b, "30.00");
    final TransferId honest = fed.send(a, b, "8.00");
    assertEquals(forged, honest);
    showBranch();
    final long received = decide(forged, true);
    conflict();
    recover();
    LifeReceipt undecided = life(honest);
    assertTrue(undecided.gaveWay());
    assertEquals(OutcomeKind.CANCELLED, undecided.outcome().orElseThrow());
    record(KOMATSU, KANAZAWA, 1);
    fed.settle(KANAZAWA, honest);
    LifeReceipt life = life(honest);
    assertEquals(Money.of("8.00"), life.offer().amount());
    assertEquals(received, life.part(LifeReceipt.Part.DECISION).orElseThrow().index());
    assertEquals(OutcomeKind.RECEIVED, life.decision().orElseThrow().kind());
    assertEquals(OutcomeKind.CANCELLED, life.outcome().orElseThrow());
    assertTrue(life.part(LifeReceipt.Part.SETTLE).isPresent());
  }

  private LifeReceipt life(TransferId transfer) {
    Map<ChainId, PublishedFiles> published = published();
    byte[] receipt =
        new LifeFinder(
                fed.directory(), CHEAP, chain -> Objects.requireNonNull(published.get(chain)))
            .find(transfer)
            .orElseThrow();
    LifeReceipt.Result result =
        LifeReceipt.check(receipt, fed.directory(), TestKeys.CHEAP, TestKeys.CHEAP);
    return assertInstanceOf(LifeReceipt.Result.Proven.class, result, result::toString).life();
  }

  /** Kanazawa has refunded what the given-up history declined; the chosen one receives it. */
  @Test
  void whatTheGivenUpHistoryDeclinedAndTheChosenOneReceivesIsExposed() throws Exception {
    TransferId back = fed.send(b, a, "7.00");
    showBranch();
    long settled = settledByBranch(back, false);
    conflict();
    recover();
    exposed(audit(), "0.00");
    record(KOMATSU, KANAZAWA, 1);
    long size = kanazawa.head().size();
    fed.chain(KOMATSU)
        .accepted(
            fed.now(),
            fed.submission(fed.receiveOrder(a, back), fed.cite(KANAZAWA, back.index(), size)));
    AuditReport report = audit();
    assertTrue(lines(report.notes()).contains(noted(Kind.UNPROVEN, settled)));
    exposed(report, "7.00");
  }

  /** What is taken at its word is named by every audit. */
  @Test
  void anAuditThatGoesOnNamesItAgain() throws Exception {
    TransferId forged = branch.send(a, b, "30.00");
    showBranch();
    decide(forged, true);
    conflict();
    recover();
    KeptBooks books = new KeptBooks();
    AuditReport report = audit(books, published());
    exposed(report, "30.00");
    fed.accepted(new Order.Redeem(fed.header(), b, Money.of("1.00")));
    AuditReport again = audit(books, published());
    assertEquals(report.notes(), again.notes());
    exposed(again, "30.00");
  }
}
