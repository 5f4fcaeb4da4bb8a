package aika.bench;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What {@link PeersBench} does.
 *
 * @param municipalities chains with accounts, spread over two continents
 * @param accounts over all municipalities
 * @param stageTransfers transfers that are signed beforehand and sent in one stage
 * @param warmUpSeconds at full load before anything is measured, at least, for one peer and for
 *     three
 * @param seconds measured at full load, at least, for each of them
 * @param directory where the data goes, which must not exist yet; null for a temporary one; it is
 *     deleted at the end
 */
public record PeersSettings(
    int municipalities,
    int accounts,
    int stageTransfers,
    int warmUpSeconds,
    int seconds,
    @Nullable Path directory) {

  /** Refuses what cannot be measured. */
  public PeersSettings {
    require(municipalities >= 1 && municipalities <= 1_000, "municipalities: 1 to 1,000");
    require(accounts >= Math.max(2, municipalities), "accounts: at least one per municipality");
    require(stageTransfers >= 1_000, "transfers per stage: at least 1,000");
    require(warmUpSeconds >= 0, "seconds of warm-up: not negative");
    require(seconds >= 1, "seconds: at least 1");
  }

  /** Eight municipalities, 10,000 accounts; seconds: 40 warm-up, 30 at full load. */
  public static PeersSettings standard() {
    return new PeersSettings(8, 10_000, 40_000, 40, 30, null);
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
