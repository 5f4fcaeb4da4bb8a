package aika.bench;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What {@link EngineBench} does.
 *
 * @param municipalities chains with accounts, 1 to 10,000, spread over two continents
 * @param accounts over all municipalities, at least two
 * @param stageTransfers transfers that are signed beforehand, sent in one stage and received in the
 *     next; about 1 KB of memory each
 * @param warmUpSeconds at full load before anything is measured, at least: the JVM compiles
 * @param seconds measured at full load, at least; whole stages are measured
 * @param halfLoadSeconds measured at half load for the latencies; 0 leaves that out
 * @param inFlight orders submitted and not yet answered
 * @param submitters threads that parse, check signatures and submit
 * @param separateCosigners five cosigners execute everything again, instead of sharing the node's
 *     execution
 * @param directory where the data goes, which must not exist yet; null for a temporary one; it is
 *     deleted at the end
 */
public record EngineSettings(
    int municipalities,
    int accounts,
    int stageTransfers,
    int warmUpSeconds,
    int seconds,
    int halfLoadSeconds,
    int inFlight,
    int submitters,
    boolean separateCosigners,
    @Nullable Path directory) {
  private static final int MUNICIPALITIES_MAX = 10_000;

  /** Refuses what cannot be measured. */
  public EngineSettings {
    require(
        municipalities >= 1 && municipalities <= MUNICIPALITIES_MAX,
        "municipalities: 1 to " + MUNICIPALITIES_MAX);
    require(accounts >= Math.max(2, municipalities), "accounts: at least one per municipality");
    require(stageTransfers >= 1_000, "transfers per stage: at least 1,000");
    require(warmUpSeconds >= 0, "seconds of warm-up: not negative");
    require(seconds >= 1, "seconds: at least 1");
    require(halfLoadSeconds >= 0, "seconds at half load: not negative");
    require(inFlight >= 1 && inFlight <= 15_000, "orders in flight: 1 to 15,000");
    require(submitters >= 1, "submitting threads: at least 1");
  }

  /** Eight municipalities, 10,000 accounts; seconds: 75 warm-up, 40 at full and 10 at half load. */
  public static EngineSettings standard() {
    int cores = Runtime.getRuntime().availableProcessors();
    return new EngineSettings(8, 10_000, 80_000, 75, 40, 10, 4_096, cores, false, null);
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
