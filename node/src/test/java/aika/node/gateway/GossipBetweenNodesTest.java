package aika.node.gateway;

import static aika.node.gateway.World.ASIA;
import static aika.node.gateway.World.EUROPE;
import static aika.node.gateway.World.KANAZAWA;
import static aika.node.gateway.World.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Key;
import aika.core.ledger.Row;
import aika.core.log.Checkpoint;
import aika.core.log.Cosignature;
import aika.core.log.Hash;
import aika.core.log.SignedCheckpoint;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Timestamp;
import aika.core.note.Ed25519;
import aika.core.note.NoteSignature;
import aika.core.note.SignedNote;
import aika.core.note.Utf8;
import aika.node.NodeSettings;
import aika.node.config.Chain;
import aika.node.config.FederationFile;
import aika.node.config.FederationTemplate;
import aika.node.config.HeldKey;
import aika.node.config.KeyFiles;
import aika.node.gossip.Stranger;
import aika.node.store.StoreSettings;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** [GOS-1 … GOS-10] What nodes tell each other, and what others tell them. */
final class GossipBetweenNodesTest {
  private static final ChainId CHAIN = ChainId.of(KOMATSU);

  @TempDir Path data;

  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private KeyFiles keys;
  private FederationFile file;
  private int offset;

  @BeforeEach
  void makeFederation() {
    keys = new KeyFiles(data.resolve(KeyFiles.DIRECTORY), new SecureRandom());
    file =
        FederationFile.write(
            data.resolve(FederationFile.NAME), FederationTemplate.demo().federation(keys));
    offset = World.freeOffset(file.federation());
  }

  @AfterEach
  void stop() throws Exception {
    while (!running.isEmpty()) {
      running.pop().close();
    }
  }

  private World start(String name) {
    return start(name, offset, Map.of());
  }

  private World start(String name, int portOffset, Map<ChainId, URI> gateways) {
    NodeSettings settings =
        new NodeSettings(
            directory(name),
            "127.0.0.1",
            portOffset,
            StoreSettings.standard(),
            Set.of(ChainId.of(name)),
            gateways);
    World world = new World(settings, file, keys);
    running.push(world);
    return world;
  }

  private Path directory(String name) {
    return data.resolve("nodes").resolve(name);
  }

  private Stranger stranger() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Stranger stranger =
        new Stranger(file.federation().id(), port, Set.of("localhost:" + (20_000 + offset)));
    running.push(stranger);
    return stranger;
  }

  private static long metric(World world, String at, String name) {
    try {
      String all =
          new String(world.get(at, "/metrics").expect(200).http().body(), StandardCharsets.UTF_8);
      return all.lines()
          .filter(line -> line.startsWith(name + " "))
          .mapToLong(line -> (long) Double.parseDouble(line.substring(name.length() + 1)))
          .sum();
    } catch (Exception failed) {
      throw new AssertionError(failed);
    }
  }

  private static long rumours(World world, String at, String kind, String result) {
    return metric(
        world, at, "aika_gossip_rumours_total{kind=\"" + kind + "\",result=\"" + result + "\"}");
  }

  private static void await(World world, BooleanSupplier condition) throws InterruptedException {
    world.await(condition);
  }

  private static long copied(World world) {
    return Objects.requireNonNull(world.node.chains().find(CHAIN)).approvedSize();
  }

  private static void awaitCopy(World of, World at) throws InterruptedException {
    aika.node.order.Chain chain = of.ledger(CHAIN);
    await(of, () -> chain.approvedSize() == chain.size());
    await(at, () -> copied(at) == chain.size());
  }

  private void issue(World komatsu, String name) {
    komatsu.issue(komatsu.person(KOMATSU, name), "10.00");
  }

  @Test
  void aCheckpointIsToldAndPulled() throws Exception {
    World komatsu = start(KOMATSU);
    World kanazawa = start(KANAZAWA);
    await(kanazawa, () -> metric(kanazawa, KANAZAWA, "aika_gossip_members") == 2);
    await(kanazawa, () -> rumours(kanazawa, KANAZAWA, "address", "taken") > 0);
    for (String name : List.of("A", "B", "C", "D")) {
      issue(komatsu, name);
      awaitCopy(komatsu, kanazawa);
    }
    await(kanazawa, () -> rumours(kanazawa, KANAZAWA, "checkpoint", "taken") > 0);
    assertTrue(rumours(komatsu, KOMATSU, "checkpoint", "told") > 0);
    assertEquals(0, rumours(kanazawa, KANAZAWA, "checkpoint", "forged"));
  }

  @Test
  void aNodeThatMovedIsFound() throws Exception {
    World kanazawa = start(KANAZAWA);
    World before = start(KOMATSU);
    issue(before, "A");
    awaitCopy(before, kanazawa);
    running.remove(before);
    before.close();

    int other = World.freeOffset(file.federation());
    URI there = URI.create("http://localhost:" + kanazawa.port(KANAZAWA));
    World moved = start(KOMATSU, other, Map.of(ChainId.of(KANAZAWA), there));
    issue(moved, "B");
    awaitCopy(moved, kanazawa);
    URI told = URI.create("http://localhost:" + moved.port(KOMATSU));
    assertEquals(told, kanazawa.node.neighbours().gateway(CHAIN));
    AccountId person = kanazawa.person(KANAZAWA, "X");
    assertNotNull(person);
  }

  /**
   * [GOS-5] Another machine of the node leads: what is named stands by, later it is lost. Copies,
   * questions and what is passed on go where the chain says that it is.
   */
  @Test
  void aNamedNodeIsFoundWhereItSaysWhenNobodyAnswersAtItsName() throws Exception {
    Chain first = file.federation().shifted(offset).chain(CHAIN).orElseThrow();
    URI named = URI.create("http://localhost:" + first.http());
    World kanazawa = start(KANAZAWA, offset, Map.of(CHAIN, named));
    World before = start(KOMATSU);
    issue(before, "B");
    awaitCopy(before, kanazawa);
    AccountId a = kanazawa.person(KANAZAWA, "A");
    kanazawa.issue(a, "10.00");
    running.remove(before);
    before.close();

    Standby.Told told =
        new Standby.Told(
            () -> Optional.of("2"), _ -> Optional.empty(), () -> 1L, () -> 0, () -> 0, Map::of);
    try (Standby _ = Standby.start("127.0.0.1", List.of(first), told)) {
      int other = World.freeOffset(file.federation());
      URI there = URI.create("http://localhost:" + kanazawa.port(KANAZAWA));
      World moved = start(KOMATSU, other, Map.of(ChainId.of(KANAZAWA), there));
      await(kanazawa, () -> gatewaysOf(kanazawa).size() == 2);
      issue(moved, "C");
      awaitCopy(moved, kanazawa);
      URI second = URI.create("http://localhost:" + moved.port(KOMATSU));
      assertEquals(List.of(second, named), gatewaysOf(kanazawa));
    }
    String pay =
        "{\"sender\":\"A\",\"receiver\":\"C\",\"receiver_municipality\":\"Asia-Komatsu\","
            + "\"amount\":1.00}";
    kanazawa.post(KANAZAWA, "/send", pay).expect(200);
  }

  private static List<URI> gatewaysOf(World world) {
    return world.node.neighbours().gateways(CHAIN);
  }

  private HeldKey log(String chain) {
    return keys.log(file.federation().chain(ChainId.of(chain)).orElseThrow());
  }

  private byte[] address(String chain, String gateway, long time, HeldKey key) {
    String text =
        "aika/address/v1\nfederation "
            + file.federation().id()
            + "\nchain "
            + chain
            + "\ngateway "
            + gateway
            + "\ntime "
            + Timestamp.millis(time)
            + '\n';
    return SignedNote.sign(text, key.key().name(), Ed25519.TYPE, key.signer()).encode();
  }

  private SignedCheckpoint other(long size, int seats) {
    Chain komatsu = file.federation().chain(CHAIN).orElseThrow();
    byte[] root = new byte[Hash.BYTES];
    Arrays.fill(root, (byte) 7);
    Checkpoint checkpoint = new Checkpoint(file.directory().origin(CHAIN), size, Hash.of(root));
    List<NoteSignature> lines = new ArrayList<>();
    for (HeldKey seat : keys.seats(komatsu).subList(0, seats)) {
      lines.add(
          Cosignature.sign(
              checkpoint, seat.key().name(), System.currentTimeMillis() / 1000, seat.signer()));
    }
    HeldKey log = keys.log(komatsu);
    return SignedCheckpoint.sign(checkpoint, Ed25519.TYPE, log.signer()).withSignatures(lines);
  }

  @Test
  void whatIsForgedChangesNothing() throws Exception {
    World komatsu = start(KOMATSU);
    World kanazawa = start(KANAZAWA);
    issue(komatsu, "A");
    awaitCopy(komatsu, kanazawa);
    Stranger stranger = stranger();
    await(kanazawa, () -> stranger.members() == 3);
    URI before = kanazawa.node.neighbours().gateway(CHAIN);
    long size = copied(kanazawa);
    long now = System.currentTimeMillis();

    SignedCheckpoint unapproved = other(size + 100, 0);
    Checkpoint tree = unapproved.checkpoint();
    SignedNote forged =
        SignedNote.sign(tree.text(), tree.origin(), Ed25519.TYPE, log(EUROPE).signer());
    stranger.tell("checkpoint", EUROPE, forged.encode());
    stranger.tell("checkpoint", EUROPE, unapproved.encode());
    stranger.tell("checkpoint", "Nowhere", unapproved.encode());
    stranger.tell("checkpoint", EUROPE, Utf8.encode("hello"));
    stranger.tell("address", EUROPE, address(KOMATSU, "http://evil:1", now, log(EUROPE)));
    stranger.tell("address", EUROPE, address(KOMATSU, "ftp://evil:1", now, log(KOMATSU)));
    stranger.tell(
        "address", EUROPE, address(KOMATSU, "http://x:1", now + 1_000_000_000L, log(KOMATSU)));
    stranger.tell("address", EUROPE, address(EUROPE, "http://old:1", now - 3_601_000, log(EUROPE)));
    stranger.tell("conflict", EUROPE, Utf8.encode("aika/conflict/v1\n"));
    stranger.tell("nonsense", EUROPE, new byte[0]);
    for (int port : List.of(20_000 + offset, 20_001 + offset)) {
      garbage(port);
    }
    await(kanazawa, () -> rumours(kanazawa, KANAZAWA, "checkpoint", "forged") == 1);
    await(kanazawa, () -> rumours(kanazawa, KANAZAWA, "checkpoint", "unknown") == 1);
    await(kanazawa, () -> rumours(kanazawa, KANAZAWA, "checkpoint", "malformed") == 1);
    await(kanazawa, () -> rumours(kanazawa, KANAZAWA, "address", "forged") == 1);
    await(kanazawa, () -> rumours(kanazawa, KANAZAWA, "address", "malformed") == 1);
    await(kanazawa, () -> rumours(kanazawa, KANAZAWA, "address", "refused") == 2);
    await(kanazawa, () -> rumours(kanazawa, KANAZAWA, "conflict", "malformed") == 1);
    await(kanazawa, () -> rumours(kanazawa, KANAZAWA, "other", "malformed") == 1);
    await(kanazawa, () -> rumours(kanazawa, KANAZAWA, "frame", "malformed") >= 2);
    stranger.tell("checkpoint", EUROPE, new byte[100_000]);
    await(kanazawa, () -> rumours(kanazawa, KANAZAWA, "frame", "malformed") >= 3);
    assertEquals(before, kanazawa.node.neighbours().gateway(CHAIN));
    URI old = kanazawa.node.neighbours().gateway(ChainId.of(EUROPE));
    assertEquals("localhost", Objects.requireNonNull(old).getHost());
    assertEquals(size, copied(kanazawa));
    assertFalse(Files.exists(directory(KANAZAWA).resolve("conflicts")));
    issue(komatsu, "B");
    awaitCopy(komatsu, kanazawa);
  }

  private static void garbage(int port) throws IOException {
    for (byte[] bytes :
        List.of(
            Utf8.encode("GET / HTTP/1.1\r\n\r\n"),
            new byte[] {0x7f, -1, -1, -1, 1},
            new byte[] {0, 0, 0, 4, 1, 2, 3, 4})) {
      try (Socket socket = new Socket("localhost", port);
          OutputStream out = socket.getOutputStream()) {
        out.write(bytes);
        out.flush();
      }
    }
  }

  /** A gateway that shows another history of Komatsu's to whoever asks. */
  private HttpServer showing(SignedCheckpoint other) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          boolean checkpoint = exchange.getRequestURI().getPath().endsWith("/checkpoint");
          byte[] body = checkpoint ? other.encode() : new byte[0];
          exchange.sendResponseHeaders(checkpoint ? 200 : 404, checkpoint ? body.length : -1);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    running.push(() -> server.stop(0));
    return server;
  }

  @Test
  void aSplitViewBecomesAProofEverywhere() throws Exception {
    World komatsu = start(KOMATSU);
    World kanazawa = start(KANAZAWA);
    World asia = start(ASIA);
    issue(komatsu, "A");
    awaitCopy(komatsu, kanazawa);
    awaitCopy(komatsu, asia);
    Stranger stranger = stranger();
    await(kanazawa, () -> stranger.members() == 4);

    Chain chain = file.federation().chain(CHAIN).orElseThrow();
    SignedCheckpoint other = other(copied(kanazawa), keys.seats(chain).size());
    HttpServer liar = showing(other);
    String gateway = "http://localhost:" + liar.getAddress().getPort();
    long now = System.currentTimeMillis();
    stranger.tell("address", EUROPE, address(EUROPE, gateway, now, log(EUROPE)));
    await(kanazawa, () -> gateway.equals(String.valueOf(gatewayOf(kanazawa))));
    await(asia, () -> gateway.equals(String.valueOf(gatewayOf(asia))));
    stranger.tell("checkpoint", EUROPE, other.encode());

    for (World world : List.of(kanazawa, asia)) {
      ChainId id = world.node.served().getFirst().id();
      await(world, () -> isConvicted(world.ledger(id)));
      assertEquals(1, metric(world, id.value(), "aika_conflicts{chain=\"" + id + "\"}"));
    }
    for (String name : List.of(KOMATSU, KANAZAWA, ASIA)) {
      Path conflicts = directory(name).resolve("conflicts");
      await(asia, () -> Files.exists(conflicts.resolve(KOMATSU + '-' + copied(asia) + ".note")));
      try (Stream<Path> files = Files.list(conflicts)) {
        assertEquals(1, files.count());
      }
    }
  }

  private static URI gatewayOf(World world) {
    return Objects.requireNonNull(world.node.neighbours().gateway(ChainId.of(EUROPE)));
  }

  private static boolean isConvicted(aika.node.order.Chain chain) {
    Row.Sitting sitting = chain.get(new Key.OfSitting(CHAIN));
    return sitting != null && sitting.conflict();
  }

  @Test
  void closingLeavesNothingBehind() throws Exception {
    World komatsu = start(KOMATSU);
    World kanazawa = start(KANAZAWA);
    await(kanazawa, () -> metric(kanazawa, KANAZAWA, "aika_gossip_members") == 2);
    running.clear();
    kanazawa.close();
    komatsu.close();
    List<String> left =
        Thread.getAllStackTraces().keySet().stream()
            .map(Thread::getName)
            .filter(name ->
                name.startsWith("sc-cluster-localhost:" + (20_000 + offset))
                    || name.startsWith("sc-cluster-localhost:" + (20_001 + offset)))
            .toList();
    assertEquals(List.of(), left);
    try (ServerSocket again = new ServerSocket(20_001 + offset)) {
      assertTrue(again.isBound());
    }
  }
}
