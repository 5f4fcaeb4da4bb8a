package aika.node.gateway;

import static aika.node.gateway.World.KANAZAWA;
import static aika.node.gateway.World.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Action;
import aika.core.money.AccountId;
import aika.core.money.Money;
import aika.node.order.Answer;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The receiver's chain knows that the sender's representatives approved two histories. */
final class FrozenOriginTest {
  @TempDir Path data;

  /** [HTTP-27] Waiting a few seconds would not help, so nobody is told to. */
  @Test
  void whatComesFromThereIsFrozenAndNotOnItsWay() throws Exception {
    try (World world = new World(data)) {
      AccountId a = world.person(KOMATSU, "A");
      AccountId b = world.person(KANAZAWA, "B");
      world.issue(a, "100.00");
      Action convict = new Action.Convict(a.chain(), 1, world.twoHistories(KOMATSU));
      Answer written = world.node.shard().await(world.node.shard().submit(b.chain(), convict));
      assertInstanceOf(Answer.Accepted.class, written, written::toString);

      String send =
          "{\"sender\":\"A\",\"receiver\":\"B\",\"receiver_municipality\":\"%s\",\"amount\":7}"
              .formatted(KANAZAWA);
      String transfer = world.post(KOMATSU, "/send", send).expect(200).text("transfer");
      String receive = "{\"receiver\":\"B\",\"transfer\":\"%s\"}".formatted(transfer);
      for (String path : List.of("/receive", "/reject")) {
        World.Reply refused = world.post(KANAZAWA, path, receive).expect(503);
        assertEquals("CHAIN_FROZEN", refused.text("code"), refused::toString);
      }
      World.Reply all = world.post(KANAZAWA, "/receive", "{\"receiver\":\"B\"}").expect(200);
      List<?> results = (List<?>) Objects.requireNonNull(all.at("results"));
      assertTrue(String.valueOf(results.getFirst()).contains("CHAIN_FROZEN"), all::toString);
      assertEquals(Money.ZERO, world.balance(b));
      World.Reply story = world.get(KOMATSU, "/transfers/" + transfer).expect(200);
      assertEquals("held", story.text("hold"));
    }
  }
}
