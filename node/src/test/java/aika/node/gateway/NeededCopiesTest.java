package aika.node.gateway;

import static aika.node.gateway.World.ASIA;
import static aika.node.gateway.World.DEFAULT;
import static aika.node.gateway.World.KANAZAWA;
import static aika.node.gateway.World.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Key;
import aika.core.ledger.Order;
import aika.core.ledger.Row;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import aika.core.note.Ed25519;
import aika.core.note.SignedNote;
import aika.core.note.Utf8;
import aika.node.NodeSettings;
import aika.node.config.DurableFile;
import aika.node.config.FederationFile;
import aika.node.config.FederationTemplate;
import aika.node.config.HeldKey;
import aika.node.config.KeyFiles;
import aika.node.gossip.Stranger;
import aika.node.order.Chain;
import aika.node.store.StoreSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** [NBR-16 … NBR-18, GOS-12] Nodes that copy only what concerns them. */
final class NeededCopiesTest {
  private static final String PARIS = "Europe-Paris";
  private static final String GENERAL = "Default-General";
  private static final String NOWHERE = "Asia-Nowhere";

  @TempDir static Path made;
  @TempDir Path data;

  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private KeyFiles keys;
  private FederationFile file;
  private int offset;

  /** Its many keys take longer than copying them. */
  @BeforeAll
  static void makeFederation() {
    KeyFiles keys = new KeyFiles(made.resolve(KeyFiles.DIRECTORY), new SecureRandom());
    FederationFile.write(
        made.resolve(FederationFile.NAME), FederationTemplate.demo().federation(keys));
  }

  @BeforeEach
  void copyFederation() throws IOException {
    DurableFile.copyTree(made, data);
    keys = new KeyFiles(data.resolve(KeyFiles.DIRECTORY), new SecureRandom());
    file = FederationFile.read(data.resolve(FederationFile.NAME));
    offset = World.freeOffset(file.federation());
  }

  @AfterEach
  void stop() throws Exception {
    while (!running.isEmpty()) {
      running.pop().close();
    }
  }

  private World start(NodeSettings.Mirror mirror, String name, String... more) {
    Set<ChainId> serves =
        Stream.concat(Stream.of(name), Stream.of(more))
            .map(ChainId::of)
            .collect(Collectors.toSet());
    NodeSettings settings =
        new NodeSettings(
                data.resolve("nodes").resolve(name),
                "127.0.0.1",
                offset,
                StoreSettings.standard(),
                serves,
                Map.of())
            .with(mirror);
    World world = new World(settings, file, keys);
    running.push(world);
    return world;
  }

  private World startNeeded(String name, String... more) {
    return start(NodeSettings.Mirror.NEEDED, name, more);
  }

  private void close(World world) {
    running.remove(world);
    world.close();
  }

  /** So that this node does not gossip. */
  private void takeNodePort(String name) throws IOException {
    int port = file.federation().shifted(offset).chain(ChainId.of(name)).orElseThrow().nodePort();
    running.push(new ServerSocket(port, 1, InetAddress.getLoopbackAddress()));
  }

  private static @Nullable Chain copy(World world, String chain) {
    return world.node.chains().find(ChainId.of(chain));
  }

  private static String metrics(World world, String at) {
    try {
      return new String(world.bytes(at, "/metrics"), StandardCharsets.UTF_8);
    } catch (Exception failed) {
      throw new AssertionError(failed);
    }
  }

  private static boolean counted(World world, String at, String result, int times) {
    String line =
        "aika_gossip_rumours_total{kind=\"offers\",result=\"" + result + "\"} " + times + ".0";
    return metrics(world, at).contains(line);
  }

  private static Row.Hold.Status hold(World world, TransferId id) {
    return Objects.requireNonNull(world.ledger(id.origin()).get(new Key.OfHold(id.index())))
        .status();
  }

  private static TransferId send(World from, String at, String sender, AccountId to, String amount)
      throws Exception {
    String send =
        "{\"sender\":\"%s\",\"receiver\":\"%s\",\"receiver_municipality\":\"%s\",\"amount\":%s}"
            .formatted(sender, to, to.chain(), amount);
    return TransferId.of(from.post(at, "/send", send).expect(200).text("transfer"));
  }

  private static World.Reply receive(World world, String at, World.Holder by, TransferId transfer)
      throws Exception {
    Order receive = new Order.Decide(world.header(), by.account(), transfer, true);
    String note = new String(by.sign(receive).note().encode(), StandardCharsets.UTF_8);
    return world.post(at, "/receive", "text/plain", note, Map.of());
  }

  private HeldKey log(String chain) {
    return keys.log(file.federation().chain(ChainId.of(chain)).orElseThrow());
  }

  private byte[] offers(String federation, String chain, String to, HeldKey key) {
    String text =
        "aika/offers/v1\nfederation " + federation + "\nchain " + chain + "\n" + to + " 7\n";
    return SignedNote.sign(text, key.key().name(), Ed25519.TYPE, key.signer()).encode();
  }

  @Test
  void whoHearsOfAnOfferCopiesItsChain() throws Exception {
    World komatsu = startNeeded(KOMATSU);
    World kanazawa = startNeeded(KANAZAWA);
    assertNull(copy(kanazawa, KOMATSU));
    assertNotNull(copy(kanazawa, ASIA));
    komatsu.issue(komatsu.person(KOMATSU, "A"), "100.00");
    AccountId b = kanazawa.person(KANAZAWA, "B");
    whatIsForgedChangesNothing(kanazawa);

    TransferId transfer = send(komatsu, KOMATSU, "A", b, "7");
    kanazawa.await(() -> copy(kanazawa, KOMATSU) != null); // no continent runs that could be asked
    kanazawa.await(() -> counted(kanazawa, KANAZAWA, "taken", 1));
    komatsu.await(() -> copy(komatsu, KANAZAWA) != null);
    String receive = "{\"receiver\":\"B\",\"transfer\":\"%s\"}".formatted(transfer);
    kanazawa.post(KANAZAWA, "/receive", receive).expect(200);
    komatsu.await(() -> hold(komatsu, transfer) == Row.Hold.Status.SETTLED);
    assertEquals(Money.of("7.00"), kanazawa.balance(b));
    assertNull(copy(kanazawa, PARIS));
    assertNull(copy(kanazawa, GENERAL));
    assertNotNull(copy(komatsu, PARIS), "its own log key has told of an offer");
  }

  private void whatIsForgedChangesNothing(World kanazawa) throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    try (Stranger stranger =
        new Stranger(file.federation().id(), port, Set.of("localhost:" + (20_001 + offset)))) {
      kanazawa.await(() -> stranger.members() == 3);
      String federation = file.federation().id();
      HeldKey paris = log(PARIS);
      stranger.tell("offers", PARIS, offers(federation, PARIS, KANAZAWA, log(KOMATSU)));
      stranger.tell("offers", PARIS, offers("other.example", PARIS, KANAZAWA, paris));
      stranger.tell("offers", PARIS, offers(federation, NOWHERE, KANAZAWA, paris));
      stranger.tell("offers", PARIS, offers(federation, PARIS, KOMATSU, paris));
      stranger.tell("offers", PARIS, offers(federation, ASIA, KANAZAWA, log(ASIA)));
      stranger.tell("offers", PARIS, offers(federation, PARIS, "no chain", paris));
      stranger.tell("offers", PARIS, Utf8.encode("hello"));
      kanazawa.await(() -> counted(kanazawa, KANAZAWA, "forged", 1));
      kanazawa.await(() -> counted(kanazawa, KANAZAWA, "unknown", 2));
      kanazawa.await(() -> counted(kanazawa, KANAZAWA, "known", 2));
      kanazawa.await(() -> counted(kanazawa, KANAZAWA, "malformed", 2));
      assertNull(copy(kanazawa, PARIS));
    }
  }

  /** What nobody tells is asked of the continents; the one of Paris never runs. */
  @Test
  void whoHearsNothingAsksTheContinents() throws Exception {
    takeNodePort(KANAZAWA);
    World asia = start(NodeSettings.Mirror.ALL, ASIA);
    World komatsu = startNeeded(KOMATSU, DEFAULT);
    World kanazawa = startNeeded(KANAZAWA);
    assertNotNull(copy(komatsu, GENERAL), "of a continent that is served here");
    komatsu.issue(komatsu.person(KOMATSU, "A"), "100.00");
    World.Holder b = kanazawa.holder(KANAZAWA, "bbbbbbbb");
    TransferId transfer = send(komatsu, KOMATSU, "A", b.account(), "7");
    kanazawa.await(() -> !kanazawa.node.pending().to(b.account(), 10).isEmpty());
    World.Reply lines = asia.get(ASIA, "/chains/" + KANAZAWA + "/offers").expect(200);
    assertEquals(
        KOMATSU + " " + (transfer.index() + 1) + "\n",
        new String(lines.http().body(), StandardCharsets.UTF_8));
    receive(kanazawa, KANAZAWA, b, transfer).expect(200);
    komatsu.await(() -> hold(komatsu, transfer) == Row.Hold.Status.SETTLED);

    World paris = startNeeded(PARIS);
    paris.issue(paris.person(PARIS, "P"), "100.00");
    whatIsNotCopiedIsElsewhere(kanazawa, paris.ledger(ChainId.of(PARIS)).size());
    TransferId far = send(paris, PARIS, "P", b.account(), "5");
    kanazawa.await(() -> copy(kanazawa, PARIS) != null);
    receive(asia, ASIA, b, far).expect(200); // passed on to Kanazawa's node
    assertEquals(Money.of("12.00"), kanazawa.balance(b.account()));
    paris.await(() -> hold(paris, far) == Row.Hold.Status.SETTLED);
    assertNull(copy(paris, KOMATSU));
    assertEquals(0, kanazawa.node.pending().aside(ChainId.of(ASIA)));

    komatsu.await(() -> Objects.requireNonNull(copy(komatsu, KANAZAWA)).approvedSize() > 0);
    List.of(asia, komatsu, kanazawa, paris).forEach(this::close);
    whatConcernsANodeIsKnownAtItsStart();
  }

  /** Nobody else runs. */
  private void whatConcernsANodeIsKnownAtItsStart() throws Exception {
    World kept = startNeeded(KANAZAWA);
    for (String begun : List.of(KOMATSU, PARIS)) {
      assertTrue(Objects.requireNonNull(copy(kept, begun)).approvedSize() > 0, begun);
    }
    assertNull(copy(kept, GENERAL));
    close(kept);
    DurableFile.deleteTree(data.resolve("nodes").resolve(KANAZAWA).resolve("mirror"));
    World again = startNeeded(KANAZAWA);
    assertNotNull(copy(again, KOMATSU), "recorded");
    assertNotNull(copy(again, PARIS), "recorded");
    assertNotNull(copy(again, ASIA), "a continent");
    assertNull(copy(again, GENERAL));
  }

  private static void whatIsNotCopiedIsElsewhere(World kanazawa, long size) throws Exception {
    World.Reply log = kanazawa.get(KANAZAWA, "/chains/" + PARIS + "/checkpoint").expect(404);
    assertEquals("UNKNOWN_CHAIN", log.text("code"));
    World.Reply told = kanazawa.get(KANAZAWA, "/transfers/" + PARIS + ":" + size).expect(404);
    assertEquals("UNKNOWN_TRANSFER", told.text("code"), "Paris itself says so");
    String nobody = "/transfers/" + GENERAL + ":3";
    assertEquals("NODE_UNREACHABLE", kanazawa.get(KANAZAWA, nobody).expect(503).text("code"));
    World.Reply events = kanazawa.get(KANAZAWA, nobody + "/events").expect(404);
    assertEquals("UNKNOWN_CHAIN", events.text("code"));
    World.Reply nowhere = kanazawa.get(KANAZAWA, "/transfers/" + NOWHERE + ":3").expect(404);
    assertEquals("UNKNOWN_TRANSFER", nowhere.text("code"));
    String metrics = metrics(kanazawa, KANAZAWA);
    assertTrue(metrics.contains("aika_copy_up{chain=\"" + KOMATSU + "\"}"), metrics);
    assertFalse(metrics.contains("aika_copy_up{chain=\"" + PARIS + "\"}"), metrics);
  }
}
