package aika.bench;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What {@link BacklogBench} does.
 *
 * @param municipalities chains with accounts, spread over two continents
 * @param accounts over all municipalities
 * @param backlog old outcomes that wait to be settled
 * @param warmUpSeconds at full load before anything is measured, at least
 * @param perSecond fresh transfers a second
 * @param seconds of fresh transfers without a backlog; beside one as long as it waits, at most so
 *     long
 * @param rounds each of them once without a backlog and once with it
 * @param directory where the data goes, which must not exist yet; null for a temporary one; it is
 *     deleted at the end
 */
public record BacklogSettings(
    int municipalities,
    int accounts,
    int backlog,
    int warmUpSeconds,
    int perSecond,
    int seconds,
    int rounds,
    @Nullable Path directory) {
  private static final int SECONDS_MAX = 3_600;
  private static final int FRESH_MAX = 2_000_000;

  /** Refuses what cannot be measured. */
  public BacklogSettings {
    require(municipalities >= 1 && municipalities <= 10_000, "municipalities: 1 to 10,000");
    require(accounts >= Math.max(2, municipalities), "accounts: at least one per municipality");
    require(backlog >= 1 && backlog <= 5_000_000, "old outcomes: 1 to 5,000,000");
    require(warmUpSeconds >= 0 && warmUpSeconds <= SECONDS_MAX, "seconds of warm-up: 0 to 3,600");
    require(seconds >= 1 && seconds <= SECONDS_MAX, "seconds: 1 to 3,600");
    require(
        perSecond >= 1 && (long) perSecond * seconds <= FRESH_MAX,
        "fresh transfers: 1 a second to 2,000,000 in all");
    require(rounds >= 1 && rounds <= 100, "rounds: 1 to 100");
  }

  /** Eight municipalities, 10,000 accounts, 100,000 old outcomes, 200 fresh transfers a second. */
  public static BacklogSettings standard() {
    return new BacklogSettings(8, 10_000, 100_000, 30, 200, 15, 3, null);
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
