package aika.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Reason;
import aika.core.money.ChainId;
import aika.node.Node;
import aika.node.NodeException;
import aika.node.NodeSettings;
import aika.node.backup.Backup;
import aika.node.config.DurableFile;
import aika.node.config.NeighboursFile;
import aika.node.config.PeersFile;
import aika.node.config.SinksFile;
import aika.node.store.StoreSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What operators of separate nodes type: a federation, residents, kits, backups and restores. */
@Timeout(180)
final class SeparateNodesCommandsTest {
  private static final String ASIA = "Asia";
  private static final String KOMATSU = "Asia-Komatsu";
  private static final String KANAZAWA = "Asia-Kanazawa";
  private static final String PARIS = "Europe-Paris";
  private static final String SINKS = "analytics: { duckdb: analytics.duckdb }\n";
  private static final String TWO_PEERS =
      """
      this: "1"
      peers:
        "1": { address: komatsu-1.example:21001 }
        "2": { address: komatsu-2.example:21001 }
      """;

  @TempDir Path temporary;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Map<String, Node> nodes = new HashMap<>();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final int offset = FreeOffset.find();
  private Path data;

  @BeforeEach
  void init() {
    data = temporary.resolve("aika");
    assertEquals(0, aika("init", data.toString()), err::toString);
  }

  @AfterEach
  void stop() {
    nodes.values().forEach(Node::close);
    http.close();
  }

  private int aika(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Main.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  /** With the directory, and the ports of this test. */
  private int aikaHere(String... arguments) {
    List<String> all = new ArrayList<>(Arrays.asList(arguments));
    all.addAll(List.of("--data", data.toString(), "--port-offset", String.valueOf(offset)));
    return aika(all.toArray(String[]::new));
  }

  private static String[] with(String[] arguments, String... more) {
    return Stream.concat(Arrays.stream(arguments), Arrays.stream(more)).toArray(String[]::new);
  }

  private void start(String name) {
    start(name, NodeSettings.Mirror.ALL);
  }

  private void start(String name, NodeSettings.Mirror mirror) {
    NodeHome home = NodeHome.open(data);
    NodeSettings settings =
        new NodeSettings(
            home.node(name),
            "127.0.0.1",
            offset,
            StoreSettings.standard(),
            home.serving(List.of(name)),
            Map.of());
    nodes.put(name, new Node(settings.with(mirror), home.file(), home.keys()));
  }

  private void stop(String name) {
    Objects.requireNonNull(nodes.remove(name)).close();
  }

  private String post(String name, String path, String json) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri(name, path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json))
            .build();
    HttpResponse<String> answer = http.send(request, BodyHandlers.ofString(UTF_8));
    assertEquals(200, answer.statusCode(), answer::body);
    return answer.body();
  }

  private URI uri(String name, String path) {
    int port = NodeHome.open(data).chain(name).http() + offset;
    return URI.create("http://localhost:" + port + path);
  }

  private String send(String amount) throws Exception {
    String sent =
        post(
            KOMATSU,
            "/send",
            """
            {"sender": "A", "sender_municipality": "Asia-Komatsu", "receiver": "B",
             "receiver_municipality": "Asia-Kanazawa", "amount": %s, "continent": "Asia"}
            """
                .formatted(amount));
    return sent.replaceFirst(".*\"transfer\":\"([^\"]+)\".*", "$1");
  }

  private void receive(String transfer) throws Exception {
    String body =
        """
        {"receiver": "B", "receiver_municipality": "Asia-Kanazawa", "transfer": "%s"}
        """
            .formatted(transfer);
    awaited(KANAZAWA, "/transfers/" + transfer, any -> true); // until its log is here
    post(KANAZAWA, "/receive", body);
  }

  /** Asks again until the answer is as it should be. */
  private String awaited(String name, String path, Predicate<String> wanted) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (true) {
      HttpResponse<String> answer =
          http.send(HttpRequest.newBuilder(uri(name, path)).build(), BodyHandlers.ofString(UTF_8));
      if (answer.statusCode() == 200 && wanted.test(answer.body())) {
        return answer.body();
      }
      assertTrue(System.nanoTime() < end, () -> path + ": " + answer.body());
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private void people() {
    assertEquals(
        0, aikaHere("resident", "add", "A", "--in", KOMATSU, "--issue", "1000.00"), err::toString);
    assertTrue(out.toString().contains("issued 1000.00"), out::toString);
    assertEquals(
        0, aikaHere("resident", "add", "A", "--in", KOMATSU, "--issue", "1000.00"), err::toString);
    assertFalse(out.toString().contains("issued 1000.00"), out::toString);
    assertTrue(out.toString().contains("issued to it before, and nothing was now"), out::toString);
    assertTrue(out.toString().contains("今回は発行していません"), out::toString);
    assertTrue(out.toString().contains("aika issue ask --to Asia-Komatsu/"), out::toString);
    assertEquals(0, aikaHere("resident", "add", "B", "--in", KANAZAWA), err::toString);
  }

  /** It is served by the node that was started as its continent's. */
  @Test
  void theDefaultMunicipalityIsWhereItsContinentIs() throws IOException {
    NodeHome home = NodeHome.open(data);
    ChainId general = ChainId.of("Default-General");
    Files.createDirectories(home.node(ASIA));
    assertEquals(data, home.nodeOf(general));
    Files.createDirectories(home.node("Default"));
    assertEquals(home.node("Default"), home.nodeOf(general));
    assertEquals(data, home.nodeOf(ChainId.of(KOMATSU)));
    Files.createDirectories(home.node("Default-General"));
    assertEquals(home.node("Default-General"), home.nodeOf(general));
  }

  @Test
  void aRestoredNodeMustHaveWhatOthersSaw() throws Exception {
    start(KOMATSU);
    start(KANAZAWA);
    start(ASIA);
    people();
    receive(send("200"));
    Path own = data.resolve("nodes").resolve(KOMATSU);
    Path backup = temporary.resolve("backup");
    Path conflict = own.resolve("conflicts/Europe-8.note");
    DurableFile.write(conflict, "a proof".getBytes(UTF_8));
    SinksFile.write(own, SINKS);
    Files.writeString(own.resolve(PeersFile.NAME), TWO_PEERS);
    assertEquals(
        0, aika("backup", "--data", own.toString(), "--to", backup.toString()), err::toString);
    Files.delete(own.resolve(SinksFile.NAME));
    Files.delete(own.resolve(PeersFile.NAME));
    assertTrue(Files.exists(backup.resolve("chains/Asia-Komatsu/checkpoint")));
    stop(KOMATSU);
    Path old = temporary.resolve("old");
    DurableFile.copyTree(own, old);

    start(KOMATSU);
    String transfer = send("50");
    awaited(KANAZAWA, "/transfers/" + transfer, any -> true);
    awaited(ASIA, "/transfers/" + transfer, any -> true);
    stop(KOMATSU);
    DurableFile.deleteTree(own);
    DurableFile.copyTree(old, own); // as it was before the second transfer
    NodeException behind = assertThrows(NodeException.class, () -> start(KOMATSU));
    assertEquals(Reason.NODE_BEHIND, behind.refusal().reason());

    // on a new disk a start that is refused leaves an empty register and an empty wallet
    DurableFile.deleteTree(own);
    NodeException lost = assertThrows(NodeException.class, () -> start(KOMATSU));
    assertEquals(Reason.NODE_BEHIND, lost.refusal().reason());
    assertTrue(Files.exists(own.resolve("register")));
    String[] restore = {"restore", KOMATSU, "--from", backup.toString(), "--accept-missing"};
    assertEquals(1, aikaHere(restore)); // the other machine that the backup tells of may live
    assertTrue(err.toString().contains(backup.resolve("beside/peers.yaml") + " names [2]"));
    assertEquals(0, aikaHere(with(restore, "--all-peers-lost")), err::toString);
    assertTrue(out.toString().contains("Asia-Komatsu.before-1"), out::toString);
    assertFalse(Files.exists(own.resolve("restored")));
    assertFalse(Files.exists(own.resolve(PeersFile.NAME)), "it goes on alone");
    assertEquals("a proof", Files.readString(conflict));
    assertEquals(SINKS, Files.readString(own.resolve(SinksFile.NAME)));
    assertFalse(DurableFile.openToOthers(own.resolve(SinksFile.NAME)));
    Files.delete(own.resolve(SinksFile.NAME)); // this test has no stores

    // as if it had been stopped between the two moves
    Path built = own.resolveSibling("Asia-Komatsu.restoring");
    Files.move(own, built);
    assertEquals(1, aikaHere("restore", KOMATSU));
    assertTrue(err.toString().contains("before-1"), err::toString);
    assertEquals(1, aikaHere("node", KOMATSU));
    assertTrue(err.toString().contains("is not finished"), err::toString);
    Files.createFile(built.resolve("restored"));
    assertEquals(0, aikaHere("restore", KOMATSU), err::toString);
    start(KOMATSU);
    receive(transfer);
    awaited(KOMATSU, "/transfers/" + transfer, body -> body.contains("complete"));
    receive(send("1.5")); // the counter wallet signs, and the representatives approve
    awaited(KOMATSU, "/accounts/" + account("A"), body -> body.contains("\"748.50\""));
    awaited(KANAZAWA, "/accounts/" + account("B"), body -> body.contains("\"251.50\""));
  }

  private String account(String name) {
    String place = name.equals("A") ? KOMATSU : KANAZAWA;
    assertEquals(0, aikaHere("resident", "add", name, "--in", place), err::toString);
    String said = out.toString().strip();
    return said.substring(said.lastIndexOf(" ") + 1);
  }

  @Test
  void aLostMunicipalityComesBackFromItsNeighboursCopies() throws Exception {
    start(KOMATSU);
    start(KANAZAWA);
    start(ASIA);
    people();
    String transfer = send("200");
    receive(transfer);
    awaited(ASIA, "/transfers/" + transfer, body -> body.contains("complete"));
    String b = account("B");
    stop(KANAZAWA);
    DurableFile.deleteTree(data.resolve("nodes").resolve(KANAZAWA));
    assertThrows(NodeException.class, () -> start(KANAZAWA));

    Path damaged = damagedCopy();
    assertEquals(0, aikaHere("restore", KANAZAWA, "--url", damaged.toString()), err::toString);
    assertTrue(out.toString().contains("never begun"), out::toString);
    assertTrue(out.toString().contains(PARIS), "nobody has used its keys: " + out);
    assertFalse(out.toString().contains(KOMATSU + ","), out::toString);
    assertTrue(err.toString().contains(damaged + ": a copy that does not hold"), err::toString);
    start(KANAZAWA);
    awaited(KANAZAWA, "/accounts/" + b, body -> body.contains("\"200.00\""));
    awaited(KANAZAWA, "/transfers/" + transfer, body -> body.contains("complete"));

    stop(KANAZAWA); // and what it had approved is damaged
    Path approvals = data.resolve("nodes").resolve(KANAZAWA).resolve("shard/approvals");
    Files.writeString(approvals.resolve("CURRENT"), "not a manifest");
    assertEquals(1, aikaHere("restore", KANAZAWA, "--accept-missing"));
    assertTrue(err.toString().contains("cannot be read"), err::toString);
    assertTrue(err.toString().contains("--accept-loss"), err::toString);
    assertEquals(
        0, aikaHere("restore", KANAZAWA, "--accept-missing", "--accept-loss"), err::toString);
    start(KANAZAWA);
    awaited(KANAZAWA, "/accounts/" + b, body -> body.contains("\"200.00\""));
  }

  /** [NBR-8] What Paris, which nobody has a copy of, has seen of Kanazawa is not known. */
  @Test
  void aChainThatHasBegunIsWaitedForAlthoughNobodyShowsIt() throws Exception {
    start(PARIS);
    stop(PARIS); // before anybody could copy it
    start(KANAZAWA, NodeSettings.Mirror.NEEDED);
    start(ASIA, NodeSettings.Mirror.NEEDED);
    String log = "/chains/" + KANAZAWA + "/checkpoint";
    awaited(ASIA, log, any -> true);
    stop(KANAZAWA);
    DurableFile.deleteTree(data.resolve("nodes").resolve(KANAZAWA));

    refusedForParis();

    Path keys = data.resolve("keys");
    Path paris = mark(PARIS); // as in a copy of the keys from before it began
    refusedForParis(); // what its node has here may be more than the mark tells
    DurableFile.deleteTree(data.resolve("nodes").resolve(PARIS));

    // with marks of chains that have begun, those keys are old, and prove nothing of Paris
    Path kanazawa = mark(KANAZAWA); // is to be built
    refusedForParis();
    Files.delete(kanazawa);
    Path asia = mark(ASIA); // shows its log
    refusedForParis();
    Files.delete(asia);

    Path key = keys.resolve(PARIS).resolve("log.key");
    Path away = temporary.resolve("log.key");
    Files.move(key, away);
    refusedForParis(); // without its key the mark is nobody's
    Files.move(away, key);

    String[] named = {"restore", KANAZAWA, "--url", uri(PARIS, "").toString()};
    assertEquals(1, aikaHere(named), "the operator says that there are copies");
    assertTrue(err.toString().contains("--accept-missing"), err::toString);
    Files.delete(paris);
    refusedForParis();
    assertEquals(0, aikaHere("restore", KANAZAWA, "--accept-missing"), err::toString);
  }

  /** [NBR-8] Even when nobody shows it yet: it has begun, and a mark beside its keys is old. */
  @Test
  void aMarkOfTheChainThatIsBuiltMakesEveryMarkOld() {
    NodeHome home = NodeHome.open(data);
    ChainId paris = ChainId.of(PARIS);
    ChainId kanazawa = ChainId.of(KANAZAWA);
    NeverBegun chains = new NeverBegun(home);
    assertEquals(Set.of(), chains.among(Set.of(paris), Set.of(kanazawa), any -> false));
    home.keys().begun(kanazawa);
    assertEquals(Set.of(paris), chains.among(Set.of(paris), Set.of(kanazawa), any -> false));
    home.keys().begun(paris);
    assertEquals(Set.of(), chains.among(Set.of(paris), Set.of(kanazawa), any -> false));
  }

  /** As if the chain of these keys had never begun. */
  private Path mark(String chain) throws IOException {
    Path unused = data.resolve("keys").resolve(chain).resolve("unused");
    assertFalse(Files.exists(unused), "it has begun");
    DurableFile.writePrivate(unused, new byte[0]);
    return unused;
  }

  private void refusedForParis() {
    Path own = data.resolve("nodes").resolve(KANAZAWA);
    String paris = uri(PARIS, "").toString();
    assertEquals(1, aikaHere("restore", KANAZAWA), out::toString);
    assertTrue(err.toString().contains(paris), err::toString);
    assertTrue(err.toString().contains("--accept-missing"), err::toString);
    assertFalse(Files.exists(own.resolve("shard")), "nothing was changed");
  }

  /**
   * [NBR-16] Of a chain that dealt with two others each of these has a copy, but none of the third
   * one's: what Paris sent to Kanazawa is not in Komatsu.
   */
  @Test
  void whoCopyWhatTheyNeedBringAMunicipalityBackTogether() throws Exception {
    List<String> all = List.of(KOMATSU, KANAZAWA, PARIS);
    all.forEach(name -> start(name, NodeSettings.Mirror.NEEDED));
    people();
    assertEquals(
        0, aikaHere("resident", "add", "P", "--in", PARIS, "--issue", "100.00"), err::toString);
    receive(send("200"));
    String sent =
        post(
            PARIS,
            "/send",
            """
            {"sender": "P", "receiver": "B", "receiver_municipality": "Asia-Kanazawa", "amount": 5}
            """);
    String transfer = sent.replaceFirst(".*\"transfer\":\"([^\"]+)\".*", "$1");
    receive(transfer); // approved in Kanazawa when Paris has settled it
    awaited(PARIS, "/transfers/" + transfer, body -> body.contains("complete"));
    String log = "/chains/" + KANAZAWA + "/checkpoint";
    for (String copying : List.of(KOMATSU, PARIS)) {
      awaited(copying, log, copy -> size(copy) == size(awaitedNow(KANAZAWA, log)));
    }
    String b = account("B");
    stop(KANAZAWA);
    stop(PARIS);
    DurableFile.deleteTree(data.resolve("nodes").resolve(KANAZAWA));

    assertEquals(1, aikaHere("restore", KANAZAWA, "--accept-missing"));
    assertTrue(err.toString().contains(PARIS), err::toString);
    assertTrue(err.toString().contains("Nothing was changed"), err::toString);
    start(PARIS, NodeSettings.Mirror.NEEDED);
    assertEquals(0, aikaHere("restore", KANAZAWA, "--accept-missing"), err::toString);
    start(KANAZAWA, NodeSettings.Mirror.NEEDED);
    awaited(KANAZAWA, "/accounts/" + b, body -> body.contains("\"205.00\""));
  }

  private static long size(String checkpoint) {
    return Long.parseLong(checkpoint.lines().skip(1).findFirst().orElseThrow());
  }

  private String awaitedNow(String name, String path) {
    try {
      return awaited(name, path, any -> true);
    } catch (Exception failed) {
      throw new AssertionError(failed);
    }
  }

  /** Asia's copies, of which one entry of Kanazawa's is another now. */
  private Path damagedCopy() throws IOException {
    Path backup = temporary.resolve("asia");
    assertEquals(
        0,
        aika("backup", "--data", data.resolve("nodes/Asia").toString(), "--to", backup.toString()),
        err::toString);
    Path chains = backup.resolve(Backup.CHAINS);
    try (Stream<Path> files = Files.walk(chains.resolve(KANAZAWA).resolve("tile/entries"))) {
      Path first = files.filter(Files::isRegularFile).sorted().findFirst().orElseThrow();
      byte[] bytes = Files.readAllBytes(first);
      bytes[bytes.length / 2] ^= 1;
      Files.write(first, bytes);
    }
    return chains;
  }

  private String[] at(Path kit, String... arguments) {
    List<String> all = new ArrayList<>(Arrays.asList(arguments));
    all.addAll(List.of("--data", kit.toString(), "--port-offset", String.valueOf(offset)));
    return all.toArray(String[]::new);
  }

  private Path kit(String name, String neighbours) throws IOException {
    Path kit = temporary.resolve("kit-" + name);
    assertEquals(
        0,
        aika("federation", "kit", name, "--data", data.toString(), "--to", kit.toString()),
        err::toString);
    Files.writeString(kit.resolve(NeighboursFile.NAME), neighbours);
    return kit;
  }

  private void startKit(String name, Path kit) {
    NodeHome home = NodeHome.open(kit);
    NodeSettings settings =
        new NodeSettings(
            home.node(name),
            "127.0.0.1",
            offset,
            StoreSettings.standard(),
            home.serving(List.of(name)),
            NeighboursFile.read(home.directory(), home.federation()),
            home.tls());
    nodes.put(name, new Node(settings, home.file(), home.keys()));
  }

  /** Neighbours are named by their node ports, where nobody without a certificate gets anything. */
  @Test
  void kitsPayAndAreRestoredByTls() throws Exception {
    StringBuilder neighbours = new StringBuilder();
    for (String name : List.of(ASIA, KOMATSU, KANAZAWA)) {
      int port = NodeHome.open(data).chain(name).nodePort() + offset;
      neighbours.append(name + ": https://localhost:" + port + "\n");
    }
    Path komatsu = kit(KOMATSU, neighbours.toString());
    Path kanazawa = kit(KANAZAWA, neighbours.toString());
    startKit(ASIA, kit(ASIA, neighbours.toString()));
    startKit(KOMATSU, komatsu);
    startKit(KANAZAWA, kanazawa);
    String[] a = at(komatsu, "resident", "add", "A", "--in", KOMATSU, "--issue", "1000.00");
    assertEquals(0, aika(a), err::toString);
    String[] b = at(kanazawa, "resident", "add", "B", "--in", KANAZAWA);
    assertEquals(0, aika(b), err::toString);
    String transfer = send("200");
    receive(transfer);
    awaited(ASIA, "/transfers/" + transfer, body -> body.contains("complete"));
    aika(at(komatsu, "doctor", KOMATSU, "--json"));
    assertTrue(out.toString().contains("2/14 answer and are well"), out::toString);

    stop(KANAZAWA);
    DurableFile.deleteTree(kanazawa.resolve("nodes"));
    String[] restore = at(kanazawa, "restore", KANAZAWA, "--accept-missing");
    assertEquals(0, aika(restore), err::toString);
    startKit(KANAZAWA, kanazawa);
    awaited(KANAZAWA, "/transfers/" + transfer, body -> body.contains("complete"));
  }

  @Test
  void aKitHasTheKeysOfOneChainOnly() {
    Path kit = temporary.resolve("kit");
    assertEquals(
        0,
        aika("federation", "kit", KOMATSU, "--data", data.toString(), "--to", kit.toString()),
        err::toString);
    assertTrue(Files.exists(kit.resolve("keys/Asia-Komatsu/log.key")));
    assertFalse(Files.exists(kit.resolve("keys/Asia")));
    assertFalse(Files.exists(kit.resolve("keys/root.key")));
    assertEquals(kit, NodeHome.open(kit).directory());
    assertEquals(
        1, aika("federation", "kit", ASIA, "--data", data.toString(), "--to", kit.toString()));
    assertTrue(err.toString().contains("is there already"), err::toString);
  }

  @Test
  void aDirectoryThatCannotBeUsedIsNamed() throws IOException {
    Path own = Files.createDirectories(data.resolve("nodes").resolve(KOMATSU));
    Path register = Files.createFile(own.resolve("register"));
    assertEquals(1, aikaHere("node", KOMATSU));
    assertTrue(err.toString().contains("cannot open " + register + ": "), err::toString);
    assertTrue(err.toString().contains("Is there room on the disk"), err::toString);
    assertFalse(err.toString().contains("INTERNAL"), err::toString);
  }

  @Test
  void whatMakesNoSenseIsSaid() throws IOException {
    assertEquals(1, aika("init", data.toString()));
    assertTrue(err.toString().contains("is there already"), err::toString);
    assertEquals(2, aikaHere("node"));
    assertTrue(err.toString().contains("--all-local"), err::toString);
    assertEquals(2, aikaHere("node", KOMATSU, "--mirror", "some"));
    assertTrue(err.toString().contains("all or needed"), err::toString);
    assertEquals(1, aikaHere("node", "Asia-Nowhere"));
    assertTrue(err.toString().contains("UNKNOWN_CHAIN"), err::toString);
    assertEquals(1, aikaHere("resident", "add", "A", "--in", KOMATSU));
    assertTrue(err.toString().contains("No node runs"), err::toString);
    assertEquals(1, aikaHere("restore", KOMATSU, "--accept-missing"));
    assertTrue(err.toString().contains("Nothing was changed"), err::toString);
    Path own = Files.createDirectories(data.resolve("nodes").resolve(KOMATSU));
    Path peers = own.resolve(PeersFile.NAME);
    Files.writeString(peers, TWO_PEERS);
    assertEquals(1, aikaHere("restore", KOMATSU, "--accept-missing"));
    assertTrue(err.toString().contains("--all-peers-lost"), err::toString);
    assertTrue(Files.exists(peers), "nothing was changed");
    assertEquals(1, aika("node", KOMATSU, "--data", temporary.resolve("none").toString()));
    assertTrue(err.toString().contains("aika init"), err::toString);
  }
}
