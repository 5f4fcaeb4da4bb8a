package aika.node.gateway;

import static aika.node.gateway.World.KANAZAWA;
import static aika.node.gateway.World.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Order;
import aika.core.ledger.Reason;
import aika.core.ledger.SignedOrder;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.Timestamp;
import aika.core.money.TransferId;
import aika.node.order.Chain;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What moved an account's money, as a file for spreadsheets. */
@ExtendWith(SharedWorld.class)
class StatementOverHttpTest {
  private static final String COLUMNS = "time,leaf,what,transfer,account,name,amount,balance";

  private final World world;

  StatementOverHttpTest(SharedWorld.Town town) {
    world = town.world;
  }

  private static String statement(AccountId account) {
    return "/accounts/" + account + "/statement.csv";
  }

  private List<List<String>> lines(String path) throws Exception {
    String text = new String(world.bytes(KOMATSU, path), StandardCharsets.UTF_8);
    assertTrue(text.startsWith(COLUMNS + "\r\n") && text.endsWith("\r\n"), text);
    return Arrays.stream(text.split("\r\n", -1))
        .skip(1)
        .filter(line -> !line.isEmpty())
        .map(line -> List.of(line.split(",", -1)))
        .toList();
  }

  private String send(String from, String to, String amount) throws Exception {
    return world
        .post(
            KOMATSU,
            "/send",
            "{\"sender\":\"%s\",\"receiver\":\"%s\",".formatted(from, to)
                + "\"receiver_municipality\":\"Asia-Kanazawa\",\"amount\":\"%s\"}"
                    .formatted(amount))
        .expect(200)
        .text("transfer");
  }

  private void approved(AccountId account) throws InterruptedException {
    Chain chain = world.ledger(account.chain());
    world.await(() -> chain.approvedSize() == chain.size());
  }

  private void settledOrRefunded(String transfer) throws InterruptedException {
    world.await(() -> {
      try {
        return !world.get(KOMATSU, "/transfers/" + transfer).text("hold").equals("held");
      } catch (Exception failed) {
        throw new IllegalStateException(failed);
      }
    });
  }

  @Test
  void everythingThatMovedIsThere() throws Exception {
    AccountId saver = world.person(KOMATSU, "=Saver");
    AccountId taker = world.person(KANAZAWA, "+Taker");
    world.issue(saver, "500.00");
    String kept = send("=Saver", taker.toString(), "200.00");
    String back = send("=Saver", taker.toString(), "30.00");
    String who = "{\"receiver\":\"" + taker + "\",\"transfer\":\"";
    world.post(KANAZAWA, "/receive", who + kept + "\"}").expect(200);
    world.post(KANAZAWA, "/reject", who + back + "\"}").expect(200);
    settledOrRefunded(kept);
    settledOrRefunded(back);
    approved(saver);

    List<List<String>> lines = lines(statement(saver));
    assertEquals(
        List.of("issue", "send", "send", "refund"), lines.stream().map(l -> l.get(2)).toList());
    assertEquals(
        List.of("500.00", "-200.00", "-30.00", "30.00"),
        lines.stream().map(l -> l.get(6)).toList());
    assertEquals(
        List.of("500.00", "300.00", "270.00", "300.00"),
        lines.stream().map(l -> l.get(7)).toList());
    assertEquals(List.of("", kept, back, back), lines.stream().map(l -> l.get(3)).toList());
    assertEquals(taker.toString(), lines.get(1).get(4));
    assertEquals(world.balance(saver).toString(), lines.getLast().getLast());

    List<List<String>> theirs = lines(statement(taker));
    assertEquals(1, theirs.size());
    assertEquals("receive", theirs.getFirst().get(2));
    assertEquals(saver.toString(), theirs.getFirst().get(4));
    assertEquals("'=Saver", theirs.getFirst().get(5), "no formula");

    String first = lines.getFirst().getFirst();
    long second = Timestamp.parseMillis(first) / 1000 * 1000;
    assertEquals(4, lines(statement(saver) + "?from=" + Timestamp.seconds(second)).size());
    assertEquals(0, lines(statement(saver) + "?to=" + Timestamp.seconds(second)).size());
    String far = Timestamp.seconds(second + 3_600_000);
    assertEquals(4, lines(statement(saver) + "?to=" + far).size());
    assertEquals(0, lines(statement(saver) + "?from=" + far).size());
  }

  /** [HTTP-33] Each payment of a batch is a line, and so is what a standing order received. */
  @Test
  void aBatchAndAStandingOrderAreToldWithTheirTransfers() throws Exception {
    World.Holder shop = world.holder(KANAZAWA, "statementshop");
    AccountId hand = world.person(KANAZAWA, "ByHand");
    World.Holder payer = world.holder(KOMATSU, "statementpayer");
    world.issue(payer.account(), "100.00");
    Order standing = new Order.AutoReceive(world.header(), shop.account(), Money.of("5.00"));
    submit(KANAZAWA, shop.sign(standing));
    Order.Header header = world.header();
    List<Order.Payment> payments =
        List.of(
            new Order.Payment(hand, Money.of("2.00")),
            new Order.Payment(shop.account(), Money.of("5.00")));
    Order batch =
        new Order.SendBatch(header, payer.account(), payments, header.notAfter() + 3_600_000);
    List<?> sent =
        (List<?>) Objects.requireNonNull(submit(KOMATSU, payer.sign(batch)).at("transfers"));
    List<String> ids =
        sent.stream().map(one -> String.valueOf(((Map<?, ?>) one).get("transfer"))).toList();
    settledOrRefunded(ids.get(1));
    approved(payer.account());
    approved(shop.account());

    List<List<String>> lines = lines(statement(payer.account()));
    assertEquals(
        List.of(
            List.of("issue", "", "", "", "100.00", "100.00"),
            List.of("send-batch", ids.get(0), hand.toString(), "ByHand", "-2.00", "98.00"),
            List.of("payment", ids.get(1), shop.account().toString(), "", "-5.00", "93.00")),
        lines.stream().map(line -> line.subList(2, line.size())).toList());
    List<List<String>> theirs = lines(statement(shop.account()));
    assertEquals(
        List.of(List.of("received", ids.get(1), payer.account().toString(), "", "5.00", "5.00")),
        theirs.stream().map(line -> line.subList(2, line.size())).toList());
  }

  private World.Reply submit(String gateway, SignedOrder order) throws Exception {
    return world
        .post(gateway, "/orders", "text/plain", order.note().toString(), Map.of())
        .expect(200);
  }

  @Test
  void itIsAFileForSpreadsheets() throws Exception {
    AccountId person = world.person(KOMATSU, "Sheet");
    World.Reply reply = world.get(KOMATSU, statement(person) + "?mark=true").expect(200);
    assertTrue(reply.header("content-type").startsWith("text/csv"), reply.header("content-type"));
    assertEquals(
        "attachment; filename=\"statement-Asia-Komatsu-" + person.local() + ".csv\"",
        reply.header("content-disposition"));
    assertEquals(
        "\uFEFF" + COLUMNS + "\r\n", new String(reply.http().body(), StandardCharsets.UTF_8));
  }

  /** The balance is public, and so is this; names are not. */
  @Test
  void namesAreForThoseWhoMayKnow() throws Exception {
    AccountId saver = world.person(KOMATSU, "Discreet");
    AccountId taker = world.person(KANAZAWA, "Secret");
    world.issue(saver, "5.00");
    send("Discreet", taker.toString(), "1.00");
    approved(saver);
    String counter = new String(world.bytes(KOMATSU, statement(saver)), StandardCharsets.UTF_8);
    assertTrue(counter.contains(",Secret,"), counter);
    Map<String, String> elsewhere = Map.of("X-Forwarded-For", "192.0.2.1");
    World.Reply stranger = world.get(KOMATSU, statement(saver), elsewhere).expect(200);
    String told = new String(stranger.http().body(), StandardCharsets.UTF_8);
    assertTrue(told.contains(taker.toString()), told);
    assertTrue(!told.contains("Secret"), told);
  }

  @Test
  void whatIsNoStatement() throws Exception {
    AccountId person = world.person(KOMATSU, "Nothing");
    for (String query : List.of("?from=yesterday", "?to=2027-01-01", "?mark=1", "?since=1")) {
      World.Reply reply = world.get(KOMATSU, statement(person) + query).expect(400);
      assertEquals("MALFORMED", reply.text("code"), query);
    }
    String nobody = "/accounts/Asia-Komatsu/nobody00/statement.csv";
    assertEquals("UNKNOWN_ACCOUNT", world.get(KOMATSU, nobody).expect(404).text("code"));
    String nowhere = "/accounts/Mars-Base/nobody00/statement.csv";
    assertEquals("UNKNOWN_CHAIN", world.get(KOMATSU, nowhere).expect(404).text("code"));
  }

  /** As many lines as one answer has, and one more. */
  @Test
  void theLimitAndOnePastIt() throws Exception {
    AccountId saver = world.person(KOMATSU, "Limit");
    for (int i = 0; i < 3; i++) {
      world.issue(saver, "1.00");
    }
    approved(saver);
    Caller caller = new Caller(world.chain(KOMATSU), InetAddress.getLoopbackAddress(), Map.of());
    assertEquals(3, limited(3).of(saver, 0, Long.MAX_VALUE, caller).size());
    RefusedException tooMany =
        assertThrows(RefusedException.class, () -> limited(2).of(saver, 0, Long.MAX_VALUE, caller));
    assertEquals(Reason.TOO_LARGE, tooMany.refusal().reason());
    assertEquals(10_000, Statements.LINES_MAX);
  }

  private Statements limited(int lines) {
    return new Statements(
        world.node.chains(),
        world.node.followers().accountLeaves(),
        world.node.payments().people(),
        lines);
  }

  @Test
  void cellsAreQuotedAndNoFormulas() {
    assertEquals("", StatementCsv.cell(null));
    assertEquals("愛", StatementCsv.cell("愛"));
    assertEquals("\"a,b\"", StatementCsv.cell("a,b"));
    assertEquals("\"say \"\"x\"\"\"", StatementCsv.cell("say \"x\""));
    for (String start : List.of("=", "+", "-", "@")) {
      assertEquals("'" + start + "1", StatementCsv.cell(start + "1"));
    }
    AccountId other = new AccountId(ChainId.of(KANAZAWA), "abcd");
    StatementLine line =
        new StatementLine(
            0,
            7,
            "send",
            new TransferId(ChainId.of(KOMATSU), 7),
            new Party(other, "=A,\"B\""),
            Money.of("-1.00"),
            Money.of("2.00"));
    assertEquals(
        COLUMNS
            + "\r\n1970-01-01T00:00:00.000Z,7,send,Asia-Komatsu:7,Asia-Kanazawa/abcd,"
            + "\"'=A,\"\"B\"\"\",-1.00,2.00\r\n",
        new String(StatementCsv.of(List.of(line), false), StandardCharsets.UTF_8));
  }
}
