package aika.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.cli.CommandWorld.Ran;
import aika.core.ledger.Key;
import aika.core.ledger.Row;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.node.config.FederationFile;
import aika.node.config.KeyFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Treasuries, each with its own keys, issue, redeem and clear what one owes the other at a real
 * node.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
final class TreasuryCommandsTest {
  private static final ChainId KOMATSU = Residents.KOMATSU;
  private static final ChainId KANAZAWA = Residents.KANAZAWA;

  private CommandWorld world;
  private Path directory;
  private Path komatsu;
  private Path kanazawa;
  private AccountId payer;

  /** Komatsu owes Kanazawa 30.00. */
  @BeforeAll
  void start(@TempDir Path fresh) throws Exception {
    directory = fresh;
    world = CommandWorld.start(fresh);
    komatsu = treasury(KOMATSU);
    kanazawa = treasury(KANAZAWA);
    payer = AccountId.of("Asia-Komatsu/payer");
    world.open(payer, 1);
    world.issue(payer, "100.00");
    AccountId receiver = AccountId.of("Asia-Kanazawa/receiver");
    world.open(receiver, 2);
    world.signed(payer, "send", "--to", receiver.toString(), "30").expect(0);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
    while (!balance(KANAZAWA, KOMATSU).equals(Money.of("-30.00"))
        || !balance(KOMATSU, KANAZAWA).equals(Money.of("30.00"))) {
      assertTrue(System.nanoTime() < deadline, "the transfer came to its end on both chains");
      world.signed(receiver, "receive").expect(0);
      Thread.sleep(100);
    }
  }

  @AfterAll
  void stop() {
    world.close();
  }

  private Path treasury(ChainId chain) throws IOException {
    Path own = Files.createDirectories(directory.resolve(chain.value()));
    Files.copy(world.data().resolve(FederationFile.NAME), own.resolve(FederationFile.NAME));
    world.files().copy(chain, own.resolve(KeyFiles.DIRECTORY));
    return own;
  }

  private Row.@Nullable Clearing row(ChainId chain, ChainId counterpart) {
    return world.node().shard().chain(chain).get(new Key.OfClearing(counterpart));
  }

  private Money balance(ChainId chain, ChainId counterpart) {
    Row.Clearing row = row(chain, counterpart);
    return row == null ? Money.ZERO : row.balance();
  }

  private Ran ask(Path treasury, ChainId chain, String side, ChainId other, String amount) {
    return CommandWorld.aika(
        "clear",
        "ask",
        "--chain",
        chain.value(),
        side,
        other.value(),
        "--data",
        treasury.toString(),
        amount,
        note().toString());
  }

  private Path note() {
    return directory.resolve("clear.note");
  }

  private Ran confirm(Path treasury, ChainId at, String... more) {
    return confirm("clear", treasury, at, more);
  }

  private Ran confirm(String command, Path treasury, ChainId at, String... more) {
    Stream<String> arguments =
        Stream.of(
            command,
            "confirm",
            note().toString(),
            "--data",
            treasury.toString(),
            "--gateway",
            world.gateway(at));
    return CommandWorld.aika(Stream.concat(arguments, Stream.of(more)).toArray(String[]::new));
  }

  /** [ORD-12, X-26] */
  @Test
  void eachSideIsNotedWithASignatureOfBoth() throws IOException {
    ask(komatsu, KOMATSU, "--paid-to", KANAZAWA, "20")
        .expect(0)
        .says("to an issuer of Asia-Kanazawa within 12 hours", "Asia-Kanazawa の発行者");
    confirm(kanazawa, KOMATSU)
        .expect(1)
        .says(
            "Asia-Komatsu paid 20.00 to Asia-Kanazawa outside the federation; for the chain of"
                + " Asia-Komatsu",
            "連合の外で支払いました",
            "Say --yes");
    assertEquals(Money.of("30.00"), balance(KOMATSU, KANAZAWA), "nobody said yes");
    confirm(komatsu, KOMATSU, "--yes")
        .expect(1)
        .says("has no issuer's key of Asia-Kanazawa", "Asia-Kanazawa の発行者の鍵がありません");
    confirm(kanazawa, KANAZAWA, "--yes").expect(1).says("WRONG_CHAIN");
    confirm(kanazawa, KOMATSU, "--yes").expect(0).says("has executed the order", "できました");
    assertEquals(Money.of("10.00"), balance(KOMATSU, KANAZAWA));
    confirm(kanazawa, KOMATSU, "--yes").expect(0).says("not done twice", "二重には");
    assertEquals(Money.of("10.00"), balance(KOMATSU, KANAZAWA));

    ask(kanazawa, KANAZAWA, "--paid-by", KOMATSU, "20").expect(0);
    confirm(komatsu, KANAZAWA, "--yes").expect(0);
    assertEquals(Money.of("-10.00"), balance(KANAZAWA, KOMATSU));

    // either may write the other's side as well
    ask(komatsu, KANAZAWA, "--paid-by", KOMATSU, "10.01").expect(0).says("issuer of Asia-Kanazawa");
    confirm(kanazawa, KANAZAWA, "--yes").expect(1).says("CLEARS_TOO_MUCH", "清算する額");
    assertEquals(Money.of("-10.00"), balance(KANAZAWA, KOMATSU));

    ask(komatsu, KOMATSU, "--paid-to", KANAZAWA, "1").expect(0);
    Files.writeString(note(), Files.readString(note()).replace("amount 1.00", "amount 9.00"));
    confirm(kanazawa, KOMATSU, "--yes").expect(1).says("BAD_SIGNATURE");
    assertEquals(Money.of("10.00"), balance(KOMATSU, KANAZAWA));
  }

  @Test
  void whatCannotBeClearedIsNotWritten() throws IOException {
    Files.deleteIfExists(note());
    ask(komatsu, KOMATSU, "--paid-to", KOMATSU, "1").expect(2).says("Two municipalities clear");
    ask(komatsu, KOMATSU, "--paid-to", ChainId.of("Asia-Nowhere"), "1").expect(1);
    ask(komatsu, KOMATSU, "--paid-to", ChainId.of("Asia"), "1").expect(1).says("UNKNOWN_CHAIN");
    ask(komatsu, KOMATSU, "--paid-to", KANAZAWA, "0").expect(1).says("AMOUNT_INVALID");
    ask(komatsu, KANAZAWA, "--paid-to", ChainId.of("Europe-Paris"), "1")
        .expect(1)
        .says("has no issuer's key of Asia-Kanazawa, Europe-Paris");
    assertFalse(Files.exists(note()));
    CommandWorld.aika("clear").expect(2).says("ask, confirm");
    Files.writeString(note(), "no note");
    confirm(kanazawa, KOMATSU, "--yes").expect(1).says("is nothing that aika clear ask has");
  }

  private Ran issue(Path treasury, AccountId to, String amount) {
    String[] arguments = {
      "issue",
      "ask",
      "--to",
      to.toString(),
      "--data",
      treasury.toString(),
      amount,
      note().toString()
    };
    return CommandWorld.aika(arguments);
  }

  private Money issued() {
    return Money.ZERO.minus(world.node().shard().chain(KOMATSU).head().issued());
  }

  /** [ORD-9, X-5] */
  @Test
  void twoIssuersMakeNewMoney() throws IOException {
    Money balance = world.account(payer).balance();
    Money before = issued();
    issue(komatsu, payer, "25").expect(0).says("another issuer of Asia-Komatsu", "もう一人の発行者");
    confirm("issue", komatsu, KOMATSU).expect(1).says("25.00 new money into", "Say --yes");
    confirm("issue", kanazawa, KOMATSU, "--yes")
        .expect(1)
        .says("has no key of another issuer of Asia-Komatsu");
    assertEquals(balance, world.account(payer).balance(), "one issuer alone issues nothing");
    confirm("issue", komatsu, KOMATSU, "--yes").expect(0);
    assertEquals(balance.plus(Money.of("25.00")), world.account(payer).balance());
    assertEquals(before.plus(Money.of("25.00")), issued());
    confirm("issue", komatsu, KOMATSU, "--yes").expect(0).says("not done twice");
    assertEquals(balance.plus(Money.of("25.00")), world.account(payer).balance());

    issue(komatsu, payer, "10000000000.01").expect(0);
    confirm("issue", komatsu, KOMATSU, "--yes").expect(1).says("ISSUE_CAP");
    issue(komatsu, AccountId.of("Asia-Komatsu/nobody"), "1").expect(0);
    confirm("issue", komatsu, KOMATSU, "--yes").expect(1).says("UNKNOWN_ACCOUNT");
    issue(kanazawa, payer, "1").expect(1).says("has no issuer's key of Asia-Komatsu");
    issue(komatsu, payer, "1").expect(0);
    Files.writeString(note(), Files.readString(note()).replace("amount 1.00", "amount 9.00"));
    confirm("issue", komatsu, KOMATSU, "--yes").expect(1).says("BAD_SIGNATURE");
    confirm("redeem", komatsu, KOMATSU, "--yes").expect(1).says("nothing that aika redeem ask");
    assertEquals(before.plus(Money.of("25.00")), issued());
    CommandWorld.aika("issue").expect(2).says("ask, confirm");
  }

  private Ran redeem(AccountId who, String amount) {
    String[] arguments = {
      "redeem",
      "ask",
      "--as",
      who.toString(),
      "--key",
      world.keyOf(payer).toString(),
      "--federation",
      world.node().federation().id(),
      amount,
      note().toString()
    };
    return CommandWorld.aika(arguments);
  }

  /** */
  @Test
  void aHolderAndAnIssuerTakeMoneyBack() {
    Money balance = world.account(payer).balance();
    Money before = issued();
    redeem(payer, "5").expect(0).says("to an issuer of Asia-Komatsu", "Asia-Komatsu の発行者");
    confirm("redeem", kanazawa, KOMATSU, "--yes").expect(1).says("has no issuer's key");
    confirm("redeem", komatsu, KOMATSU).expect(1).says("gives back 5.00", "Say --yes");
    assertEquals(balance, world.account(payer).balance());
    confirm("redeem", komatsu, KOMATSU, "--yes").expect(0);
    assertEquals(balance.minus(Money.of("5.00")), world.account(payer).balance());
    assertEquals(before.minus(Money.of("5.00")), issued());
    confirm("redeem", komatsu, KOMATSU, "--yes").expect(0).says("not done twice");

    redeem(payer, balance.toString()).expect(0);
    confirm("redeem", komatsu, KOMATSU, "--yes").expect(1).says("INSUFFICIENT_FUNDS");
    redeem(AccountId.of("Asia-Komatsu/nobody"), "1").expect(0);
    confirm("redeem", komatsu, KOMATSU, "--yes").expect(1);
    assertEquals(before.minus(Money.of("5.00")), issued());
    redeem(payer, "0").expect(1).says("AMOUNT_INVALID");
    CommandWorld.aika("redeem").expect(2).says("ask, confirm");
  }
}
