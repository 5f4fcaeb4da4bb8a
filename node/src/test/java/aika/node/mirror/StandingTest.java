package aika.node.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Action;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.Policy;
import aika.core.ledger.Reason;
import aika.core.ledger.Recovery;
import aika.core.ledger.Refusal;
import aika.core.ledger.SignedRecovery;
import aika.core.log.Checkpoint;
import aika.core.log.Hash;
import aika.core.log.Merkle;
import aika.core.log.MerkleTree;
import aika.core.log.Proofs;
import aika.core.log.SignedCheckpoint;
import aika.core.log.TlogProof;
import aika.core.money.ChainId;
import aika.core.note.Ed25519;
import aika.core.note.SignedNote;
import aika.core.note.VerifierKey;
import aika.node.TestFederation;
import aika.node.config.HeldKey;
import aika.node.order.Answer;
import aika.node.order.Chain;
import aika.node.order.MedianClock;
import aika.node.order.Shard;
import aika.node.order.ShardSettings;
import aika.node.store.StoreSettings;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A chain, and a neighbour that has seen something of it. */
@Timeout(120)
final class StandingTest {
  private static final ChainId KOMATSU = TestFederation.KOMATSU;
  private static final ChainId ASIA = KOMATSU.continent();
  private static final String BASE = "/chains/Asia-Komatsu/";

  @TempDir Path data;

  private final TestFederation federation = new TestFederation(Policy.standard());
  private final Ed25519 ed25519 = new Ed25519(64);
  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private Shard shard;
  private Chain chain;
  private int port;
  private @Nullable HttpServer neighbour;
  private Addresses addresses;
  private Standing standing;
  private boolean decided;
  private volatile CountDownLatch tilesAsked = new CountDownLatch(0);

  @BeforeEach
  void start() throws IOException {
    shard =
        Shard.start(
            new ShardSettings(
                "test",
                data,
                List.of(KOMATSU),
                3_600_000,
                10_000,
                StoreSettings.standard(),
                ShardSettings.Log.STANDARD),
            federation.directory,
            ed25519,
            System::currentTimeMillis);
    chain = shard.chain(KOMATSU);
    Answer opened = shard.submit(federation.open(federation.person(KOMATSU, "aaaa")), null);
    assertInstanceOf(Answer.Accepted.class, opened, opened::toString);
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    startAgain();
  }

  private void startAgain() {
    URI gateway = URI.create("http://127.0.0.1:" + port);
    addresses = new Addresses(Map.of(), Map.of(ASIA, gateway));
    standing = standing(Duration.ZERO);
  }

  private Standing standing(Duration alone) {
    return new Standing(
        federation.directory,
        ed25519,
        List.of(chain),
        addresses,
        _ -> decided,
        new MedianClock(System::currentTimeMillis),
        null,
        new Standing.Paces(Duration.ofMillis(20), alone));
  }

  /** The neighbour is one that an operator has named. */
  private void named(URI gateway, Duration alone) {
    standing.close();
    addresses = new Addresses(Map.of(ASIA, gateway), Map.of(ASIA, gateway));
    standing = standing(alone);
  }

  @AfterEach
  void stop() {
    standing.close();
    if (neighbour != null) {
      neighbour.stop(0);
    }
    shard.close();
  }

  private void accepted(Action action) {
    Answer answer = shard.await(shard.submit(KOMATSU, action));
    assertInstanceOf(Answer.Accepted.class, answer, answer::toString);
  }

  /** The neighbour starts, and shows the files. */
  private void listen() throws IOException {
    neighbour =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 16);
    neighbour.createContext("/", this::answer);
    neighbour.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      if (path.startsWith(BASE + "tile/")) {
        tilesAsked.countDown();
      }
      byte[] file = files.get(path);
      if (file == null) {
        exchange.sendResponseHeaders(404, -1);
      } else {
        exchange.sendResponseHeaders(200, file.length);
        exchange.getResponseBody().write(file);
      }
    }
  }

  private void shows(long size, Hash root, HeldKey by) {
    Checkpoint tree = new Checkpoint(federation.directory.origin(KOMATSU), size, root);
    files.put(BASE + "checkpoint", SignedCheckpoint.sign(tree, Ed25519.TYPE, by.signer()).encode());
  }

  private HeldKey logKey() {
    return Objects.requireNonNull(federation.logKeys.get(KOMATSU));
  }

  private static Hash another() {
    byte[] root = new byte[Hash.BYTES];
    root[0] = 1;
    return Hash.of(root);
  }

  private @Nullable Reason reason() {
    Refusal refusal = standing.check();
    return refusal == null ? null : refusal.reason();
  }

  @Test
  void whatIsHereTooIsNoReason() throws IOException {
    shows(2, Proofs.root(2, chain.nodes()), logKey());
    listen();
    assertNull(reason());
  }

  @Test
  void aNeighbourThatHasSeenNothingIsNoReason() throws IOException {
    listen();
    assertNull(reason());
  }

  @Test
  void moreThanIsHereIsAReason() throws IOException {
    shows(chain.size() + 100, another(), logKey());
    listen();
    assertEquals(Reason.NODE_BEHIND, reason());
  }

  @Test
  void anotherHistoryIsAReason() throws IOException {
    shows(1, another(), logKey());
    listen();
    assertEquals(Reason.CHECKPOINT_INCONSISTENT, reason());
  }

  /** The neighbour is there under so many addresses; only the last one shows another history. */
  private @Nullable Reason reasonOfTheLastOf(int gateways) {
    standing.close();
    Map<ChainId, URI> others =
        IntStream.rangeClosed(1, gateways)
            .boxed()
            .collect(
                Collectors.toMap(
                    number -> ChainId.of("Asia-Town%02d".formatted(number)),
                    number -> URI.create("http://127.0.0.1:" + port + "/" + number)));
    addresses = new Addresses(Map.of(), others);
    standing = standing(Duration.ZERO);
    String shown = BASE + "checkpoint";
    files.put("/" + gateways + shown, Objects.requireNonNull(files.get(shown)));
    Reason reason = reason();
    files.remove("/" + gateways + shown);
    return reason;
  }

  @Test
  void twentyFourGatewaysAreAsked() throws IOException {
    shows(1, another(), logKey());
    listen();
    assertEquals(Reason.CHECKPOINT_INCONSISTENT, reasonOfTheLastOf(24));
    assertNull(reasonOfTheLastOf(25));
  }

  @Test
  void whatTheLogHasNotSignedIsNoReason() throws IOException {
    shows(
        chain.size() + 100,
        another(),
        Objects.requireNonNull(federation.logKeys.get(TestFederation.KANAZAWA)));
    listen();
    assertNull(reason());
  }

  /** A machine that stands by may not have executed yet what others have seen. */
  @Test
  void whoStandsByDoesNotJudge() throws Exception {
    assertNull(reason());
    AtomicLong term = new AtomicLong(-1);
    CompletableFuture<Refusal> heard = new CompletableFuture<>();
    shows(chain.size() + 100, another(), logKey());
    listen();
    standing.goOn(term::get, heard::complete);
    assertThrows(TimeoutException.class, () -> heard.get(500, TimeUnit.MILLISECONDS));
    term.set(3);
    assertEquals(Reason.NODE_BEHIND, heard.get(60, TimeUnit.SECONDS).reason());
  }

  @Test
  void whoeverWasSilentAtTheStartStopsItLater() throws Exception {
    assertNull(reason());
    CompletableFuture<Refusal> heard = new CompletableFuture<>();
    standing.goOn(
        () -> 1,
        refusal -> {
          shard.forbid(refusal);
          heard.complete(refusal);
        });
    assertNull(shard.failure());
    shows(chain.size() + 100, another(), logKey());
    listen();
    assertEquals(Reason.NODE_BEHIND, heard.get(60, TimeUnit.SECONDS).reason());
    assertEquals(Reason.NODE_BEHIND, Objects.requireNonNull(shard.failure()).reason());
    assertTrue(shard.isForbidden());
    long size = chain.size();
    Answer answer = shard.submit(federation.open(federation.person(KOMATSU, "bbbb")), null);
    Answer.Refused refused = assertInstanceOf(Answer.Refused.class, answer);
    assertEquals(Reason.CHAIN_HALTED, refused.refusal().reason());
    assertEquals(size, chain.size());
  }

  /** [NBR-7] Somebody's network comes up a moment after this machine. */
  @Test
  void whenNobodyAnswersAChainThatHasBegunWaitsForSomebody() throws Exception {
    named(URI.create("http://127.0.0.1:" + port), Duration.ofSeconds(60));
    CompletableFuture<Optional<Refusal>> checked =
        CompletableFuture.supplyAsync(() -> Optional.ofNullable(standing.check()));
    assertThrows(TimeoutException.class, () -> checked.get(200, TimeUnit.MILLISECONDS));
    shows(chain.size() + 100, another(), logKey());
    listen();
    assertEquals(Reason.NODE_BEHIND, checked.get(60, TimeUnit.SECONDS).orElseThrow().reason());
  }

  /** At home people pay each other although nobody else is there. */
  @Test
  void itDoesNotWaitForEver() {
    named(URI.create("http://127.0.0.1:" + port), Duration.ofMillis(50));
    assertNull(reason());
    named(URI.create("http://127.0.0.1:" + port), Duration.ofDays(1));
    standing.stopWaiting();
    assertEquals(Reason.NODE_BEHIND, reason()); // who is stopped begins nothing
  }

  /** [GOS-5] Whoever is silent is asked where its chain says that it is now. */
  @Test
  void aNeighbourThatMovedIsAskedWhereItIs() throws Exception {
    named(URI.create("http://127.0.0.1:1"), Duration.ZERO);
    assertNull(reason());
    CompletableFuture<Refusal> heard = new CompletableFuture<>();
    shows(chain.size() + 100, another(), logKey());
    listen();
    standing.goOn(() -> 1, heard::complete);
    assertTrue(addresses.told(ASIA, URI.create("http://127.0.0.1:" + port), 1));
    assertEquals(Reason.NODE_BEHIND, heard.get(60, TimeUnit.SECONDS).reason());
  }

  private Mirrors.Hint hint(long size, Hash root, HeldKey by) {
    Checkpoint tree = new Checkpoint(federation.directory.origin(KOMATSU), size, root);
    SignedCheckpoint signed = SignedCheckpoint.sign(tree, Ed25519.TYPE, by.signer());
    return standing.hint(KOMATSU, ASIA, signed);
  }

  /** [GOS-6] It had answered when it had not seen more yet. */
  @Test
  void whoeverTellsOfMoreIsAskedAgain() throws Exception {
    listen();
    assertNull(reason());
    CompletableFuture<Refusal> heard = new CompletableFuture<>();
    standing.goOn(() -> 1, heard::complete);
    HeldKey other = Objects.requireNonNull(federation.logKeys.get(TestFederation.KANAZAWA));
    assertEquals(Mirrors.Hint.FORGED, hint(chain.size() + 100, another(), other));
    assertEquals(Mirrors.Hint.KNOWN, hint(1, Proofs.root(1, chain.nodes()), logKey()));
    shows(chain.size() + 100, another(), logKey());
    assertThrows(TimeoutException.class, () -> heard.get(200, TimeUnit.MILLISECONDS));
    assertEquals(Mirrors.Hint.TAKEN, hint(1, another(), logKey()));
    assertEquals(Reason.NODE_BEHIND, heard.get(60, TimeUnit.SECONDS).reason());
  }

  @Test
  void aHistoryThatWasGivenUpIsNoReason() throws Exception {
    recover();
    publish(1, chain.size() + 5);
    listen();
    assertNull(reason());
    shows(1, another(), logKey()); // it ends before the decision
    assertNull(againReason());
    long _ = namesTheDecision();
    assertNull(againReason());
  }

  /** Whatever the file says or does not say: that it has the leaf is what counts. */
  @Test
  void moreOfTheDecidedHistoryIsAReasonWithoutTheFile() throws Exception {
    recover();
    publish(chain.size(), chain.size() + 5);
    listen();
    assertEquals(Reason.NODE_BEHIND, reason());
    names(chain.size() - 1); // the decision of a later term, say
    assertEquals(Reason.NODE_BEHIND, againReason());
  }

  /** A node that was built from an old backup executes the same decision at another place. */
  @Test
  void theDecisionElsewhereIsAReasonWhenItIsProven() throws Exception {
    recover();
    long index = decision();
    Hash leaf = chain.entry(index).hash();
    publish(i -> i == 1 ? leaf : Merkle.leafHash(new byte[] {(byte) i}), chain.size() + 5);
    listen();
    assertNull(reason());
    names(index, 1);
    assertEquals(Reason.NODE_BEHIND, againReason());
  }

  private long decision() {
    long index = chain.size() - 1;
    while (!(chain.entry(index).leaf() instanceof Leaf.Recovered)) {
      index--;
    }
    return index;
  }

  /** The neighbour names the leaf by which the quorum decided here, as everybody can. */
  private long namesTheDecision() {
    return names(decision());
  }

  private long names(long index) {
    return names(index, index);
  }

  /** The neighbour names a leaf that is here, at some place. */
  private long names(long index, long at) {
    Checkpoint tree = new Checkpoint(federation.directory.origin(KOMATSU), index + 1, another());
    files.put(
        BASE + "term/1",
        new TlogProof(
                Optional.of(chain.entry(index).bytes()),
                at,
                Proofs.inclusion(index, index + 1, chain.nodes()),
                SignedCheckpoint.sign(tree, Ed25519.TYPE, logKey().signer()))
            .encode());
    return index;
  }

  @Test
  void moreOfTheHistoryThatWasDecidedForIsAReason() throws Exception {
    Answer _ = shard.submit(federation.open(federation.person(KOMATSU, "paying")), null);
    recover();
    long index = namesTheDecision();
    assertTrue(Objects.requireNonNull(chain.get(new Key.OfTerm(2))).first() < index);
    publish(index + 1, chain.size() + 5);
    listen();
    assertEquals(Reason.NODE_BEHIND, reason());
  }

  /** Else whoever has a checkpoint that was given up could halt the chain with a public file. */
  @Test
  void aHistoryThatWasGivenUpIsNoReasonBesideTheFileThatNamesTheDecision() throws Exception {
    recover();
    long index = namesTheDecision();
    publish(index, chain.size() + 5);
    listen();
    assertNull(reason());
  }

  @Test
  void aDecisionThatIsNotProvenToBeTheirsCounts() throws Exception {
    recover();
    long _ = namesTheDecision();
    shows(chain.size() + 5, another(), logKey()); // without tiles
    listen();
    assertEquals(Reason.NODE_BEHIND, reason());
    publish(1, chain.size() + 5);
    shows(chain.size() + 5, another(), logKey()); // with those of another tree
    assertEquals(Reason.NODE_BEHIND, againReason());
  }

  private @Nullable Reason againReason() {
    standing.close();
    startAgain();
    return reason();
  }

  /** Whoever shows nonsense is asked again, and cannot stop a chain that goes on. */
  @Test
  void inDoubtAboutTheirHistoryARunningChainGoesOn() throws Exception {
    recover();
    assertNull(reason());
    CompletableFuture<Refusal> heard = new CompletableFuture<>();
    standing.goOn(() -> 1, heard::complete);
    files.put(BASE + "term/1", new byte[] {'?'});
    shows(chain.size() + 100, another(), logKey());
    tilesAsked = new CountDownLatch(3); // two for each question
    listen();
    assertTrue(tilesAsked.await(60, TimeUnit.SECONDS));
    assertFalse(heard.isDone());
    publish(chain.size(), chain.size() + 5);
    assertEquals(Reason.NODE_BEHIND, heard.get(60, TimeUnit.SECONDS).reason());
  }

  @Test
  void inDoubtAboutTheirHistoryItCounts() throws Exception {
    recover();
    files.put(BASE + "term/1", new byte[] {'?'});
    shows(chain.size() + 100, another(), logKey());
    listen();
    assertEquals(Reason.NODE_BEHIND, reason());
  }

  /** The tree of what is here up to {@code common}, and then of others' leaves. */
  private void publish(long common, long size) {
    publish(i -> i < common ? chain.entry(i).hash() : Merkle.leafHash(new byte[] {(byte) i}), size);
  }

  private void publish(IntFunction<Hash> leaves, long size) {
    MerkleTree tree = new MerkleTree();
    ByteBuffer tile = ByteBuffer.allocate((int) size * Hash.BYTES);
    for (int i = 0; i < size; i++) {
      Hash leaf = leaves.apply(i);
      tree.append(leaf);
      tile.put(leaf.bytes());
    }
    files.put(BASE + "tile/0/000.p/" + size, tile.array());
    shows(size, tree.root(), logKey());
  }

  private void sealed() {
    accepted(new Action.Seal(chain.head().height() + 1));
  }

  /** [NBR-7] The quorum has decided for what is here, which is not written yet. */
  @Test
  void whileADecisionWaitsOnlyAnotherHistoryIsNoReason() throws IOException {
    publish(1, chain.size() + 5);
    listen();
    assertEquals(Reason.NODE_BEHIND, reason());
    standing.close();
    startAgain();
    decided = true;
    assertNull(reason());
  }

  @Test
  void whileADecisionWaitsAnOlderTreeOfAnotherHistoryIsNoReason() throws IOException {
    decided = true;
    shows(1, another(), logKey());
    listen();
    assertNull(reason());
  }

  @Test
  void whileADecisionWaitsMoreOfTheSameHistoryIsAReason() throws Exception {
    decided = true;
    sealed();
    publish(chain.size(), chain.size() + 5);
    listen();
    assertEquals(Reason.NODE_BEHIND, reason());
  }

  @Test
  void whileADecisionWaitsWhatIsNotProvenIsAReason() throws IOException {
    decided = true;
    shows(chain.size() + 100, another(), logKey());
    listen();
    assertEquals(Reason.NODE_BEHIND, reason());
    standing.close();
    startAgain();
    publish(1, chain.size() + 5);
    files.computeIfPresent(
        BASE + "tile/0/000.p/" + (chain.size() + 5),
        (path, tile) -> {
          tile[0] ^= 1; // so the tile is not of the signed tree
          return tile;
        });
    assertEquals(Reason.NODE_BEHIND, reason());
  }

  private void recover() {
    List<VerifierKey> seats =
        Objects.requireNonNull(federation.seats.get(KOMATSU)).stream().map(HeldKey::key).toList();
    Recovery seat =
        new Recovery.Seat(
            federation.directory.federation(), KOMATSU, 1, seats, "two histories of them");
    List<HeldKey> quorum = Objects.requireNonNull(federation.recovery.get(KOMATSU));
    HeldKey first = quorum.getFirst();
    SignedNote note =
        SignedNote.sign(seat.text(), first.key().name(), Ed25519.TYPE, first.signer());
    for (HeldKey more : quorum.subList(1, quorum.size() / 2 + 1)) {
      note = note.signedBy(more.key().name(), Ed25519.TYPE, more.signer());
    }
    accepted(new Action.Recover(SignedRecovery.parse(note.encode())));
    assertEquals(2, chain.head().term());
  }
}
