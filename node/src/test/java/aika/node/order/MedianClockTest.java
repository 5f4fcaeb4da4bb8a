package aika.node.order;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MedianClockTest {
  private static final long START = 1_700_000_000_000L;
  private static final long HOUR = 3_600_000;

  private long time = START;
  private long steady = 40_000;
  private final MedianClock clock =
      new MedianClock(() -> time, () -> TimeUnit.MILLISECONDS.toNanos(steady));

  private void pass(long millis) {
    time += millis;
    steady += millis;
  }

  private void heard(String others) {
    int machine = 0;
    for (String seconds : List.of(others.split(" ", -1))) {
      clock.heard("chain" + machine, "machine" + machine++, time + Long.parseLong(seconds) * 1_000);
    }
  }

  @ParameterizedTest
  @CsvSource({
    // how far the others are ahead, s; how far this clock is ahead of the median, s
    "0, 0",
    "3600 3601, -3600",
    "-3600 -3500, 3500",
    "-3600 3600, 0",
    "-3600 1, 0",
    "4 60 70, -4", // beside the middle one, on the side that suits
    "5 60 70, -5",
    "-60 0 60, 0",
    "-60 -50 60, 0",
    "-60 -50 -40, 40",
    "-1 0 1 3600 3600, 0",
    "3600 -3600 2 -2 1, 0",
    "10 11 12 13, -11",
    "10 11 12 13 0, -10",
  })
  void theMedianOfAllClocks(String others, long seconds) {
    heard(others);
    assertEquals(seconds * 1_000, clock.apartMillis());
  }

  @Test
  void ofTwoClocksNobodyKnowsWhichIsWrong() {
    heard("3600");
    assertEquals(-HOUR, clock.apartMillis());
    assertNull(clock.refusal());
    heard("3600 3600");
    assertEquals(Reason.CLOCK_DIFFERS, Objects.requireNonNull(clock.refusal()).reason());
  }

  @Test
  void fiveSecondsAreNearEnough() {
    heard("0 0");
    time += 5_000;
    assertNull(clock.refusal());
    time += 1;
    Refusal refusal = Objects.requireNonNull(clock.refusal());
    assertEquals(Reason.CLOCK_DIFFERS, refusal.reason());
    assertEquals("this machine's clock is 5 s ahead of the others'", refusal.detail());
    time -= 10_002;
    assertEquals(
        "this machine's clock is 5 s behind the others'",
        Objects.requireNonNull(clock.refusal()).detail());
    time += 5_001;
    assertNull(clock.refusal());
  }

  @Test
  void aStepOfThisClockShowsWithoutAnyNews() {
    heard("0 1 -1");
    pass(60_000);
    assertEquals(0, clock.apartMillis());
    time += HOUR;
    assertEquals(HOUR - 1_000, clock.apartMillis());
  }

  @Test
  void whoIsHeardAgainCountsOnce() {
    clock.heard("one", "one", time + HOUR);
    clock.heard("one", "one", time + HOUR);
    clock.heard("one", "one", time + HOUR);
    assertNull(clock.refusal());
  }

  @Test
  void whoeverMovesHasOneVoice() {
    for (int i = 0; i < 10; i++) {
      clock.heard("one", "machine" + i, time + HOUR);
      clock.heard("chain" + i, "shared", time + HOUR);
    }
    clock.heard("two", "other", time);
    clock.heard("three", "third", time);
    clock.heard("four", "fourth", time);
    assertEquals(0, clock.apartMillis());
  }

  @Test
  void oldNewsCountForNothing() {
    heard("3600 3600");
    pass(MedianClock.HEARD_MILLIS_MAX);
    assertEquals(-HOUR, clock.apartMillis());
    pass(1);
    assertEquals(0, clock.apartMillis());
  }

  /** Silence does not make a clock right. */
  @Test
  void whoWasStoppedGoesOnWhenSomebodyAgrees() {
    heard("-3600 -3600");
    Refusal refusal = Objects.requireNonNull(clock.refusal());
    pass(2 * MedianClock.HEARD_MILLIS_MAX);
    assertEquals(refusal, clock.refusal(), "all others are silent");
    clock.heard("chain0", "machine0", time - HOUR);
    assertNotNull(clock.refusal(), "the only one that is heard still differs");
    clock.heard("chain0", "machine0", time);
    assertNull(clock.refusal());

    heard("-3600 -3600");
    assertNotNull(clock.refusal());
    pass(2 * MedianClock.HEARD_MILLIS_MAX);
    heard("0 1");
    assertNull(clock.refusal());
  }

  @Test
  void oneOfThreeThatFallsSilentChangesNothing() {
    heard("-3600 -3600 -3600");
    pass(MedianClock.HEARD_MILLIS_MAX - 1_000);
    clock.heard("chain0", "machine0", time - HOUR);
    clock.heard("chain1", "machine1", time - HOUR);
    pass(2_000);
    assertNotNull(clock.refusal());
    clock.heard("chain0", "machine0", time - HOUR);
    assertNotNull(clock.refusal());
  }

  @Test
  void noMoreClocksThanCount() {
    for (int i = 0; i < MedianClock.CLOCKS_MAX; i++) {
      clock.heard("chain" + i, "machine" + i, time);
    }
    for (int i = 0; i < 10 * MedianClock.CLOCKS_MAX; i++) {
      clock.heard("crowd" + i, "crowd" + i, time + HOUR);
    }
    assertEquals(0, clock.apartMillis());
    clock.heard("chain0", "machine0", time + 1);
    assertEquals(0, clock.apartMillis());
  }

  @Test
  void aWeekBeyondTheNewestLeafAnotherMachineHasToAgree() {
    long week = MedianClock.UNCONFIRMED_MILLIS_MAX;
    assertEquals(7 * 24 * HOUR, week);
    assertNull(clock.unconfirmed(time - week));
    Refusal refusal = Objects.requireNonNull(clock.unconfirmed(time - week - 1));
    assertEquals(Reason.CLOCK_UNCONFIRMED, refusal.reason());
    assertEquals(
        "this machine says 2023-11-14T22:13:20.000Z, and the newest leaf here is of"
            + " 2023-11-07T22:13:19.999Z",
        refusal.detail());
    clock.heard("one", "one", time + 5_001);
    assertNotNull(clock.unconfirmed(time - week - 1));
    clock.heard("one", "one", time + 5_000);
    assertNull(clock.unconfirmed(time - week - 1));
    pass(MedianClock.HEARD_MILLIS_MAX);
    assertNull(clock.unconfirmed(time - week - 1));
    pass(1);
    assertNotNull(clock.unconfirmed(time - week - 1));
  }

  @Test
  void twoThatAreWrongOnEitherSideConfirmNothing() {
    long week = MedianClock.UNCONFIRMED_MILLIS_MAX;
    clock.heard("one", "one", time - 8_760 * HOUR);
    clock.heard("another", "another", time + 8_760 * HOUR);
    assertEquals(0, clock.apartMillis());
    assertNotNull(clock.unconfirmed(time - week - 1));
    clock.heard("right", "right", time + 5_000);
    assertNull(clock.unconfirmed(time - week - 1));
  }
}
