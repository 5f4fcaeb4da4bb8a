package aika.bench;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What {@link AuditBench} does.
 *
 * @param municipalities chains with accounts, 1 to 1,000
 * @param accounts over all municipalities, at least two
 * @param transfers complete ones in the logs that are audited
 * @param rounds audits that are measured, after one that warms up
 * @param threads that audit
 * @param memoryBytes that the audit may use for rows, about
 * @param directory where the data goes, which must not exist yet; null for a temporary one; it is
 *     deleted at the end
 */
public record AuditSettings(
    int municipalities,
    int accounts,
    int transfers,
    int rounds,
    int threads,
    long memoryBytes,
    @Nullable Path directory) {
  private static final int MUNICIPALITIES_MAX = 1_000;
  private static final int TRANSFERS_MAX = 1_000_000;
  private static final int ROUNDS_MAX = 1_000;
  private static final int THREADS_MAX = 256;
  private static final long MEMORY_STANDARD = 256L * 1024 * 1024;

  /** Refuses what cannot be measured. */
  public AuditSettings {
    require(
        municipalities >= 1 && municipalities <= MUNICIPALITIES_MAX,
        "municipalities: 1 to " + MUNICIPALITIES_MAX);
    require(accounts >= Math.max(2, municipalities), "accounts: at least one per municipality");
    require(
        transfers >= 1_000 && transfers <= TRANSFERS_MAX, "transfers: 1000 to " + TRANSFERS_MAX);
    require(rounds >= 1 && rounds <= ROUNDS_MAX, "rounds: 1 to " + ROUNDS_MAX);
    require(threads >= 1 && threads <= THREADS_MAX, "threads: 1 to " + THREADS_MAX);
  }

  /** Eight municipalities, 2,000 accounts, 60,000 transfers, three rounds, all processors. */
  public static AuditSettings standard() {
    int cores = Runtime.getRuntime().availableProcessors();
    return new AuditSettings(8, 2_000, 60_000, 3, cores, MEMORY_STANDARD, null);
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
