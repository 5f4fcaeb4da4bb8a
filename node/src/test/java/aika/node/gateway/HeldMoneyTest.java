package aika.node.gateway;

import static aika.node.gateway.World.KANAZAWA;
import static aika.node.gateway.World.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import aika.core.money.AccountId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import aika.node.order.Chain;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an account's chain holds is told in full, whatever the lists have dropped (HTTP-36). */
final class HeldMoneyTest {
  @TempDir Path data;

  @Test
  void whatTheListHasDroppedIsStillHeld() throws Exception {
    try (World world = new World(data)) {
      AccountId a = world.person(KOMATSU, "A");
      AccountId b = world.person(KANAZAWA, "B");
      world.issue(a, "100.00");
      List<String> sent = new ArrayList<>();
      for (int amount = 1; amount <= 4; amount++) {
        sent.add(send(world, amount));
      }
      Chain chain = world.ledger(a.chain());
      world.await(() -> world.node.pending().to(b, 10).size() == 4);
      world.await(() -> world.node.followers().accountLeaves().seen(chain.id()) == chain.size());
      assertEquals("10.00", account(world, a).text("held"));

      String taken = sent.remove(1);
      String receive = "{\"receiver\":\"B\",\"transfer\":\"%s\"}".formatted(taken);
      world.post(KANAZAWA, "/receive", receive).expect(200);
      world.await(() -> world.row(a).openHolds() == 3);
      assertEquals("8.00", account(world, a).text("held"));

      long later = System.currentTimeMillis() + 1_000L * 24 * 60 * 60 * 1000;
      assertFalse(world.node.pending().sweep(new byte[0], later).dropped().isEmpty());
      assertEquals(List.of(), world.node.pending().from(a, 10));
      World.Reply held = account(world, a);
      assertEquals("8.00", held.text("held"));
      assertEquals("90.00", held.text("balance"));
      assertEquals(sent, holds(held));

      sent.add(send(world, 5)); // neither listed nor in the index yet, perhaps
      World.Reply more = account(world, a);
      assertEquals("13.00", more.text("held"));
      assertEquals(sent, holds(more));
      assertEquals(Money.of("85.00"), world.balance(a));
    }
  }

  private static String send(World world, int amount) throws Exception {
    String body =
        "{\"sender\":\"A\",\"receiver\":\"B\",\"receiver_municipality\":\"%s\",\"amount\":%d}"
            .formatted(KANAZAWA, amount);
    World.Reply sent = world.post(KOMATSU, "/send", body).expect(200);
    return TransferId.of(sent.text("transfer")).toString();
  }

  private static World.Reply account(World world, AccountId account) throws Exception {
    return world.get(KOMATSU, "/accounts/" + account).expect(200);
  }

  private static List<String> holds(World.Reply account) {
    return ((List<?>) Objects.requireNonNull(account.at("holds")))
        .stream().map(hold -> String.valueOf(((Map<?, ?>) hold).get("transfer"))).toList();
  }
}
