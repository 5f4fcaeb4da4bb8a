package aika.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.node.Node;
import aika.node.NodeSettings;
import aika.node.config.FederationFile;
import aika.node.config.FederationTemplate;
import aika.node.config.KeyFiles;
import aika.node.config.SinksFile;
import aika.node.store.StoreSettings;
import aika.sinks.SinkStatus;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an operator types, against a node with the stores that need no server. */
@Timeout(120)
final class OperatorCommandsTest {
  private static final String SECRET = "whsec_" + "A".repeat(32);

  @TempDir static Path data;
  private static final AtomicInteger RECEIVED = new AtomicInteger();
  private static @Nullable Node node;
  private static @Nullable HttpServer receiver;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void start() throws Exception {
    HttpServer shop =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    shop.createContext(
        "/",
        exchange -> {
          RECEIVED.incrementAndGet();
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    shop.start();
    receiver = shop;
    SinksFile.write(
        data,
        """
        analytics: { duckdb: analytics.duckdb }
        webhooks:
          shop:
            url: "http://127.0.0.1:%d/"
            secret: %s
            kinds: [ receive ]
        """
            .formatted(shop.getAddress().getPort(), SECRET));
    for (int i = 1; i <= 3; i++) {
      letter(i);
    }
    KeyFiles keys = new KeyFiles(data.resolve(KeyFiles.DIRECTORY), new SecureRandom());
    FederationFile file =
        FederationFile.write(
            data.resolve(FederationFile.NAME), FederationTemplate.demo().federation(keys));
    Node started =
        new Node(
            new NodeSettings(data, "127.0.0.1", FreeOffset.find(), StoreSettings.standard()),
            file,
            keys);
    node = started;
    try (Stop stop = new Stop()) {
      Residents residents = new Residents(started, keys);
      residents.ensure();
      Screen nowhere = new Screen(new PrintWriter(new StringWriter()));
      new WorkedExample(started, residents, stop, nowhere).run();
    }
    until(() ->
        started.sinks().statuses().stream()
            .allMatch(one -> one.state() == SinkStatus.State.FOLLOWING && one.lag() == 0));
  }

  /** As the hook itself writes one. */
  private static void letter(int index) throws IOException {
    Path file = data.resolve("sinks/hook-shop/dead/Asia-Komatsu." + index + ".json");
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.writeString(
        file,
        """
        {"chain":"Asia-Komatsu","index":%d,"kind":"send","time":1795341600123,"attempts":8,
         "since":1795341700123,"failure":"it answered 500","body":"{}"}
        """
            .formatted(index));
  }

  @AfterAll
  static void stop() {
    if (node != null) {
      node.close();
    }
    if (receiver != null) {
      receiver.stop(0);
    }
  }

  private static void until(BooleanSupplier there) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!there.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "it did not happen");
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  private int aika(String... arguments) {
    return aikaWith(data, arguments);
  }

  private int aikaWith(Path directory, String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    List<String> all = new ArrayList<>(Arrays.asList(arguments));
    all.addAll(List.of("--data", directory.toString()));
    return Main.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(all.toArray(String[]::new));
  }

  private void said(String... parts) {
    for (String part : parts) {
      assertTrue(out.toString().contains(part), () -> part + " in: " + out + err);
    }
  }

  private void complained(String... parts) {
    for (String part : parts) {
      assertTrue(err.toString().contains(part), () -> part + " in: " + err);
    }
    assertTrue(err.toString().lines().count() >= 2, "in both languages: " + err);
  }

  @Test
  void tellsHowAStoreIs() {
    assertEquals(0, aika("sink", "analytics", "status"), err::toString);
    said("analytics", "following", "Asia-Komatsu");
    assertEquals(1, aika("sink", "mongo", "status"));
    complained("no sink mongo", "sinks.yaml");
    assertEquals(1, aika("sink", "immudb", "verify", "--name", "Asia"));
    complained("no sink immudb Asia");
  }

  @Test
  void comparesAStoreWithTheChains() {
    assertEquals(0, aika("sink", "analytics", "verify"), err::toString);
    said("analytics: ", "compared, all as the chains say");
  }

  @Test
  void asksBeforeItDropsAStore() throws InterruptedException {
    assertEquals(1, aika("sink", "analytics", "rebuild"));
    complained("drops everything in analytics", "--yes");
    assertEquals(0, aika("sink", "analytics", "rebuild", "--yes"), err::toString);
    said("analytics: written again");
    assertEquals(0, aika("sink", "analytics", "verify"), err::toString);
  }

  @Test
  void wantsAKindAndAnAction() {
    assertEquals(2, aika("sink", "analytics"));
    assertEquals(2, aika("sink", "postgres", "status"));
    assertTrue(err.toString().contains("mongo, immudb, analytics"), err.toString());
  }

  @Test
  void answersSqlAndQuestions() {
    assertEquals(
        0,
        aika("analytics", "sql", "SELECT state, amount_minor, NULL AS nothing FROM transfers"),
        err::toString);
    said("state", "amount_minor", "complete", "20000", "1 rows");
    String from = "origin=Asia-Komatsu";
    String to = "destination=Asia-Kanazawa";
    assertEquals(
        0,
        aika("analytics", "ask", "sent-between", from, to, "since=2026-01-01", "until=2099-01-01"),
        err::toString);
    said("送金の件数 transfers", "20000");
    assertEquals(1, aika("analytics", "sql", "DROP TABLE transfers"));
    complained("MALFORMED");
    assertEquals(1, aika("analytics", "sql", "SELECT nonsense FROM transfers"));
    complained("MALFORMED", "nonsense");
    assertEquals(1, aika("analytics", "ask", "sent-between", from));
    complained("MALFORMED", "destination");
    assertEquals(1, aika("analytics", "ask", "why"));
    complained("no question why");
  }

  @Test
  void listsQuestionsWithoutANode() {
    out.getBuffer().setLength(0);
    assertEquals(
        0, Main.commandLine().setOut(new PrintWriter(out)).execute("analytics", "questions"));
    said("sent-between", "先月、小松から金沢へいくら送られたか", "origin=…", "(required)");
  }

  @Test
  void exportsFiles() throws IOException {
    Path folder = data.resolve("out");
    assertEquals(0, aika("export", "--ndjson", folder.toString()), err::toString);
    said("transfers.ndjson");
    assertTrue(
        Files.readString(folder.resolve("transfers.ndjson"), UTF_8).contains("\"complete\""));
    assertEquals(0, aika("export", "--parquet", folder.toString()), err::toString);
    assertTrue(Files.size(folder.resolve("transfers.parquet")) > 0);
    assertEquals(2, aika("export"));
    assertEquals(2, aika("export", "--parquet", "a", "--ndjson", "b"));
    Path file = Files.createFile(data.resolve("a-file"));
    assertEquals(1, aika("export", "--parquet", file.toString()));
    complained("STORE_UNAVAILABLE");
  }

  @Test
  void looksAfterDeadLetters() {
    assertEquals(0, aika("webhook", "list"), err::toString);
    said("hook shop", "on");
    assertEquals(0, aika("webhook", "dead", "shop"), err::toString);
    said("Asia-Komatsu:1", "it answered 500", "Asia-Komatsu:3");
    int before = RECEIVED.get();
    assertEquals(0, aika("webhook", "retry", "shop", "Asia-Komatsu:1"), err::toString);
    said("Asia-Komatsu:1: delivered");
    assertEquals(before + 1, RECEIVED.get());
    assertEquals(1, aika("webhook", "retry", "shop", "Asia-Komatsu:1"));
    complained("NOT_FOUND");
    assertEquals(0, aika("webhook", "drop", "shop", "--all"), err::toString);
    said("Asia-Komatsu:2: dropped", "Asia-Komatsu:3: dropped");
    assertEquals(0, aika("webhook", "dead", "shop"), err::toString);
    assertFalse(out.toString().contains("Asia-Komatsu"), out.toString());
    assertEquals(0, aika("webhook", "enable", "shop"), err::toString);
    assertEquals(1, aika("webhook", "dead", "nobody"));
    complained("NOT_FOUND");
    assertEquals(2, aika("webhook", "retry", "shop"));
    assertEquals(2, aika("webhook", "drop", "shop", "Asia-Komatsu:1", "--all"));
  }

  @Test
  void anArchiveThatIsNotThereIsSaid() {
    assertEquals(1, aika("archive", "get", "Asia-Komatsu:5"));
    complained("NOT_FOUND");
  }

  @Test
  void saysPlainlyThatNoNodeRuns(@TempDir Path empty) throws IOException {
    for (String[] command :
        List.of(
            new String[] {"sink", "mongo", "status"},
            new String[] {"analytics", "sql", "SELECT 1"},
            new String[] {"archive", "get", "Asia-Komatsu:1"},
            new String[] {"webhook", "list"},
            new String[] {"export", "--ndjson", "x"})) {
      assertEquals(1, aikaWith(empty, command));
      complained("No node runs with the data in " + empty, "aika node or aika demo");
    }
    // As after kill -9: the file stays, and nobody, or somebody else, listens there.
    Files.writeString(empty.resolve("operator"), "http://127.0.0.1:1\ntoken\n");
    assertEquals(1, aikaWith(empty, "webhook", "list"));
    complained("No node runs with the data in " + empty);
    String address = Files.readAllLines(data.resolve("operator")).getFirst();
    Files.writeString(empty.resolve("operator"), address + "\ntoken\n");
    assertEquals(1, aikaWith(empty, "webhook", "list"));
    complained("No node runs with the data in " + empty);
  }
}
