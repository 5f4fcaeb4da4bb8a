package aika.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Keeps the list of guards true; {@code ./aika test --guards} breaks all of them. */
final class BrokenGuardsTest {
  @Test
  void everyGuardStandsInTheSourceOnce() throws IOException {
    BrokenGuards core = new BrokenGuards();
    List<BrokenGuards.Guard> guards = BrokenGuards.all();
    assertTrue(guards.size() >= 30);
    assertEquals(guards.size(), guards.stream().map(BrokenGuards.Guard::name).distinct().count());
    for (BrokenGuards.Guard guard : guards) {
      assertNotEquals("", core.broken(guard).source());
    }
  }

  @Test
  void aBrokenGuardIsNoticed() throws IOException, InterruptedException {
    BrokenGuards.Guard guard =
        BrokenGuards.all().stream()
            .filter(g -> g.name().equals("only its receiver receives a transfer"))
            .findFirst()
            .orElseThrow();
    assertTrue(new BrokenGuards().result(guard).by().startsWith("GuardsTest."));
  }

  @Test
  @EnabledIfSystemProperty(named = "aika.guards", matches = "true")
  void everyBrokenGuardIsNoticed() throws IOException, InterruptedException {
    assertTrue(new BrokenGuards().run(BrokenGuards.all(), System.out));
  }
}
