package aika.node.gateway;

import static aika.node.gateway.World.ASIA;
import static aika.node.gateway.World.KANAZAWA;
import static aika.node.gateway.World.KOMATSU;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Order;
import aika.core.money.AccountId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Transfers that their receivers decline and their senders take back. */
@ExtendWith(SharedWorld.class)
class TakenBackOverHttpTest {
  private final World world;
  private final SharedWorld.Town town;

  TakenBackOverHttpTest(SharedWorld.Town town) {
    this.town = town;
    world = town.world;
  }

  private AccountId sender(String name) {
    AccountId sender = world.person(KOMATSU, name);
    world.issue(sender, "50.00");
    return sender;
  }

  private String sent(String sender, String receiver) throws Exception {
    String body = "{\"sender\":\"%s\",\"receiver\":\"%s\",".formatted(sender, receiver);
    return world
        .post(KOMATSU, "/send", body + "\"receiver_municipality\":\"Asia-Kanazawa\",\"amount\":20}")
        .expect(200)
        .text("transfer");
  }

  private World.Reply cancel(String gateway, String sender, String transfer) throws Exception {
    String body = "{\"sender\":\"%s\",\"municipality\":\"Asia-Komatsu\",".formatted(sender);
    return world.post(gateway, "/cancel", body + "\"transfer\":\"%s\"}".formatted(transfer));
  }

  private World.Reply story(String transfer) throws Exception {
    return world.get(KOMATSU, "/transfers/" + transfer).expect(200);
  }

  private void awaitRefund(String transfer) throws Exception {
    world.await(() -> {
      try {
        return story(transfer).text("hold").equals("refunded");
      } catch (Exception broken) {
        throw new AssertionError(broken);
      }
    });
  }

  private static List<String> states(World.Reply story) {
    return ((List<?>) Objects.requireNonNull(story.at("history")))
        .stream().map(step -> String.valueOf(((Map<?, ?>) step).get("state"))).toList();
  }

  @Test
  void theSenderTakesItBackAndTheMoneyReturnsOnce() throws Exception {
    AccountId sender = sender("Sorry");
    world.person(KANAZAWA, "Slow");
    String transfer = sent("Sorry", "Slow");
    assertEquals(Money.of("30.00"), world.balance(sender));

    World.Reply first = cancel(ASIA, "Sorry", transfer).expect(200);
    assertEquals(transfer, first.text("transfer"));
    assertNull(first.at("repeated"));
    assertEquals(true, first.at("cancel_asked"));
    assertEquals(true, cancel(KOMATSU, "Sorry", transfer).expect(200).at("repeated"));
    awaitRefund(transfer);

    assertEquals(Money.of("50.00"), world.balance(sender));
    World.Reply story = story(transfer);
    assertEquals("cancelled", story.text("status"));
    assertEquals("sender", story.text("decided_by"));
    Map<?, ?> decided =
        (Map<?, ?>) ((List<?>) Objects.requireNonNull(story.at("history"))).getLast();
    assertEquals("sender", decided.get("by"));
    assertEquals(
        List.of("cancel", "cancelled"),
        states(story).stream().filter(state -> state.startsWith("cancel")).toList());
    World.Reply late =
        world.post(
            KANAZAWA,
            "/receive",
            "{\"receiver\":\"Slow\",\"transfer\":\"%s\"}".formatted(transfer));
    assertEquals("ALREADY_DECIDED", late.expect(409).text("code"));
    assertEquals(true, cancel(KOMATSU, "Sorry", transfer).expect(200).at("repeated"));
  }

  @Test
  void onlyTheSenderMayAndOnlyInTime() throws Exception {
    sender("Sender");
    sender("Stranger");
    AccountId quick = world.person(KANAZAWA, "Quick");
    String transfer = sent("Sender", "Quick");
    assertEquals("NOT_YOURS", cancel(KOMATSU, "Stranger", transfer).expect(403).text("code"));
    world
        .post(
            KANAZAWA,
            "/receive",
            "{\"receiver\":\"Quick\",\"transfer\":\"%s\"}".formatted(transfer))
        .expect(200);
    assertEquals("ALREADY_DECIDED", cancel(KOMATSU, "Sender", transfer).expect(409).text("code"));
    assertEquals(Money.of("20.00"), world.balance(quick));
    assertEquals(
        "UNKNOWN_TRANSFER",
        cancel(KOMATSU, "Sender", "Asia-Komatsu:99999999").expect(404).text("code"));
    assertEquals(
        "MALFORMED",
        world.post(KOMATSU, "/cancel", "{\"sender\":\"Sender\"}").expect(400).text("code"));
    assertEquals(
        "MALFORMED",
        world.post(KANAZAWA, "/reject", "{\"receiver\":\"Quick\"}").expect(400).text("code"));
  }

  private World.Reply giveBack(String from, String to, String amount, String transfer)
      throws Exception {
    String body =
        """
        {"sender":"%s","receiver":"%s","receiver_municipality":"Asia-Komatsu",
         "amount":"%s","refund_of":"%s"}
        """
            .formatted(from, to, amount, transfer);
    return world.post(KANAZAWA, "/send", body);
  }

  /** [ORD-14] A resident whose key the counter keeps gives back what was sent by mistake. */
  @Test
  void theReceiverGivesBackWhatWasReceived() throws Exception {
    AccountId sender = sender("Wrong");
    AccountId honest = world.person(KANAZAWA, "Honest");
    world.issue(honest, "30.00");
    String transfer = sent("Wrong", "Honest");
    assertEquals(
        "UNKNOWN_TRANSFER", giveBack("Honest", "Wrong", "20", transfer).expect(404).text("code"));
    assertEquals(
        "MALFORMED", giveBack("Honest", "Wrong", "20", "Asia-Komatsu").expect(400).text("code"));
    String receive = "{\"receiver\":\"Honest\",\"transfer\":\"%s\"}".formatted(transfer);
    world.post(KANAZAWA, "/receive", receive).expect(200);
    assertEquals(Money.of("50.00"), world.balance(honest));

    World.Reply given = giveBack("Honest", "Wrong", "15.50", transfer).expect(200);
    assertEquals(transfer, given.text("refund_of"));
    assertEquals(Money.of("34.50"), world.balance(honest));
    String refund = given.text("transfer");
    world
        .post(KOMATSU, "/receive", "{\"receiver\":\"Wrong\",\"transfer\":\"%s\"}".formatted(refund))
        .expect(200);
    assertEquals(Money.of("45.50"), world.balance(sender));
    assertEquals(transfer, story(refund).text("refund_of"));
  }

  /** What came back again does not count, nor what others call a refund of it. */
  @Test
  void whoeverGivesBackIsToldWhatWentBackBefore() throws Exception {
    sender("Hasty");
    AccountId fair = world.person(KANAZAWA, "Fair");
    world.issue(fair, "30.00");
    world.issue(world.person(KANAZAWA, "Liar"), "30.00");
    String transfer = sent("Hasty", "Fair");
    String receive = "{\"receiver\":\"Fair\",\"transfer\":\"%s\"}".formatted(transfer);
    world.post(KANAZAWA, "/receive", receive).expect(200);
    assertEquals("20.00", offered(transfer));

    String declined = giveBack("Fair", "Hasty", "4", transfer).expect(200).text("transfer");
    assertEquals("16.00", offered(transfer));
    String given = giveBack("Fair", "Hasty", "5.50", transfer).expect(200).text("transfer");
    assertEquals("10.50", offered(transfer));
    String decline = "{\"receiver\":\"Hasty\",\"transfer\":\"%s\"}".formatted(declined);
    world.post(KOMATSU, "/reject", decline).expect(200);
    giveBack("Liar", "Hasty", "1", transfer).expect(200);
    assertEquals("14.50", offered(transfer));
    awaitIndexed(fair, given);
    assertEquals("14.50", offered(transfer));
    giveBack("Fair", "Hasty", "14.50", transfer).expect(200);
    assertEquals("", offered(transfer));
  }

  /** The amount in the form. */
  private String offered(String transfer) throws Exception {
    String page = new String(world.bytes(KANAZAWA, "/send?refund_of=" + transfer), UTF_8);
    Matcher amount = Pattern.compile("<input[^>]*id=\"amount\"[^>]*>").matcher(page);
    assertTrue(amount.find(), page);
    Matcher value = Pattern.compile("value=\"([^\"]*)\"").matcher(amount.group());
    return value.find() ? value.group(1) : "";
  }

  private void awaitIndexed(AccountId account, String transfer) throws Exception {
    world.await(() -> {
      try {
        String path = "/accounts/" + account + "/statement.csv";
        return new String(world.bytes(KANAZAWA, path), UTF_8).contains(transfer);
      } catch (Exception broken) {
        throw new AssertionError(broken);
      }
    });
  }

  @Test
  void theReceiverDeclines() throws Exception {
    AccountId sender = sender("Generous");
    AccountId proud = world.person(KANAZAWA, "Proud");
    String transfer = sent("Generous", "Proud");
    String body = "{\"receiver\":\"Proud\",\"transfer\":\"%s\"}".formatted(transfer);
    World.Reply declined = world.post(KANAZAWA, "/reject", body).expect(200);
    assertEquals("rejected", declined.text("status"));
    assertEquals("receiver", declined.text("decided_by"));
    assertEquals(true, world.post(KANAZAWA, "/reject", body).expect(200).at("repeated"));
    awaitRefund(transfer);
    assertEquals(Money.of("50.00"), world.balance(sender));
    assertEquals(Money.ZERO, world.balance(proud));
  }

  @Test
  void aSignedCancelIsTakenOnceAndNowhereElse() throws Exception {
    Order send =
        new Order.Send(
            world.header(),
            town.holder.account(),
            town.b,
            Money.of("4.56"),
            world.header().notAfter() + 3_600_000,
            null);
    String sent = town.holder.sign(send).note().toString();
    TransferId transfer =
        TransferId.of(
            world
                .post(KOMATSU, "/send", "text/plain", sent, Map.of())
                .expect(200)
                .text("transfer"));
    String note =
        town.holder
            .sign(new Order.Cancel(world.header(), town.holder.account(), transfer))
            .note()
            .toString();
    for (String path : List.of("/send", "/receive", "/reject")) {
      World.Reply refused = world.post(KOMATSU, path, "text/plain", note, Map.of());
      assertEquals("MALFORMED", refused.expect(400).text("code"));
    }
    World.Reply first = world.post(KOMATSU, "/cancel", "text/plain", note, Map.of()).expect(200);
    assertNull(first.at("repeated"));
    World.Reply same = world.post(KOMATSU, "/cancel", "text/plain", note, Map.of()).expect(200);
    assertEquals(true, same.at("repeated"));
    awaitRefund(transfer.toString());
  }
}
