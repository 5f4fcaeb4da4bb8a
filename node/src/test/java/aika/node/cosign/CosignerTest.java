package aika.node.cosign;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.audit.FederationAudit;
import aika.core.ledger.Leaf;
import aika.core.ledger.LeafText;
import aika.core.ledger.Policy;
import aika.core.ledger.Reason;
import aika.core.log.Checkpoint;
import aika.core.log.Cosignature;
import aika.core.log.Hash;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.note.Ed25519;
import aika.core.note.MlDsa44;
import aika.core.note.NoteSignature;
import aika.node.TestFederation;
import aika.node.config.HeldKey;
import aika.node.order.Answer;
import aika.node.order.Shard;
import aika.node.order.ShardSettings;
import aika.node.store.StoreSettings;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A cosigner and a node that shows it all kinds of things. */
@Timeout(120)
final class CosignerTest {
  private static final ChainId KOMATSU = TestFederation.KOMATSU;
  private static final int BLOCK = 10;
  private static final StoreSettings SMALL =
      new StoreSettings(1 << 20, 1 << 20, 10_000, 1 << 20, 1 << 14);

  @TempDir Path data;

  private final TestFederation federation =
      new TestFederation(
          new Policy(
              BLOCK, 100, 86_400_000, Money.of("0.01"), Money.of("1000.00"), Money.of("9000.00")));
  private final Ed25519 ed25519 = new Ed25519(1_024);
  private final MlDsa44 mlDsa44 = new MlDsa44();
  private final HeldKey logKey = Objects.requireNonNull(federation.logKeys.get(KOMATSU));
  private final HeldKey seat = Objects.requireNonNull(federation.seats.get(KOMATSU)).getFirst();
  private final BlockingQueue<SignedCheckpoint> brought = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> waits = new LinkedBlockingQueue<>();

  private HttpServer gateway;
  private volatile ServedLog log;
  private volatile SignedCheckpoint shown;

  /** How far the cosigner's clock is ahead, ms. */
  private volatile long ahead;

  /** What becomes of a file of the log on its way. */
  private volatile UnaryOperator<byte[]> onTheWay = UnaryOperator.identity();

  @BeforeEach
  void start() throws IOException {
    show(history("a", 3));
    gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    gateway.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    gateway.createContext("/", this::answer);
    gateway.start();
    Cosigner.begin(own());
  }

  @AfterEach
  void stop() {
    gateway.stop(0);
  }

  private URI here() {
    return URI.create("http://localhost:" + gateway.getAddress().getPort());
  }

  private Path own() {
    return data.resolve("own");
  }

  private void show(ServedLog now) {
    log = now;
    shown = now.signed();
  }

  /** So many blocks of openings, as the rules lead to them. */
  private ServedLog history(String name, int blocks) {
    List<byte[]> leaves = new ArrayList<>();
    try (Shard shard =
        Shard.start(
            new ShardSettings(
                "test",
                data.resolve("shard-" + name),
                List.of(KOMATSU),
                3_600_000,
                1_000,
                StoreSettings.standard(),
                ShardSettings.Log.STANDARD),
            federation.directory,
            ed25519,
            System::currentTimeMillis)) {
      for (int i = 0; shard.chain(KOMATSU).head().height() < blocks; i++) {
        Answer answer =
            shard.submit(federation.open(federation.person(KOMATSU, name + (100 + i))), null);
        assertTrue(answer instanceof Answer.Accepted, answer::toString);
      }
      for (long i = 0; i < shard.chain(KOMATSU).size(); i++) {
        leaves.add(shard.chain(KOMATSU).entry(i).bytes());
      }
    }
    return new ServedLog(leaves, logKey);
  }

  private ServedLog first(ServedLog of, int blocks) {
    return new ServedLog(of.leaves().subList(0, blocks * (BLOCK + 1)), logKey);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      byte[] body = null;
      if (path.endsWith("/candidate")) {
        body = shown.encode();
      } else if (path.endsWith("/cosignatures")) {
        brought.add(SignedCheckpoint.parse(exchange.getRequestBody().readAllBytes()));
        body = new byte[] {'{', '}'};
      } else if (path.contains("/sealed/")) {
        String file = path.substring(path.indexOf("/sealed/") + "/sealed/".length());
        body = file.contains("entries") ? onTheWay.apply(log.file(file)) : log.file(file);
      }
      exchange.sendResponseHeaders(body == null ? 404 : 200, body == null ? -1 : body.length);
      if (body != null) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  /** A run of the cosigner's program. */
  private final class Run implements Cosigner.Watcher, AutoCloseable {
    private final Cosigner cosigner;
    private final CompletableFuture<@Nullable Exception> end = new CompletableFuture<>();

    Run() {
      this(List.of(here()));
    }

    Run(List<URI> gateways) {
      cosigner =
          new Cosigner(
              new Cosigner.Settings(
                  gateways,
                  own(),
                  SMALL,
                  federation.directory,
                  KOMATSU,
                  seat),
              new FederationAudit.Schemes(ed25519, ed25519, mlDsa44),
              () -> System.currentTimeMillis() + ahead,
              this);
      var _ = Thread.ofVirtual().start(this::run);
    }

    private void run() {
      try {
        cosigner.run();
        end.complete(null);
      } catch (Exception failed) {
        end.complete(failed);
      }
    }

    @Override
    public void executed(long leaves, long of) {}

    @Override
    public void cosigned(Checkpoint checkpoint) {}

    @Override
    public void waits(String why) {
      waits.add(why);
    }

    CosignException refusal() throws Exception {
      Exception failed = end.get(30, TimeUnit.SECONDS);
      return (CosignException) Objects.requireNonNull(failed);
    }

    @Override
    public void close() {
      cosigner.stop();
      var _ = end.join();
      cosigner.close();
    }
  }

  private SignedCheckpoint nextBrought() throws InterruptedException {
    SignedCheckpoint next = brought.poll(30, TimeUnit.SECONDS);
    assertNotNull(next, () -> "nothing was brought; it waits: " + waits);
    return next;
  }

  private void assertCosigned(ServedLog expected, SignedCheckpoint next) {
    assertEquals(expected.signed().checkpoint(), next.checkpoint());
    NoteSignature line =
        next.note().signatureBy(seat.key().name(), seat.key().keyId()).orElseThrow();
    assertTrue(Cosignature.verify(next.checkpoint(), seat.key(), mlDsa44, line));
  }

  private void awaitWaiting(String what) throws InterruptedException {
    String said = "";
    while (!said.contains(what)) {
      said = waits.poll(30, TimeUnit.SECONDS);
      assertNotNull(said, what);
    }
  }

  private void assertNothingBrought() {
    assertNull(brought.poll());
  }

  @Test
  void whatHoldsIsCosignedAndTheSameLineIsServedAgain() throws Exception {
    byte[] line;
    try (Run _ = new Run()) {
      SignedCheckpoint next = nextBrought();
      assertCosigned(log, next);
      line = next.encode();
      assertArrayEquals(line, nextBrought().encode(), "the node has forgotten it");
    }
    brought.clear();
    try (Run _ = new Run()) {
      assertArrayEquals(line, nextBrought().encode(), "after a restart");
    }
    assertArrayEquals(line, Files.readAllBytes(own().resolve("signed")));
  }

  @Test
  void aLogThatGrowsIsCosignedWherePartOfTheWorkWasLost() throws Exception {
    ServedLog whole = history("whole", 8);
    show(first(whole, 2));
    try (Run _ = new Run()) {
      assertCosigned(log, nextBrought());
    }
    removeChain();
    show(whole);
    brought.clear();
    try (Run _ = new Run()) {
      assertCosigned(whole, nextBrought());
    }
  }

  @Test
  void anotherMachineOfTheNodeIsAskedWhenOneHasNothing() throws Exception {
    HttpServer standsBy =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    standsBy.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(503, -1);
          }
        });
    standsBy.start();
    URI there = URI.create("http://localhost:" + standsBy.getAddress().getPort());
    try (Run _ = new Run(List.of(there, here()))) {
      assertCosigned(log, nextBrought());
      awaitWaiting("503");
    } finally {
      standsBy.stop(0);
    }
  }

  private void removeChain() throws IOException {
    Path chain = own().resolve(Cosigner.CHAIN);
    Files.move(chain, data.resolve("lost-" + System.nanoTime()));
  }

  @Test
  void aLeafWithAWrongResultIsNamedAndNothingIsCosigned() throws Exception {
    int index = 2 * (BLOCK + 1) + BLOCK;
    Leaf.Sealed seal = (Leaf.Sealed) LeafText.parse(log.leaves().get(index));
    Leaf.Sealed richer =
        new Leaf.Sealed(
            seal.time(),
            seal.height(),
            seal.first(),
            seal.term(),
            seal.seats(),
            seal.nextSeats(),
            Money.of("100.00"),
            Money.of("100.00"),
            seal.holds(),
            seal.clearing());
    ServedLog honest = log;
    show(log.with(index, LeafText.encode(richer), logKey));
    try (Run run = new Run()) {
      CosignException refusal = run.refusal();
      assertEquals(Reason.LEAF_DIVERGES, refusal.refusal().reason());
      assertTrue(refusal.refusal().detail().contains("leaf " + index + ":"), refusal::getMessage);
    }
    try (Run again = new Run()) {
      assertEquals(Reason.LEAF_DIVERGES, again.refusal().refusal().reason());
    }
    assertNothingBrought();
    show(honest); // it was never cosigned, so the right history may be
    try (Run _ = new Run()) {
      assertCosigned(honest, nextBrought());
    }
  }

  @Test
  void aLeafThatWasChangedOnTheWayIsNamedAndAskedForAgain() throws Exception {
    ServedLog other = log.with(3, log.leaves().get(4), logKey);
    onTheWay = bundle -> other.file("tile/entries/000.p/" + log.leaves().size());
    try (Run _ = new Run()) {
      awaitWaiting("leaf 3 ");
      assertNothingBrought();
      onTheWay = UnaryOperator.identity();
      assertCosigned(log, nextBrought());
    }
  }

  @Test
  void aRootThatIsNotThatOfTheFilesIsNotCosigned() throws Exception {
    shown = log.under(Hash.of(new byte[Hash.BYTES]), logKey);
    try (Run _ = new Run()) {
      awaitWaiting("leaf 0 ");
    }
    assertNothingBrought();
  }

  @Test
  void aCheckpointThatTheLogHasNotSignedIsNotLookedAt() throws Exception {
    HeldKey another = Objects.requireNonNull(federation.logKeys.get(TestFederation.ASIA));
    shown = SignedCheckpoint.sign(log.signed().checkpoint(), Ed25519.TYPE, another.signer());
    try (Run _ = new Run()) {
      awaitWaiting("not signed by the log's key");
    }
    assertNothingBrought();
  }

  @Test
  void anotherHistoryIsRefusedByWhoeverHasCosignedOne() throws Exception {
    try (Run _ = new Run()) {
      assertCosigned(log, nextBrought());
    }
    show(history("b", 5));
    brought.clear();
    try (Run run = new Run()) {
      assertEquals(Reason.CHECKPOINT_INCONSISTENT, run.refusal().refusal().reason());
    }
    assertTrue(Files.exists(own().resolve("refused-" + log.leaves().size() + ".note")));
    removeChain(); // even when it does not know any more what it had executed
    try (Run run = new Run()) {
      assertEquals(Reason.CHECKPOINT_INCONSISTENT, run.refusal().refusal().reason());
    }
    removeChain();
    show(history("c", 3)); // of the same size
    try (Run run = new Run()) {
      assertEquals(Reason.CHECKPOINT_INCONSISTENT, run.refusal().refusal().reason());
    }
    assertNothingBrought();
  }

  @Test
  void aDiskThatIsOlderThanWhatWasCosignedLearnsItFromTheNote() throws Exception {
    ServedLog whole = history("whole", 6);
    ServedLog fork = new ServedLog(forked(whole), logKey);
    show(first(whole, 2));
    byte[] old;
    try (Run _ = new Run()) {
      assertCosigned(log, nextBrought());
      old = Files.readAllBytes(own().resolve("signed"));
    }
    brought.clear();
    show(first(whole, 4));
    SignedCheckpoint line;
    try (Run _ = new Run()) {
      line = nextBrought();
      assertCosigned(log, line);
    }
    Files.write(own().resolve("signed"), old); // what nobody should do
    removeChain();
    brought.clear();
    shown = shown.withSignatures(line.note().signatures());
    try (Run _ = new Run()) {
      awaitWaiting("more than this disk knew of");
    }
    assertEquals(
        line.checkpoint(),
        SignedCheckpoint.parse(Files.readAllBytes(own().resolve("signed"))).checkpoint());
    removeChain();
    show(fork);
    try (Run run = new Run()) {
      assertEquals(Reason.CHECKPOINT_INCONSISTENT, run.refusal().refusal().reason());
    }
    assertNothingBrought();
  }

  /** The same first two blocks, and then others. */
  private List<byte[]> forked(ServedLog whole) {
    List<byte[]> leaves = new ArrayList<>(whole.leaves().subList(0, 2 * (BLOCK + 1)));
    leaves.addAll(history("fork", 5).leaves().subList(2 * (BLOCK + 1), 5 * (BLOCK + 1)));
    return leaves;
  }

  @Test
  void aSealAheadOfTheClockWaits() throws Exception {
    int last = log.leaves().size() - 1;
    Leaf.Sealed seal = (Leaf.Sealed) LeafText.parse(log.leaves().get(last));
    long ahead = System.currentTimeMillis() + 9_000;
    Leaf.Sealed later =
        new Leaf.Sealed(
            ahead,
            seal.height(),
            seal.first(),
            seal.term(),
            seal.seats(),
            seal.nextSeats(),
            seal.issued(),
            seal.balances(),
            seal.holds(),
            seal.clearing());
    show(log.with(last, LeafText.encode(later), logKey));
    try (Run _ = new Run()) {
      awaitWaiting("ahead of the clock");
      assertNothingBrought();
      assertCosigned(log, nextBrought());
    }
  }

  @Test
  void aLineThatWasMadeWhileTheClockWasAheadIsMadeAgain() throws Exception {
    ahead = 3_600_000;
    try (Run _ = new Run()) {
      assertTrue(secondsAhead(nextBrought()) > 3_000);
    }
    ahead = 0;
    try (Run _ = new Run()) {
      SignedCheckpoint next = nextBrought();
      while (secondsAhead(next) > 3_000) { // was on its way
        next = nextBrought();
      }
      assertTrue(secondsAhead(next) <= 0);
      assertCosigned(log, next);
    }
  }

  private long secondsAhead(SignedCheckpoint cosigned) {
    NoteSignature line =
        cosigned.note().signatureBy(seat.key().name(), seat.key().keyId()).orElseThrow();
    return Cosignature.timestampSeconds(line) - System.currentTimeMillis() / 1_000;
  }

  @Test
  void aKeyOfWhichNobodyKnowsWhatItSignedIsNotUsed() throws Exception {
    Files.delete(own().resolve("signed"));
    CosignException refused = assertThrows(CosignException.class, Run::new);
    assertEquals(Reason.SIGNED_UNKNOWN, refused.refusal().reason());
    Files.writeString(own().resolve("signed"), "");
    assertEquals(
        Reason.SIGNED_UNKNOWN, assertThrows(CosignException.class, Run::new).refusal().reason());
    Files.writeString(own().resolve("signed"), "half of it\n");
    assertEquals(
        Reason.SIGNED_UNKNOWN, assertThrows(CosignException.class, Run::new).refusal().reason());
  }
}
