package aika.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import aika.client.Account;
import aika.client.Wallet;
import aika.core.money.AccountId;
import aika.core.money.Money;
import aika.node.config.FederationFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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

  private CommandWorld world;
  private Path directory;
  private Residents residents;

  @BeforeAll
  void start(@TempDir Path fresh) throws Exception {
    directory = fresh;
    world = CommandWorld.start(fresh);
    residents = world.residents();
    world.open(TOWN, 1);
    world.open(VOLUNTEER, 2);
    world.issue(TOWN, "1000.00");
  }

  @AfterAll
  void stop() {
    world.close();
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
    Money before = world.account(TOWN).balance();
    world
        .signed(TOWN, "send-batch", file)
        .expect(1)
        .says("3 payments, 39.50 in all", "3 件、合計 39.50", "Say --yes", "注文はしていません");
    assertEquals(before, world.account(TOWN).balance(), "nobody said yes");
    world
        .signed(TOWN, "send-batch", file, "--yes")
        .expect(0)
        .says("3 payments, 39.50 in all", "3 transfers, 39.50 in all", "送金 3 件", b, "15.00");
    assertEquals(before.minus(Money.of("39.50")), world.account(TOWN).balance());
    assertEquals(3, world.account(TOWN).holds().size());

    String poor = csv(VOLUNTEER + ",1.00", VOLUNTEER + ",5000.00");
    world.signed(TOWN, "send-batch", poor, "--yes").expect(1).says("INSUFFICIENT_FUNDS", "残高");
    assertEquals(3, world.account(TOWN).holds().size(), "not one of them was paid");
    try (var kept = Files.list(directory.resolve(TOWN.local() + ".key.outbox"))) {
      assertEquals(List.of(), kept.toList(), "nothing waits for a result");
    }
  }

  @Test
  void aBatchOf500IsTakenAndOneMoreIsNot() throws IOException {
    String[] lines = new String[500];
    Arrays.fill(lines, VOLUNTEER + ",0.01");
    world.open(AccountId.of("Asia-Komatsu/bigpayer"), 5);
    AccountId payer = AccountId.of("Asia-Komatsu/bigpayer");
    world.issue(payer, "6.00");
    String[] more = Arrays.copyOf(lines, 501);
    more[500] = VOLUNTEER + ",0.01";
    world.signed(payer, "send-batch", csv(more), "--yes").expect(1).says("line 501", "at most 500");
    world
        .signed(payer, "send-batch", csv(lines), "--yes")
        .expect(0)
        .says("500 transfers, 5.00 in all");
    assertEquals(Money.of("1.00"), world.account(payer).balance());
  }

  @Test
  void aBadLineIsRefusedByItsNumber() throws IOException {
    Money before = world.account(VOLUNTEER).balance();
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
      world
          .signed(VOLUNTEER, "send-batch", csv(good, one.getFirst(), good), "--yes")
          .expect(1)
          .says("line 2", "2 行目", one.get(1), one.get(2), "Nothing was ordered");
    }
    world.signed(VOLUNTEER, "send-batch", csv(good), "--yes").expect(1).says("two or more", "二件以上");
    Path latin = directory.resolve("latin.csv");
    Files.write(latin, new byte[] {'a', (byte) 0xe9, '\n'});
    world.signed(VOLUNTEER, "send-batch", latin.toString(), "--yes").expect(1).says("UTF-8");
    world.signed(VOLUNTEER, "send-batch", directory.resolve("none.csv").toString()).expect(1);
    assertEquals(before, world.account(VOLUNTEER).balance());
    CommandWorld.aika(
            "send-batch", "--gateway", world.gateway(), "--as", TOWN.toString(), csv(good, good))
        .expect(2)
        .says("--key");
  }

  @Test
  void aResidentStandsWithTheKeyOfTheirCosigner() {
    String seat = directory.resolve("seat").toString();
    world
        .signed(VOLUNTEER, "stand", "--dir", world.data().toString())
        .expect(1)
        .says("aika cosign", "鍵がありません");
    CommandWorld.aika(
            "cosign",
            "Asia-Komatsu",
            "--seat",
            VOLUNTEER.local(),
            "--dir",
            seat,
            "--federation",
            world.data().resolve(FederationFile.NAME).toString())
        .expect(0);
    world
        .signed(VOLUNTEER, "stand", "--dir", seat)
        .expect(0)
        .says("has executed the order", "できました");
    CommandWorld.aika("representatives", world.gateway(), "Asia-Komatsu")
        .expect(0)
        .says(VOLUNTEER.toString());
    world.signed(VOLUNTEER, "stand", "--dir", seat).expect(1).says("STANDS_ALREADY");
    CommandWorld.aika(
            "stand", "--gateway", world.gateway(), "--as", VOLUNTEER.toString(), "--dir", seat)
        .expect(2)
        .says("--key");
  }

  @Test
  void aLostKeyIsAnnouncedAndTheOldOneCanStopIt() throws IOException {
    AccountId holder = AccountId.of("Asia-Komatsu/forgetful");
    world.open(holder, 3);
    String newKey = directory.resolve("new.key").toString();
    Path note = directory.resolve("recovery.note");
    String[] ask = {
      "recover-key",
      "ask",
      "--as",
      holder.toString(),
      "--federation",
      world.node().federation().id(),
      "--key",
      newKey,
      note.toString()
    };
    CommandWorld.aika(ask)
        .expect(0)
        .says("made the key", "鍵を作りました", "registrar of Asia-Komatsu", "窓口");
    String[] announce = {
      "recover-key",
      "announce",
      note.toString(),
      "--data",
      world.data().toString(),
      "--gateway",
      world.gateway()
    };
    CommandWorld.aika(announce).expect(0).says("has the new key from", "から有効です");
    Account.AnnouncedKey announced = world.account(holder).standing().announced();
    assertNotNull(announced);
    assertEquals(7 * 86_400_000L, announced.due() - announced.since());
    CommandWorld.aika(announce).expect(0).says("not done twice", "二重には");

    world.signed(VOLUNTEER, "recover-key veto").expect(1).says("NO_RECOVERY");
    world.signed(holder, "recover-key veto").expect(0).says("has executed the order");
    assertNull(world.account(holder).standing().announced(), "the old key stopped it");
    world.signed(holder, "recover-key veto").expect(1);

    byte[] key = Files.readAllBytes(Path.of(newKey));
    CommandWorld.aika(ask).expect(0);
    assertArrayEquals(key, Files.readAllBytes(Path.of(newKey)));
  }

  @Test
  void aRequestThatIsNoneOrComesToTheWrongPlaceIsRefused() throws IOException {
    Path other = directory.resolve("other.note");
    Files.write(
        other,
        Wallet.of(world.node().federation().id(), TOWN, CommandWorld.seed(1))
            .unfreezing()
            .encode());
    String[] announce = {
      "recover-key",
      "announce",
      other.toString(),
      "--data",
      world.data().toString(),
      "--gateway",
      world.gateway()
    };
    CommandWorld.aika(announce).expect(1).says("is nothing that aika recover-key ask has written");
    Files.writeString(other, "no note");
    CommandWorld.aika(announce).expect(1).says("is nothing that aika recover-key ask has written");
    Path elsewhere = Files.createDirectories(directory.resolve("elsewhere"));
    Files.copy(world.data().resolve(FederationFile.NAME), elsewhere.resolve(FederationFile.NAME));
    Files.write(
        other,
        Wallet.of(world.node().federation().id(), VOLUNTEER, CommandWorld.seed(9))
            .recovering()
            .encode());
    announce[4] = elsewhere.toString();
    CommandWorld.aika(announce).expect(1).says("no registrar's key of Asia-Komatsu", "登録者の鍵がありません");
    announce[4] = world.data().toString();
    Files.write(other, Wallet.of("another", VOLUNTEER, CommandWorld.seed(9)).recovering().encode());
    CommandWorld.aika(announce).expect(1).says("WRONG_FEDERATION");
    CommandWorld.aika("recover-key").expect(2);
    for (String command : List.of("send-batch", "stand")) {
      CommandWorld.aika(command, "--help")
          .expect(0)
          .says("Exit codes / 終了コード", "--gateway", "aika " + command);
    }
    for (String step : List.of("ask", "announce", "veto")) {
      CommandWorld.aika("recover-key", step, "--help")
          .expect(0)
          .says("Example / 例", "Exit codes / 終了コード");
    }
  }
}
