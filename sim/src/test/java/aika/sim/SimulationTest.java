package aika.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Action;
import aika.core.ledger.Applied;
import aika.core.ledger.Command;
import aika.core.ledger.Key;
import aika.core.ledger.LedgerState;
import aika.core.ledger.Reason;
import aika.core.ledger.Row;
import aika.core.transfer.Protocol;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole federations under faults; a failure names its seed and step. */
class SimulationTest {
  /** What must be met in a long run, or it tests less than it seems to. */
  private static final List<Reason> REFUSALS =
      List.of(
          Reason.TOO_MANY_HOLDS,
          Reason.NOT_YOURS,
          Reason.ALREADY_DECIDED,
          Reason.EXPIRED,
          Reason.NOT_YET_EXPIRED,
          Reason.EVIDENCE_MISSING,
          Reason.EVIDENCE_INVALID,
          Reason.CAP_REACHED,
          Reason.CHECKPOINT_NOT_LARGER,
          Reason.NOT_APPROVED,
          Reason.NOTHING_TO_SETTLE,
          Reason.CHAIN_CLOSED,
          Reason.ACCOUNT_CLOSED,
          Reason.BUSY);

  private static final List<String> ORDERS =
      List.of(
          "open-account",
          "rotate-key",
          "recover-key",
          "veto-recovery",
          "freeze",
          "unfreeze",
          "close-account",
          "auto-receive",
          "issue",
          "redeem",
          "send",
          "send-batch",
          "receive",
          "reject",
          "cancel",
          "stand",
          "clear");

  private static SimReport run(SimSettings settings) {
    SimReport report = new Simulation(settings).run((ended, transfers, virtualMillis) -> {});
    System.out.println(report);
    return report;
  }

  private static void everyTransferEnded(SimReport report) {
    assertEquals(report.leaves(), report.audited());
    assertEquals(
        report.sent(),
        report.received() + report.rejected() + report.cancelled() + report.expired());
  }

  private static long did(SimReport report, String what) {
    return report.deeds().getOrDefault(what, 0L);
  }

  private static void upheavalsHappened(SimReport report) {
    assertTrue(did(report, "dissolution: municipalities") > 0, report::toString);
    assertTrue(did(report, "closed: declined for a chain") > 10, report::toString);
    assertTrue(did(report, "closed: declined for an account") > 0, report::toString);
    assertTrue(did(report, "lost seats: leaves that waited for others") > 10, report::toString);
    assertTrue(report.orders().getOrDefault("close-account", 0L) > 10, report::toString);
  }

  @Test
  void aFailureSaysHowToMakeTheSameRunAgain() {
    SimSettings settings =
        SimSettings.of(8, 1_000)
            .withPlaces(11, 11)
            .withSeats(5, 1, 11)
            .withSiblings(false)
            .withTermBlocks(3)
            .withKeepLogs(false)
            .withTraffic(3, 7)
            .withUpheavals(new Upheavals(2, 0, 1))
            .withFaults(new Faults(0.5, 0.25, 0, 1, 2, 3, 4, 5));
    SimFailure failure = new SimFailure(settings, 3, "what", new IllegalStateException("x"));
    assertEquals(
        "seed 8, step 3: what; replay with: aika sim --seed 8 --transfers 1000"
            + " --municipalities 11 --continents 11 --seats 5,1,11 --accounts 3 --sends-per-second 7 --term-blocks 3 --apart --keep-leaves false"
            + " --upheavals 2,0,1 --adversary none --faults 0.5,0.25,0.0,1,2,3,4,5",
        failure.getMessage());
    assertEquals(settings.faults(), Faults.of(settings.faults().text()));
    assertThrows(IllegalArgumentException.class, () -> Faults.of("0.5,0.5"));
    assertThrows(IllegalArgumentException.class, () -> Upheavals.of("1,1"));
  }

  @Test
  void twentyThousandTransfersUnderFaults() {
    SimReport report = run(SimSettings.of(20_251, 20_000));
    everyTransferEnded(report);
    assertTrue(report.sent() >= 20_000);
    assertTrue(report.rejected() > 100 && report.cancelled() > 100 && report.expired() > 100);
    assertTrue(report.crashes() > 50 && report.lost() > 1_000 && report.duplicated() > 1_000);
    assertTrue(report.repeated() > 100);
    assertTrue(report.elections() > 200);
    upheavalsHappened(report);
    for (String kind : ORDERS) {
      assertTrue(report.orders().containsKey(kind), () -> "nobody ordered " + kind);
    }
    for (Reason reason : REFUSALS) {
      assertTrue(report.refused().containsKey(reason), () -> "nothing was refused as " + reason);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void otherSeeds(long seed) {
    everyTransferEnded(run(SimSettings.of(seed, 1_500)));
  }

  /**
   * Residents who send seldom, and strangers who decide about what was sent minutes ago: its leaves
   * are dropped by then, and no evidence is left.
   */
  @Test
  void aDecisionThatComesAfterTheLeavesWereDroppedIsGivenUp() {
    Faults faults = new Faults(0.02, 0.02, 0.02, 4_000, 60_000, 1_000, 60_000, 100);
    SimReport report =
        run(
            new SimSettings(
                9,
                4,
                2,
                20,
                1_200,
                2,
                4,
                2,
                4,
                100,
                15,
                false,
                false,
                faults,
                Upheavals.none(),
                Set.of()));
    everyTransferEnded(report);
    long given = report.deeds().getOrDefault("residents: decided what was dropped", 0L);
    assertTrue(given > 0, report::toString);
  }

  /**
   * Leaves are dropped while others still have to hear of them: a town that hears seldom of another
   * records it with its hand-overs and its seal, and a cosigner with a new disk executes all again.
   */
  @ParameterizedTest
  @CsvSource({"1,4,none", "1,2,seldom", "3,1,standard"})
  void whoSendsSeldomHearsOfLeavesThatAreNotDropped(long seed, int sendsPerSecond, String which) {
    Faults faults =
        switch (which) {
          case "none" -> Faults.none();
          case "seldom" -> new Faults(0.02, 0.02, 0.02, 4_000, 60_000, 1_000, 60_000, 100);
          default -> Faults.standard();
        };
    boolean siblings = seed % 2 == 0;
    int termBlocks = seed == 3 ? 4 : 15;
    everyTransferEnded(
        run(
            new SimSettings(
                seed,
                4,
                2,
                20,
                600,
                sendsPerSecond,
                4,
                2,
                4,
                100,
                termBlocks,
                siblings,
                false,
                faults,
                Upheavals.none(),
                Set.of())));
  }

  @Test
  void leavesAreDroppedOnTheWay() {
    SimReport report = run(SimSettings.of(5, 4_000).withKeepLogs(false));
    everyTransferEnded(report);
    long lost =
        report.deeds().getOrDefault("cosigners: went on from the rows of an earlier seal", 0L);
    assertTrue(lost > 0, report::toString);
  }

  @Test
  void evidenceIsCarriedEverywhere() {
    everyTransferEnded(run(SimSettings.of(6, 1_500).withSiblings(false)));
  }

  @Test
  void oneShardOneSeat() {
    everyTransferEnded(run(SimSettings.of(7, 1_500).withPlaces(3, 1).withSeats(1, 1, 3)));
  }

  @Test
  void elevenContinentsFiveSeats() {
    everyTransferEnded(run(SimSettings.of(8, 1_000).withPlaces(11, 11).withSeats(5, 1, 11)));
  }

  @Test
  void amongManyEachFollowsThoseWithWhichItDeals() {
    SimReport report = run(SimSettings.of(3, 300).withPlaces(210, 4).withTraffic(2, 100));
    everyTransferEnded(report);
    assertTrue(report.received() > 100 && report.crashes() > 100, report::toString);
  }

  @Test
  void whoWasAwayFollowsOverManyTerms() {
    Faults absences = new Faults(0.02, 0.02, 0.02, 4_000, 20_000, 30_000, 10_000, 200);
    SimReport report =
        run(SimSettings.of(12, 1_200).withPlaces(6, 2).withTermBlocks(1).withFaults(absences));
    everyTransferEnded(report);
    assertTrue(report.elections() > 500);
  }

  /** The proof is against seats that had handed over when it came. */
  @Test
  void whoWasReplacedIsConvictedToo() {
    long[] replaced = {0};
    Sabotage corrupt =
        new Sabotage() {
          @Override
          public Applied execute(Protocol protocol, LedgerState state, Command command) {
            Applied applied = protocol.apply(state, command);
            if (applied instanceof Applied.Accepted
                && command.action() instanceof Action.Convict convict) {
              Row.Sitting sitting = state.get(new Key.OfSitting(convict.origin()));
              replaced[0] += sitting != null && sitting.seats().term() > convict.term() ? 1 : 0;
            }
            return applied;
          }
        };
    SimSettings settings =
        SimSettings.of(35, 1_200)
            .withPlaces(6, 2)
            .withTermBlocks(4)
            .withUpheavals(Upheavals.none())
            .withAdversaries(Set.of(Adversary.SCANDAL));
    new Simulation(settings, corrupt).run((ended, transfers, millis) -> {});
    assertTrue(replaced[0] > 0);
  }

  /** Also towns that share a shard, and terms of a few blocks, which end while nobody approves. */
  @ParameterizedTest
  @CsvSource({"16,2", "17,6", "18,15"})
  void townsDissolveAndPeopleLeaveAndSeatsAreLost(long seed, int termBlocks) {
    SimReport report =
        run(
            SimSettings.of(seed, 1_500)
                .withPlaces(8, 4)
                .withTermBlocks(termBlocks)
                .withUpheavals(new Upheavals(3, 3, 20)));
    everyTransferEnded(report);
    assertEquals(3, did(report, "dissolution: municipalities"));
    upheavalsHappened(report);
  }

  /** A municipality's only representative is elected for the continent, and then loses the key. */
  @Test
  void whoLosesASeatMayHaveSatForTheContinentToo() {
    SimReport report =
        run(
            SimSettings.of(1_018, 1_603)
                .withPlaces(7, 4)
                .withSeats(1, 1, 0)
                .withTermBlocks(5)
                .withTraffic(6, 440)
                .withUpheavals(new Upheavals(1, 2, 2)));
    everyTransferEnded(report);
    assertTrue(did(report, "lost seats: a continent's too") > 0, report::toString);
  }

  @Test
  void withoutUpheavalsNothingIsClosed() {
    SimReport report = run(SimSettings.of(19, 500).withUpheavals(Upheavals.none()));
    everyTransferEnded(report);
    assertEquals(0, report.orders().getOrDefault("close-account", 0L));
    assertEquals(Map.of(), report.deeds());
  }

  @Test
  void withoutFaultsNothingIsLost() {
    SimReport report = run(SimSettings.of(9, 500).withFaults(Faults.none()));
    everyTransferEnded(report);
    assertEquals(0, report.lost() + report.duplicated() + report.crashes() + report.repeated());
  }

  @Test
  void equalSettingsGiveEqualRuns() {
    SimReport first = run(SimSettings.of(10, 1_200));
    SimReport second = run(SimSettings.of(10, 1_200));
    assertEquals(first, second);
    assertNotEquals(first.digest(), run(SimSettings.of(11, 1_200)).digest());
  }

  @Test
  void settingsAreChecked() {
    assertThrows(IllegalArgumentException.class, () -> SimSettings.of(1, 0));
    SimSettings settings = SimSettings.of(1, 1);
    assertThrows(IllegalArgumentException.class, () -> settings.withPlaces(3, 12));
    assertThrows(IllegalArgumentException.class, () -> settings.withPlaces(0, 0));
    assertThrows(IllegalArgumentException.class, () -> settings.withSeats(4, 5, 1));
    Upheavals everyTown = new Upheavals(12, 0, 0);
    assertThrows(IllegalArgumentException.class, () -> settings.withUpheavals(everyTown));
    assertThrows(IllegalArgumentException.class, () -> new Upheavals(0, -1, 0));
    assertEquals(new Upheavals(0, 1, 4), settings.withPlaces(1, 1).withTraffic(5, 1).upheavals());
  }
}
