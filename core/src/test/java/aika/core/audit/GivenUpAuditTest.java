package aika.core.audit;

import static aika.core.transfer.TestFederation.KANAZAWA;
import static aika.core.transfer.TestFederation.KOMATSU;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.approval.DivergedException;
import aika.core.approval.LifeReceipt;
import aika.core.approval.OriginUnreachableException;
import aika.core.approval.Replica;
import aika.core.audit.Finding.Kind;
import aika.core.ledger.Action;
import aika.core.ledger.Key;
import aika.core.ledger.MemoryState;
import aika.core.ledger.Order;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Reason;
import aika.core.ledger.Recovery;
import aika.core.ledger.Row;
import aika.core.ledger.TestKeys;
import aika.core.log.Checkpoint;
import aika.core.log.ConflictProof;
import aika.core.log.Cosignature;
import aika.core.log.Frontier;
import aika.core.log.Proofs;
import aika.core.log.SignedCheckpoint;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import aika.core.note.Ed25519;
import aika.core.note.VerifierKey;
import aika.core.transfer.Authorization;
import aika.core.transfer.TestChain;
import aika.core.transfer.TestFederation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * [AUD-16] Komatsu's seats signed two histories; Kanazawa acted on the one that Komatsu's recovery
 * quorum then gave up. What Kanazawa did is named, and all that follows is audited.
 */
final class GivenUpAuditTest {
  private static final FederationAudit.Schemes CHEAP =
      new FederationAudit.Schemes(TestKeys.CHEAP, TestKeys.CHEAP, TestKeys.CHEAP);

  private final TestFederation fed = TestFederation.standard();

  /** The same until the histories part; then its Komatsu is the one that is given up. */
  private final TestFederation branch = TestFederation.standard();

  private final TestChain kanazawa = fed.chain(KANAZAWA);
  private final AccountId a = both("k3v9q2mw", KOMATSU, "100.00");
  private final AccountId b = both("p8d1x7aa", KANAZAWA, "50.00");
  private final TransferId common = sentInBoth();
  private final Map<Long, Long> places = new HashMap<>();

  private AccountId both(String local, ChainId chain, String amount) {
    AccountId _ = branch.open(chain, local, amount);
    return fed.open(chain, local, amount);
  }

  private TransferId sentInBoth() {
    AccountId from = new AccountId(KOMATSU, "k3v9q2mw");
    AccountId to = new AccountId(KANAZAWA, "p8d1x7aa");
    TransferId _ = branch.send(from, to, "5.00");
    TransferId sent = fed.send(from, to, "5.00");
    branch.chain(KOMATSU).seal(branch.now());
    fed.chain(KOMATSU).seal(fed.now());
    assertEquals(fed.chain(KOMATSU).root(), branch.chain(KOMATSU).root());
    return sent;
  }

  // ---- what Kanazawa does on what it was shown

  private void showBranch() {
    TestChain komatsu = branch.chain(KOMATSU);
    komatsu.seal(branch.now());
    Row.Latest latest = kanazawa.state().get(new Key.OfLatest(KOMATSU));
    long size = komatsu.head().size();
    places.put(
        size,
        kanazawa
            .accepted(
                fed.now(),
                new Action.RecordCheckpoint(
                    KOMATSU,
                    1,
                    branch.checkpoint(KOMATSU),
                    latest == null
                        ? List.of()
                        : Proofs.consistency(latest.size(), size, komatsu.tree())))
            .index());
  }

  private Action.Citation cite(long index) {
    return branch.cite(KOMATSU, index, branch.chain(KOMATSU).head().size());
  }

  private long decide(TransferId transfer, boolean receive) {
    Order.Decide order = new Order.Decide(fed.header(), b, transfer, receive);
    return kanazawa.accepted(fed.now(), fed.submission(order, cite(transfer.index()))).index();
  }

  private long conclude(TransferId transfer, OutcomeKind kind, long cited) {
    return kanazawa.accepted(fed.now(), new Action.Conclude(transfer, kind, cite(cited))).index();
  }

  /** Komatsu, as it was shown to Kanazawa, receives what Kanazawa sent; Kanazawa settles that. */
  private long settledByBranch(TransferId sent) {
    return settledByBranch(sent, true);
  }

  private long settledByBranch(TransferId sent, boolean receive) {
    kanazawa.seal(fed.now());
    TestChain komatsu = branch.chain(KOMATSU);
    komatsu.accepted(
        branch.now(),
        new Action.RecordCheckpoint(KANAZAWA, 1, fed.checkpoint(KANAZAWA), List.of()));
    long size = kanazawa.head().size();
    Action.Citation cites = fed.cite(KANAZAWA, sent.index(), size);
    long decided =
        komatsu
            .accepted(
                branch.now(),
                branch.submission(new Order.Decide(branch.header(), a, sent, receive), cites))
            .index();
    showBranch();
    Action.Citation decision = cite(decided);
    Action.Item item = new Action.Item(sent.index(), decided, decision.proof());
    return kanazawa
        .accepted(fed.now(), new Action.Settle(KOMATSU, decision.recorded(), List.of(item)))
        .index();
  }

  private SignedCheckpoint approved(TestFederation of) {
    String origin = fed.directory().origin(KOMATSU);
    Checkpoint checkpoint = of.checkpoint(KOMATSU);
    SignedCheckpoint signed = SignedCheckpoint.sign(checkpoint, Ed25519.TYPE, fed.signer(origin));
    for (VerifierKey seat : fed.directory().entry(KOMATSU).seats().keys()) {
      signed =
          signed.withSignature(
              Cosignature.sign(
                  checkpoint, seat.name(), fed.now() / 1_000, fed.seatSigner(seat.name())));
    }
    return signed;
  }

  /** Kanazawa writes the conflict down. */
  private long conflict() {
    AccountId _ = fed.open(KOMATSU, "0therhi5");
    fed.chain(KOMATSU).seal(fed.now());
    SignedCheckpoint mine = approved(fed);
    SignedCheckpoint theirs = approved(branch);
    ConflictProof proof =
        mine.checkpoint().size() <= theirs.checkpoint().size()
            ? ConflictProof.of(mine, theirs, branch.chain(KOMATSU).tree())
            : ConflictProof.of(theirs, mine, fed.chain(KOMATSU).tree());
    return kanazawa.accepted(fed.now(), new Action.Convict(KOMATSU, 1, proof)).index();
  }

  /** Komatsu's recovery quorum chooses the history of {@code fed}; Kanazawa records it. */
  private void recover() {
    List<VerifierKey> seats = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      String name = fed.directory().origin(KOMATSU) + "/rescue" + i;
      seats.add(TestKeys.cosigner(name, fed.seatSigner(name)));
    }
    Recovery.Seat seat = new Recovery.Seat(TestFederation.ID, KOMATSU, 1, seats, "two histories");
    TestChain komatsu = fed.chain(KOMATSU);
    komatsu.accepted(fed.now(), new Action.Recover(fed.sign(seat)));
    long size = komatsu.head().size();
    Action.Handover handover = new Action.Handover(size - 2, komatsu.proof(size - 2, size));
    kanazawa.accepted(
        fed.now(),
        new Action.RecordCheckpoint(KOMATSU, 2, fed.checkpoint(KOMATSU), List.of(), handover));
  }

  private void record(ChainId at, ChainId origin, long term) {
    TestChain other = fed.chain(origin);
    other.seal(fed.now());
    Row.Latest latest = fed.chain(at).state().get(new Key.OfLatest(origin));
    long size = other.head().size();
    fed.chain(at)
        .accepted(
            fed.now(),
            new Action.RecordCheckpoint(
                origin,
                term,
                fed.checkpoint(origin),
                latest == null
                    ? List.of()
                    : Proofs.consistency(latest.size(), size, other.tree())));
  }

  // ---- what the auditor says

  private AuditReport audit(AuditBook.Shelf books, Map<ChainId, PublishedFiles> published)
      throws InterruptedException {
    return new FederationAudit(
            fed.directory(), CHEAP, chain -> Objects.requireNonNull(published.get(chain)), books)
        .run(runs -> runs.forEach(Runnable::run), more -> {});
  }

  private Map<ChainId, PublishedFiles> published() {
    fed.chains().forEach(chain -> chain.seal(fed.now()));
    Map<ChainId, PublishedFiles> published = new HashMap<>();
    fed.chains().forEach(chain -> published.put(chain.id(), PublishedFiles.of(fed, chain)));
    return published;
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

  // ---- what those can do who have the history that was given up

  /** As somebody who still has it publishes Komatsu. */
  private void keep(Map<ChainId, PublishedFiles> published) {
    Map<String, byte[]> komatsu = Objects.requireNonNull(published.get(KOMATSU)).files;
    PublishedFiles kept = PublishedFiles.of(branch, branch.chain(KOMATSU));
    String name = GivenUpFiles.name(approved(branch).checkpoint());
    kept.files.forEach((path, file) -> komatsu.put(GivenUpFiles.path(name, path), file));
    komatsu.put(GivenUpFiles.LIST, GivenUpFiles.list(List.of("0".repeat(64), "no name", name)));
  }

  private Replica replica(Map<ChainId, PublishedFiles> published) {
    return replica(
        new PublishedOrigins(
            fed.directory(), CHEAP, chain -> Objects.requireNonNull(published.get(chain))));
  }

  private Replica replica(PublishedOrigins origins) {
    return new Replica(
        KANAZAWA,
        fed.directory(),
        new Authorization(fed.directory(), TestKeys.CHEAP, TestKeys.CHEAP),
        origins,
        (level, index, hash) -> {},
        new MemoryState(),
        new Frontier());
  }

  /** New seats sign what is proven to them, and that is what was done in good faith, too. */
  @Test
  void aChainThatReceivedOnAGivenUpHistoryIsExecutedWhereThatIsKept() {
    TransferId forged = branch.send(a, b, "30.00");
    final TransferId declined = branch.send(a, b, "2.00");
    TransferId back = fed.send(b, a, "7.00");
    showBranch();
    final long received = decide(forged, true);
    decide(declined, false);
    settledByBranch(back);
    conflict();
    recover();
    record(KOMATSU, KANAZAWA, 1);
    Map<ChainId, PublishedFiles> published = published();
    Replica without = replica(published);
    List<byte[]> leaves = PublishedFiles.leaves(kanazawa);
    assertThrows(DivergedException.class, () -> leaves.forEach(without::execute));
    assertTrue(without.size() < received);
    keep(published);
    Replica replica = replica(published);
    leaves.forEach(replica::execute);
    assertEquals(kanazawa.tree().root(leaves.size()), replica.frontier().root());
  }

  /** Kanazawa after it received on what Komatsu gave up, and Komatsu as somebody keeps that. */
  private Map<ChainId, PublishedFiles> received() {
    TransferId forged = branch.send(a, b, "30.00");
    showBranch();
    decide(forged, true);
    conflict();
    recover();
    Map<ChainId, PublishedFiles> published = published();
    keep(published);
    return published;
  }

  private void proves(boolean expected, Map<ChainId, PublishedFiles> published) {
    Replica replica = replica(published);
    List<byte[]> leaves = PublishedFiles.leaves(kanazawa);
    if (expected) {
      leaves.forEach(replica::execute);
    } else {
      assertThrows(DivergedException.class, () -> leaves.forEach(replica::execute));
    }
  }

  /** What nobody approved is no evidence, whoever keeps it. */
  @Test
  void aKeptHistoryThatNobodyApprovedProvesNothing() {
    Map<ChainId, PublishedFiles> published = received();
    proves(true, published);
    PublishedFiles few =
        new PublishedFiles(branch, KOMATSU, PublishedFiles.leaves(branch.chain(KOMATSU)), 3);
    byte[] unsigned = Objects.requireNonNull(few.files.get("checkpoint"));
    komatsu(published)
        .replaceAll((path, file) ->
            path.startsWith("given-up/") && path.endsWith("/checkpoint") ? unsigned : file);
    proves(false, published);
  }

  /** Its name is part of what is proven: who keeps it can be asked for nothing else by it. */
  @Test
  void aKeptHistoryWithAnotherNameProvesNothing() {
    Map<ChainId, PublishedFiles> published = received();
    String other = "0".repeat(64);
    String name = GivenUpFiles.name(approved(branch).checkpoint());
    Map<String, byte[]> files = komatsu(published);
    Map.copyOf(files)
        .forEach((path, file) -> {
          if (path.contains(name)) {
            files.remove(path);
            files.put(path.replace(name, other), file);
          }
        });
    proves(false, published);
  }

  private static Map<String, byte[]> komatsu(Map<ChainId, PublishedFiles> published) {
    return Objects.requireNonNull(published.get(KOMATSU)).files;
  }

  /** Who signs what is new takes nothing new of it; what was approved before stays proven. */
  @Test
  void nothingNewIsRecordedOfAKeptHistory() {
    kanazawa.seal(fed.now());
    PublishedFiles before = PublishedFiles.of(fed, kanazawa);
    Map<ChainId, PublishedFiles> published = received();
    proves(true, published);
    published.put(KANAZAWA, before); // its seats have not approved the record yet
    DivergedException diverged =
        assertThrows(DivergedException.class, () -> executed(published, true));
    assertEquals(Reason.NOT_APPROVED, diverged.reason());
    executed(published, false);
  }

  private void executed(Map<ChainId, PublishedFiles> published, boolean signing) {
    PublishedOrigins origins =
        new PublishedOrigins(
            fed.directory(), CHEAP, chain -> Objects.requireNonNull(published.get(chain)));
    Replica replica = replica(origins);
    if (signing) {
      origins.executing(KANAZAWA, replica::size);
    }
    PublishedFiles.leaves(kanazawa).forEach(replica::execute);
  }

  /** Of several places that have it, one that is right is enough. */
  @Test
  void placesThatLieHideNothing() {
    Map<ChainId, PublishedFiles> published = received();
    Map<String, byte[]> good = komatsu(published);
    Map<String, byte[]> damaged = new HashMap<>(good);
    damaged.replaceAll((path, file) ->
        path.startsWith("given-up/") && path.contains("tile/") ? new byte[file.length] : file);
    Map<String, byte[]> crowd = new HashMap<>();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 3 * GivenUpFiles.MAX; i++) {
      names.add("%064x".formatted(i));
    }
    crowd.put(GivenUpFiles.LIST, GivenUpFiles.list(names));
    PublishedLog dead =
        path -> {
          throw new UnreadableLogException(path + ": nobody answers", null);
        };
    PublishedLog joined =
        GivenUpFiles.joined(good::get, List.of(dead, crowd::get, damaged::get, good::get));
    executed(published, joined);
    PublishedLog twice = GivenUpFiles.joined(joined, List.of(damaged::get, joined));
    executed(published, twice);
    PublishedLog none = GivenUpFiles.joined(good::get, List.of(crowd::get, damaged::get));
    assertThrows(DivergedException.class, () -> executed(published, none));
    PublishedLog away = GivenUpFiles.joined(good::get, List.of(dead));
    assertThrows(OriginUnreachableException.class, () -> executed(published, away));
  }

  private void executed(Map<ChainId, PublishedFiles> published, PublishedLog komatsu) {
    Replica replica =
        replica(
            new PublishedOrigins(
                fed.directory(),
                CHEAP,
                chain ->
                    chain.equals(KOMATSU)
                        ? komatsu
                        : Objects.requireNonNull(published.get(chain))));
    PublishedFiles.leaves(kanazawa).forEach(replica::execute);
  }

  /** As many names of one place count as the limit says. */
  @Test
  void sixteenNamesOfAPlaceCount() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < GivenUpFiles.MAX; i++) {
      names.add("%064x".formatted(i));
    }
    assertEquals(names, GivenUpFiles.names(GivenUpFiles.list(names)));
    List<String> more = new ArrayList<>(names);
    more.add("f".repeat(64));
    assertEquals(names, GivenUpFiles.names(GivenUpFiles.list(more)));
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
