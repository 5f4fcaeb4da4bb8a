package aika.cli;

import static aika.cli.CommandWorld.aika;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.cli.CommandWorld.Ran;
import aika.client.AikaClient;
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
import aika.node.config.KeyFiles;
import aika.node.config.NeighboursFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A municipality joins a federation whose nodes are processes with kits of their own, as
 * docs/operations.md says it, while people pay each other. The nodes take the new file in any
 * order, and the new one starts before, among or after them. Who pays sees no error, people of the
 * new municipality pay and are paid, and an audit finds nothing.
 */
@Tag("slow")
@Timeout(300)
final class JoiningNodesIT {
  /** Nine attempts take a minute: beside other tests a restart may outlast the SDK's sixteen s. */
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Of those who pay: the processors are for the nodes' starts. */
  private static final long PACE_MILLIS = 200;

  /**
   * Above the HTTP port. All are below those that a system gives to whoever connects: of nodes that
   * start again one could be taken.
   */
  private static final int NODE_PORT = 20;

  private static final String KOMATSU = "Asia-Komatsu";
  private static final String GENERAL = "Default-General";
  private static final String KAGA = "Asia-Kaga";
  private static final List<String> NODES = List.of("Asia", KOMATSU, "Default");

  private static final String TEMPLATE =
      """
      federation: small.aika.example
      term: { seats: 4 }
      continents:
        Asia: { name: { ja: アジア, en: Asia }, http: 1024, node: 1044 }
        Default: { name: { ja: その他, en: Elsewhere }, http: 1034, node: 1054, default: true }
      municipalities:
        Asia-Komatsu: { name: { ja: 小松市, en: Komatsu }, http: 2001, node: 2021 }
        Default-General: { name: { ja: 総合窓口, en: General }, http: 2003, node: 2023 }
      """;

  /** Gateways for people. */
  private static final Map<String, Integer> PORTS =
      Map.of("Asia", 1024, KOMATSU, 2001, "Default", 1034, GENERAL, 2003, KAGA, 2005);

  @TempDir Path directory;

  private final int offset = FreeOffset.find();
  private final Map<String, AikaClient> asking = new HashMap<>();
  private Processes nodes;

  @BeforeEach
  void prepare() {
    nodes = new Processes(directory, Duration.ofSeconds(90));
  }

  @AfterEach
  void stop() {
    nodes.close();
    asking.values().forEach(AikaClient::close);
  }

  @Test
  void aMunicipalityJoinsWhileOthersPay() throws Exception {
    long seed = new SecureRandom().nextInt(1_000_000);
    List<String> order = new ArrayList<>(NODES);
    order.add(KAGA);
    Collections.shuffle(order, new Random(seed));
    System.out.println("JoiningNodesIT seed " + seed + ", the new file comes to " + order);
    Path first = founded();
    NODES.forEach(nodes::awaitReady);
    add("A", KOMATSU, "--issue", "1000.00");
    add("B", KOMATSU, "--issue", "1000.00");
    add("G", GENERAL, "--issue", "1000.00");
    Person b = new Person("B", KOMATSU);
    Person k = new Person("K", KAGA);
    Person g = new Person("G", GENERAL);

    Payers payers = new Payers();
    try {
      payers.progress();
      audit(first, NODES);
      Path later = added();
      audit(later, NODES); // the new chain has not begun
      assertEquals("UNKNOWN_CHAIN", refused(b, k));
      boolean joined = false;
      for (String node : order) {
        if (node.equals(KAGA)) {
          neighbours(KAGA, NODES);
          start(KAGA);
          nodes.awaitReady(KAGA);
          add("K", KAGA);
        } else {
          update(node, later);
        }
        payers.progress();
        if (!joined && nodes.names().contains(KAGA) && hasKaga(KOMATSU)) {
          joined = true;
          paid(b, k, "200.00");
          paid(k, b, "50.00");
          if (!hasKaga("Default")) {
            assertEquals("REGISTER_UNREACHABLE", refused(k, g));
          }
          payers.progress();
        }
      }
      paid(k, g, "10.00");
      payers.finish();
      audit(later, List.of("Asia", KOMATSU, "Default", KAGA));
      System.out.println(payers.acknowledged.size() + " transfers");
    } finally {
      payers.end();
    }
    NODES.forEach(node ->
        assertFalse(Files.exists(kit(node).resolve(KeyFiles.DIRECTORY).resolve(KAGA)), node));
  }

  // ------------------------------------------------------------------ what the runbook says

  /** The nodes start from their kits; no key stays where the federation was made. */
  private Path founded() throws IOException {
    Path template = Files.writeString(directory.resolve("small.yaml"), TEMPLATE);
    aika("init", office().toString(), "--template", template.toString()).expect(0);
    for (String node : NODES) {
      makeKit(node);
      neighbours(node, NODES);
      start(node); // from its kit
    }
    DurableFile.copyTree(keys(), offLine());
    DurableFile.deleteTree(keys());
    return Files.copy(office().resolve("federation.yaml"), directory.resolve("first.yaml"));
  }

  /** With those keys that the runbook names put back for the moment. */
  private Path added() throws IOException {
    Files.createDirectories(keys());
    for (String key : List.of("root.key", "ca.key", "ca.crt")) {
      Files.copy(offLine().resolve(key), keys().resolve(key));
    }
    List<String> adding =
        new ArrayList<>(
            List.of("federation", "add-municipality", KAGA, "--data", office().toString()));
    adding.addAll(List.of("--name-ja", "加賀市", "--name-en", "Kaga"));
    adding.addAll(List.of("--http", "2005", "--node", "2025"));
    aika(adding.toArray(String[]::new)).expect(0);
    makeKit(KAGA);
    DurableFile.deleteTree(keys());
    return office().resolve("federation.yaml");
  }

  /** The operator of a node takes the file that came, says where the new one is, and restarts. */
  private void update(String node, Path later) throws IOException, InterruptedException {
    aika("federation", "update", later.toString(), "--data", kit(node).toString()).expect(0);
    neighbours(node, List.of(KAGA));
    nodes.stop(node);
    start(node);
    nodes.awaitReady(node);
  }

  private boolean hasKaga(String node) {
    return NodeHome.open(kit(node)).federation().municipality(KAGA).isPresent();
  }

  private void makeKit(String node) {
    aika("federation", "kit", node, "--data", office().toString(), "--to", kit(node).toString())
        .expect(0);
    assertTrue(Files.exists(kit(node).resolve("tls")), "no certificate");
  }

  private void neighbours(String node, List<String> others) throws IOException {
    StringBuilder text = new StringBuilder();
    for (String other : others) {
      if (!other.equals(node)) {
        text.append(line(other)).append(other.equals("Default") ? line(GENERAL) : "");
      }
    }
    Files.writeString(
        kit(node).resolve(NeighboursFile.NAME),
        text,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private String line(String chain) {
    int port = Objects.requireNonNull(PORTS.get(chain)) + NODE_PORT + offset;
    return chain + ": https://127.0.0.1:" + port + '\n';
  }

  private Path office() {
    return directory.resolve("aika");
  }

  private Path keys() {
    return office().resolve(KeyFiles.DIRECTORY);
  }

  private Path offLine() {
    return directory.resolve("off-line");
  }

  private Path kit(String node) {
    return directory.resolve("kit-" + node);
  }

  // ------------------------------------------------------------------------------- who pays

  /** At the first attempt. */
  private String refused(Person from, Person to) {
    Duration wait = Duration.ofSeconds(20);
    ClientSettings once = new ClientSettings(gateway(from.municipality()), wait, 1, Duration.ZERO);
    try (CounterClient client = new CounterClient(once)) {
      Told told = client.send(newId(), from, to, Money.of("1.00"));
      return assertInstanceOf(Told.Refused.class, told, told::toString).problem().code();
    }
  }

  /** Through to its end, as both municipalities show it. */
  private void paid(Person from, Person to, String amount) {
    try (CounterClient sender = CounterClient.at(gateway(from.municipality()));
        CounterClient receiver = CounterClient.at(gateway(to.municipality()))) {
      Told told = sender.send(newId(), from, to, Money.of(amount));
      TransferId id = assertInstanceOf(Told.Done.class, told, told::toString).transfer().id();
      nodes.await(() -> has(receiver, to, id));
      Told taken = receiver.receive(to, id);
      assertInstanceOf(Told.Done.class, taken, taken::toString);
      nodes.await(() -> isComplete(from.municipality(), id));
      nodes.await(() -> isComplete(to.municipality(), id));
    }
  }

  private boolean has(CounterClient receiver, Person to, TransferId id) {
    return isComplete(to.municipality(), id)
        || receiver.pending(to).transfers().stream().anyMatch(one -> one.transfer().equals(id));
  }

  private boolean isComplete(String at, TransferId transfer) {
    try {
      return asking
          .computeIfAbsent(at, one -> AikaClient.at(gateway(one)))
          .transfer(transfer)
          .status()
          .equals("complete");
    } catch (ClientException notYet) {
      return false;
    }
  }

  private static OrderId newId() {
    return new OrderId(UUID.randomUUID());
  }

  private URI gateway(String chain) {
    return URI.create("http://127.0.0.1:" + (Objects.requireNonNull(PORTS.get(chain)) + offset));
  }

  /** A and G pay each other and receive all the time, each at the counter of their own node. */
  private final class Payers {
    private final Map<OrderId, TransferId> acknowledged = new ConcurrentHashMap<>();
    private final Map<String, String> failures = new ConcurrentHashMap<>();
    private final Map<String, Integer> sent = new ConcurrentHashMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch end = new CountDownLatch(1);

    Payers() {
      Person a = new Person("A", KOMATSU);
      Person g = new Person("G", GENERAL);
      threads.add(Thread.ofPlatform().name("A").start(() -> pay(a, g)));
      threads.add(Thread.ofPlatform().name("G").start(() -> pay(g, a)));
    }

    private void pay(Person own, Person other) {
      ClientSettings patient =
          new ClientSettings(gateway(own.municipality()), PATIENCE, 9, FIRST_PAUSE);
      try (CounterClient client = new CounterClient(patient)) {
        while (failures.isEmpty() && !end.await(PACE_MILLIS, TimeUnit.MILLISECONDS)) {
          OrderId id = newId();
          Told told = client.send(id, own, other, Money.of("0.01"));
          if (told instanceof Told.Done done) {
            acknowledged.put(id, done.transfer().id());
            sent.merge(own.name(), 1, Integer::sum);
          } else {
            failures.put(own.name(), told.toString());
          }
          receive(client, own);
        }
      } catch (ClientException | InterruptedException failed) {
        failures.put(own.name(), failed.toString());
      }
    }

    private void receive(CounterClient client, Person own) {
      for (Pending one : client.pending(own).transfers()) {
        Told told = client.receive(own, one.transfer());
        if (!(told instanceof Told.Done)) {
          failures.put(own.name(), told.toString());
        }
      }
    }

    /** Waits until both have sent more. */
    void progress() {
      Map<String, Integer> before = Map.copyOf(sent);
      for (String name : List.of("A", "G")) {
        int enough = before.getOrDefault(name, 0) + 5;
        nodes.await(() -> !failures.isEmpty() || sent.getOrDefault(name, 0) >= enough);
      }
      assertEquals(Map.of(), failures);
    }

    /** What was acknowledged is there once, and complete. */
    void finish() throws InterruptedException {
      end();
      assertEquals(Map.of(), failures);
      assertEquals(
          acknowledged.size(), acknowledged.values().stream().distinct().count(), "an order twice");
      try (CounterClient komatsu = CounterClient.at(gateway(KOMATSU));
          CounterClient general = CounterClient.at(gateway(GENERAL))) {
        for (TransferId transfer : acknowledged.values()) {
          nodes.await(() -> {
            boolean complete = isComplete(transfer.origin().value(), transfer);
            if (!complete) {
              receive(komatsu, new Person("A", KOMATSU));
              receive(general, new Person("G", GENERAL));
            }
            return complete;
          });
        }
      }
      assertEquals(Map.of(), failures);
    }

    void end() throws InterruptedException {
      end.countDown();
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }

  // --------------------------------------------------------------------------- the machines

  /** Goes on from what was audited before. */
  private void audit(Path federation, List<String> begun) {
    List<String> arguments = new ArrayList<>(List.of("audit", "--federation"));
    arguments.add(federation.toString());
    arguments.addAll(List.of("--state", directory.resolve("audited").toString()));
    begun.forEach(chain -> arguments.add(gateway(chain).toString()));
    Ran report = aika(arguments.toArray(String[]::new)).expect(0);
    begun.forEach(chain -> report.says(chain + " "));
    report.says(GENERAL + " ", "Everything holds");
  }

  private void add(String name, String place, String... more) {
    String node = place.equals(GENERAL) ? "Default" : place;
    List<String> arguments =
        new ArrayList<>(List.of("resident", "add", name, "--in", place, "--data"));
    arguments.addAll(List.of(kit(node).toString(), "--port-offset", String.valueOf(offset)));
    arguments.addAll(Arrays.asList(more));
    aika(arguments.toArray(String[]::new)).expect(0);
  }

  private void start(String node) {
    nodes.start(node, node, kit(node), offset);
  }
}
