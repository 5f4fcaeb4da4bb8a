package aika.core.transfer;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random orders against an independent reference, also where sums come near their bounds. */
final class ModelTest {
  private static final int STEPS = 1_000;

  @ParameterizedTest
  @CsvSource({
    "1, CARRIED, 1",
    "2, SIBLINGS, 1",
    "3, CARRIED, 100",
    "20261122, SIBLINGS, 1",
    "4, CARRIED, 100000000000000",
    "5, SIBLINGS, 200000000000000"
  })
  void agreesWithTheReference(long seed, TestFederation.Between between, long scale) {
    String run = "seed " + seed + " " + between + " x" + scale;
    System.out.println(run);
    RandomOrders orders = new RandomOrders(seed, between, scale);
    for (int i = 0; i < STEPS; i++) {
      try {
        orders.step();
      } catch (AssertionError | RuntimeException failed) {
        throw new AssertionError(run + ", step " + i, failed);
      }
    }
    assertTrue(orders.accepted() > STEPS / 4, () -> run + ": " + orders.accepted());
  }
}
