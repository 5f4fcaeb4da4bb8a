package aika.node.gateway;

import static aika.node.gateway.World.ASIA;
import static aika.node.gateway.World.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** [HTTP-70] A node that orders nothing says why, by a code that programs can read. */
@Timeout(60)
final class HealthTest {
  private static final long HOUR_MILLIS = 3_600_000;

  @TempDir Path data;

  private static void othersAreAhead(World world, long millis) {
    long now = System.currentTimeMillis() + millis;
    world.node.shard().clock().heard("one", "10.0.0.1", now);
    world.node.shard().clock().heard("another", "10.0.0.2", now);
  }

  private static void downFor(World world, Reason reason) throws Exception {
    for (String gateway : new String[] {ASIA, KOMATSU}) {
      World.Reply health = world.get(gateway, "/health").expect(503);
      assertEquals("down", health.text("status"));
      assertEquals("down", health.text("ordering"));
      assertEquals(reason.name(), health.text("reason"));
      assertEquals("up", health.text("chains", KOMATSU, "status"));
    }
  }

  private static void up(World world) throws Exception {
    World.Reply health = world.get(KOMATSU, "/health").expect(200);
    assertEquals("up", health.text("ordering"));
    assertFalse(health.json().containsKey("reason"));
  }

  private static double diskFree(World world) throws Exception {
    String metrics = new String(world.bytes(KOMATSU, "/metrics"), StandardCharsets.UTF_8);
    String name = "aika_disk_free_bytes ";
    return metrics
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void itSaysWhyNothingIsOrdered() throws Exception {
    try (World world = new World(data)) {
      world.issue(world.person(KOMATSU, "A"), "10.00");
      var _ = world.person(KOMATSU, "B");
      up(world);
      assertTrue(diskFree(world) > 0);
      othersAreAhead(world, HOUR_MILLIS);
      downFor(world, Reason.CLOCK_DIFFERS);
      othersAreAhead(world, 0);
      up(world);

      world.node.shard().forbid(Refusal.of(Reason.NODE_BEHIND, "http://asia.example shows more"));
      downFor(world, Reason.NODE_BEHIND);
      World.Reply refused =
          world.post(KOMATSU, "/send", "{\"sender\":\"A\",\"receiver\":\"B\",\"amount\":1}");
      String code = refused.expect(503).text("code");
      assertEquals(Reason.CHAIN_HALTED.name(), code, "the reason is for the operator");
    }
  }
}
