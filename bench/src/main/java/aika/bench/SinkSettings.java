package aika.bench;

import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What {@link SinkBench} does.
 *
 * @param municipalities chains with accounts, spread over two continents
 * @param accounts over all municipalities
 * @param stageTransfers transfers of a stage at full load
 * @param warmUpSeconds at full load before anything is measured, at least
 * @param perSecond transfers a second while answers are timed; 0: half of the full rate
 * @param rounds each of them once without a slow store and once with it
 * @param roundSeconds of each half of a round
 * @param slowMillis that the slow store takes for a batch
 * @param followSeconds that a store may take to follow the log, at most
 * @param mongodb connection string without a database; null: not measured
 * @param immudb {@code HOST:PORT}; null: not measured
 * @param environment for {@code ${NAME}} in the connection string, and for immudb's user
 * @param directory where the data goes, which must not exist yet; null for a temporary one; it is
 *     deleted at the end
 */
public record SinkSettings(
    int municipalities,
    int accounts,
    int stageTransfers,
    int warmUpSeconds,
    int perSecond,
    int rounds,
    int roundSeconds,
    int slowMillis,
    int followSeconds,
    @Nullable String mongodb,
    @Nullable String immudb,
    Function<String, @Nullable String> environment,
    @Nullable Path directory) {
  private static final int SECONDS_MAX = 3_600;
  private static final int ROUNDS_MAX = 1_000;
  private static final int TRANSFERS_MAX = 2_000_000;

  /** Refuses what cannot be measured. */
  public SinkSettings {
    require(municipalities >= 1 && municipalities <= 10_000, "municipalities: 1 to 10,000");
    require(accounts >= Math.max(2, municipalities), "accounts: at least one per municipality");
    require(stageTransfers >= 100, "transfers per stage: at least 100");
    require(warmUpSeconds >= 0 && warmUpSeconds <= SECONDS_MAX, "seconds of warm-up: 0 to 3,600");
    require(rounds >= 1 && rounds <= ROUNDS_MAX, "rounds: 1 to " + ROUNDS_MAX);
    require(roundSeconds >= 1 && roundSeconds <= SECONDS_MAX, "seconds of a round: 1 to 3,600");
    require(
        perSecond >= 0 && (long) perSecond * roundSeconds <= TRANSFERS_MAX,
        "transfers of a round: at most 2,000,000");
    require(slowMillis >= 1 && slowMillis <= 60_000, "ms of the slow store: 1 to 60,000");
    require(followSeconds >= 1 && followSeconds <= SECONDS_MAX, "seconds to follow: 1 to 3,600");
  }

  /** Eight municipalities, 10,000 accounts, 30 s of warm-up, six rounds of twice 5 s. */
  public static SinkSettings standard() {
    return new SinkSettings(
        8, 10_000, 40_000, 30, 0, 6, 5, 200, 60, null, null, System::getenv, null);
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
