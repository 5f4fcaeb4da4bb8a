package aika.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.client.Account;
import aika.client.AikaClient;
import aika.client.Wallet;
import aika.core.ledger.Order;
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
import aika.node.order.Answer;
import aika.node.store.StoreSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A batch, a candidate and a lost key, from a terminal and at a real node. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
final class OrderCommandsTest {
  private static final AccountId TOWN = AccountId.of("Asia-Komatsu/treasury");
  private static final AccountId VOLUNTEER = AccountId.of("Asia-Komatsu/volunteer");

  private final int offset = FreeOffset.find();
  private Path directory;
  private Path data;
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
  }

  @BeforeAll
  void start(@TempDir Path fresh) throws Exception {
    directory = fresh;
    data = directory.resolve("data");
    files = new KeyFiles(data.resolve(KeyFiles.DIRECTORY), new SecureRandom());
    FederationTemplate template = FederationTemplate.demo();
    PlannedKeys.make(template, files);
    FederationFile file =
        FederationFile.write(data.resolve(FederationFile.NAME), template.federation(files));
    node =
        new Node(
            new NodeSettings(data, "127.0.0.1", offset, StoreSettings.standard()), file, files);
    residents = new Residents(node, files);
    residents.ensure();
    open(TOWN, 1);
    open(VOLUNTEER, 2);
    issue(TOWN, "1000.00");
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

  private static byte[] seed(int fill) {
    byte[] seed = new byte[Ed25519.SEED_BYTES];
    Arrays.fill(seed, (byte) fill);
    return seed;
  }

  private void open(AccountId account, int fill) throws IOException {
    Files.writeString(
        directory.resolve(account.local() + ".key"),
        Base64.getEncoder().encodeToString(seed(fill)) + "\n");
    SignedNote opening =
        Wallet.of(node.federation().id(), account, seed(fill))
            .opening()
            .signedBy(registrar().key().name(), Ed25519.TYPE, registrar().signer());
    executed(SignedOrder.of(opening));
  }

  private Municipality komatsu() {
    return node.federation().municipality("Asia-Komatsu").orElseThrow();
  }

  private HeldKey registrar() {
    return files.registrars(komatsu()).getFirst();
  }

  private void issue(AccountId to, String amount) {
    List<HeldKey> issuers = files.issuers(komatsu());
    Order order = new Order.Issue(residents.header("issue to " + to), to, Money.of(amount));
    SignedNote note =
        SignedNote.sign(
                order.text(), issuers.get(0).key().name(), Ed25519.TYPE, issuers.get(0).signer())
            .signedBy(issuers.get(1).key().name(), Ed25519.TYPE, issuers.get(1).signer());
    executed(SignedOrder.of(note));
  }

  private void executed(SignedOrder order) {
    assertTrue(node.shard().submit(order, null) instanceof Answer.Accepted);
  }

  private String gateway() {
    return "http://localhost:" + komatsu().http();
  }

  private Account account(AccountId id) {
    try (AikaClient client = AikaClient.at(URI.create(gateway()))) {
      return client.account(id);
    }
  }

  /** Signed with the account's key. */
  private Ran signed(AccountId who, String command, String... more) {
    List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
    arguments.addAll(List.of("--gateway", gateway(), "--federation", node.federation().id()));
    arguments.addAll(List.of("--as", who.toString()));
    arguments.addAll(List.of("--key", directory.resolve(who.local() + ".key").toString()));
    arguments.addAll(List.of(more));
    return aika(arguments.toArray(String[]::new));
  }

  private String csv(String... lines) throws IOException {
    Path file = Files.createTempFile(directory, "volunteers", ".csv");
    Files.write(file, List.of(lines), UTF_8);
    return file.toString();
  }

  @Test
  void aBatchPaysEverybodyOrNobody() throws IOException {
    String b = residents.account("B").toString();
    String file =
        csv(
            "to,amount,memo",
            VOLUNTEER + ",15.00,浜の掃除",
            "",
            "\"" + b + "\", 20.5 ,\"a \"\"big\"\" day, two hours\"",
            VOLUNTEER + ",4");
    Money before = account(TOWN).balance();
    signed(TOWN, "send-batch", file)
        .expect(1)
        .says("3 payments, 39.50 in all", "3 件、合計 39.50", "Say --yes", "注文はしていません");
    assertEquals(before, account(TOWN).balance(), "nobody said yes");
    signed(TOWN, "send-batch", file, "--yes")
        .expect(0)
        .says("3 payments, 39.50 in all", "3 transfers, 39.50 in all", "送金 3 件", b, "15.00");
    assertEquals(before.minus(Money.of("39.50")), account(TOWN).balance());
    assertEquals(3, account(TOWN).holds().size());

    String poor = csv(VOLUNTEER + ",1.00", VOLUNTEER + ",5000.00");
    signed(TOWN, "send-batch", poor, "--yes").expect(1).says("INSUFFICIENT_FUNDS", "残高");
    assertEquals(3, account(TOWN).holds().size(), "not one of them was paid");
    try (var kept = Files.list(directory.resolve(TOWN.local() + ".key.outbox"))) {
      assertEquals(List.of(), kept.toList(), "nothing waits for a result");
    }
  }

  @Test
  void aBatchOf500IsTakenAndOneMoreIsNot() throws IOException {
    String[] lines = new String[500];
    Arrays.fill(lines, VOLUNTEER + ",0.01");
    open(AccountId.of("Asia-Komatsu/bigpayer"), 5);
    AccountId payer = AccountId.of("Asia-Komatsu/bigpayer");
    issue(payer, "6.00");
    String[] more = Arrays.copyOf(lines, 501);
    more[500] = VOLUNTEER + ",0.01";
    signed(payer, "send-batch", csv(more), "--yes").expect(1).says("line 501", "at most 500");
    signed(payer, "send-batch", csv(lines), "--yes").expect(0).says("500 transfers, 5.00 in all");
    assertEquals(Money.of("1.00"), account(payer).balance());
  }

  @Test
  void aBadLineIsRefusedByItsNumber() throws IOException {
    Money before = account(VOLUNTEER).balance();
    String good = TOWN + ",1.00";
    List<List<String>> bad =
        List.of(
            List.of("nobody,1.00", "nobody is no account", "口座の番号ではありません"),
            List.of(TOWN + ",1.001", "1.001 is no amount", "金額ではありません"),
            List.of(TOWN + ",0", "not above zero", "正の金額"),
            List.of(TOWN + ",-1", "not above zero", "正の金額"),
            List.of(TOWN.toString(), "to,amount[,memo]", "の形で"),
            List.of(TOWN + ",1.00,memo,more", "to,amount[,memo]", "の形で"),
            List.of(TOWN + ",1.00,\"memo", "not closed", "閉じていません"));
    for (List<String> one : bad) {
      signed(VOLUNTEER, "send-batch", csv(good, one.getFirst(), good), "--yes")
          .expect(1)
          .says("line 2", "2 行目", one.get(1), one.get(2), "Nothing was ordered");
    }
    signed(VOLUNTEER, "send-batch", csv(good), "--yes").expect(1).says("two or more", "二件以上");
    Path latin = directory.resolve("latin.csv");
    Files.write(latin, new byte[] {'a', (byte) 0xe9, '\n'});
    signed(VOLUNTEER, "send-batch", latin.toString(), "--yes").expect(1).says("UTF-8");
    signed(VOLUNTEER, "send-batch", directory.resolve("none.csv").toString()).expect(1);
    assertEquals(before, account(VOLUNTEER).balance());
    aika("send-batch", "--gateway", gateway(), "--as", TOWN.toString(), csv(good, good))
        .expect(2)
        .says("--key");
  }

  @Test
  void aResidentStandsWithTheKeyOfTheirCosigner() {
    String seat = directory.resolve("seat").toString();
    signed(VOLUNTEER, "stand", "--dir", data.toString()).expect(1).says("aika cosign", "鍵がありません");
    aika(
            "cosign",
            "Asia-Komatsu",
            "--seat",
            VOLUNTEER.local(),
            "--dir",
            seat,
            "--federation",
            data.resolve(FederationFile.NAME).toString())
        .expect(0);
    signed(VOLUNTEER, "stand", "--dir", seat).expect(0).says("has executed the order", "できました");
    aika("representatives", gateway(), "Asia-Komatsu").expect(0).says(VOLUNTEER.toString());
    signed(VOLUNTEER, "stand", "--dir", seat).expect(1).says("STANDS_ALREADY");
    aika("stand", "--gateway", gateway(), "--as", VOLUNTEER.toString(), "--dir", seat)
        .expect(2)
        .says("--key");
  }

  @Test
  void aLostKeyIsAnnouncedAndTheOldOneCanStopIt() throws IOException {
    AccountId holder = AccountId.of("Asia-Komatsu/forgetful");
    open(holder, 3);
    String newKey = directory.resolve("new.key").toString();
    Path note = directory.resolve("recovery.note");
    String[] ask = {
      "recover-key",
      "ask",
      "--as",
      holder.toString(),
      "--federation",
      node.federation().id(),
      "--key",
      newKey,
      note.toString()
    };
    aika(ask).expect(0).says("made the key", "鍵を作りました", "registrar of Asia-Komatsu", "窓口");
    String[] announce = {
      "recover-key", "announce", note.toString(), "--data", data.toString(), "--gateway", gateway()
    };
    aika(announce).expect(0).says("has the new key from", "から有効です");
    Account.AnnouncedKey announced = account(holder).standing().announced();
    assertNotNull(announced);
    assertEquals(7 * 86_400_000L, announced.due() - announced.since());
    aika(announce).expect(0).says("not done twice", "二重には");

    signed(VOLUNTEER, "recover-key veto").expect(1).says("NO_RECOVERY");
    signed(holder, "recover-key veto").expect(0).says("has executed the order");
    assertNull(account(holder).standing().announced(), "the old key stopped it");
    signed(holder, "recover-key veto").expect(1);

    byte[] key = Files.readAllBytes(Path.of(newKey));
    aika(ask).expect(0);
    assertArrayEquals(key, Files.readAllBytes(Path.of(newKey)));
  }

  @Test
  void aRequestThatIsNoneOrComesToTheWrongPlaceIsRefused() throws IOException {
    Path other = directory.resolve("other.note");
    Files.write(other, Wallet.of(node.federation().id(), TOWN, seed(1)).unfreezing().encode());
    String[] announce = {
      "recover-key", "announce", other.toString(), "--data", data.toString(), "--gateway", gateway()
    };
    aika(announce).expect(1).says("is nothing that aika recover-key ask has written");
    Files.writeString(other, "no note");
    aika(announce).expect(1).says("is nothing that aika recover-key ask has written");
    Path elsewhere = Files.createDirectories(directory.resolve("elsewhere"));
    Files.copy(data.resolve(FederationFile.NAME), elsewhere.resolve(FederationFile.NAME));
    Files.write(other, Wallet.of(node.federation().id(), VOLUNTEER, seed(9)).recovering().encode());
    announce[4] = elsewhere.toString();
    aika(announce).expect(1).says("no registrar's key of Asia-Komatsu", "登録者の鍵がありません");
    announce[4] = data.toString();
    Files.write(other, Wallet.of("another", VOLUNTEER, seed(9)).recovering().encode());
    aika(announce).expect(1).says("WRONG_FEDERATION");
    aika("recover-key").expect(2);
    for (String command : List.of("send-batch", "stand")) {
      aika(command, "--help").expect(0).says("Exit codes / 終了コード", "--gateway", "aika " + command);
    }
    for (String step : List.of("ask", "announce", "veto")) {
      aika("recover-key", step, "--help").expect(0).says("Example / 例", "Exit codes / 終了コード");
    }
  }
}
