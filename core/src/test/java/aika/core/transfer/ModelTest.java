package aika.core.transfer;

import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.transfer.RandomOrders.Count;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random orders against an independent reference, also where sums come near their bounds. */
final class ModelTest {
  private static final int STEPS = 3_000;

  /** Of each kind, so that a run shows something of all of them. */
  private static final int ACCEPTED_MIN = 5;

  private static final int REFUSED_MIN = 5;
  private static final int RECOVERED_MIN = 3;
  private static final int ELECTED_MIN = 5;

  private static final List<String> KINDS =
      List.of(
          "open-account",
          "rotate-key",
          "recover-key",
          "veto-recovery",
          "freeze",
          "unfreeze",
          "close-account",
          "auto-receive",
          "stand",
          "issue",
          "redeem",
          "clear",
          "send",
          "send-batch",
          "refund",
          "receive",
          "reject",
          "cancel",
          "conclude received",
          "conclude rejected",
          "conclude cancelled",
          "conclude expired",
          "settle");

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
    RandomOrders orders = new RandomOrders(seed, between, scale, true);
    for (int i = 0; i < STEPS; i++) {
      try {
        orders.step();
      } catch (AssertionError | RuntimeException failed) {
        throw new AssertionError(run + ", step " + i, failed);
      }
    }
    for (String kind : KINDS) {
      Count count = orders.counts().getOrDefault(kind, new Count(0, 0));
      assertTrue(count.accepted() >= ACCEPTED_MIN, () -> run + ": " + kind + ' ' + count);
      assertTrue(count.refused() >= REFUSED_MIN, () -> run + ": " + kind + ' ' + count);
    }
    assertTrue(orders.recovered() >= RECOVERED_MIN, () -> run + ": " + orders.recovered());
    assertTrue(orders.elected() >= ELECTED_MIN, () -> run + ": " + orders.elected());
  }
}
