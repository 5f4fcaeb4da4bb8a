package aika.node.gateway;

import static aika.node.gateway.World.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.money.AccountId;
import aika.core.money.Timestamp;
import aika.node.order.Chain;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** [HTTP-33] A statement of as many lines as one answer has, and one line more. */
class LargeStatementTest {
  private static final int LINES = 10_000;

  /** As many leaves as wait for their block at once without being refused. */
  private static final int AT_ONCE = 500;

  @Test
  void theLimitAndOnePastIt(@TempDir Path data) throws Exception {
    try (World world = new World(data)) {
      AccountId shop = world.person(KOMATSU, "Shop");
      Chain chain = world.ledger(shop.chain());
      BooleanSupplier approved = () -> chain.approvedSize() == chain.size();
      for (int lines = 0; lines < LINES; lines += AT_ONCE) {
        world.issue(shop, "0.01", AT_ONCE);
      }
      String statement = "/accounts/" + shop + "/statement.csv";
      world.await(approved);
      String csv = new String(world.bytes(KOMATSU, statement), StandardCharsets.UTF_8);
      List<String> lines = csv.lines().toList();
      String last = lines.getLast();
      assertEquals(1 + LINES, lines.size(), "with the columns' names");
      assertTrue(last.endsWith(",0.01,100.00"), last);
      world.issue(shop, "0.01");
      world.await(approved);
      assertEquals("TOO_LARGE", world.get(KOMATSU, statement).expect(413).text("code"));
      String since =
          statement + "?from=" + Timestamp.seconds(System.currentTimeMillis() / 1_000 * 1_000);
      world.get(KOMATSU, since).expect(200);
    }
  }
}
