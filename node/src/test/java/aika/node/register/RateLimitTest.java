package aika.node.register;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class RateLimitTest {
  /** [REG-8] */
  @Test
  void aCallerLooksUpAHundredAtOnceAndTwentyASecond() {
    AtomicLong nanos = new AtomicLong();
    RateLimit limit = new RateLimit(Rate.DEFAULT, nanos::get);
    for (int i = 0; i < 100; i++) {
      assertTrue(limit.take("a"));
    }
    assertFalse(limit.take("a"));
    nanos.addAndGet(49_999_999);
    assertFalse(limit.take("a"));
    nanos.addAndGet(1);
    assertTrue(limit.take("a"));
    assertFalse(limit.take("a"));
  }

  private static final long SECOND = 1_000_000_000;

  /** Close to its overflow, where a comparison of absolute times would fail. */
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - SECOND / 2);

  @Test
  void ratesWithoutSenseAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Rate(0, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> new Rate(1, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new Rate(1, 1, 0));
  }

  @Test
  void aBurstThenTheRate() {
    RateLimit limit = new RateLimit(new Rate(2, 3, 10), nanos::get);
    assertEquals(3, taken(limit, "a", 5));
    nanos.addAndGet(SECOND / 2 - 1);
    assertEquals(0, taken(limit, "a", 1));
    nanos.addAndGet(1);
    assertEquals(1, taken(limit, "a", 2));
    nanos.addAndGet(60 * SECOND);
    assertEquals(3, taken(limit, "a", 5));
  }

  @Test
  void lookingTakesNothing() {
    RateLimit limit = new RateLimit(new Rate(1, 2, 2), nanos::get);
    assertFalse(limit.isSpent("a"));
    assertFalse(limit.isSpent("a"));
    assertEquals(0, limit.callers());
    assertEquals(2, taken(limit, "a", 2));
    assertTrue(limit.isSpent("a"));
    assertFalse(limit.isSpent("b"));
    assertEquals(2, taken(limit, "b", 2));
    assertFalse(limit.isSpent("c"), "of the bucket that the others share");
    assertEquals(2, taken(limit, "c", 3));
    assertTrue(limit.isSpent("d"));
    nanos.addAndGet(SECOND);
    assertFalse(limit.isSpent("a"));
    assertFalse(limit.isSpent("d"));
  }

  @Test
  void callersDoNotShare() {
    RateLimit limit = new RateLimit(new Rate(1, 2, 10), nanos::get);
    assertEquals(2, taken(limit, "a", 5));
    assertEquals(2, taken(limit, "b", 5));
  }

  @Test
  void aFloodOfCallersNeitherEscapesNorLocksOut() {
    RateLimit limit = new RateLimit(new Rate(1, 2, 10), nanos::get);
    assertTrue(limit.take("known"));
    int taken = 0;
    for (int i = 0; i < 1_000; i++) {
      taken += taken(limit, "flood-" + i, 2);
    }
    assertEquals(10, limit.callers());
    assertEquals(9 * 2 + 2, taken, "nine buckets of their own, and one shared by all others");
    assertTrue(limit.take("known"));
    assertFalse(limit.take("known"));

    nanos.addAndGet(2 * SECOND);
    assertEquals(2, taken(limit, "later", 3));
    assertEquals(10, limit.callers());
  }

  @Test
  void aLongNameOfACallerTakesNoMemory() {
    RateLimit limit = new RateLimit(new Rate(1, 1, 10), nanos::get);
    assertTrue(limit.take("x".repeat(1_000) + "a"));
    assertFalse(limit.take("x".repeat(1_000) + "b"));
  }

  private static int taken(RateLimit limit, String caller, int times) {
    int taken = 0;
    for (int i = 0; i < times; i++) {
      taken += limit.take(caller) ? 1 : 0;
    }
    return taken;
  }
}
