package aika.node.gateway;

import static aika.node.gateway.World.ASIA;
import static aika.node.gateway.World.EUROPE;
import static aika.node.gateway.World.KANAZAWA;
import static aika.node.gateway.World.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.money.AccountId;
import aika.core.money.Money;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A in Komatsu sends 200 to B in Kanazawa with the source's JSON, as any program would. */
@ExtendWith(SharedWorld.class)
class WorkedExampleOverHttpTest {
  /** What the source's Python snippet sends. */
  static final String SNIPPET =
      """
      {"sender": "A", "sender_municipality": "Asia-Komatsu", "receiver": "B", \
      "receiver_municipality": "Asia-Kanazawa", "amount": 200, "continent": "Asia"}\
      """;

  private final World world;
  private final AccountId a;
  private final AccountId b;

  WorkedExampleOverHttpTest(SharedWorld.Town town) {
    world = town.world;
    a = town.a;
    b = town.b;
  }

  private static String snippet(String amount) {
    return SNIPPET.replace("200", amount);
  }

  @Test
  void theSnippetIsAnsweredAsWritten() throws Exception {
    Money before = world.balance(a);
    World.Reply sent = world.post(KOMATSU, "/send", SNIPPET).expect(200);
    assertEquals(
        List.of(
            "transfer",
            "id",
            "status",
            "sender",
            "receiver",
            "amount",
            "next",
            "valid_until",
            "links"),
        List.copyOf(sent.json().keySet()));
    assertTrue(sent.text("transfer").matches("Asia-Komatsu:[0-9]+"));
    assertEquals("send_pending", sent.text("status"));
    assertEquals("200.00", sent.text("amount"));
    assertEquals("A", sent.text("sender", "name"));
    assertEquals(b.toString(), sent.text("receiver", "account"));
    assertTrue(sent.text("valid_until").matches("20..-..-..T..:..:..Z"));
    assertTrue(sent.text("id").matches("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab].*"));
    assertEquals(before.minus(Money.of("200.00")), world.balance(a));

    World.Reply again = world.post(KOMATSU, "/send", SNIPPET).expect(200);
    assertEquals(sent.text("transfer"), again.text("transfer"));
    assertEquals(true, again.at("repeated"));
    World.Reply meant = world.post(KOMATSU, "/send", SNIPPET.replace("{", "{\"again\":true,"));
    assertNotEquals(sent.text("transfer"), meant.expect(200).text("transfer"));
    assertNull(meant.at("repeated"));

    String order = "/accounts/" + a + "/orders/" + sent.text("id");
    World.Reply found = world.get(EUROPE, order).expect(200);
    assertEquals(sent.text("transfer"), found.text("transfer", "transfer"));
    assertEquals("send", found.text("kind"));
  }

  @Test
  void isReceivedAndComplete() throws Exception {
    World.Reply sent = world.post(ASIA, "/send", snippet("31.5")).expect(200);
    String transfer = sent.text("transfer");
    Money before = world.balance(b);
    World.Reply received =
        world
            .post(
                KANAZAWA,
                "/receive",
                "{\"receiver\":\"B\",\"receiver_municipality\":\"Asia-Kanazawa\",\"transfer\":\""
                    + transfer
                    + "\"}")
            .expect(200);
    assertTrue(Set.of("receive_pending", "complete").contains(received.text("status")));
    assertEquals(before.plus(Money.of("31.50")), world.balance(b));
    // what was approved can be received, and be complete, before it is listed
    world.await(() -> story(transfer).contains("complete") && story(transfer).contains("listed"));

    World.Reply whole = world.get(EUROPE, "/transfers/" + transfer).expect(200);
    List<?> history = (List<?>) Objects.requireNonNull(whole.at("history"));
    assertEquals(
        List.of("send", "send_pending", "listed", "receive", "receive_pending", "complete"),
        history.stream().map(step -> ((Map<?, ?>) step).get("state")).toList());
    Map<?, ?> complete = (Map<?, ?>) history.getLast();
    assertEquals(
        List.of("seat-1", "seat-2", "seat-3", "seat-4", "seat-5"), complete.get("approved_by"));
    assertEquals(KANAZAWA, complete.get("chain"));
    assertEquals("nobody", whole.text("next", "who"));
    String earlier = "";
    for (Object step : history) {
      if ("listed".equals(((Map<?, ?>) step).get("state"))) {
        continue; // an approved send can be received before it is listed
      }
      String time = (String) ((Map<?, ?>) step).get("time");
      assertTrue(earlier.compareTo(Objects.requireNonNull(time)) <= 0, whole::toString);
      earlier = time;
    }
    assertNull(whole.at("warnings"));
    assertFalse(whole.http().headers().firstValue("cache-control").orElse("").isEmpty());
  }

  private List<String> story(String transfer) {
    try {
      World.Reply whole = world.get(KOMATSU, "/transfers/" + transfer).expect(200);
      return ((List<?>) Objects.requireNonNull(whole.at("history")))
          .stream().map(step -> String.valueOf(((Map<?, ?>) step).get("state"))).toList();
    } catch (Exception failed) {
      throw new AssertionError(failed);
    }
  }
}
