package aika.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.money.ChainId;
import aika.core.money.TransferId;
import aika.node.config.DurableFile;
import aika.node.config.KeyFiles;
import aika.node.config.MovedChains;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
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
final class MoveKillTest {
  private static final int CUT_OFF = 3;
  private static final long DEADLINE_MILLIS = 120_000;
  private static final long POLL_MILLIS = 20;
  private static final String ALL = "--all-local";
  private static final String KOMATSU = "Asia-Komatsu";
  private static final String KANAZAWA = "Asia-Kanazawa";

  private static final String TEMPLATE =
      """
      federation: small.aika.example
      term: { seats: 4 }
      continents:
        Asia: { name: { ja: アジア, en: Asia }, http: 1024 }
        Default: { name: { ja: その他, en: Elsewhere }, http: 1034, default: true }
      municipalities:
        Asia-Kanazawa: { name: { ja: 金沢市, en: Kanazawa }, http: 2000, node: 20000 }
        Asia-Komatsu: { name: { ja: 小松市, en: Komatsu }, http: 2001, node: 20001 }
        Default-General: { name: { ja: 総合窓口, en: General }, http: 2003, node: 20003 }
      """;

  @TempDir Path directory;

  /** Seconds on a quiet computer, with two starts of a JVM. */
  private static final long PAUSE_MILLIS_MAX = 60_000;

  private final int offset = FreeOffset.find();
  private final Map<String, AikaProcess> running = new HashMap<>();
  private final StringWriter said = new StringWriter();
  private int starts;

  @AfterEach
  void stop() {
    running.values().forEach(AikaProcess::close);
  }

  private Path data() {
    return directory.resolve("aika");
  }

  @Test
  void chainsLeaveWhileAClientSendsAndNothingIsLost() throws Exception {
    long seed = new SecureRandom().nextInt(1_000_000);
    System.out.println("MoveKillTest seed " + seed);
    Random random = new Random(seed);
    Path template = Files.writeString(directory.resolve("small.yaml"), TEMPLATE);
    aika(0, "init", data().toString(), "--template", template.toString());
    start(ALL);
    awaitReady(ALL);
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
      awaitReady(KOMATSU);
      progress(client);
      long moved = (System.nanoTime() - start) / 1_000_000;
      System.out.println("moved within " + moved + " ms");
      assertTrue(moved < PAUSE_MILLIS_MAX, "it paused for " + moved + " ms");

      move("Asia");
      start("Asia");
      awaitReady("Asia");
      progress(client);
      for (String node : List.of(ALL, KOMATSU, "Asia")) {
        Objects.requireNonNull(running.remove(node)).kill();
        start(node);
      }
      List.of(ALL, KOMATSU, "Asia").forEach(this::awaitReady);
      progress(client);
      moveToAnotherHome();
      progress(client);
      move(KOMATSU); // nothing is left to do
      assertTrue(said.toString().contains("Start it"), said::toString);

      client.finish();
      await(() -> !sending.isAlive());
      assertEquals("", client.failure());
      for (TransferId transfer : client.acknowledged().values()) {
        await(() -> client.isComplete(transfer) || receives(client));
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
            directory.resolve("moving-" + starts++),
            moveArguments(KOMATSU).toArray(String[]::new))) {
      AikaProcess all = Objects.requireNonNull(running.get(ALL));
      if (round == 0) {
        await(() -> all.output().contains("ready; ") && isReleased());
      } else {
        boolean _ = moving.runs(500 + random.nextInt(4_000)); // any moment
      }
      boolean node = round == 0 || random.nextBoolean();
      if (node) {
        Objects.requireNonNull(running.remove(ALL)).kill();
      }
      moving.kill();
      System.out.println((node ? "node and move" : "move") + " killed, released: " + isReleased());
      if (node) {
        start(ALL);
        awaitReady(ALL);
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
    aika(0, Stream.concat(move.stream(), to.stream()).toArray(String[]::new));
    Path keys = data().resolve(KeyFiles.DIRECTORY);
    assertFalse(Files.exists(keys.resolve(KANAZAWA)), "the old home could still sign");
    assertTrue(Files.exists(keys.resolve(KANAZAWA + ".moved")));
    DurableFile.deleteTree(home());
    String id = Objects.requireNonNull(MovedChains.of(data()).get(ChainId.of(KANAZAWA)));
    List<String> again = List.of("--move", id);
    aika(0, Stream.of(move, to, again).flatMap(List::stream).toArray(String[]::new));
    start(KANAZAWA, home());
    awaitReady(KANAZAWA);
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
    Objects.requireNonNull(running.remove("Asia")).kill();
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
    aika(1, arguments);
    assertTrue(said.toString().contains(why), said::toString);
  }

  /** A node keeps one chain at least. */
  private void onlyOneMayBeServedElsewhere() {
    aika(
        1,
        "chain",
        "move",
        KOMATSU,
        "--data",
        NodeHome.open(data()).node(KOMATSU).toString(),
        "--to",
        directory.resolve("third").toString(),
        "--port-offset",
        String.valueOf(offset));
    assertTrue(said.toString().contains("is the only chain here"), said::toString);
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

  private void move(String chain, String... more) {
    List<String> arguments = new ArrayList<>(moveArguments(chain));
    arguments.addAll(List.of(more));
    aika(0, arguments.toArray(String[]::new));
  }

  private void progress(SendingClient client) {
    int before = client.acknowledged().size();
    await(() -> client.acknowledged().size() > before + 20);
    assertEquals("", client.failure());
  }

  private void audit() {
    List<String> arguments = new ArrayList<>(List.of("audit", "--federation"));
    arguments.add(data().resolve("federation.yaml").toString());
    NodeHome home = NodeHome.open(data());
    home.federation()
        .chains()
        .forEach(chain -> arguments.add("http://localhost:" + (chain.http() + offset)));
    aika(0, arguments.toArray(String[]::new));
  }

  private void add(String name, String place, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("resident", "add", name, "--in", place, "--data", data().toString()));
    arguments.addAll(List.of("--port-offset", String.valueOf(offset)));
    arguments.addAll(List.of(more));
    aika(0, arguments.toArray(String[]::new));
  }

  private void aika(int expected, String... arguments) {
    int code =
        Main.commandLine()
            .setOut(new PrintWriter(said))
            .setErr(new PrintWriter(said))
            .execute(arguments);
    assertEquals(expected, code, () -> said + "" + outputs());
  }

  private List<String> outputs() {
    return running.values().stream().map(AikaProcess::output).toList();
  }

  private void start(String node) {
    start(node, data());
  }

  private void start(String node, Path home) {
    running.put(
        node,
        AikaProcess.start(
            directory.resolve("output-" + starts++),
            "node",
            node,
            "--data",
            home.toString(),
            "--port-offset",
            String.valueOf(offset)));
  }

  private void awaitReady(String node) {
    AikaProcess process = Objects.requireNonNull(running.get(node));
    await(() -> process.output().contains("ready; "));
  }

  private void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + DEADLINE_MILLIS * 1_000_000;
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, () -> "timed out: " + outputs());
      for (AikaProcess process : running.values()) {
        try {
          assertTrue(process.runs(POLL_MILLIS), process::output);
        } catch (InterruptedException stopped) {
          throw new AssertionError(stopped);
        }
      }
    }
  }
}
