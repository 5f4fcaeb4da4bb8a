package aika.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.client.AikaClient;
import aika.client.ClientException;
import aika.client.Example;
import aika.client.FederationKeys;
import aika.client.Feed;
import aika.client.FeedEvent;
import aika.client.FeedQuery;
import aika.client.Outbox;
import aika.client.Result;
import aika.client.Transfer;
import aika.client.VerifiedLog;
import aika.client.Wallet;
import aika.core.approval.Receipt;
import aika.core.follow.Event;
import aika.core.ledger.Directory;
import aika.core.ledger.Leaf;
import aika.core.ledger.Order;
import aika.core.ledger.SignedOrder;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import aika.core.note.Ed25519;
import aika.core.note.SignedNote;
import aika.core.note.VerifierKey;
import aika.node.Node;
import aika.node.NodeSettings;
import aika.node.config.FederationFile;
import aika.node.config.FederationTemplate;
import aika.node.config.HeldKey;
import aika.node.config.KeyFiles;
import aika.node.config.Municipality;
import aika.node.order.Answer;
import aika.node.store.StoreSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The SDK and the examples of the documents against a real node: residents with keys of their own,
 * whom a registrar let in, pay each other over HTTP and believe only what was approved.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
final class SdkOverHttpTest {
  private static final AccountId ALICE = AccountId.of("Asia-Komatsu/alice234");
  private static final AccountId BOB = AccountId.of("Asia-Kanazawa/bobbobbo");
  private static final Path EXAMPLES = Path.of("..", "docs", "examples");
  private static final long EXAMPLE_SECONDS_MAX = 60;

  private final int offset = FreeOffset.find();
  private Path directory;
  private KeyFiles files;
  private Node node;
  private FederationKeys keys;
  private Wallet alice;
  private Wallet bob;

  @BeforeAll
  void start(@TempDir Path fresh) throws InterruptedException {
    directory = fresh;
    Path data = directory.resolve("data");
    files = new KeyFiles(data.resolve(KeyFiles.DIRECTORY), new SecureRandom());
    FederationTemplate template = FederationTemplate.demo();
    PlannedKeys.make(template, files);
    FederationFile file =
        FederationFile.write(data.resolve(FederationFile.NAME), template.federation(files));
    NodeSettings settings = new NodeSettings(data, "127.0.0.1", offset, StoreSettings.standard());
    node = new Node(settings, file, files);
    new Residents(node, files).ensure();
    keys = keys(file.directory());
    alice = resident(ALICE, 1);
    bob = resident(BOB, 2);
    issue(ALICE, "500.00");
  }

  @AfterAll
  void stop() {
    node.close();
  }

  /** As an operator hands them out: texts from the federation file. */
  private static FederationKeys keys(Directory directory) {
    FederationKeys keys = FederationKeys.of(directory.federation());
    for (ChainId chain : List.of(ALICE.chain(), BOB.chain())) {
      Directory.Entry entry = directory.entry(chain);
      List<String> seats = entry.seats().keys().stream().map(VerifierKey::format).toList();
      keys = keys.with(chain, entry.seats().term(), entry.logKey().format(), seats);
    }
    return keys;
  }

  /** The resident makes the key, the registrar signs the opening too. */
  private Wallet resident(AccountId account, int fill) {
    byte[] seed = new byte[Ed25519.SEED_BYTES];
    Arrays.fill(seed, (byte) fill);
    Wallet wallet = Wallet.of(node.federation().id(), account, seed);
    HeldKey registrar = files.registrars(municipality(account)).getFirst();
    SignedNote opening =
        wallet.opening().signedBy(registrar.key().name(), Ed25519.TYPE, registrar.signer());
    executed(SignedOrder.of(opening));
    return wallet;
  }

  private Municipality municipality(AccountId account) {
    return node.federation().municipality(account.chain().value()).orElseThrow();
  }

  private void issue(AccountId to, String amount) {
    List<HeldKey> issuers = files.issuers(municipality(to));
    Order order =
        new Order.Issue(new Residents(node, files).header("test " + to), to, Money.of(amount));
    HeldKey first = issuers.get(0);
    HeldKey second = issuers.get(1);
    executed(
        SignedOrder.of(
            SignedNote.sign(order.text(), first.key().name(), Ed25519.TYPE, first.signer())
                .signedBy(second.key().name(), Ed25519.TYPE, second.signer())));
  }

  private void executed(SignedOrder order) {
    assertInstanceOf(Answer.Accepted.class, node.shard().submit(order, null));
  }

  private URI gateway(int port) {
    return URI.create("http://127.0.0.1:" + (port + offset));
  }

  private URI asia() {
    return gateway(1024);
  }

  @Test
  void theExampleOfTheGuidePaysAndProvesIt() {
    Receipt receipt = Example.pay(asia(), keys, alice, BOB);
    assertEquals(ALICE.chain(), receipt.chain());
    Leaf.Executed leaf = assertInstanceOf(Leaf.Executed.class, receipt.leaf());
    Order.Send send = assertInstanceOf(Order.Send.class, leaf.order().order());
    assertEquals(ALICE, send.from());
    assertEquals(BOB, send.to());
    assertEquals(Money.of("12.34"), send.amount());
    assertTrue(receipt.approval().size() >= 3);
  }

  @Test
  void aTransferIsSentReceivedAndProvenOnBothSides() throws InterruptedException {
    Outbox outbox = new Outbox(directory.resolve("outbox"));
    try (AikaClient client = AikaClient.at(asia())) {
      SignedOrder order = alice.send(BOB, Money.of("1.23"));
      assertInstanceOf(Result.Unknown.class, client.lookUp(order));
      Transfer sent = accepted(client.submit(order, outbox), false);
      assertEquals(List.of(), outbox.waiting());
      assertEquals("send_pending", sent.status());
      assertEquals(order.order().header().id(), sent.order());
      // The answer got lost, and the program started again: the same order is done once.
      assertEquals(sent.id(), accepted(client.submit(order, outbox), true).id());
      assertEquals(sent.id(), accepted(client.lookUp(order), true).id());

      awaitListed(client, sent.id());
      SignedOrder receive = bob.receive(sent.id());
      accepted(client.submit(receive), false);
      accepted(client.submit(receive), true);
      assertEquals(sent.id(), accepted(client.lookUp(receive), true).id());
      awaitComplete(client, sent.id());
      Receipt half = keys.receipt(client.receipt(sent.id(), AikaClient.Half.RECEIVE));
      assertEquals(BOB.chain(), half.chain());
      assertTrue(client.account(BOB).balance().isPositive());
    }
  }

  /** The client's clock is hours ahead: by it the order is over, on the chain it is not. */
  @Test
  void aChainWhoseClockIsHoursBehindStillAcceptsTheOrder() {
    AccountId carol = AccountId.of("Asia-Komatsu/carol234");
    resident(carol, 3);
    Outbox outbox = new Outbox(directory.resolve("ahead"));
    SignedOrder order = wallet(carol, 3, 3).send(BOB, Money.of("2.00"));
    outbox.keep(order); // as a process did that is gone
    try (AikaClient client = AikaClient.at(asia())) {
      assertInstanceOf(Result.Unknown.class, client.submit(order, outbox)); // no money yet
      assertEquals(1, outbox.waiting().size());
      issue(carol, "5.00");
      accepted(client.submit(order, outbox), false);
      assertEquals(List.of(), outbox.waiting());
      accepted(client.submit(order, outbox), true);
      assertEquals(Money.of("3.00"), client.account(carol).balance());
    }
  }

  /** The client's clock is hours behind: the chain says that the order comes too late. */
  @Test
  void aChainWhoseClockIsHoursAheadEndsTheDoubt() {
    Outbox outbox = new Outbox(directory.resolve("behind"));
    try (AikaClient client = AikaClient.at(asia())) {
      SignedOrder order = wallet(ALICE, 1, -3).send(BOB, Money.of("2.00"));
      assertEquals("STALE", refused(client, order));
      outbox.keep(order);
      Result late = client.submit(order, outbox);
      assertEquals("STALE", assertInstanceOf(Result.Refused.class, late).problem().code());
      assertEquals(List.of(), outbox.waiting());
      assertInstanceOf(Result.Unknown.class, client.lookUp(order));
    }
  }

  /** With a clock that is wrong by so many hours. */
  private Wallet wallet(AccountId account, int fill, int hoursAhead) {
    byte[] seed = new byte[Ed25519.SEED_BYTES];
    Arrays.fill(seed, (byte) fill);
    InstantSource clock = () -> Instant.now().plus(Duration.ofHours(hoursAhead));
    return new Wallet(node.federation().id(), account, Ed25519.signer(seed), clock);
  }

  private static Transfer accepted(Result result, boolean repeated) {
    Result.Accepted accepted = assertInstanceOf(Result.Accepted.class, result);
    assertEquals(repeated, accepted.repeated());
    return accepted.transfer();
  }

  private static void awaitListed(AikaClient client, TransferId transfer)
      throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (client.pending(BOB).transfers().stream()
        .noneMatch(one -> one.transfer().equals(transfer))) {
      assertTrue(System.nanoTime() < end, transfer + " was not listed");
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private static void awaitComplete(AikaClient client, TransferId transfer)
      throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!client.transfer(transfer).status().equals("complete")) {
      assertTrue(System.nanoTime() < end, transfer + " was not completed");
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  @Test
  void refusalsKeepTheirCodes() {
    try (AikaClient client = AikaClient.at(asia());
        AikaClient kanazawa = AikaClient.at(gateway(2000))) {
      assertEquals("INSUFFICIENT_FUNDS", refused(client, alice.send(BOB, Money.of("9999.00"))));
      assertEquals("BAD_SIGNATURE", refused(client, forged()));
      SignedOrder unknown = bob.receive(TransferId.of("Asia-Komatsu:999999"));
      assertEquals("UNKNOWN_TRANSFER", refused(client, unknown));
      assertEquals("WRONG_CHAIN", refused(kanazawa, alice.send(BOB, Money.of("1.00"))));
      AccountId nobody = AccountId.of("Asia-Komatsu/nobody00");
      ClientException none = assertThrows(ClientException.class, () -> client.account(nobody));
      assertEquals("UNKNOWN_ACCOUNT", none.code());
    }
  }

  private SignedOrder forged() {
    byte[] seed = new byte[Ed25519.SEED_BYTES];
    return Wallet.of(node.federation().id(), ALICE, seed).send(BOB, Money.of("1.00"));
  }

  private static String refused(AikaClient client, SignedOrder order) {
    return assertInstanceOf(Result.Refused.class, client.submit(order)).problem().code();
  }

  @Test
  void everyLeafOfTheFeedIsInTheApprovedLog() {
    try (AikaClient client = AikaClient.at(asia())) {
      accepted(client.submit(alice.send(BOB, Money.of("0.50"))), false);
      long size = node.shard().chain(ALICE.chain()).size();
      VerifiedLog log = client.log(ALICE.chain(), keys);
      List<FeedEvent.Leaf> leaves = new ArrayList<>();
      try (Feed feed = client.feed(FeedQuery.of(ALICE.chain()))) {
        for (FeedEvent event : feed) {
          switch (event) {
            case FeedEvent.Leaf leaf -> leaves.add(leaf);
            case FeedEvent.Approval approval -> log.accept(approval.checkpoint());
          }
          if (log.size() >= size) {
            break;
          }
        }
      }
      assertTrue(leaves.size() >= size);
      for (FeedEvent.Leaf leaf : leaves.subList(0, (int) size)) {
        assertTrue(log.verify(leaf));
      }
    }
  }

  @Test
  void aFilteredFeedTellsOfOneAccount() {
    try (AikaClient client = AikaClient.at(asia())) {
      TransferId transfer = accepted(client.submit(alice.send(BOB, Money.of("0.25"))), false).id();
      FeedQuery query = FeedQuery.of(ALICE.chain()).account(ALICE).kinds("send").approvedOnly();
      VerifiedLog log = client.log(ALICE.chain(), keys);
      try (Feed feed = client.feed(query)) {
        for (FeedEvent event : feed) {
          if (event instanceof FeedEvent.Leaf leaf) {
            assertTrue(log.verify(leaf));
            Event.Sent sent = assertInstanceOf(Event.Sent.class, leaf.facts().getFirst());
            assertEquals(ALICE, sent.from());
            if (sent.transfer().equals(transfer)) {
              break;
            }
          }
        }
        assertEquals(transfer.index() + 1, feed.position());
      }
    }
  }

  @Test
  void thePythonExampleSends() throws Exception {
    String python = command("python3", "--version");
    String base = gateway(2001).toString();
    String said = run(python, EXAMPLES.resolve("send_stdlib.py").toString(), base);
    assertTrue(said.contains("\"status\": \"send_pending\""), said);
    assertTrue(said.contains("\"amount\": \"200.00\""), said);
    String source = Files.readString(EXAMPLES.resolve("send.py"));
    assertTrue(source.contains("http://localhost:2001/send"));
    Assumptions.assumeTrue(
        exitCode(python, "-c", "import requests") == 0, "python3 has no package requests");
    Path here = directory.resolve("send.py");
    Files.writeString(here, source.replace("http://localhost:2001", base));
    String again = run(python, here.toString());
    assertTrue(again.contains("'repeated': True"), again);
  }

  @Test
  void theCurlExampleSends() throws Exception {
    String curl = command("curl", "--version");
    assertEquals("curl", curl);
    String base = gateway(2001).toString();
    String said = run("sh", EXAMPLES.resolve("send.sh").toString(), base, "3.21");
    assertTrue(said.contains("\"amount\":\"3.21\""), said);
    assertTrue(said.contains("\"status\":\"send_pending\""), said);
  }

  /** The command, if this machine has it. */
  private String command(String name, String option) throws InterruptedException {
    boolean there;
    try {
      there = exitCode(name, option) == 0;
    } catch (IOException none) {
      there = false;
    }
    Assumptions.assumeTrue(there, "skipped: no " + name + " on this machine");
    return name;
  }

  private int exitCode(String... command) throws IOException, InterruptedException {
    return finished(started(command));
  }

  private String run(String... command) throws IOException, InterruptedException {
    int code = finished(started(command));
    String said = Files.readString(directory.resolve("said"));
    assertEquals(0, code, said);
    return said;
  }

  private Process started(String... command) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("said").toFile())
        .start();
  }

  private static int finished(Process process) throws InterruptedException {
    try {
      assertTrue(process.waitFor(EXAMPLE_SECONDS_MAX, TimeUnit.SECONDS), "it did not end");
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }
}
