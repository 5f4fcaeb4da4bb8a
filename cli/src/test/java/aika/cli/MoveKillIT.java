package aika.cli;

import static aika.cli.CommandWorld.aika;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.cli.CommandWorld.Ran;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import aika.node.config.DurableFile;
import aika.node.config.KeyFiles;
import aika.node.config.MovedChains;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A municipality's chain, and its continent's, leave the process that runs the whole federation,
 * while a client keeps sending; the move and both nodes are killed at random moments. What was
 * acknowledged is complete at the end, and an audit finds nothing.
 */
@Tag("slow")
@Timeout(600)
final class MoveKillIT {
  private static final int CUT_OFF = 3;
  private static final String ALL = "--all-local";
  private static final String KOMATSU = "Asia-Komatsu";
  private static final String KANAZAWA = "Asia-Kanazawa";

  private static final String TEMPLATE =
      """
      federation: small.aika.example
      term: { seats: 4 }
      continents:
        Asia: { name: { ja: アジア, en: Asia }, http: 1024, node: 1044 }
        Default: { name: { ja: その他, en: Elsewhere }, http: 1034, node: 1054, default: true }
      municipalities:
        Asia-Kanazawa: { name: { ja: 金沢市, en: Kanazawa }, http: 2000, node: 2020 }
        Asia-Komatsu: { name: { ja: 小松市, en: Komatsu }, http: 2001, node: 2021 }
        Default-General: { name: { ja: 総合窓口, en: General }, http: 2003, node: 2023 }
      """;

  @TempDir Path directory;

  /** Seconds on a quiet computer, with two starts of a JVM. */
  private static final long PAUSE_MILLIS_MAX = 60_000;

  private final int offset = FreeOffset.find();
  private Processes nodes;

  @BeforeEach
  void prepare() {
    nodes = new Processes(directory, Duration.ofMinutes(2));
  }

  @AfterEach
  void stop() {
    nodes.close();
  }

  private Path data() {
    return directory.resolve("aika");
  }

  @Test
  void chainsLeaveWhileAClientSendsAndNothingIsLost() throws Exception {
    long seed = new SecureRandom().nextInt(1_000_000);
    System.out.println("MoveKillIT seed " + seed);
    Random random = new Random(seed);
    Path template = Files.writeString(directory.resolve("small.yaml"), TEMPLATE);
    aika("init", data().toString(), "--template", template.toString()).expect(0);
    start(ALL);
    nodes.awaitReady(ALL);
    add("A", KOMATSU, "--issue", "1000.00");
    add("B", KANAZAWA);
    SendingClient client = new SendingClient(offset, seed);
    Thread sending = Thread.ofPlatform().name("client").start(client);
    try {
      progress(client);
      move(KOMATSU, "--prepare");
      progress(client);
      for (int i = 0; i < CUT_OFF; i++) {
        cutOff(i, random);
      }
      long start = System.nanoTime();
      move(KOMATSU);
      start(KOMATSU);
      nodes.awaitReady(KOMATSU);
      progress(client);
      long moved = (System.nanoTime() - start) / 1_000_000;
      System.out.println("moved within " + moved + " ms");
      assertTrue(moved < PAUSE_MILLIS_MAX, "it paused for " + moved + " ms");

      move("Asia");
      start("Asia");
      nodes.awaitReady("Asia");
      progress(client);
      for (String node : List.of(ALL, KOMATSU, "Asia")) {
        nodes.kill(node);
        start(node);
      }
      List.of(ALL, KOMATSU, "Asia").forEach(nodes::awaitReady);
      progress(client);
      moveToAnotherHome();
      progress(client);
      move(KOMATSU).says("Start it"); // nothing is left to do

      client.finish();
      nodes.await(() -> !sending.isAlive());
      assertEquals("", client.failure());
      for (TransferId transfer : client.acknowledged().values()) {
        nodes.await(() -> client.isComplete(transfer) || receives(client));
      }
      audit();
      onlyOneMayBeServedElsewhere();
      itWentOnce();
    } finally {
      client.stop();
      sending.join();
    }
    System.out.println(
        client.acknowledged().size() + " transfers; " + client.retries() + " retries");
  }

  /**
   * The command is killed, or the node from which the chain is to go, or both: once the end has
   * been ordered, while it is built, or at any moment.
   */
  private void cutOff(int round, Random random) throws InterruptedException {
    try (AikaProcess moving =
        AikaProcess.start(
            directory.resolve("moving-" + round), moveArguments(KOMATSU).toArray(String[]::new))) {
      if (round == 0) {
        nodes.await(() -> nodes.output(ALL).contains("ready; ") && isReleased());
      } else {
        boolean _ = moving.runs(500 + random.nextInt(4_000)); // any moment
      }
      boolean node = round == 0 || random.nextBoolean();
      if (node) {
        nodes.kill(ALL);
      }
      moving.kill();
      System.out.println((node ? "node and move" : "move") + " killed, released: " + isReleased());
      if (node) {
        start(ALL);
        nodes.awaitReady(ALL);
      }
    }
  }

  private boolean isReleased() {
    return MovedChains.of(data()).containsKey(ChainId.of(KOMATSU));
  }

  /** To an empty directory, which is lost before its node has run, and built again. */
  private void moveToAnotherHome() throws IOException {
    List<String> move = List.of("chain", "move", KANAZAWA, "--data", data().toString());
    List<String> to = List.of("--to", home().toString(), "--port-offset", String.valueOf(offset));
    aika(Stream.concat(move.stream(), to.stream()).toArray(String[]::new)).expect(0);
    Path keys = data().resolve(KeyFiles.DIRECTORY);
    assertFalse(Files.exists(keys.resolve(KANAZAWA)), "the old home could still sign");
    assertTrue(Files.exists(keys.resolve(KANAZAWA + ".moved")));
    DurableFile.deleteTree(home());
    String id = Objects.requireNonNull(MovedChains.of(data()).get(ChainId.of(KANAZAWA)));
    List<String> again = List.of("--move", id);
    aika(Stream.of(move, to, again).flatMap(List::stream).toArray(String[]::new)).expect(0);
    start(KANAZAWA, home());
    nodes.awaitReady(KANAZAWA);
  }

  private Path home() {
    return directory.resolve("kanazawa");
  }

  /** Neither again, nor to another place, nor by a restore of where it was. */
  private void itWentOnce() throws IOException, InterruptedException {
    Path other = directory.resolve("other");
    refused(
        "has gone before, by another move",
        "chain",
        "move",
        KOMATSU,
        "--data",
        data().toString(),
        "--to",
        other.toString(),
        "--port-offset",
        String.valueOf(offset));
    assertFalse(Files.exists(other.resolve("nodes").resolve(KOMATSU)));
    refused(
        "the default continent's chains stay together",
        moveArguments("Default").toArray(String[]::new));
    nodes.kill("Asia");
    refused(
        "Every chain of this node goes on elsewhere",
        "restore",
        KOMATSU,
        "--data",
        copyOfHome().toString());
  }

  /** Where the old node's own data would be built again. */
  private Path copyOfHome() throws IOException {
    Path home = directory.resolve("home");
    Files.createDirectories(home.resolve("nodes").resolve(KOMATSU));
    Files.copy(data().resolve("federation.yaml"), home.resolve("federation.yaml"));
    DurableFile.copyTree(
        data().resolve(MovedChains.DIRECTORY),
        home.resolve("nodes").resolve(KOMATSU).resolve(MovedChains.DIRECTORY));
    return home;
  }

  private void refused(String why, String... arguments) {
    aika(arguments).expect(1).says(why);
  }

  /** A node keeps one chain at least. */
  private void onlyOneMayBeServedElsewhere() {
    refused(
        "is the only chain here",
        "chain",
        "move",
        KOMATSU,
        "--data",
        NodeHome.open(data()).node(KOMATSU).toString(),
        "--to",
        directory.resolve("third").toString(),
        "--port-offset",
        String.valueOf(offset));
  }

  /** What came late to the receiver's chain is received now; never true, since more may come. */
  private static boolean receives(SendingClient client) {
    try {
      boolean _ = client.receive();
      return false;
    } catch (InterruptedException stopped) {
      throw new AssertionError(stopped);
    }
  }

  private List<String> moveArguments(String chain) {
    return List.of(
        "chain",
        "move",
        chain,
        "--data",
        data().toString(),
        "--to",
        data().toString(),
        "--port-offset",
        String.valueOf(offset));
  }

  private Ran move(String chain, String... more) {
    List<String> arguments = new ArrayList<>(moveArguments(chain));
    arguments.addAll(List.of(more));
    return aika(arguments.toArray(String[]::new)).expect(0);
  }

  private void progress(SendingClient client) {
    int before = client.acknowledged().size();
    nodes.await(() -> client.acknowledged().size() > before + 20);
    assertEquals("", client.failure());
  }

  private void audit() {
    List<String> arguments = new ArrayList<>(List.of("audit", "--federation"));
    arguments.add(data().resolve("federation.yaml").toString());
    NodeHome home = NodeHome.open(data());
    home.federation()
        .chains()
        .forEach(chain -> arguments.add("http://localhost:" + (chain.http() + offset)));
    aika(arguments.toArray(String[]::new)).expect(0);
  }

  private void add(String name, String place, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("resident", "add", name, "--in", place, "--data", data().toString()));
    arguments.addAll(List.of("--port-offset", String.valueOf(offset)));
    arguments.addAll(List.of(more));
    aika(arguments.toArray(String[]::new)).expect(0);
  }

  private void start(String node) {
    start(node, data());
  }

  private void start(String node, Path home) {
    nodes.start(node, node, home, offset);
  }
}
