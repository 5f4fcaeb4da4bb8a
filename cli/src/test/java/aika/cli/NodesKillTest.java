package aika.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.money.TransferId;
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
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The nodes of a federation run in processes of their own, are started in any order and killed at
 * random moments while a client keeps sending from one to another. What was acknowledged is
 * complete at the end, and an audit of what the nodes publish finds nothing.
 */
@Tag("slow")
final class NodesKillTest {
  private static final int KILLS = 8;
  private static final int RUNNING_MILLIS_MAX = 1_500;
  private static final long DEADLINE_MILLIS = 90_000;
  private static final long POLL_MILLIS = 20;
  private static final List<String> NODES =
      List.of("Asia-Komatsu", "Asia-Kanazawa", "Asia", "Default");

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

  private final int offset = FreeOffset.find();
  private final Map<String, AikaProcess> running = new HashMap<>();
  private final StringWriter said = new StringWriter();
  private int starts;

  private Path data() {
    return directory.resolve("aika");
  }

  @Test
  void everyAcknowledgedOrderIsCompleteAndTheAuditFindsNothing() throws Exception {
    long seed = new SecureRandom().nextInt(1_000_000);
    System.out.println("NodesKillTest seed " + seed);
    Random random = new Random(seed);
    Path template = Files.writeString(directory.resolve("small.yaml"), TEMPLATE);
    aika("init", data().toString(), "--template", template.toString());
    NODES.forEach(this::start);
    NODES.forEach(this::awaitReady);
    add("A", "Asia-Komatsu", "--issue", "1000.00");
    add("B", "Asia-Kanazawa");

    SendingClient client = new SendingClient(offset, seed);
    Thread sending = Thread.ofPlatform().name("client").start(client);
    try {
      for (int i = 0; i < KILLS; i++) {
        int before = client.acknowledged().size();
        await(() -> client.acknowledged().size() > before);
        TimeUnit.MILLISECONDS.sleep(random.nextInt(RUNNING_MILLIS_MAX)); // any moment
        String victim = NODES.get(random.nextInt(NODES.size()));
        Objects.requireNonNull(running.remove(victim)).kill();
        start(victim);
        awaitReady(victim);
      }
      client.finish();
      await(() -> !sending.isAlive());
      assertEquals("", client.failure());
      for (TransferId transfer : client.acknowledged().values()) {
        await(() -> client.isComplete(transfer) || receives(client));
        await(() -> client.isComplete(transfer));
      }
      audit();
    } finally {
      client.stop();
      sending.join();
      running.values().forEach(AikaProcess::close);
    }
    System.out.println(
        client.acknowledged().size() + " transfers; " + client.retries() + " retries");
  }

  /** What came late to the receiver's node is received now; never true, since more may come. */
  private static boolean receives(SendingClient client) {
    try {
      boolean _ = client.receive();
      return false;
    } catch (InterruptedException stopped) {
      throw new AssertionError(stopped);
    }
  }

  private void audit() {
    List<String> arguments = new ArrayList<>(List.of("audit", "--federation"));
    arguments.add(data().resolve("federation.yaml").toString());
    NodeHome home = NodeHome.open(data());
    NODES.forEach(node -> arguments.add("http://localhost:" + (home.chain(node).http() + offset)));
    aika(arguments.toArray(String[]::new));
  }

  private void add(String name, String place, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("resident", "add", name, "--in", place, "--data", data().toString()));
    arguments.addAll(List.of("--port-offset", String.valueOf(offset)));
    arguments.addAll(List.of(more));
    aika(arguments.toArray(String[]::new));
  }

  private void aika(String... arguments) {
    int code =
        Main.commandLine()
            .setOut(new PrintWriter(said))
            .setErr(new PrintWriter(said))
            .execute(arguments);
    assertEquals(0, code, said::toString);
  }

  private void start(String node) {
    running.put(
        node,
        AikaProcess.start(
            directory.resolve("output-" + starts++),
            "node",
            node,
            "--data",
            data().toString(),
            "--port-offset",
            String.valueOf(offset)));
  }

  private void awaitReady(String node) {
    AikaProcess process = Objects.requireNonNull(running.get(node));
    await(() -> {
      assertTrue(runs(process), () -> node + ": " + process.output());
      return process.output().contains("ready");
    });
  }

  private static boolean runs(AikaProcess process) {
    try {
      return process.runs(POLL_MILLIS);
    } catch (InterruptedException stopped) {
      throw new AssertionError(stopped);
    }
  }

  private void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + DEADLINE_MILLIS * 1_000_000;
    while (!condition.getAsBoolean()) {
      assertTrue(
          System.nanoTime() < deadline,
          () -> "timed out: " + running.values().stream().map(AikaProcess::output).toList());
      for (AikaProcess process : running.values()) {
        assertTrue(runs(process), process::output);
      }
    }
  }
}
