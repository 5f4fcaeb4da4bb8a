package aika.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.cli.CommandWorld.Ran;
import aika.client.Account;
import aika.client.Wallet;
import aika.core.ledger.Leaf;
import aika.core.ledger.Order;
import aika.core.money.AccountId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import aika.node.config.FederationFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A refund, a standing order, a freeze and an end, from a terminal and at a real node. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
final class AccountCommandsTest {
  private static final Pattern TRANSFER = Pattern.compile("(Asia-Komatsu:[0-9]+)  ");
  private static final AccountId PAYER = AccountId.of("Asia-Komatsu/payer");
  private static final AccountId SHOP = AccountId.of("Asia-Komatsu/shop");

  private CommandWorld world;
  private Path directory;

  @BeforeAll
  void start(@TempDir Path fresh) throws Exception {
    directory = fresh;
    world = CommandWorld.start(fresh);
    world.open(PAYER, 1);
    world.open(SHOP, 2);
    world.issue(PAYER, "1000.00");
  }

  @AfterAll
  void stop() {
    world.close();
  }

  private static TransferId transfer(Ran ran) {
    Matcher found = TRANSFER.matcher(ran.out());
    assertTrue(found.find(), ran.out());
    return TransferId.of(found.group(1));
  }

  private TransferId sent(AccountId to, String amount) {
    return transfer(world.signed(PAYER, "send", "--to", to.toString(), amount).expect(0));
  }

  private Account.Standing standing(AccountId account) {
    return world.account(account).standing();
  }

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, what);
      Thread.sleep(50);
    }
  }

  @Test
  void whatWasReceivedIsGivenBackByItsReceiverAlone() throws Exception {
    String id = sent(SHOP, "10.00").toString();
    world
        .signed(SHOP, "refund", id, "--yes")
        .expect(1)
        .says("UNKNOWN_TRANSFER", "was not received", "aika reject", "受け取られていません");
    world.signed(SHOP, "receive", id).expect(0);
    world.signed(PAYER, "refund", id, "--yes").expect(1).says("NOT_YOURS");
    world.signed(SHOP, "refund", id, "10.01", "--yes").expect(1).says("AMOUNT_INVALID", "10.00");
    world.signed(SHOP, "refund", "Asia-Komatsu:999999", "--yes").expect(1).says("UNKNOWN_TRANSFER");
    Money before = world.account(SHOP).balance();
    world
        .signed(SHOP, "refund", id)
        .expect(1)
        .says(PAYER + " gets 10.00 of " + id + " back", "10.00 愛貨を返します", "Say --yes");
    assertEquals(before, world.account(SHOP).balance(), "nobody said yes");

    TransferId part = transfer(world.signed(SHOP, "refund", id, "4", "--yes").expect(0));
    assertEquals(before.minus(Money.of("4.00")), world.account(SHOP).balance());
    Leaf leaf = world.node().shard().chain(Residents.KOMATSU).entry(part.index()).leaf();
    Order.Send refund = (Order.Send) ((Leaf.Executed) leaf).order().order();
    assertEquals(TransferId.of(id), refund.refundOf());
    assertEquals(PAYER, refund.to());
    world
        .signed(SHOP, "refund", id, "--yes") // whether it is approved yet or not
        .expect(1)
        .says(
            "AMOUNT_INVALID",
            "It was refunded before: 4.00 by " + part,
            part + " で 4.00 愛貨を返しています",
            "of which 4.00 went back before");
    world
        .signed(PAYER, "receive", part.toString())
        .expect(0)
        .says("on the receiver's account", "It gives back what was received by " + id, "の返金です");
    world.signed(SHOP, "refund", id, "6", "--yes").expect(0).says("4.00 by " + part);
    assertEquals(before.minus(Money.of("10.00")), world.account(SHOP).balance());
  }

  @Test
  void aShopReceivesWithoutAskingUpToItsLimit() throws Exception {
    AccountId shop = AccountId.of("Asia-Komatsu/autoshop");
    world.open(shop, 3);
    world.signed(shop, "auto-receive", "many").expect(1).says("AMOUNT_INVALID", "金額");
    world.signed(shop, "auto-receive", "-1").expect(1).says("AMOUNT_INVALID");
    world.signed(shop, "auto-receive", "5").expect(0).says("has executed the order", "できました");
    assertEquals(Money.of("5.00"), standing(shop).autoReceive());
    TransferId larger = sent(shop, "5.01");
    TransferId small = sent(shop, "5.00");
    await("it is received", () -> world.account(shop).balance().equals(Money.of("5.00")));
    CommandWorld.aika("transfer", "--gateway", world.gateway(), larger.toString())
        .says("send_pending");
    CommandWorld.aika("transfer", "--gateway", world.gateway(), small.toString())
        .says("on the receiver's account");
    world.signed(shop, "auto-receive", "off").expect(0);
    assertEquals(Money.ZERO, standing(shop).autoReceive());
  }

  @Test
  void anAccountIsFrozenByItsHolderOrARegistrarAndGoesOnByBoth() throws IOException {
    AccountId holder = AccountId.of("Asia-Komatsu/careful");
    world.open(holder, 4);
    Path note = directory.resolve("unfreeze.note");
    world.signed(holder, "freeze").expect(0).says("has executed the order");
    assertTrue(standing(holder).frozen());
    world.signed(holder, "freeze").expect(1).says("ACCOUNT_FROZEN", "止められています");
    world.signed(holder, "auto-receive", "1").expect(1).says("ACCOUNT_FROZEN");

    String[] ask = {
      "unfreeze",
      "ask",
      "--as",
      holder.toString(),
      "--key",
      world.keyOf(holder).toString(),
      "--federation",
      world.node().federation().id(),
      note.toString()
    };
    CommandWorld.aika(ask).expect(0).says("registrar of Asia-Komatsu within 12 hours", "窓口");
    confirm(note, world.data()).expect(0).says("has executed the order");
    assertFalse(standing(holder).frozen());
    confirm(note, world.data()).expect(0).says("not done twice", "二重には");
    CommandWorld.aika(ask).expect(0);
    confirm(note, world.data()).expect(1).says("NOT_FROZEN");

    String[] byRegistrar = {
      "freeze",
      "--gateway",
      world.gateway(),
      "--as",
      holder.toString(),
      "--data",
      world.data().toString()
    };
    CommandWorld.aika(byRegistrar).expect(0).says("has executed the order");
    assertTrue(standing(holder).frozen());
    CommandWorld.aika(byRegistrar).expect(1).says("ACCOUNT_FROZEN");
    byRegistrar[4] = "Asia-Komatsu/nobodyhere";
    CommandWorld.aika(byRegistrar).expect(1).says("UNKNOWN_ACCOUNT");
    CommandWorld.aika("freeze", "--gateway", world.gateway(), "--as", holder.toString())
        .expect(2)
        .says("--key", "--data");
    world.signed(holder, "freeze", "--data", world.data().toString()).expect(2);
  }

  /** [CW-14] */
  @Test
  void anAccountOfTheCounterGoesOnByTheWalletAndARegistrar() throws IOException {
    AccountId resident = world.residents().account("A");
    Path note = directory.resolve("counter.note");
    askCounter(resident, world.data(), note).expect(1).says("NOT_FROZEN", "止められていません");
    CommandWorld.aika(
            "freeze",
            "--gateway",
            world.gateway(),
            "--as",
            resident.toString(),
            "--data",
            world.data().toString())
        .expect(0);
    sendAtCounter(resident).expect(1).says("ACCOUNT_FROZEN");
    askCounter(resident, stranger(), note).expect(1).says("No node runs with the data in");
    assertFalse(Files.exists(note));

    askCounter(resident, world.data(), note).expect(0).says("Asia-Komatsu within 12 hours", "窓口");
    assertTrue(standing(resident).frozen(), "nothing is ordered yet");
    confirm(note, world.data()).expect(0).says("has executed the order");
    assertFalse(standing(resident).frozen());
    sendAtCounter(resident).expect(0);
    confirm(note, world.data()).expect(0).says("not done twice");
  }

  private static Ran askCounter(AccountId account, Path data, Path note) {
    return CommandWorld.aika(
        "unfreeze", "ask", "--as", account.toString(), "--data", data.toString(), note.toString());
  }

  private Ran sendAtCounter(AccountId from) {
    return CommandWorld.aika(
        "send",
        "--gateway",
        world.gateway(),
        "--as",
        from.toString(),
        "--to",
        SHOP.toString(),
        "1.00");
  }

  /** The directory of somebody who knows where the node listens, and not its token. */
  private Path stranger() throws IOException {
    Path own = Files.createDirectories(directory.resolve("stranger"));
    String address = Files.readAllLines(world.data().resolve("operator")).getFirst();
    Files.writeString(own.resolve("operator"), address + "\nguessed\n");
    return own;
  }

  @Test
  void theCounterSignsForTheAccountsOfItsWalletAlone() throws IOException {
    AccountId other = AccountId.of("Asia-Komatsu/ownkey");
    world.open(other, 6);
    world.signed(other, "freeze").expect(0);
    Path note = directory.resolve("none.note");
    askCounter(other, world.data(), note)
        .expect(1)
        .says("UNSIGNED_REFUSED", "is not in the counter wallet");
    askCounter(AccountId.of("Asia-Komatsu/nobodyhere"), world.data(), note)
        .expect(1)
        .says("UNKNOWN_ACCOUNT");
    askCounter(AccountId.of("Asia-Nowhere/nobodyhere"), world.data(), note)
        .expect(1)
        .says("UNKNOWN_CHAIN");
    assertFalse(Files.exists(note));
    CommandWorld.aika("unfreeze", "ask", "--as", other.toString(), note.toString())
        .expect(2)
        .says("--key", "--data");
  }

  private Ran confirm(Path note, Path data) {
    return CommandWorld.aika(
        "unfreeze",
        "confirm",
        note.toString(),
        "--data",
        data.toString(),
        "--gateway",
        world.gateway());
  }

  @Test
  void whatTheRegistrarIsToSignIsReadFirst() throws IOException {
    Path note = directory.resolve("other.note");
    Wallet wallet = Wallet.of(world.node().federation().id(), PAYER, CommandWorld.seed(1));
    Files.write(note, wallet.recovering().encode());
    confirm(note, world.data()).expect(1).says("is nothing that aika unfreeze ask has written");
    Files.writeString(note, "no note");
    confirm(note, world.data()).expect(1).says("が書いたものではありません");
    Files.write(note, wallet.unfreezing().encode());
    Path elsewhere = Files.createDirectories(directory.resolve("elsewhere"));
    Files.copy(world.data().resolve(FederationFile.NAME), elsewhere.resolve(FederationFile.NAME));
    confirm(note, elsewhere).expect(1).says("no registrar's key of Asia-Komatsu", "鍵がありません");
    CommandWorld.aika("unfreeze").expect(2).says("ask, confirm");
  }

  @Test
  void anEmptyAccountIsClosedForGood() throws IOException {
    world.signed(PAYER, "close-account", "--yes").expect(1).says("ACCOUNT_NOT_EMPTY");
    AccountId leaving = AccountId.of("Asia-Komatsu/leaving");
    world.open(leaving, 5);
    world.signed(leaving, "close-account").expect(1).says("ends for good", "元には戻せません", "Say --yes");
    assertFalse(standing(leaving).closed());
    world.signed(leaving, "close-account", "--yes").expect(0).says("has executed the order");
    assertTrue(standing(leaving).closed());
    world.signed(leaving, "close-account", "--yes").expect(1).says("ACCOUNT_CLOSED");
  }

  @Test
  void everyCommandShowsHowItIsUsed() {
    for (String command :
        List.of(
            "refund",
            "auto-receive",
            "freeze",
            "close-account",
            "rotate-key",
            "unfreeze ask",
            "unfreeze confirm",
            "clear ask",
            "clear confirm")) {
      String[] help = (command + " --help").split(" ");
      CommandWorld.aika(help).expect(0).says("例", "Exit codes / 終了コード", "aika " + command);
    }
    for (String command : List.of("refund X", "auto-receive 1", "close-account")) {
      String[] words = (command + " --gateway URL --as " + PAYER).split(" ");
      CommandWorld.aika(words).expect(2).says("--key");
    }
  }

  @Test
  void nothingIsKeptWhenTheResultIsKnown() throws IOException {
    world.signed(SHOP, "auto-receive", "0").expect(0);
    try (var kept = Files.list(directory.resolve(SHOP.local() + ".key.outbox"))) {
      assertEquals(List.of(), kept.toList());
    }
  }
}
