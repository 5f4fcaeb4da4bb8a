package aika.core.audit;

import static aika.core.transfer.TestFederation.KANAZAWA;
import static aika.core.transfer.TestFederation.KOMATSU;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.audit.Finding.Kind;
import aika.core.ledger.Directory;
import aika.core.ledger.Offer;
import aika.core.ledger.Order;
import aika.core.ledger.Row;
import aika.core.ledger.TestKeys;
import aika.core.log.Hash;
import aika.core.log.Merkle;
import aika.core.log.TilePath;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import aika.core.transfer.RandomOrders;
import aika.core.transfer.TestFederation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** [AUD-11] An audit goes on where another ended, and believes nothing that does not fit. */
final class ResumedAuditTest {
  private static final FederationAudit.Schemes CHEAP =
      new FederationAudit.Schemes(TestKeys.CHEAP, TestKeys.CHEAP, TestKeys.CHEAP);
  private static final TestFederation FED = TestFederation.standard();
  private static final Map<ChainId, PublishedFiles> EARLY;
  private static final FederationAudit.Runner INLINE = parts -> parts.forEach(Runnable::run);

  static {
    AccountId a = FED.open(KOMATSU, "k3v9q2mw", "100.00");
    AccountId b = FED.open(KANAZAWA, "p8d1x7aa");
    TransferId transfer = FED.send(a, b, "10.00");
    FED.chains().forEach(chain -> chain.seal(FED.now()));
    EARLY = published(FED);
    FED.receive(b, transfer);
    TransferId _ = FED.send(a, b, "20.00");
    FED.chains().forEach(chain -> chain.seal(FED.now()));
  }

  private final KeptBooks books = new KeptBooks();
  private final AtomicLong executed = new AtomicLong();

  private static Map<ChainId, PublishedFiles> published(TestFederation fed) {
    Map<ChainId, PublishedFiles> published = new HashMap<>();
    fed.chains().forEach(chain -> published.put(chain.id(), PublishedFiles.of(fed, chain)));
    return published;
  }

  /** As the federation was one block earlier. */
  private static Map<ChainId, PublishedFiles> early() {
    return new HashMap<>(EARLY);
  }

  private static long count(Map<ChainId, PublishedFiles> published) {
    return fresh(FED, published).chains().stream().mapToLong(AuditReport.OfChain::leaves).sum();
  }

  private static List<byte[]> leaves() {
    return PublishedFiles.leaves(FED.chain(KOMATSU));
  }

  private static PublishedFiles komatsu(List<byte[]> leaves) {
    return new PublishedFiles(FED, KOMATSU, leaves, 5);
  }

  private AuditReport audit(TestFederation fed, Map<ChainId, PublishedFiles> published) {
    executed.set(0);
    return new FederationAudit(
            fed.directory(), CHEAP, chain -> Objects.requireNonNull(published.get(chain)), books)
        .run(INLINE, executed::addAndGet);
  }

  private AuditReport audit(Map<ChainId, PublishedFiles> published) {
    return audit(FED, published);
  }

  private static AuditReport fresh(TestFederation fed, Map<ChainId, PublishedFiles> published) {
    return new FederationAudit(
            fed.directory(), CHEAP, chain -> Objects.requireNonNull(published.get(chain)))
        .run(INLINE, more -> {});
  }

  private static AuditReport.OfChain chain(AuditReport report, ChainId id) {
    return report.chains().stream().filter(c -> c.chain().equals(id)).findFirst().orElseThrow();
  }

  private static List<Kind> kinds(AuditReport report) {
    return report.findings().stream().map(Finding::kind).distinct().toList();
  }

  @Test
  void executesOnlyWhatIsNew() {
    assertEquals(List.of(), audit(early()).findings());
    assertEquals(count(early()), executed.get());
    Map<ChainId, PublishedFiles> now = published(FED);
    assertEquals(fresh(FED, now), audit(now));
    assertEquals(count(now) - count(early()), executed.get());
    assertEquals(fresh(FED, now), audit(now));
    assertEquals(0, executed.get());
  }

  /** Stopped at many places, with full tiles and open transfers; nothing is counted twice. */
  @Test
  void goesOnAfterBeingStopped() {
    RandomOrders orders = new RandomOrders(20261127, TestFederation.Between.CARRIED, 1);
    for (int i = 0; i < 10_000; i++) {
      orders.step();
    }
    TestFederation fed = orders.federation();
    fed.chains().forEach(chain -> chain.seal(fed.now()));
    Map<ChainId, PublishedFiles> published = published(fed);
    AuditReport whole = fresh(fed, published);
    long leaves = whole.chains().stream().mapToLong(AuditReport.OfChain::leaves).sum();
    List<Long> before = new ArrayList<>();
    AuditReport report = null;
    while (report == null) {
      FederationAudit audit =
          new FederationAudit(
              fed.directory(), CHEAP, id -> Objects.requireNonNull(published.get(id)), books);
      before.add(audit.leavesBefore());
      AtomicLong more = new AtomicLong();
      try {
        report =
            audit.run(
                INLINE,
                some -> {
                  if (more.addAndGet(some) > 1_200) {
                    throw new IllegalStateException("stop");
                  }
                });
      } catch (IllegalStateException stopped) {
        assertEquals("stop", stopped.getMessage());
        assertTrue(before.size() < leaves / 500, () -> "no progress: " + before);
      }
    }
    assertEquals(whole, report);
    assertTrue(before.size() > 2, () -> before + " of " + leaves);
    assertEquals(List.copyOf(before).stream().sorted().toList(), before);
  }

  @Test
  void aLogThatIsShorterThanBeforeIsFound() {
    assertEquals(List.of(), audit(published(FED)).findings());
    assertTrue(kinds(audit(early())).contains(Kind.BEHIND));
  }

  @Test
  void anotherHistoryThanBeforeIsFound() {
    assertEquals(List.of(), audit(published(FED)).findings());
    List<byte[]> other = new ArrayList<>(leaves());
    String seal = new String(other.getLast(), UTF_8);
    other.set(other.size() - 1, seal.replaceFirst("time ([^\n]*).Z", "time $17Z").getBytes(UTF_8));
    Map<ChainId, PublishedFiles> now = published(FED);
    now.put(KOMATSU, komatsu(other));
    assertTrue(kinds(audit(now)).contains(Kind.TWO_HISTORIES));
  }

  /** Entries that were served once, and are none of the log's, are not built on. */
  @Test
  void whatWasAuditedMustBeTheBeginningOfTheLog() {
    List<byte[]> block =
        new ArrayList<>(leaves().subList(0, (int) chain(audit(early()), KOMATSU).leaves()));
    KeptBooks other = new KeptBooks();
    String seal = new String(block.getLast(), UTF_8);
    block.set(block.size() - 1, seal.replaceFirst("time ([^\n]*).Z", "time $17Z").getBytes(UTF_8));
    Map<ChainId, PublishedFiles> once = early();
    once.put(KOMATSU, komatsu(block));
    AuditReport _ =
        new FederationAudit(
                FED.directory(), CHEAP, chain -> Objects.requireNonNull(once.get(chain)), other)
            .run(INLINE, more -> {});
    books.kept.put(KOMATSU, Objects.requireNonNull(other.kept.get(KOMATSU)));
    assertTrue(kinds(audit(published(FED))).contains(Kind.ROOT));
  }

  /** When an order arrived is no rule's affair; only the tree tells that it was another time. */
  @Test
  void whatALyingMirrorServedIsNotBuiltOn() {
    TestFederation fed = TestFederation.standard();
    AccountId a = fed.open(KOMATSU, "k3v9q2mw");
    for (int i = 0; i < 1_500; i++) {
      fed.accepted(new Order.AutoReceive(fed.header(), a, Money.of("1.00")));
    }
    fed.chains().forEach(chain -> chain.seal(fed.now()));
    Map<ChainId, PublishedFiles> lying = published(fed);
    List<byte[]> leaves = PublishedFiles.leaves(fed.chain(KOMATSU));
    String order = new String(leaves.get(3), UTF_8);
    leaves.set(3, order.replaceFirst("arrived ....", "arrived 2001").getBytes(UTF_8));
    PublishedFiles altered = new PublishedFiles(fed, KOMATSU, leaves, 5);
    Map<String, byte[]> served = Objects.requireNonNull(lying.get(KOMATSU)).files;
    altered.files.put("checkpoint", Objects.requireNonNull(served.get("checkpoint")));
    lying.put(KOMATSU, altered);
    FederationAudit audit =
        new FederationAudit(
            fed.directory(), CHEAP, id -> Objects.requireNonNull(lying.get(id)), books);
    AuditReport report =
        audit.run(
            INLINE,
            more -> assertNull(books.kept.get(KOMATSU), "kept before it is known to be the log's"));
    assertTrue(kinds(report).contains(Kind.ROOT));
    assertEquals(List.of(), audit(fed, published(fed)).findings());
  }

  /** Otherwise a later audit would call good what an earlier one found bad. */
  @Test
  void whatHasAFindingIsAuditedFromItsBeginningNextTime() {
    Map<ChainId, PublishedFiles> published = published(FED);
    String tile = new TilePath.Hashes(0, 0, leaves().size()).format();
    byte[] hashes = Objects.requireNonNull(published.get(KOMATSU)).files.get(tile);
    assertNotNull(hashes);
    hashes[200] ^= 1;
    assertTrue(kinds(audit(published)).contains(Kind.TILE));
    assertNull(books.kept.get(KOMATSU));
    assertTrue(kinds(audit(published)).contains(Kind.TILE));
    hashes[200] ^= 1;
    assertEquals(fresh(FED, published), audit(published));
  }

  @Test
  void everyChangedByteOfWhatWasKeptIsRefused() {
    Map<ChainId, PublishedFiles> published = published(FED);
    assertEquals(List.of(), audit(published).findings());
    for (Map<ChainId, byte[]> each : List.of(books.kept, books.seen)) {
      byte[] bytes = Objects.requireNonNull(each.get(KOMATSU));
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] ^= 1;
        assertThrows(KeptStateException.class, () -> audit(published));
        bytes[i] ^= 1;
      }
    }
    assertEquals(List.of(), audit(published).findings());
  }

  @Test
  void whatWasKeptOfAnotherChainIsRefused() {
    Map<ChainId, PublishedFiles> published = published(FED);
    assertEquals(List.of(), audit(published).findings());
    books.kept.put(KOMATSU, Objects.requireNonNull(books.kept.get(KANAZAWA)));
    KeptStateException refused = assertThrows(KeptStateException.class, () -> audit(published));
    assertTrue(String.valueOf(refused.getMessage()).contains("another chain"));
  }

  @Test
  void whatWasKeptOfAnotherFederationFileIsRefusedUnlessThisOneContinuesIt() throws Exception {
    assertEquals(List.of(), audit(published(FED)).findings());
    Directory own = FED.directory();
    Hash later = Merkle.leafHash(new byte[1]);
    KeptStateException refused =
        assertThrows(
            KeptStateException.class,
            () -> resumed(new Directory(own.federation(), later, own.policy(), own.chains())));
    assertTrue(String.valueOf(refused.getMessage()).contains("another federation file"));

    List<Hash> earlier = List.of(own.fileHash());
    FederationAudit goesOn =
        resumed(new Directory(own.federation(), later, earlier, own.policy(), own.chains()));
    assertEquals(List.of(), goesOn.run(INLINE, more -> {}).findings());
  }

  private FederationAudit resumed(Directory directory) {
    Map<ChainId, PublishedFiles> published = published(FED);
    return new FederationAudit(
        directory, CHEAP, chain -> Objects.requireNonNull(published.get(chain)), books);
  }

  /** Rows and mark are kept together; a mark beside other rows is not believed. */
  @Test
  void aMarkWithOtherRowsIsRefused() {
    assertEquals(List.of(), audit(early()).findings());
    byte[] mark = Objects.requireNonNull(books.kept.get(KOMATSU));
    assertEquals(List.of(), audit(published(FED)).findings());
    books.kept.put(KOMATSU, mark);
    KeptStateException refused =
        assertThrows(KeptStateException.class, () -> audit(published(FED)));
    assertTrue(String.valueOf(refused.getMessage()).contains("rows do not fit"));
  }

  /** [AUD-10] No leaf can show it: what is kept says of an open transfer that it is larger. */
  @Test
  void moneyThatIsNowhereIsFound() {
    Map<ChainId, MemoryBook> kept = new HashMap<>();
    AuditBook.Shelf shelf = (chain, leaves) -> kept.computeIfAbsent(chain, any -> new MemoryBook());
    assertEquals(List.of(), audited(shelf).findings());
    MemoryBook komatsu = Objects.requireNonNull(kept.get(KOMATSU));
    List<Row> larger = new ArrayList<>();
    komatsu.open(hold -> {
      Offer was = hold.offer();
      if (!was.amount().equals(Money.of("20.00"))) {
        return; // received
      }
      Money more = was.amount().plus(Money.of("0.01"));
      larger.add(
          new Row.Hold(
              new Offer(
                  was.transfer(), was.from(), was.to(), more, was.validUntil(), was.sendLeaf()),
              hold.status(),
              hold.cancelIndex()));
    });
    assertEquals(1, larger.size());
    komatsu.write(larger);
    AuditReport report = audited(shelf);
    assertEquals(
        List.of("issued 100.00, exposed 0.00, but there is 100.01"),
        report.findings().stream().map(Finding::what).toList());
    assertEquals(List.of(Kind.CONSERVATION), kinds(report));
    assertFalse(report.clean());
  }

  private static AuditReport audited(AuditBook.Shelf shelf) {
    Map<ChainId, PublishedFiles> published = published(FED);
    return new FederationAudit(
            FED.directory(), CHEAP, chain -> Objects.requireNonNull(published.get(chain)), shelf)
        .run(INLINE, more -> {});
  }

  @Test
  void allThatWasIssuedOrExposedIsSomewhere() {
    assertTrue(sums("11.00", "9.00", "5.00", "3.00").conserved());
    assertTrue(sums("11.00", "5.00", "4.00", "-2.00").conserved());
    for (String other : List.of("10.99", "11.01")) {
      assertFalse(sums(other, "9.00", "5.00", "3.00").conserved(), other);
    }
    assertFalse(sums("11.00", "9.01", "5.00", "3.00").conserved());
    assertFalse(sums("11.00", "9.00", "4.99", "3.00").conserved());
    assertFalse(sums("11.00", "9.00", "5.00", "-3.00").conserved());
    assertFalse(sums("9.00", "11.00", "5.00", "3.00").conserved());
  }

  private static AuditReport.Sums sums(
      String issued, String balances, String waiting, String exposed) {
    return new AuditReport.Sums(
        Money.of(issued), Money.of(balances), Money.of(waiting), Money.of(exposed));
  }
}
