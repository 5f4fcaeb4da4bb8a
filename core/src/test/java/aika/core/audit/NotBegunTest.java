package aika.core.audit;

import static aika.core.transfer.TestFederation.ASIA;
import static aika.core.transfer.TestFederation.EUROPE;
import static aika.core.transfer.TestFederation.KANAZAWA;
import static aika.core.transfer.TestFederation.KOMATSU;
import static aika.core.transfer.TestFederation.PARIS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Action;
import aika.core.ledger.TestKeys;
import aika.core.log.ConflictProof;
import aika.core.log.Hash;
import aika.core.log.SignedCheckpoint;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.transfer.TestFederation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** [AUD-18] A chain of which nobody has seen anything has not begun, and keeps no audit waiting. */
final class NotBegunTest {
  private static final FederationAudit.Schemes CHEAP =
      new FederationAudit.Schemes(TestKeys.CHEAP, TestKeys.CHEAP, TestKeys.CHEAP);
  private static final TestFederation FED = TestFederation.standard();
  private static final PublishedLog NOTHING = path -> null;

  static {
    AccountId a = FED.open(KOMATSU, "k3v9q2mw", "100.00");
    AccountId b = FED.open(KANAZAWA, "p8d1x7aa");
    FED.receive(b, FED.send(a, b, "10.00"));
    FED.chains().forEach(chain -> chain.seal(FED.now()));
  }

  private final KeptBooks books = new KeptBooks();

  private static Map<ChainId, PublishedLog> published() {
    return published(FED);
  }

  private static Map<ChainId, PublishedLog> published(TestFederation fed) {
    Map<ChainId, PublishedLog> published = new HashMap<>();
    fed.chains().forEach(chain -> published.put(chain.id(), PublishedFiles.of(fed, chain)));
    return published;
  }

  private AuditReport audit(Map<ChainId, PublishedLog> published) {
    return audit(FED, published);
  }

  private AuditReport audit(TestFederation fed, Map<ChainId, PublishedLog> published) {
    return new FederationAudit(
            fed.directory(), CHEAP, chain -> Objects.requireNonNull(published.get(chain)), books)
        .run(parts -> parts.forEach(Runnable::run), more -> {});
  }

  private AuditReport auditWithout(ChainId... absent) {
    Map<ChainId, PublishedLog> published = published();
    for (ChainId chain : absent) {
      published.put(chain, NOTHING);
    }
    return audit(published);
  }

  private static List<String> lines(List<Finding> findings) {
    return findings.stream()
        .map(one -> one.kind() + " " + one.chain() + " " + one.place())
        .sorted()
        .toList();
  }

  @Test
  void aChainThatNobodyHasSeenHasNotBegun() {
    AuditReport report = auditWithout(EUROPE, PARIS);
    assertEquals(List.of(), report.findings());
    assertEquals(
        List.of("NOT_BEGUN Europe checkpoint", "NOT_BEGUN Europe-Paris checkpoint"),
        lines(report.notes()));
    AuditReport.Sums sums = Objects.requireNonNull(report.sums());
    assertEquals(Money.of("100.00"), sums.issued());
    assertTrue(report.clean() && sums.conserved());
    assertEquals(3, report.chains().size());
    assertEquals(List.of(), auditWithout().notes());
  }

  @Test
  void aChainThatAnotherHasRecordedHasBegun() {
    AuditReport report = auditWithout(KOMATSU);
    assertTrue(
        lines(report.findings()).contains("CHECKPOINT_MISSING Asia-Komatsu checkpoint"),
        () -> report.findings().toString());
    assertEquals(List.of(), report.notes());
    assertNull(report.sums());
  }

  /** Its leaf is not read again, but what it recorded stands in the book. */
  @Test
  void aChainThatAnotherRecordedBeforeHasBegun() {
    assertEquals(List.of(), auditWithout().findings());
    books.seen.remove(KOMATSU);
    books.kept.remove(KOMATSU);
    AuditReport report = auditWithout(KOMATSU);
    assertEquals(List.of("CHECKPOINT_MISSING Asia-Komatsu checkpoint"), lines(report.findings()));
    assertEquals(List.of(), report.notes());
    assertNull(report.sums());
  }

  @Test
  void aChainThatAnEarlierAuditSawHasBegun() {
    assertEquals(List.of(), auditWithout().findings());
    AuditReport report = auditWithout(PARIS);
    assertEquals(List.of("CHECKPOINT_MISSING Europe-Paris checkpoint"), lines(report.findings()));
    assertEquals(List.of(), report.notes());
    assertNull(report.sums());
  }

  /** Whoever proves that its seats approved two histories has seen it. */
  @Test
  void aChainThatAnotherHasConvictedHasBegun() {
    TestFederation fed = TestFederation.standard();
    fed.chains().forEach(chain -> chain.seal(fed.now()));
    PublishedFiles paris = PublishedFiles.of(fed, fed.chain(PARIS));
    SignedCheckpoint one = checkpoint(paris);
    paris.sign(one.checkpoint().size(), Hash.of(TestKeys.seed("another")), 5);
    ConflictProof proof = ConflictProof.of(one, checkpoint(paris));
    fed.chain(KANAZAWA).accepted(fed.now(), new Action.Convict(PARIS, 1, proof));
    fed.chain(KANAZAWA).seal(fed.now());
    Map<ChainId, PublishedLog> published = published(fed);
    assertEquals(List.of(), audit(fed, published).findings());
    books.seen.remove(PARIS);
    books.kept.remove(PARIS);
    published.put(PARIS, NOTHING);
    AuditReport report = audit(fed, published);
    assertEquals(List.of("CHECKPOINT_MISSING Europe-Paris checkpoint"), lines(report.findings()));
    assertEquals(List.of(), report.notes());
  }

  private static SignedCheckpoint checkpoint(PublishedFiles files) {
    return SignedCheckpoint.parse(Objects.requireNonNull(files.file("checkpoint")));
  }

  /** When others are read it is there, and they have recorded it. */
  @Test
  void aChainMayBeginWhileOthersAreAudited() {
    Map<ChainId, PublishedLog> published = published();
    PublishedLog own = Objects.requireNonNull(published.get(KOMATSU));
    AtomicLong asked = new AtomicLong();
    published.put(
        KOMATSU,
        path -> path.equals("checkpoint") && asked.getAndIncrement() == 0 ? null : own.file(path));
    AuditReport report = audit(published);
    assertEquals(List.of(), report.findings());
    assertEquals(List.of(), report.notes());
    assertEquals(5, report.chains().size());
    assertTrue(Objects.requireNonNull(report.sums()).conserved());
  }

  @Test
  void aLogThatCannotBeReadIsNoChainThatHasNotBegun() {
    Map<ChainId, PublishedLog> published = published();
    published.put(
        PARIS,
        path -> {
          throw new UnreadableLogException("down", new IllegalStateException());
        });
    assertThrows(UnreadableLogException.class, () -> audit(published));
  }

  /** Whoever looks in the wrong place learns it. */
  @Test
  void aSourceThatHasNothingIsNoFederationThatHasNotBegun() {
    AuditReport report = auditWithout(ASIA, EUROPE, KANAZAWA, KOMATSU, PARIS);
    assertEquals(5, report.findings().size());
    assertEquals(List.of(), report.notes());
  }
}
