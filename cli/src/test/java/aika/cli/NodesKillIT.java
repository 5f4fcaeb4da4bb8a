package aika.cli;

import static aika.cli.CommandWorld.aika;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.client.AikaClient;
import aika.client.ClientException;
import aika.client.CounterClient;
import aika.client.CounterClient.Person;
import aika.client.CounterClient.Told;
import aika.client.Result;
import aika.client.Transfer;
import aika.client.Wallet;
import aika.core.ledger.SignedOrder;
import aika.core.money.AccountId;
import aika.core.money.Money;
import aika.core.money.OrderId;
import aika.core.money.TransferId;
import aika.core.note.Ed25519;
import aika.core.note.SignedNote;
import aika.node.config.HeldKey;
import aika.node.config.Municipality;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The nodes of a federation run in processes of their own, which are started in any order. They run
 * the worked example, and somebody receives while their continent is down. Then they are killed at
 * random moments while a client keeps sending from one to another: what was acknowledged is
 * complete at the end, and an audit of what the nodes publish finds nothing.
 */
@Tag("slow")
final class NodesKillIT {
  private static final int KILLS = 5;
  private static final int RUNNING_MILLIS_MAX = 1_500;
  private static final String KOMATSU = "Asia-Komatsu";
  private static final String KANAZAWA = "Asia-Kanazawa";
  private static final List<String> NODES = List.of("Asia", KOMATSU, KANAZAWA, "Europe", "Default");
  private static final List<String> STORY =
      List.of("send", "send_pending", "listed", "receive", "receive_pending", "complete");

  private static final String TEMPLATE =
      """
      federation: small.aika.example
      term: { seats: 4 }
      continents:
        Asia: { name: { ja: アジア, en: Asia }, http: 1024, node: 1044 }
        Europe: { name: { ja: ヨーロッパ, en: Europe }, http: 1025, node: 1045 }
        Default: { name: { ja: その他, en: Elsewhere }, http: 1034, node: 1054, default: true }
      municipalities:
        Asia-Kanazawa: { name: { ja: 金沢市, en: Kanazawa }, http: 2000, node: 2020 }
        Asia-Komatsu: { name: { ja: 小松市, en: Komatsu }, http: 2001, node: 2021 }
        Default-General: { name: { ja: 総合窓口, en: General }, http: 2003, node: 2023 }
      """;

  @TempDir Path directory;

  private final int offset = FreeOffset.find();
  private Processes nodes;

  @BeforeEach
  void prepare() {
    nodes = new Processes(directory, Duration.ofSeconds(90));
  }

  @AfterEach
  void stop() {
    nodes.close();
  }

  private Path data() {
    return directory.resolve("aika");
  }

  @Test
  void everyAcknowledgedOrderIsCompleteAndTheAuditFindsNothing() throws Exception {
    long seed = new SecureRandom().nextInt(1_000_000);
    Random random = new Random(seed);
    List<String> order = new ArrayList<>(NODES);
    Collections.shuffle(order, random);
    System.out.println("NodesKillIT seed " + seed + ", started as " + order);
    Path template = Files.writeString(directory.resolve("small.yaml"), TEMPLATE);
    aika("init", data().toString(), "--template", template.toString()).expect(0);
    start(order.getFirst());
    nodes.awaitReady(order.getFirst()); // with nobody else there
    order.stream().skip(1).forEach(this::start);
    order.forEach(nodes::awaitReady);
    add("A", KOMATSU, "--issue", "1000.00");
    add("B", KANAZAWA);
    workedExample();
    receivesWhileItsContinentIsDown(random.nextBoolean() ? "Europe" : "Default");

    SendingClient client = new SendingClient(offset, seed);
    Thread sending = Thread.ofPlatform().name("client").start(client);
    try {
      for (int i = 0; i < KILLS; i++) {
        int before = client.acknowledged().size();
        nodes.await(() -> client.acknowledged().size() > before);
        TimeUnit.MILLISECONDS.sleep(random.nextInt(RUNNING_MILLIS_MAX)); // any moment
        String victim = NODES.get(random.nextInt(NODES.size()));
        nodes.kill(victim);
        start(victim);
        nodes.awaitReady(victim);
      }
      client.finish();
      nodes.await(() -> !sending.isAlive());
      assertEquals("", client.failure());
      for (TransferId transfer : client.acknowledged().values()) {
        nodes.await(() -> client.isComplete(transfer) || receives(client));
        nodes.await(() -> client.isComplete(transfer));
      }
      audit();
    } finally {
      client.stop();
      sending.join();
    }
    System.out.println(
        client.acknowledged().size() + " transfers; " + client.retries() + " retries");
  }

  private void workedExample() {
    try (CounterClient komatsu = CounterClient.at(gateway(KOMATSU));
        CounterClient kanazawa = CounterClient.at(gateway(KANAZAWA))) {
      Person b = new Person("B", KANAZAWA);
      Transfer sent = done(komatsu.send(newId(), new Person("A", KOMATSU), b, Money.of("200.00")));
      assertEquals("send_pending", sent.status());
      Transfer received = done(kanazawa.receive(b, sent.id()));
      assertTrue( // its approval may have been faster than the answer
          Set.of("receive_pending", "complete").contains(received.status()), received::status);
      for (String node : NODES) {
        nodes.await(() -> STORY.equals(story(node, sent.id())));
      }
    }
  }

  /** Somebody with a key of their own is paid, and reaches the own node through another one. */
  private void receivesWhileItsContinentIsDown(String through) throws InterruptedException {
    NodeHome home = NodeHome.open(data());
    Municipality kanazawa = home.federation().municipality(KANAZAWA).orElseThrow();
    HeldKey registrar = home.keys().registrars(kanazawa).getFirst();
    AccountId account = new AccountId(kanazawa.id(), "carol234");
    Wallet carol = Wallet.of(home.federation().id(), account, new byte[Ed25519.SEED_BYTES]);
    SignedNote opening =
        carol.opening().signedBy(registrar.key().name(), Ed25519.TYPE, registrar.signer());
    nodes.kill("Asia");
    try (CounterClient komatsu = CounterClient.at(gateway(KOMATSU));
        AikaClient any = AikaClient.at(gateway(through))) {
      assertInstanceOf(Result.Accepted.class, any.submit(SignedOrder.of(opening)));
      Person to = new Person(account.toString(), KANAZAWA);
      TransferId sent =
          done(komatsu.send(newId(), new Person("A", KOMATSU), to, Money.of("50.00"))).id();
      assertInstanceOf(Result.Accepted.class, any.submit(carol.receive(sent)));
      nodes.await(() -> story(through, sent).contains("complete"));
      assertEquals(Money.of("50.00"), any.account(account).balance());
      start("Asia");
      nodes.awaitReady("Asia");
      nodes.await(() -> STORY.equals(story("Asia", sent))); // it lists late what has ended
    }
  }

  private static OrderId newId() {
    return new OrderId(UUID.randomUUID());
  }

  private static Transfer done(Told told) {
    return assertInstanceOf(Told.Done.class, told).transfer();
  }

  private List<String> story(String node, TransferId transfer) {
    try (AikaClient client = AikaClient.at(gateway(node))) {
      return client.transfer(transfer).history().stream().map(Transfer.Step::state).toList();
    } catch (ClientException notYet) {
      return List.of();
    }
  }

  private URI gateway(String node) {
    return URI.create("http://127.0.0.1:" + (NodeHome.open(data()).chain(node).http() + offset));
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
    NODES.forEach(node -> arguments.add(gateway(node).toString()));
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
    nodes.start(node, node, data(), offset);
  }
}
