package aika.node.order;

import aika.core.money.ChainId;
import aika.node.store.StoreSettings;
import java.nio.file.Path;
import java.util.List;

/**
 * One shard of a node.
 *
 * @param directory where its log and state live
 * @param chains hosted here, municipal and continental
 * @param blockIntervalMillis a block is sealed this long after its first leaf at the latest
 * @param unapprovedMax leaves that may wait for approval before people's orders are answered BUSY
 */
public record ShardSettings(
    String name,
    Path directory,
    List<ChainId> chains,
    long blockIntervalMillis,
    long unapprovedMax,
    StoreSettings store,
    Log log) {
  public ShardSettings {
    chains = List.copyOf(chains);
  }

  /**
   * How much of the replicated log is kept.
   *
   * @param snapshotEntries entries between two checkpoints of the state
   * @param segmentBytes size of a file; whole files are deleted after a checkpoint
   */
  public record Log(int snapshotEntries, int segmentBytes) {
    /** For entries of 64 to 200 KiB. */
    public static final Log STANDARD = new Log(2_000, 16 << 20);
  }
}
