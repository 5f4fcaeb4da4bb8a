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
import aika.node.config.Federation;
import aika.node.config.HeldKey;
import aika.node.gossip.Stranger;
import aika.node.order.Chain;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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

  private final Deque<AutoCloseable> beside = new ArrayDeque<>();
  private SeparateNodes nodes;

  @BeforeAll
  static void makeFederation() {
    SeparateNodes.make(made);
  }

  @BeforeEach
  void copyFederation() throws IOException {
    nodes = SeparateNodes.of(made, data);
  }

  @AfterEach
  void stop() throws Exception {
    while (!beside.isEmpty()) {
      beside.pop().close();
    }
    nodes.close();
  }

  private World startNeeded(String name, String... more) {
    return nodes.start(NodeSettings.Mirror.NEEDED, name, more);
  }

  private Federation federation() {
    return nodes.file().federation();
  }

  /** So that this node does not gossip. */
  private void takeNodePort(String name) throws IOException {
    int port =
        federation().shifted(nodes.offset()).chain(ChainId.of(name)).orElseThrow().nodePort();
    beside.push(new ServerSocket(port, 1, InetAddress.getLoopbackAddress()));
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

  private static byte[] offers(String federation, String chain, String to, HeldKey key) {
    String text =
        "aika/offers/v1\nfederation " + federation + "\nchain " + chain + "\n" + to + " 7\n";
    return SignedNote.sign(text, key.key().name(), Ed25519.TYPE, key.signer()).encode();
  }

  /** No continent runs that could list an offer, or be asked for it. */
  @Test
  void whoHearsOfAnOfferCopiesItsChain() throws Exception {
    World komatsu = startNeeded(KOMATSU);
    World kanazawa = startNeeded(KANAZAWA);
    assertNull(copy(kanazawa, KOMATSU));
    assertNotNull(copy(kanazawa, ASIA));
    komatsu.issue(komatsu.person(KOMATSU, "A"), "100.00");
    AccountId b = kanazawa.person(KANAZAWA, "B");
    try (Stranger stranger = stranger(kanazawa)) {
      whatIsForgedChangesNothing(stranger, kanazawa);
      TransferId transfer = send(komatsu, KOMATSU, "A", b, "7");
      kanazawa.await(() -> copy(kanazawa, KOMATSU) != null);
      kanazawa.await(() -> counted(kanazawa, KANAZAWA, "taken", 1));
      komatsu.await(() -> copy(komatsu, KANAZAWA) != null);
      whatIsHeardIsReceived(kanazawa, b, transfer);
      komatsu.await(() -> hold(komatsu, transfer) == Row.Hold.Status.SETTLED);
      assertEquals(Money.of("7.00"), kanazawa.balance(b));
      assertNull(copy(kanazawa, PARIS));
      assertNull(copy(kanazawa, GENERAL));
      assertNotNull(copy(komatsu, PARIS), "its own log key has told of an offer");

      TransferId later = send(komatsu, KOMATSU, "A", b, "3");
      kanazawa.await(() -> waiting(kanazawa, b).contains(later.toString()));
      twoHistoriesFreezeTheirChain(stranger, kanazawa, later);
    }
    nodes.stop(KOMATSU);
    kanazawa.await(() -> waiting(kanazawa, b).contains("heard of " + KOMATSU)); // nor its continent
  }

  private static String waiting(World world, AccountId receiver) {
    try {
      return world.get(KANAZAWA, "/pending?account=" + receiver).expect(200).toString();
    } catch (Exception failed) {
      throw new AssertionError(failed);
    }
  }

  /** [HTTP-26, HTTP-53] Without its number, and with a word that there may be more. */
  private static void whatIsHeardIsReceived(World kanazawa, AccountId b, TransferId transfer)
      throws Exception {
    kanazawa.await(() -> waiting(kanazawa, b).contains(transfer.toString()));
    assertFalse(waiting(kanazawa, b).contains("listed_at"), () -> waiting(kanazawa, b));
    World.Reply all = kanazawa.post(KANAZAWA, "/receive", "{\"receiver\":\"B\"}").expect(200);
    assertTrue(all.toString().contains(transfer.toString()), all::toString);
    assertEquals("LIST_INCOMPLETE", all.text("incomplete", "code"));
    World.Reply none = kanazawa.get(KANAZAWA, "/pending?account=" + b).expect(200);
    assertEquals(List.of(), none.at("pending"));
    assertEquals("LIST_INCOMPLETE", none.text("incomplete", "code"));
  }

  /** Of a chain that is copied, and of one that is not. */
  private void twoHistoriesFreezeTheirChain(Stranger stranger, World kanazawa, TransferId later)
      throws Exception {
    for (String chain : List.of(KOMATSU, PARIS)) {
      stranger.tell("conflict", PARIS, kanazawa.twoHistories(chain).encode());
      kanazawa.await(() -> isConvicted(kanazawa, ChainId.of(chain)));
    }
    String receive = "{\"receiver\":\"B\",\"transfer\":\"%s\"}".formatted(later);
    World.Reply refused = kanazawa.post(KANAZAWA, "/receive", receive).expect(503);
    assertEquals("CHAIN_FROZEN", refused.text("code"), refused::toString);
    assertNull(copy(kanazawa, PARIS), "nothing of it is rested upon");
  }

  private static boolean isConvicted(World world, ChainId origin) {
    Row.Sitting sitting = world.ledger(ChainId.of(KANAZAWA)).get(new Key.OfSitting(origin));
    return sitting != null && sitting.conflict();
  }

  private Stranger stranger(World kanazawa) throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    int seed = federation().chain(ChainId.of(KANAZAWA)).orElseThrow().nodePort() + nodes.offset();
    Stranger stranger = new Stranger(federation().id(), port, Set.of("localhost:" + seed));
    kanazawa.await(() -> stranger.members() == 3);
    return stranger;
  }

  private void whatIsForgedChangesNothing(Stranger stranger, World kanazawa) throws Exception {
    String federation = federation().id();
    HeldKey paris = nodes.log(PARIS);
    stranger.tell("offers", PARIS, offers(federation, PARIS, KANAZAWA, nodes.log(KOMATSU)));
    stranger.tell("offers", PARIS, offers("other.example", PARIS, KANAZAWA, paris));
    stranger.tell("offers", PARIS, offers(federation, NOWHERE, KANAZAWA, paris));
    stranger.tell("offers", PARIS, offers(federation, PARIS, KOMATSU, paris));
    stranger.tell("offers", PARIS, offers(federation, ASIA, KANAZAWA, nodes.log(ASIA)));
    stranger.tell("offers", PARIS, offers(federation, PARIS, "no chain", paris));
    stranger.tell("offers", PARIS, Utf8.encode("hello"));
    kanazawa.await(() -> counted(kanazawa, KANAZAWA, "forged", 1));
    kanazawa.await(() -> counted(kanazawa, KANAZAWA, "unknown", 2));
    kanazawa.await(() -> counted(kanazawa, KANAZAWA, "known", 2));
    kanazawa.await(() -> counted(kanazawa, KANAZAWA, "malformed", 2));
    assertNull(copy(kanazawa, PARIS));
  }

  /** What nobody tells is asked of the continents; the one of Paris never runs. */
  @Test
  void whoHearsNothingAsksTheContinents() throws Exception {
    takeNodePort(KANAZAWA);
    World asia = nodes.start(NodeSettings.Mirror.ALL, ASIA);
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
    nodes.close();
    whatConcernsANodeIsKnownAtItsStart();
  }

  /** Nobody else runs. */
  private void whatConcernsANodeIsKnownAtItsStart() throws Exception {
    World kept = startNeeded(KANAZAWA);
    for (String begun : List.of(KOMATSU, PARIS)) {
      assertTrue(Objects.requireNonNull(copy(kept, begun)).approvedSize() > 0, begun);
    }
    assertNull(copy(kept, GENERAL));
    nodes.stop(KANAZAWA);
    DurableFile.deleteTree(nodes.directory(KANAZAWA).resolve("mirror"));
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
