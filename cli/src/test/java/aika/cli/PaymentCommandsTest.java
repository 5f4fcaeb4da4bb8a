package aika.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.client.Wallet;
import aika.core.ledger.Key;
import aika.core.ledger.Order;
import aika.core.ledger.Reason;
import aika.core.ledger.Row;
import aika.core.ledger.SignedOrder;
import aika.core.money.AccountId;
import aika.core.money.Money;
import aika.core.note.Ed25519;
import aika.core.note.SignedNote;
import aika.node.Node;
import aika.node.NodeSettings;
import aika.node.config.FederationFile;
import aika.node.config.FederationTemplate;
import aika.node.config.HeldKey;
import aika.node.config.KeyFiles;
import aika.node.config.Municipality;
import aika.node.store.StoreSettings;
import com.sun.net.httpserver.HttpServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** People pay from a terminal: at a counter by name, and with keys of their own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
final class PaymentCommandsTest {
  private static final Pattern TRANSFER = Pattern.compile("(Asia-Komatsu:[0-9]+) ");
  private static final String A = "A@Asia-Komatsu";
  private static final String B = "B@Asia-Kanazawa";

  private final int offset = FreeOffset.find();
  private Path directory;
  private KeyFiles files;
  private Node node;
  private Residents residents;

  /** What a command printed, and how it ended. */
  private record Ran(int code, String out, String err) {
    Ran expect(int expected) {
      assertEquals(expected, code, this::toString);
      return this;
    }

    Ran says(String... parts) {
      for (String part : parts) {
        assertTrue((out + err).contains(part), () -> part + " is not in " + this);
      }
      return this;
    }

    String transfer() {
      Matcher found = TRANSFER.matcher(out);
      assertTrue(found.find(), out);
      return found.group(1);
    }
  }

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
    residents = new Residents(node, files);
    residents.ensure();
  }

  @AfterAll
  void stop() {
    node.close();
  }

  private static Ran aika(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Main.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new Ran(code, out.toString(), err.toString());
  }

  private String gateway(String municipality) {
    return "http://localhost:" + node.federation().municipality(municipality).orElseThrow().http();
  }

  private String komatsu() {
    return gateway("Asia-Komatsu");
  }

  private String kanazawa() {
    return gateway("Asia-Kanazawa");
  }

  private Money balance(AccountId account) {
    Row.Account row = node.shard().chain(account.chain()).get(new Key.OfAccount(account));
    return Objects.requireNonNull(row).balance();
  }

  @Test
  void byNamesAtTheCounter() {
    AccountId b = residents.account("B");
    Money before = balance(b);
    String machines = "http://localhost:1," + komatsu(); // nobody listens at the first one
    Ran sent = aika("send", "--gateway", machines, "--as", A, "--to", B, "5.01").expect(0);
    sent.says("send_pending", "held by Asia-Komatsu", "預かっています", "5.01");
    String transfer = sent.transfer();
    aika("receive", "--gateway", kanazawa(), "--as", B, transfer)
        .expect(0)
        .says("on the receiver's account", "受け取った人の口座");
    assertEquals(before.plus(Money.of("5.01")), balance(b));
    aika("receive", "--gateway", kanazawa(), "--as", B, transfer)
        .expect(0)
        .says("not done twice", "二重にはなっていません");
    aika("transfer", "--gateway", "http://localhost:1," + kanazawa(), transfer)
        .expect(0)
        .says("on the receiver's account", "send_pending", "receive", "Asia-Kanazawa");
  }

  @Test
  void declinedAndTakenBack() {
    String declined =
        aika("send", "--gateway", komatsu(), "--as", A, "--to", B, "5.02").expect(0).transfer();
    aika("reject", "--gateway", kanazawa(), "--as", B, declined)
        .expect(0)
        .says("declined", "断りました", "to the sender");
    aika("receive", "--gateway", kanazawa(), "--as", B, declined)
        .expect(1)
        .says("ALREADY_DECIDED", "この送金はもう終わっています");
    String back =
        aika("send", "--gateway", komatsu(), "--as", A, "--to", B, "5.03").expect(0).transfer();
    aika("cancel", "--gateway", komatsu(), "--as", A, back).expect(0).says(back);
    aika("cancel", "--gateway", komatsu(), "--as", "Claire@Europe-Paris", back).expect(1);
  }

  @Test
  void withAKeyOfOnesOwn() throws Exception {
    AccountId own = AccountId.of("Asia-Komatsu/ownkey12");
    byte[] seed = new byte[Ed25519.SEED_BYTES];
    new SecureRandom().nextBytes(seed);
    Path key = directory.resolve("own.key");
    Files.writeString(key, Base64.getEncoder().encodeToString(seed) + "\n");
    open(own, seed);
    String[] signed = {"--key", key.toString(), "--federation", node.federation().id()};
    Ran sent =
        aika(
            "send",
            "--gateway",
            komatsu(),
            signed[0],
            signed[1],
            signed[2],
            signed[3],
            "--as",
            own.toString(),
            "--to",
            residents.account("B").toString(),
            "1.00");
    sent.expect(0).says("send_pending");
    aika(
            "send",
            "--gateway",
            komatsu(),
            signed[0],
            signed[1],
            signed[2],
            signed[3],
            "--as",
            own.toString(),
            "--to",
            residents.account("B").toString(),
            "--id",
            "0191d2a0-0000-7000-8000-000000000001",
            "1.00")
        .expect(2)
        .says("--id is of a send by names");
    aika(
            "cancel",
            "--gateway",
            komatsu(),
            signed[0],
            signed[1],
            signed[2],
            signed[3],
            "--as",
            own.toString(),
            sent.transfer())
        .expect(0);
    Ran poor =
        aika(
            "send",
            "--gateway",
            komatsu(),
            signed[0],
            signed[1],
            signed[2],
            signed[3],
            "--as",
            own.toString(),
            "--to",
            residents.account("B").toString(),
            "1000.00");
    poor.expect(1).says("INSUFFICIENT_FUNDS", "残高が足りません");
    try (var kept = Files.list(Path.of(key + ".outbox"))) {
      assertEquals(List.of(), kept.toList(), "nothing waits for a result");
    }
    String noKey = directory.resolve("data").resolve(FederationFile.NAME).toString();
    Ran refused =
        aika(
            "send",
            "--gateway",
            komatsu(),
            "--key",
            noKey,
            "--federation",
            "x",
            "--as",
            own.toString(),
            "--to",
            own.toString(),
            "1");
    refused.expect(1).says("is no key", "鍵ではありません");
  }

  private void open(AccountId account, byte[] seed) {
    Municipality home = node.federation().municipality(account.chain().value()).orElseThrow();
    HeldKey registrar = files.registrars(home).getFirst();
    SignedNote opening =
        Wallet.of(node.federation().id(), account, seed)
            .opening()
            .signedBy(registrar.key().name(), Ed25519.TYPE, registrar.signer());
    node.shard().submit(SignedOrder.of(opening), null);
    HeldKey one = files.issuers(home).get(0);
    HeldKey two = files.issuers(home).get(1);
    Order issue = new Order.Issue(residents.header("payment commands"), account, Money.of("20.00"));
    node.shard()
        .submit(
            SignedOrder.of(
                SignedNote.sign(issue.text(), one.key().name(), Ed25519.TYPE, one.signer())
                    .signedBy(two.key().name(), Ed25519.TYPE, two.signer())),
            null);
    assertEquals(Money.of("20.00"), balance(account));
  }

  /** A gateway that does not know is not one that refuses. */
  @Test
  void anUnknownOutcomeIsShownAsSuchAndAskedAboutAgain() throws Exception {
    AtomicReference<String> asked = new AtomicReference<>("");
    AtomicReference<String> code = new AtomicReference<>("OUTCOME_UNKNOWN");
    AtomicInteger status = new AtomicInteger(504);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          asked.set(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
          byte[] body =
              ("{\"code\":\"" + code + "\",\"ja\":\"\",\"en\":\"" + code + "\",\"next\":\"\"}")
                  .getBytes(UTF_8);
          exchange.sendResponseHeaders(status.get(), body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    String gateway = "http://localhost:" + server.getAddress().getPort();
    try {
      Ran ran = aika("send", "--gateway", gateway, "--as", A, "--to", B, "1.00");
      ran.expect(PaymentCommands.UNKNOWN)
          .says("OUTCOME_UNKNOWN", "has not failed", "失敗したわけではありません", "--id ");
      Matcher id = Pattern.compile("--id ([0-9a-f-]{36})").matcher(ran.err);
      assertTrue(id.find(), ran.err);
      assertTrue(asked.get().contains(id.group(1)), asked.get());

      Path key = directory.resolve("doubt.key");
      Files.writeString(key, Base64.getEncoder().encodeToString(new byte[Ed25519.SEED_BYTES]));
      String[] pays = {
        "send",
        "--gateway",
        gateway,
        "--key",
        key.toString(),
        "--federation",
        node.federation().id(),
        "--as",
        "Asia-Komatsu/doubtful",
        "--to",
        residents.account("B").toString(),
        "1.00"
      };
      aika(pays).expect(PaymentCommands.UNKNOWN).says("The order is kept", "残してあります");
      String first = asked.get();
      aika(pays).expect(PaymentCommands.UNKNOWN).says("nothing new is ordered", "新しい注文はしません");
      assertEquals(first, asked.get(), "the same order again");

      // a refusal that may pass says nothing of the attempt before
      String[] again = {
        "send", "--gateway", gateway, "--as", A, "--to", B, "--id", id.group(1), "1.00"
      };
      status.set(409);
      code.set("INSUFFICIENT_FUNDS");
      aika(pays).expect(PaymentCommands.UNKNOWN).says("INSUFFICIENT_FUNDS");
      aika(again).expect(PaymentCommands.UNKNOWN).says("INSUFFICIENT_FUNDS", "--id " + id.group(1));
      aika("send", "--gateway", gateway, "--as", A, "--to", B, "1.00").expect(1);
      code.set("STALE");
      aika(again).expect(1).says("STALE");
      server.stop(0);
      aika(pays).expect(PaymentCommands.UNKNOWN).says("has not failed");
      aika(again).expect(PaymentCommands.UNKNOWN).says("has not failed");
      aika("send", "--gateway", gateway, "--as", A, "--to", B, "1.00")
          .expect(1)
          .says("nothing was ordered");
      try (var kept = Files.list(Path.of(key + ".outbox"))) {
        assertEquals(1, kept.count());
      }
    } finally {
      server.stop(0);
    }
  }

  /** [HTTP-54] Who is told that nothing waits goes home. */
  @Test
  void nothingWaitsOnlyWhenThatIsKnown() throws Exception {
    AtomicReference<String> more = new AtomicReference<>("");
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/pending",
        exchange -> {
          byte[] body = ("{\"pending\":[],\"more\":false" + more + "}").getBytes(UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    String gateway = "http://localhost:" + server.getAddress().getPort();
    try {
      String[] receive = {"receive", "--gateway", gateway, "--as", B};
      aika(receive).expect(0).says("Nothing is waiting.", "待っている送金はありません");
      more.set(
          ",\"incomplete\":{\"status\":503,\"code\":\"LIST_INCOMPLETE\",\"detail\":\"of Asia\"}");
      Ran ran = aika(receive).expect(PaymentCommands.UNKNOWN);
      ran.says("LIST_INCOMPLETE", "of Asia", Reason.LIST_INCOMPLETE.en());
      ran.says(Reason.LIST_INCOMPLETE.ja());
      assertFalse(ran.out.contains("Nothing is waiting"), ran.out);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void nobodyIsThere() throws Exception {
    int port;
    try (ServerSocket closing = new ServerSocket(0)) {
      port = closing.getLocalPort();
    }
    String gateway = "http://localhost:" + port;
    aika("transfer", "--gateway", gateway, "Asia-Komatsu:3")
        .expect(1)
        .says("cannot be reached", "つながりません");
  }

  @Test
  void argumentsThatMakeNoSense() {
    aika("send").expect(2);
    aika("send", "--gateway", komatsu(), "--as", "A", "--to", B, "1").expect(1).says("NAME@");
    aika("send", "--gateway", komatsu(), "--as", A, "--to", B, "-1")
        .expect(1)
        .says("AMOUNT_INVALID");
    aika("send", "--gateway", komatsu(), "--as", A, "--to", B, "0")
        .expect(1)
        .says("AMOUNT_INVALID");
    aika("receive", "--gateway", kanazawa(), "--as", B, "12").expect(1).says("Asia-Komatsu:12");
    aika("transfer", "--gateway", "localhost", "Asia-Komatsu:12").expect(1).says("--gateway");
    aika("transfer", "--gateway", komatsu(), "Asia-Komatsu:999999")
        .expect(1)
        .says("UNKNOWN_TRANSFER");
    for (String command : List.of("send", "receive", "reject", "cancel", "transfer")) {
      aika(command, "--help").expect(0).says("Examples / 例", "Exit codes / 終了コード", "--gateway");
    }
  }
}
