package aika.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Reason;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs with somebody against the federation: it acts, and nothing that must hold is broken. */
class AdversaryTest {
  private static SimReport run(SimSettings settings) {
    SimReport report = new Simulation(settings).run((ended, transfers, virtualMillis) -> {});
    System.out.println(report);
    assertEquals(
        report.sent(),
        report.received() + report.rejected() + report.cancelled() + report.expired());
    return report;
  }

  private static SimReport run(long seed, Adversary... some) {
    return run(SimSettings.of(seed, 1_200).withPlaces(8, 4).withAdversaries(Set.of(some)));
  }

  private static long did(SimReport report, String what) {
    return report.deeds().getOrDefault(what, 0L);
  }

  @Test
  void moneyFromNothingHurtsOthersByTheirExposureLimitAtMost() {
    SimReport report = run(51, Adversary.INFLATION);
    long made = did(report, "inflation: made from nothing, minor units");
    long claims = did(report, "inflation: claims at the end, minor units");
    assertTrue(did(report, "inflation: sends from nothing") > 10, report::toString);
    assertTrue(report.refused().getOrDefault(Reason.CAP_REACHED, 0L) > 10, report::toString);
    assertTrue(claims > 0 && made > claims, report::toString);
  }

  @Test
  void aContinentThatLiesToEverybodyMovesNoMoney() {
    SimReport report = run(52, Adversary.CONTINENT);
    assertTrue(did(report, "continent: anchors of trees that are none") > 0, report::toString);
    assertTrue(did(report, "continent: anchors left out") > 10, report::toString);
    assertTrue(did(report, "continent: lists kept back") > 10, report::toString);
    assertTrue(did(report, "continent: offers kept back from another") > 10, report::toString);
    assertTrue(did(report, "continent: offers that others did not believe") > 10, report::toString);
    assertTrue(did(report, "continent: received by number") > 50, report::toString);
  }

  @Test
  void relaysThatLieDelayAndNothingElse() {
    SimReport report = run(53, Adversary.RELAY);
    for (String lie :
        List.of(
            "requests kept back",
            "requests swallowed and called done",
            "something old instead",
            "requests in another order",
            "requests forged",
            "requests repeated",
            "residents' orders kept back",
            "residents' orders with forged evidence")) {
      assertTrue(did(report, "relay: " + lie) > 5, () -> lie + ": " + report);
    }
    assertEquals(3, did(report, "relay: replaced"));
  }

  @Test
  void afterDaysApartWhatRanOutIsRefundedOnBothSides() {
    SimReport report = run(54, Adversary.PARTITION);
    assertTrue(did(report, "partition: hours") >= 12, report::toString);
    assertTrue(did(report, "partition: messages cut off") > 1_000, report::toString);
    assertTrue(did(report, "partition: ran out on the way to the far side") > 10, report::toString);
    assertTrue(
        did(report, "partition: ran out on the way to the near side") > 10, report::toString);
  }

  @Test
  void clocksThatAreHoursWrongDelayAndNothingElse() {
    SimReport report = run(55, Adversary.CLOCKS);
    assertTrue(did(report, "clocks: minutes wrong") >= 60, report::toString);
    assertTrue(did(report, "clocks: seals whose time had not come") > 10, report::toString);
    assertTrue(did(report, "clocks: received after their time") > 0, report::toString);
  }

  /** A long one, with elections of its own, and a short one. */
  @ParameterizedTest
  @CsvSource({"17,4", "15,15"})
  void aSecondHistoryCostsOthersWhatTheyReceivedOfIt(long seed, int termBlocks) {
    SimReport report =
        run(
            SimSettings.of(seed, termBlocks == 4 ? 600 : 1_200)
                .withPlaces(6, 2)
                .withTermBlocks(termBlocks)
                .withAdversaries(Set.of(Adversary.SCANDAL)));
    boolean isLong = did(report, "scandal: terms that ended on the other history") > 0;
    assertEquals(termBlocks == 4, isLong, report::toString);
    assertTrue(did(report, "scandal: chains that recorded the other history") > 1);
    assertTrue(did(report, "scandal: received of the other history") > 50, report::toString);
    assertTrue(did(report, "scandal: refunded since its number was decided there") > 0);
    long shorter = did(report, "scandal: chosen history shorter than what was recorded");
    assertEquals(isLong, shorter > 0, report::toString);
    assertTrue(report.convictions() > 3, report::toString);
    assertTrue(report.refused().getOrDefault(Reason.CHAIN_FROZEN, 0L) > 0, report::toString);
  }

  /** [NBR-8] What nobody else had is ordered again, once; all else is there. */
  @Test
  void aLostDiskLosesNothingThatWasApproved() {
    SimReport report = run(59, Adversary.DISKS);
    assertTrue(did(report, "disks: lost") >= 4, report::toString);
    assertTrue(did(report, "disks: leaves lost") > 10, report::toString);
    assertTrue(did(report, "disks: accepted orders lost") > 0);
  }

  @Test
  void allOfThemAtOnce() {
    SimReport report = run(56, Adversary.values());
    for (Adversary one : Adversary.values()) {
      String name = one.name().toLowerCase(Locale.ROOT);
      boolean acted = report.deeds().keySet().stream().anyMatch(deed -> deed.startsWith(name));
      assertTrue(acted, () -> name);
    }
  }

  @Test
  void equalSettingsGiveEqualRuns() {
    SimSettings settings =
        SimSettings.of(61, 300).withPlaces(8, 4).withAdversaries(Set.of(Adversary.values()));
    assertEquals(run(settings), run(settings));
  }
}
