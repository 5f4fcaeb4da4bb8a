package aika.cli;

import static aika.cli.CommandWorld.aika;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.client.ClientException;
import aika.client.ClientSettings;
import aika.client.CounterClient;
import aika.client.CounterClient.Person;
import aika.client.CounterClient.Told;
import aika.client.Pending;
import aika.core.money.Money;
import aika.core.money.OrderId;
import aika.core.money.TransferId;
import aika.node.config.DurableFile;
import aika.node.config.PeersFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One node becomes three processes while a client keeps paying, then the one that leads is killed,
 * and one that follows, and one is replaced from nothing. What was acknowledged is there exactly
 * once, and the client saw no error.
 */
@Tag("slow")
final class PeersKillIT {
  private static final long PAUSE_MILLIS = 20;
  private static final int PAYERS = 3;

  /** Of what fails, after the payers. */
  private static final int RECEIVER = PAYERS;

  /** Entries, while there are always new ones. */
  private static final long BEHIND_MAX = 20;

  /** What a leader's loss may cost, on machines with a processor for each peer. */
  private static final long TARGET_MILLIS = 3_000;

  private static final String TEMPLATE =
      """
      federation: small.aika.example
      term: { seats: 4 }
      continents:
        Default: { name: { ja: その他, en: Elsewhere }, http: 1034, node: 1054, default: true }
      municipalities:
        Default-General: { name: { ja: 総合窓口, en: General }, http: 2003, node: 2023 }
      """;

  @TempDir Path directory;

  private final Map<String, Integer> offsets = new HashMap<>();
  private final Map<String, Integer> ports = new HashMap<>();
  private Processes nodes;

  @BeforeEach
  void prepare() {
    nodes = new Processes(directory, Duration.ofMinutes(2));
  }

  @AfterEach
  void stop() {
    nodes.close();
  }

  @Test
  void oneBecomesThreeAndEachMayDie() throws Exception {
    long seed = new SecureRandom().nextInt(1_000_000);
    System.out.println("PeersKillIT seed " + seed);
    Random random = new Random(seed);
    for (String id : List.of("1", "2", "3", "4")) {
      offsets.put(id, FreeOffset.find());
      ports.put(id, freePort(random));
    }
    Path template = Files.writeString(directory.resolve("small.yaml"), TEMPLATE);
    aika("init", data("1").toString(), "--template", template.toString()).expect(0);
    start("1");
    nodes.awaitReady("1");
    add("A", "--issue", "1000.00");
    add("B");
    Payers payers = new Payers(seed);
    payers.start();
    try {
      payers.progress();
      nodes.stop("1");
      writePeers("1", "1", "2", "3", "4"); // those that will come do not count yet
      start("1");
      nodes.await(() -> leads("1"));
      payers.progress();
      System.out.println("without service while one began anew: " + payers.gapMillis() + " ms");
      join("2", "1");
      join("3", "1");
      payers.progress();
      payers.gapMillis();

      nodes.kill("1");
      payers.progress();
      payers.progress();
      long lost = payers.gapMillis();
      System.out.println("without service after the leader's loss: " + lost + " ms");
      start("1");
      String leader = awaitLeader();
      nodes.await(() -> behind(leader, "1") <= BEHIND_MAX);
      payers.progress();

      String follower = nodes.names().stream().filter(id -> !id.equals(leader)).toList().get(0);
      payers.gapMillis();
      nodes.kill(follower);
      payers.progress();
      System.out.println("without service after a follower's loss: " + payers.gapMillis() + " ms");
      start(follower);
      nodes.await(() -> behind(leader, follower) <= BEHIND_MAX);

      nodes.kill(follower); // for good: its disk is lost
      aika("peers", "remove", follower, "--data", data(leader).toString()).expect(0);
      DurableFile.deleteTree(data(follower));
      join("4", leader);
      payers.progress();

      for (String other : nodes.names().stream().filter(id -> !id.equals(leader)).toList()) {
        nodes.await(() -> behind(leader, other) <= BEHIND_MAX);
      }
      String last = leader;
      for (int attempt = 0; last.equals(leader) && attempt < 3; attempt++) { // it may come back
        aika("peers", "hand-over", "--data", data(leader).toString()).expect(0);
        payers.progress();
        System.out.println(
            "without service while another took over: " + payers.gapMillis() + " ms");
        last = awaitLeader();
      }
      assertTrue(!last.equals(leader), last);
      nodes.stop(last); // as for an upgrade
      payers.progress();
      System.out.println("without service after a clean stop: " + payers.gapMillis() + " ms");
      String end = awaitLeader();
      payers.finish();
      audit(end, payers.acknowledged);
      assertTrue(lost < 3 * TARGET_MILLIS, "no service for " + lost + " ms");
    } finally {
      payers.stop();
    }
    System.out.println(payers.acknowledged.size() + " transfers");
  }

  // ------------------------------------------------------------------------------ the client

  /** People who pay again and again, as a program with the SDK does. */
  private final class Payers {
    private final Map<OrderId, TransferId> acknowledged = new ConcurrentHashMap<>();
    private final Map<Integer, String> failures = new ConcurrentHashMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong last = new AtomicLong(System.nanoTime());
    private final AtomicLong longest = new AtomicLong();
    private final Random random;
    private final CounterClient client;
    private final CountDownLatch end = new CountDownLatch(1);

    Payers(long seed) {
      random = new Random(seed);
      client =
          new CounterClient(
              ClientSettings.of(
                  offsets.keySet().stream().sorted().map(id -> gateway(id)).toList()));
    }

    void start() {
      threads.add(Thread.ofPlatform().start(this::receive));
      for (int i = 0; i < PAYERS; i++) {
        int payer = i;
        threads.add(Thread.ofPlatform().start(() -> pay(payer)));
      }
    }

    private void pay(int payer) {
      while (!ends()) {
        OrderId id;
        synchronized (random) {
          id = new OrderId(new UUID(random.nextLong(), random.nextLong()));
        }
        try {
          Told told = client.send(id, person("A"), person("B"), Money.of("0.01"));
          switch (told) {
            case Told.Done done -> {
              acknowledged.put(id, done.transfer().id());
              answered();
            }
            case Told.Refused refused -> failures.put(payer, refused.problem().toString());
            case Told.Unknown unknown -> failures.put(payer, unknown.why());
          }
        } catch (ClientException failed) {
          failures.put(payer, String.valueOf(failed.getMessage()));
        }
      }
    }

    /** Without it the payers would have too much open. */
    private void receive() {
      while (!ends()) {
        try {
          for (Pending one : client.pending(person("B")).transfers()) {
            Told told = client.receive(person("B"), one.transfer());
            if (!(told instanceof Told.Done)) {
              failures.put(RECEIVER, told.toString());
            }
          }
        } catch (ClientException failed) {
          failures.put(RECEIVER, String.valueOf(failed.getMessage()));
        }
      }
    }

    /** A pause; without it the processors would be busy with orders, and each start last longer. */
    private boolean ends() {
      try {
        return end.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
      } catch (InterruptedException stopped) {
        throw new AssertionError(stopped);
      }
    }

    private void answered() {
      long now = System.nanoTime();
      longest.accumulateAndGet(now - last.getAndSet(now), Math::max);
    }

    /** Waits until much more has been acknowledged. */
    void progress() {
      int before = acknowledged.size();
      nodes.await(() -> acknowledged.size() > before + 20);
      assertEquals(Map.of(), failures);
    }

    /** The longest time between two answers since it was asked last. */
    long gapMillis() {
      return TimeUnit.NANOSECONDS.toMillis(longest.getAndSet(0));
    }

    void finish() throws InterruptedException {
      end.countDown();
      for (Thread thread : threads) {
        thread.join();
      }
      assertEquals(Map.of(), failures);
    }

    void stop() throws InterruptedException {
      end.countDown();
      for (Thread thread : threads) {
        thread.join();
      }
      client.close();
    }
  }

  private static Person person(String name) {
    return new Person(name, "Default-General");
  }

  private URI gateway(String id) {
    return URI.create("http://127.0.0.1:" + (2003 + offset(id)));
  }

  private int offset(String id) {
    return Objects.requireNonNull(offsets.get(id));
  }

  /** The chain's own log has each acknowledged order once, and the auditor finds nothing. */
  private void audit(String id, Map<OrderId, TransferId> acknowledged) {
    assertEquals(
        acknowledged.size(), acknowledged.values().stream().distinct().count(), "an order twice");
    aika(
            "audit",
            "--federation",
            data(id).resolve("federation.yaml").toString(),
            "http://localhost:" + (1034 + offset(id)))
        .expect(0);
    HttpClient http = HttpClient.newHttpClient();
    acknowledged
        .values()
        .forEach(transfer ->
            assertEquals(
                200, get(http, URI.create(gateway(id) + "/transfers/" + transfer)).statusCode()));
  }

  private static HttpResponse<String> get(HttpClient http, URI address) {
    try {
      return http.send(
          HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException away) {
      throw new AssertionError(away);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new AssertionError(stopped);
    }
  }

  // --------------------------------------------------------------------------- the machines

  private Path data(String id) {
    return directory.resolve("machine-" + id);
  }

  /** A machine from nothing: its keys, its peers.yaml and a copy of what the leader has. */
  private void join(String id, String leader) throws IOException {
    aika("peers", "copy", "--data", data(leader).toString(), "--to", data(id).toString()).expect(0);
    DurableFile.copyTree(data(leader).resolve("keys"), data(id).resolve("keys"));
    Files.copy(data(leader).resolve("federation.yaml"), data(id).resolve("federation.yaml"));
    writePeers(id, "1", "2", "3", "4");
    writePeers(leader, "1", "2", "3", "4");
    start(id);
    nodes.awaitReady(id);
    aika("peers", "add", id, "--data", data(leader).toString()).expect(0);
  }

  private void writePeers(String self, String... ids) throws IOException {
    StringBuilder text = new StringBuilder("this: " + self + "\npeers:\n");
    for (String id : ids) {
      text.append("  ").append(id).append(":\n");
      text.append("    address: 127.0.0.1:").append(ports.get(id)).append('\n');
      text.append("    gateways: { Default-General: \"").append(gateway(id)).append("\" }\n");
    }
    Files.writeString(data(self).resolve(PeersFile.NAME), text);
  }

  private void start(String id) {
    nodes.start(id, "--all-local", data(id), offset(id));
  }

  private String awaitLeader() {
    nodes.await(() -> nodes.names().stream().anyMatch(this::leads));
    return nodes.names().stream().filter(this::leads).findFirst().orElseThrow();
  }

  private boolean leads(String id) {
    try (NodeChannel node = NodeChannel.of(data(id))) {
      return NodeChannel.text(node.get("/peers"), "leads").equals("true");
    } catch (CommandException changing) {
      return false;
    }
  }

  /** Entries, as the leader knows; many when it does not. */
  private long behind(String leader, String id) {
    try (NodeChannel node = NodeChannel.of(data(leader))) {
      for (Map<String, @Nullable Object> peer : NodeChannel.list(node.get("/peers"), "peers")) {
        String entries = NodeChannel.text(peer, "behind");
        if (NodeChannel.text(peer, "id").equals(id) && !entries.isEmpty()) {
          return Long.parseLong(entries);
        }
      }
      return Long.MAX_VALUE;
    } catch (CommandException changing) {
      return Long.MAX_VALUE;
    }
  }

  /** Above those that a system gives to whoever connects: a peer that is called would lose it. */
  private int freePort(Random random) {
    while (true) {
      int port = 61_000 + random.nextInt(4_000);
      try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        if (!ports.containsValue(port)) {
          return port;
        }
      } catch (IOException taken) {
        System.out.println(taken.getMessage());
      }
    }
  }

  private void add(String name, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "resident",
                "add",
                name,
                "--in",
                "Default-General",
                "--data",
                data("1").toString()));
    arguments.addAll(List.of("--port-offset", String.valueOf(offset("1"))));
    arguments.addAll(List.of(more));
    aika(arguments.toArray(String[]::new)).expect(0);
  }
}
