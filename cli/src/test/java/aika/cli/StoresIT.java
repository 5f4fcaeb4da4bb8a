package aika.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.node.config.SinksFile;
import aika.sinks.RealServer;
import aika.sinks.RealServers;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole federation in a process of its own with every store on, all of them real servers. */
@Timeout(600)
final class StoresIT {
  private static final Pattern SHOWN =
      Pattern.compile("asia.transfers (Asia-Komatsu:[0-9]+) complete");
  private static final int STORE_KILLS = 4;
  private static final int NODE_KILLS = 3;
  private static final int MILLIS_BETWEEN_MAX = 600;
  private static final long DEADLINE_MILLIS = 120_000;
  private static final long POLL_MILLIS = 50;

  @TempDir Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final int offset = FreeOffset.find();
  private @Nullable RealServer mongo;
  private @Nullable RealServer immudb;

  @BeforeEach
  void startServers() {
    mongo = RealServers.ferretDb();
    immudb = RealServers.immudb();
  }

  @AfterEach
  void stopServers() {
    if (mongo != null) {
      mongo.close();
    }
    if (immudb != null) {
      immudb.close();
    }
  }

  private static RealServer there(@Nullable RealServer server) {
    if (server == null) {
      throw new IllegalStateException("the server was not started");
    }
    return server;
  }

  private Path data() {
    return directory.resolve("data");
  }

  /** Two databases of MongoDB, one of immudb, a DuckDB file. */
  private void writeSinks() {
    SinksFile.write(
        data(),
        """
        mongo:
          default: { uri: "mongodb://%1$s/elsewhere?serverSelectionTimeoutMS=1000" }
          Asia: { uri: "mongodb://%1$s/asia?serverSelectionTimeoutMS=1000", names: true }
        immudb:
          default: { address: "%2$s", user: immudb, password: immudb }
        analytics: { duckdb: analytics.duckdb }
        """
            .formatted(there(mongo).address(), there(immudb).address()));
  }

  private int aika(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Main.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  private int sink(String kind, String action, String... more) {
    String[] all = Arrays.copyOf(new String[] {"sink", kind, action}, 5 + more.length);
    all[3] = "--data";
    all[4] = data().toString();
    System.arraycopy(more, 0, all, 5, more.length);
    return aika(all);
  }

  private AikaProcess demo(String name) {
    return AikaProcess.demo(data(), offset, directory.resolve(name));
  }

  private static void await(AikaProcess demo, BooleanSupplier condition)
      throws InterruptedException {
    long deadline = System.nanoTime() + DEADLINE_MILLIS * 1_000_000;
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, () -> "timed out: " + demo.output());
      assertTrue(demo.runs(POLL_MILLIS), demo::output);
    }
  }

  private void awaitWritten(AikaProcess demo) throws InterruptedException {
    for (String kind : new String[] {"mongo", "immudb", "analytics"}) {
      await(demo, () -> sink(kind, "status") == 0 && written());
    }
  }

  /** No line of the status says that the store is behind. */
  private boolean written() {
    return out.toString()
        .lines()
        .skip(1)
        .filter(line -> !line.startsWith(" "))
        .allMatch(line -> line.matches(".*following +0"));
  }

  private void assertClean() {
    for (String kind : new String[] {"mongo", "immudb", "analytics"}) {
      assertEquals(0, sink(kind, "verify"), () -> out + "" + err);
      assertTrue(out.toString().contains("all as the chains say"), out.toString());
    }
  }

  private Map<String, Document> asia() {
    try (MongoClient client = MongoClients.create("mongodb://" + there(mongo).address())) {
      MongoDatabase database = client.getDatabase("asia");
      Map<String, Document> all = new TreeMap<>();
      for (String collection : new String[] {"transfers", "blocks", "chains", "people"}) {
        for (Document one : database.getCollection(collection).find()) {
          all.put(collection + " " + one.get("_id"), one);
        }
      }
      return all;
    }
  }

  @Test
  void theWorkedExampleIsInEveryStore() {
    writeSinks();
    String with = "mongo,immudb,analytics";
    assertEquals(
        0,
        aika(
            "demo",
            "--once",
            "--data",
            data().toString(),
            "--port-offset",
            "" + offset,
            "--with",
            with),
        err::toString);
    Matcher shown = SHOWN.matcher(out.toString());
    assertTrue(shown.find(), () -> out + "" + err);
    String transfer = shown.group(1);
    for (String part :
        new String[] {
          "send_pending",
          transfer + "/sent in immudb transaction ",
          transfer + "/received in immudb transaction ",
          "read back and proved up to transaction ",
          "transfers " + transfer + " complete  Asia-Komatsu → Asia-Kanazawa  200.00"
        }) {
      assertTrue(out.toString().contains(part), () -> part + " in: " + out + err);
    }
    Document sent = asia().get("transfers " + transfer);
    assertEquals("complete", sent == null ? "" : sent.getString("state"));
    assertEquals("A", name(sent));
  }

  /** What the operator allowed MongoDB to show. */
  private String name(@Nullable Document sent) {
    String account = sent == null ? "" : sent.get("sender", Document.class).getString("account");
    Document person = asia().get("people " + account);
    return person == null ? "" : person.getString("name");
  }

  @Test
  void storesThatAreDownForTheWholeRunGetEverythingLater() throws InterruptedException {
    writeSinks();
    there(mongo).kill();
    there(immudb).kill();
    try (AikaProcess demo = demo("down")) {
      await(demo, () -> demo.output().contains("complete after"));
      await(demo, () -> sink("immudb", "status") == 1 && sink("mongo", "status") == 1);
      assertTrue(out.toString().contains("UNREACHABLE"), out.toString());
      demo.stop();
    }
    there(mongo).start();
    there(immudb).start();
    try (AikaProcess demo = demo("up")) {
      await(demo, () -> demo.output().contains("Ctrl-C"));
      awaitWritten(demo);
      assertClean();
      demo.stop();
    }
  }

  @Test
  void killedStoresAndAKilledNodeLoseNothingAndRebuildEqualsLive() throws InterruptedException {
    long seed = new SecureRandom().nextInt(1_000_000);
    System.out.println("StoresIT seed " + seed);
    Random random = new Random(seed);
    writeSinks();
    SendingClient client = new SendingClient(offset, seed);
    Thread sending = Thread.ofPlatform().name("client").start(client);
    try {
      for (int i = 0; i < NODE_KILLS; i++) {
        try (AikaProcess demo = demo("node-" + i)) {
          int before = client.acknowledged().size();
          await(demo, () -> client.acknowledged().size() > before);
          assertTrue(demo.runs(random.nextInt(MILLIS_BETWEEN_MAX)), demo::output);
          demo.kill();
        }
      }
      try (AikaProcess demo = demo("last")) {
        await(demo, () -> demo.output().contains("Ctrl-C"));
        for (int i = 0; i < STORE_KILLS; i++) {
          RealServer server = there(i % 2 == 0 ? mongo : immudb);
          int before = client.acknowledged().size();
          await(demo, () -> client.acknowledged().size() > before + 3);
          server.kill();
          assertTrue(demo.runs(random.nextInt(MILLIS_BETWEEN_MAX)), demo::output);
          int down = client.acknowledged().size();
          await(demo, () -> client.acknowledged().size() > down); // nobody waits for a store
          server.start();
        }
        client.finish();
        await(demo, () -> !sending.isAlive());
        assertEquals("", client.failure());
        awaitWritten(demo);
        assertClean();
        System.out.println(client.acknowledged().size() + " transfers");
        rebuildEqualsLive(demo);
        demo.stop();
      }
    } finally {
      client.stop();
      sending.join();
    }
  }

  private void rebuildEqualsLive(AikaProcess demo) throws InterruptedException {
    Map<String, Document> live = asia();
    assertFalse(live.isEmpty());
    assertEquals(0, sink("mongo", "rebuild", "--yes"), () -> out + "" + err);
    assertEquals(0, sink("analytics", "rebuild", "--yes"), () -> out + "" + err);
    // The same process of immudb does not make a database of the same name again.
    int _ = sink("immudb", "rebuild", "--yes");
    there(immudb).stop();
    there(immudb).start();
    awaitWritten(demo);
    assertClean();
    assertEquals(live, asia());
  }
}
