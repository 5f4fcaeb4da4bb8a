package aika.core.audit;

import static aika.core.transfer.TestFederation.ASIA;
import static aika.core.transfer.TestFederation.KANAZAWA;
import static aika.core.transfer.TestFederation.KOMATSU;
import static aika.core.transfer.TestFederation.PARIS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.audit.Finding.Kind;
import aika.core.ledger.Leaf;
import aika.core.ledger.LeafText;
import aika.core.ledger.Order;
import aika.core.ledger.TestKeys;
import aika.core.log.Merkle;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import aika.core.transfer.RandomOrders;
import aika.core.transfer.TestChain;
import aika.core.transfer.TestFederation;
import aika.core.transfer.WorkedExample;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What a federation publishes is found right; every kind of corruption is found and named. */
final class FederationAuditTest {
  private static final FederationAudit.Schemes CHEAP =
      new FederationAudit.Schemes(TestKeys.CHEAP, TestKeys.CHEAP, TestKeys.CHEAP);
  private static final WorkedExample EXAMPLE = new WorkedExample(TestFederation.Signing.CHEAP);

  static {
    EXAMPLE.federation().chains().forEach(chain -> chain.seal(EXAMPLE.federation().now()));
  }

  private static final FederationAudit.Runner INLINE = chains -> chains.forEach(Runnable::run);

  private static Map<ChainId, PublishedFiles> published(TestFederation fed) {
    Map<ChainId, PublishedFiles> published = new HashMap<>();
    fed.chains().forEach(chain -> published.put(chain.id(), PublishedFiles.of(fed, chain)));
    return published;
  }

  private static AuditReport audit(TestFederation fed, Map<ChainId, PublishedFiles> published)
      throws InterruptedException {
    return new FederationAudit(
            fed.directory(), CHEAP, chain -> Objects.requireNonNull(published.get(chain)))
        .run(INLINE, more -> {});
  }

  private static AuditReport.OfChain chain(AuditReport report, ChainId id) {
    return report.chains().stream().filter(c -> c.chain().equals(id)).findFirst().orElseThrow();
  }

  @Test
  void findsNothingInTheWorkedExample() throws Exception {
    AuditReport report = audit(EXAMPLE.federation(), published(EXAMPLE.federation()));
    assertEquals(List.of(), report.findings());
    AuditReport.Sums sums = Objects.requireNonNull(report.sums());
    assertEquals(Money.of("1000.00"), sums.issued());
    assertEquals(Money.of("1000.00"), sums.balances());
    assertTrue(sums.conserved());
    AuditReport.OfChain komatsu = chain(report, KOMATSU);
    assertEquals(4, komatsu.sends());
    assertEquals(1, komatsu.accounts());
    assertEquals(5, komatsu.seats().size());
    assertEquals(Money.of("800.00"), komatsu.balances());
    assertEquals(EXAMPLE.chain(KOMATSU).tree().size(), komatsu.leaves());
  }

  /** Full tiles, higher levels, transfers that are still open: a random federation. */
  @Test
  void findsNothingInALargerFederation() throws Exception {
    RandomOrders orders = new RandomOrders(20261126, TestFederation.Between.CARRIED, 1);
    for (int i = 0; i < 4_000; i++) {
      orders.step();
    }
    TestFederation fed = orders.federation();
    fed.chains().forEach(chain -> chain.seal(fed.now()));
    AtomicLong last = new AtomicLong();
    AtomicLong seals = new AtomicLong();
    Map<ChainId, PublishedFiles> published = published(fed);
    FederationAudit audit =
        new FederationAudit(
            fed.directory(), CHEAP, chain -> Objects.requireNonNull(published.get(chain)));
    AuditReport report =
        audit.run(
            INLINE,
            more -> {
              last.addAndGet(more);
              seals.accumulateAndGet(audit.seals(), Math::max);
            });
    assertEquals(List.of(), report.findings());
    assertTrue(Objects.requireNonNull(report.sums()).conserved());
    long leaves = report.chains().stream().mapToLong(AuditReport.OfChain::leaves).sum();
    assertEquals(leaves, last.get());
    assertTrue(leaves > 1_000, () -> leaves + " leaves");
    int few = 3 * report.chains().size(); // whatever the number of blocks
    assertTrue(seals.get() <= few, () -> seals + " seals are remembered");
    long blocks = 0;
    for (TestChain chain : fed.chains()) {
      blocks += chain.head().height();
    }
    assertTrue(blocks > 10L * few, blocks + " blocks");
  }

  @Test
  void findingsWithoutEndAreCounted() {
    Findings findings = new Findings();
    for (int i = 0; i < Findings.KEPT_MAX + 5; i++) {
      findings.add(Finding.atLeaf(KOMATSU, Kind.OUTCOME_ELSEWHERE, i, "again"));
    }
    assertEquals(Findings.KEPT_MAX, findings.kept().size());
    assertEquals("leaf 0", findings.kept().getFirst().place());
    assertEquals(5, findings.more());
  }

  /** Audits while Komatsu's log shows the checkpoint of {@code first} once, and then its own. */
  private static AuditReport auditAfter(PublishedFiles first) throws InterruptedException {
    Map<ChainId, PublishedFiles> published = published(EXAMPLE.federation());
    PublishedFiles own = Objects.requireNonNull(published.get(KOMATSU));
    AtomicLong asked = new AtomicLong();
    PublishedLog changing =
        path -> {
          boolean early = path.equals("checkpoint") && asked.getAndIncrement() == 0;
          byte[] file = early ? null : own.file(path);
          return file == null ? first.file(path) : file;
        };
    return new FederationAudit(
            EXAMPLE.federation().directory(),
            CHEAP,
            chain ->
                chain.equals(KOMATSU) ? changing : Objects.requireNonNull(published.get(chain)))
        .run(INLINE, more -> {});
  }

  /** A chain that another has recorded beyond its first published checkpoint is read on. */
  @Test
  void aLogMayGrowWhileItIsAudited() throws Exception {
    List<byte[]> leaves = PublishedFiles.leaves(EXAMPLE.chain(KOMATSU));
    AuditReport report =
        auditAfter(new PublishedFiles(EXAMPLE.federation(), KOMATSU, leaves.subList(0, 9), 5));
    assertEquals(List.of(), report.findings());
    assertEquals(leaves.size(), chain(report, KOMATSU).leaves());
  }

  @Test
  void twoHistoriesOfOneLogAreFound() throws Exception {
    List<byte[]> other =
        new ArrayList<>(PublishedFiles.leaves(EXAMPLE.chain(KOMATSU)).subList(0, 9));
    String seal = new String(other.get(8), UTF_8);
    other.set(8, seal.replaceFirst("time ([^\n]*).Z", "time $17Z").getBytes(UTF_8));
    AuditReport report = auditAfter(new PublishedFiles(EXAMPLE.federation(), KOMATSU, other, 5));
    assertEquals(
        List.of(
            "EVIDENCE_UNREADABLE Asia leaf 1",
            "RECORDED_CHECKPOINT Asia-Kanazawa leaf 2",
            "TWO_HISTORIES Asia-Komatsu checkpoint"),
        report.findings().stream()
            .map(one -> one.kind() + " " + one.chain() + " " + one.place())
            .toList());
  }

  /**
   * Its own quorum lets a chain cancel what is none of its business; no rule of its own forbids it.
   */
  @Test
  void aChainThatDecidesForAnotherIsFound() throws Exception {
    TestFederation fed = TestFederation.standard();
    AccountId a = fed.open(KOMATSU, "k3v9q2mw", "100.00");
    AccountId b = fed.open(KANAZAWA, "p8d1x7aa");
    TransferId transfer = fed.send(a, b, "10.00");
    long cancel = fed.cancel(a, transfer).index();
    long index =
        fed.chain(PARIS).accepted(fed.now(), fed.cancellation(PARIS, transfer, cancel)).index();
    fed.chains().forEach(chain -> chain.seal(fed.now()));
    AuditReport report = audit(fed, published(fed));
    assertEquals(
        List.of(new Finding(PARIS, Kind.OUTCOME_ELSEWHERE, "leaf " + index, transfer.toString())),
        report.findings());
  }

  @Test
  void aLogThatCannotBeReadIsNoFinding() {
    TestFederation fed = EXAMPLE.federation();
    PublishedLog down =
        path -> {
          throw new UnreadableLogException("down", new IllegalStateException());
        };
    assertThrows(
        UnreadableLogException.class,
        () -> new FederationAudit(fed.directory(), CHEAP, chain -> down));
  }

  /** One corruption, and how it must be named. */
  private record Planted(
      Kind kind, String place, String what, Consumer<Map<ChainId, PublishedFiles>> plant) {
    Planted(Kind kind, String place, Consumer<Map<ChainId, PublishedFiles>> plant) {
      this(kind, place, "", plant);
    }
  }

  /** Another order of the same person about the same transfer. */
  private static byte[] receivedAgain(byte[] leaf) {
    TestFederation fed = EXAMPLE.federation();
    Leaf.Executed received = (Leaf.Executed) LeafText.parse(leaf);
    Order.Decide order = (Order.Decide) received.order().order();
    return LeafText.encode(
        new Leaf.Executed(
            received.time(),
            received.arrived(),
            received.cited(),
            received.postings(),
            fed.sign(fed.receiveOrder(order.account(), order.transfer()))));
  }

  /** The whole quorum of a chain signs other leaves. */
  private static Consumer<Map<ChainId, PublishedFiles>> leaf(
      ChainId chain, int index, UnaryOperator<String> change) {
    return forged(
        chain,
        leaves -> {
          String good = new String(leaves.get(index), UTF_8);
          String bad = change.apply(good);
          if (bad.equals(good)) {
            throw new AssertionError("nothing was changed in " + good);
          }
          leaves.set(index, bad.getBytes(UTF_8));
        });
  }

  private static Consumer<Map<ChainId, PublishedFiles>> forged(
      ChainId chain, Consumer<List<byte[]>> change) {
    return published -> {
      List<byte[]> leaves = PublishedFiles.leaves(EXAMPLE.chain(chain));
      change.accept(leaves);
      published.put(chain, new PublishedFiles(EXAMPLE.federation(), chain, leaves, 5));
    };
  }

  /** Something is wrong with a file, while all else is right. */
  private static Consumer<Map<ChainId, PublishedFiles>> file(
      ChainId chain, String path, UnaryOperator<byte[]> change) {
    return published -> {
      Map<String, byte[]> files = Objects.requireNonNull(published.get(chain)).files;
      byte[] file = files.get(path);
      assertNotNull(file, path);
      files.put(path, change.apply(file.clone()));
    };
  }

  private static UnaryOperator<byte[]> flip(int at) {
    return bytes -> {
      bytes[at < 0 ? bytes.length + at : at] ^= 1;
      return bytes;
    };
  }

  private static UnaryOperator<byte[]> text(String from, String to) {
    return bytes -> {
      String good = new String(bytes, UTF_8);
      String bad = good.replaceFirst(from, to);
      assertTrue(!bad.equals(good), from);
      return bad.getBytes(UTF_8);
    };
  }

  private static Map<String, Planted> planted() {
    int komatsu = PublishedFiles.leaves(EXAMPLE.chain(KOMATSU)).size();
    String entries = "tile/entries/000.p/" + komatsu;
    String tile = "tile/0/000.p/" + komatsu;
    TestFederation fed = EXAMPLE.federation();
    Map<String, Planted> all = new LinkedHashMap<>();
    // files
    all.put(
        "no checkpoint",
        new Planted(
            Kind.CHECKPOINT_MISSING,
            "checkpoint",
            published ->
                Objects.requireNonNull(published.get(KOMATSU)).files.remove("checkpoint")));
    all.put(
        "a cut checkpoint",
        new Planted(
            Kind.CHECKPOINT_MALFORMED,
            "checkpoint",
            file(KOMATSU, "checkpoint", bytes -> java.util.Arrays.copyOf(bytes, 40))));
    all.put(
        "the log did not sign",
        new Planted(
            Kind.LOG_SIGNATURE,
            "checkpoint",
            file(KOMATSU, "checkpoint", text("\n\u2014 aika.example/Asia-Komatsu [^\n]*", ""))));
    all.put(
        "another size under the same signatures",
        new Planted(
            Kind.LOG_SIGNATURE,
            "checkpoint",
            file(KOMATSU, "checkpoint", text("\n" + komatsu + "\n", "\n9\n"))));
    all.put(
        "a seat's signature is somebody else's",
        new Planted(
            Kind.COSIGNATURE,
            "checkpoint",
            published -> {
              PublishedFiles good = Objects.requireNonNull(published.get(KOMATSU));
              List<byte[]> earlier = PublishedFiles.leaves(EXAMPLE.chain(KOMATSU)).subList(0, 9);
              String line = line(new PublishedFiles(fed, KOMATSU, earlier, 5), "seat3");
              String own = line(good, "seat3");
              good.files.put(
                  "checkpoint",
                  new String(Objects.requireNonNull(good.files.get("checkpoint")), UTF_8)
                      .replace(own, line)
                      .getBytes(UTF_8));
            }));
    all.put(
        "three of five approved",
        new Planted(
            Kind.QUORUM,
            "checkpoint",
            published ->
                published.put(
                    KOMATSU,
                    new PublishedFiles(
                        fed, KOMATSU, PublishedFiles.leaves(EXAMPLE.chain(KOMATSU)), 3))));
    all.put(
        "no entries",
        new Planted(
            Kind.ENTRIES,
            entries,
            published -> Objects.requireNonNull(published.get(KOMATSU)).files.remove(entries)));
    all.put(
        "cut entries",
        new Planted(
            Kind.ENTRIES,
            entries,
            file(KOMATSU, entries, b -> java.util.Arrays.copyOf(b, b.length - 1))));
    all.put(
        "a flipped byte in a hash tile",
        new Planted(Kind.TILE, tile, file(KOMATSU, tile, flip(32 * 5 + 3))));
    all.put(
        "a hash tile with one hash too many",
        new Planted(
            Kind.TILE, tile, file(KOMATSU, tile, b -> java.util.Arrays.copyOf(b, b.length + 32))));
    all.put(
        "a missing hash tile",
        new Planted(
            Kind.TILE,
            tile,
            published -> Objects.requireNonNull(published.get(KOMATSU)).files.remove(tile)));
    all.put(
        "a root of something else",
        new Planted(
            Kind.ROOT,
            "size " + komatsu,
            published ->
                Objects.requireNonNull(published.get(KOMATSU))
                    .sign(komatsu, Merkle.leafHash(new byte[1]), 5)));
    all.put(
        "a checkpoint within a block",
        new Planted(
            Kind.UNSEALED,
            "size " + (komatsu - 1),
            forged(KOMATSU, leaves -> leaves.removeLast())));
    all.put(
        "a hand-over of a fork, whose elected approve the honest tree",
        new Planted(
            Kind.HANDOVER,
            "term/1",
            published ->
                Objects.requireNonNull(published.get(KOMATSU)).usurped(EXAMPLE.chain(KOMATSU), 6)));
    // leaves, signed by the whole quorum
    all.put(
        "a forged balance",
        new Planted(
            Kind.LEAF_DIFFERS, "leaf 3", leaf(KOMATSU, 3, s -> s.replace("800.00", "900.00"))));
    all.put(
        "money made from nothing",
        new Planted(
            Kind.LEAF_REFUSED,
            "leaf 2",
            leaf(KOMATSU, 2, s -> s.replace("amount 1000.00", "amount 2000.00"))));
    all.put(
        "an issue that only one issuer signed",
        new Planted(
            Kind.LEAF_REFUSED,
            "leaf 2",
            leaf(KOMATSU, 2, s -> s.substring(0, s.lastIndexOf("\u2014")))));
    all.put(
        "a send with another receiver than was signed",
        new Planted(
            Kind.LEAF_REFUSED, "leaf 3", leaf(KOMATSU, 3, s -> s.replace("p8d1x7aa", "p8d1x7ab"))));
    all.put(
        "an account whose key nobody registered",
        new Planted(
            Kind.LEAF_REFUSED,
            "leaf 1",
            leaf(KOMATSU, 1, s -> s.substring(0, s.lastIndexOf("\u2014")))));
    all.put(
        "a chain that began with another policy than the file's",
        new Planted(
            Kind.LEAF_DIFFERS,
            "leaf 0",
            leaf(KOMATSU, 0, s -> s.replaceFirst("issued-max [^\n]*", "issued-max 1.00"))));
    all.put(
        "a leaf that is no text of this kind",
        new Planted(
            Kind.LEAF_MALFORMED, "leaf 4", leaf(KOMATSU, 4, s -> s.replace("kind", "kin"))));
    all.put(
        "an order twice",
        new Planted(
            Kind.LEAF_REFUSED, "leaf 4", forged(KOMATSU, leaves -> leaves.add(4, leaves.get(3)))));
    all.put(
        "a leaf left out",
        new Planted(Kind.LEAF_DIFFERS, "leaf 4", forged(KOMATSU, leaves -> leaves.remove(4))));
    all.put(
        "two leaves in another order",
        new Planted(
            Kind.LEAF_DIFFERS,
            "leaf 3",
            forged(KOMATSU, leaves -> leaves.add(3, leaves.remove(4)))));
    all.put(
        "time that goes back",
        new Planted(
            Kind.LEAF_DIFFERS,
            "leaf 4",
            leaf(KOMATSU, 4, s -> s.replaceFirst("time [^\n]*", "time 2026-11-22T10:00:00.000Z"))));
    all.put(
        "a refund of what was received",
        new Planted(
            Kind.LEAF_DIFFERS,
            "leaf 10",
            leaf(KOMATSU, 10, s -> s.replace("ended 3 received 3", "ended 3 rejected 3"))));
    all.put(
        "a refund on no record",
        new Planted(
            Kind.LEAF_DIFFERS,
            "leaf 10",
            leaf(KOMATSU, 10, s -> s.replace("ended 4 rejected 4", "ended 4 rejected 3"))));
    all.put(
        "a settlement on what a chain of no federation decided",
        new Planted(
            Kind.LEAF_REFUSED,
            "leaf 10",
            leaf(KOMATSU, 10, s -> s.replace("from Asia-Kanazawa", "from Asia-Nowhere"))));
    all.put(
        "a recorded checkpoint of a chain of no federation",
        new Planted(
            Kind.LEAF_REFUSED,
            "leaf 2",
            leaf(KANAZAWA, 2, s -> s.replace("origin Asia-Komatsu", "origin Asia-Nowhere"))));
    all.put(
        "a seal with other sums",
        new Planted(
            Kind.LEAF_DIFFERS,
            "leaf 8",
            leaf(KOMATSU, 8, s -> s.replace("issued -1000.00", "issued -1000.01"))));
    all.put(
        "a seal of another term",
        new Planted(
            Kind.LEAF_DIFFERS, "leaf 8", leaf(KOMATSU, 8, s -> s.replace("term 1", "term 2"))));
    all.put(
        "a seal with other representatives",
        new Planted(
            Kind.LEAF_DIFFERS,
            "leaf 8",
            leaf(KOMATSU, 8, s -> s.replaceFirst("seats [^\n]{4}", "seats AAAA"))));
    all.put(
        "a block's number that is left out",
        new Planted(
            Kind.LEAF_REFUSED, "leaf 8", leaf(KOMATSU, 8, s -> s.replace("height 1", "height 2"))));
    all.put(
        "a recorded checkpoint with another root",
        new Planted(
            Kind.RECORDED_CHECKPOINT,
            "leaf 2",
            leaf(KANAZAWA, 2, s -> s.replaceFirst("root [^\n]{4}", "root AAAA"))));
    all.put(
        "a recorded checkpoint within a block",
        new Planted(
            Kind.RECORDED_CHECKPOINT,
            "leaf 2",
            leaf(KANAZAWA, 2, s -> s.replace("size 9", "size 8"))));
    all.put(
        "a recorded checkpoint within a block, with the root that the log had there",
        new Planted(
            Kind.RECORDED_CHECKPOINT,
            "leaf 2",
            leaf(
                KANAZAWA,
                2,
                s ->
                    s.replace("size 9", "size 8")
                        .replaceFirst(
                            "root [^\n]+",
                            "root "
                                + Matcher.quoteReplacement(
                                    EXAMPLE.chain(KOMATSU).tree().root(8).base64())))));
    all.put(
        "a receive that cites another leaf",
        new Planted(
            Kind.LEAF_REFUSED,
            "leaf 3",
            leaf(KANAZAWA, 3, s -> s.replace("cites 3 9", "cites 4 9"))));
    all.put(
        "a receive that cites what no log has",
        new Planted(
            Kind.LEAF_REFUSED,
            "leaf 3",
            leaf(KANAZAWA, 3, s -> s.replace("cites 3 9", "cites 3 999999999999"))));
    all.put(
        "a receive leaf twice",
        new Planted(
            Kind.LEAF_REFUSED,
            "leaf 4",
            "ID_REUSED",
            forged(KANAZAWA, leaves -> leaves.add(4, leaves.get(3)))));
    all.put(
        "received twice, by two orders",
        new Planted(
            Kind.LEAF_REFUSED,
            "leaf 4",
            "ALREADY_DECIDED",
            forged(KANAZAWA, leaves -> leaves.add(4, receivedAgain(leaves.get(3))))));
    all.put(
        "a receive of what was never sent",
        new Planted(Kind.LEAF_REFUSED, "leaf 2", forged(KANAZAWA, leaves -> leaves.remove(2))));
    all.put(
        "an expiry before its time",
        new Planted(
            Kind.LEAF_REFUSED,
            "leaf 6",
            leaf(
                KANAZAWA, 6, s -> s.replaceFirst("time [^\n]*", "time 2026-11-22T10:00:30.000Z"))));
    all.put(
        "an anchor of another log",
        new Planted(
            Kind.RECORDED_CHECKPOINT,
            "leaf 1",
            leaf(ASIA, 1, s -> s.replace("origin Asia-Komatsu", "origin Asia-Kanazawa"))));
    return all;
  }

  private static String line(PublishedFiles log, String seat) {
    return new String(Objects.requireNonNull(log.file("checkpoint")), UTF_8)
        .lines()
        .filter(line -> line.contains(seat))
        .findFirst()
        .orElseThrow();
  }

  @TestFactory
  Stream<DynamicTest> findsEachCorruptionAndNamesItsPlace() {
    TestFederation fed = EXAMPLE.federation();
    Map<String, Planted> all = planted();
    assertTrue(all.size() >= 25);
    List<DynamicTest> tests = new ArrayList<>();
    all.forEach((name, planted) ->
        tests.add(
            DynamicTest.dynamicTest(
                name,
                () -> {
                  Map<ChainId, PublishedFiles> published = published(fed);
                  planted.plant.accept(published);
                  AuditReport report = audit(fed, published);
                  assertTrue(!report.clean());
                  List<Finding> found =
                      report.findings().stream().filter(one -> one.kind() == planted.kind).toList();
                  assertEquals(
                      List.of(planted.place),
                      found.stream().map(Finding::place).distinct().limit(1).toList(),
                      () -> report.findings().toString());
                  assertTrue(found.getFirst().what().startsWith(planted.what), found::toString);
                  if (planted.kind != Kind.TILE) {
                    assertNull(report.sums(), "sums over chains that do not hold");
                  }
                })));
    return tests.stream();
  }
}
