package aika.core.money;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import aika.core.note.MalformedException;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TimestampTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2026-11-22",
        "2026-11-22T10:02:00",
        "2026-11-22T10:02:00z",
        "2026-11-22t10:02:00Z",
        "2026-11-22 10:02:00Z",
        "2026-11-22T10:02:00+0",
        "2026-11-22T10:02:60Z",
        "2026-11-22T10:60:00Z",
        "2026-11-22T24:00:00Z",
        "2026-00-22T10:02:00Z",
        "2026-13-22T10:02:00Z",
        "2026-11-00T10:02:00Z",
        "2026-11-31T10:02:00Z",
        "2026-02-29T10:02:00Z",
        "2100-02-29T10:02:00Z",
        "1969-12-31T23:59:59Z",
        "0000-01-01T00:00:00Z",
        "-026-11-22T10:02:00Z",
        "2026/11/22T10:02:00Z",
        "2026-11-22T10.02.00Z",
        "2026-11-22T1０:02:00Z",
        "2026-11-22T10:02:0 Z",
        "2026-11-22T10:02:00.000Z"
      })
  void refusesWhatIsNoTimeInSeconds(String text) {
    assertThrows(MalformedException.class, () -> Timestamp.parseSeconds(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2026-11-22T10:02:00Z",
        "2026-11-22T10:02:00.0Z",
        "2026-11-22T10:02:00,000Z",
        "2026-11-22T10:02:00.00aZ",
        "2026-11-22T10:02:00.000z",
        "2026-11-22T10:02:00.0000Z",
        "2026-11-22T10:02:60.000Z",
        "1969-12-31T23:59:59.999Z"
      })
  void refusesWhatIsNoTimeInMilliseconds(String text) {
    assertThrows(MalformedException.class, () -> Timestamp.parseMillis(text));
  }

  @ParameterizedTest
  @CsvSource({
    "1970-01-01T00:00:00.000Z, 0",
    "1970-01-01T00:00:00.001Z, 1",
    "2024-02-29T23:59:59.999Z, 1709251199999",
    "2026-11-22T10:00:01.123Z, 1795341601123",
    "9999-12-31T23:59:59.999Z, 253402300799999"
  })
  void readsAndWritesMilliseconds(String text, long millis) {
    assertEquals(millis, Timestamp.parseMillis(text));
    assertEquals(text, Timestamp.millis(millis));
  }

  @Test
  void secondsRoundDown() {
    assertEquals("2026-11-22T10:00:01Z", Timestamp.seconds(1_795_341_601_999L));
    assertEquals(1_795_341_601_000L, Timestamp.parseSeconds("2026-11-22T10:00:01Z"));
    assertEquals(253_402_300_799_000L, Timestamp.parseSeconds("9999-12-31T23:59:59Z"));
  }

  @Test
  void timesOutsideTheRangeHaveNoText() {
    assertThrows(IllegalArgumentException.class, () -> Timestamp.millis(-1));
    assertThrows(IllegalArgumentException.class, () -> Timestamp.millis(253_402_300_800_000L));
    assertThrows(IllegalArgumentException.class, () -> Timestamp.seconds(Long.MAX_VALUE));
  }

  @Test
  void agreesWithTheJdk() {
    long seed = 20_261_122;
    Random random = new Random(seed);
    for (int i = 0; i < 10_000; i++) {
      long millis = random.nextLong(253_402_300_800_000L);
      String text = Timestamp.millis(millis);
      assertEquals(millis, Instant.parse(text).toEpochMilli(), () -> "seed " + seed + ": " + text);
      assertEquals(millis, Timestamp.parseMillis(text), () -> "seed " + seed + ": " + text);
    }
  }
}
