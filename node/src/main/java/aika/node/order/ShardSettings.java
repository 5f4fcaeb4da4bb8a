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
    StoreSettings store) {
  public ShardSettings {
    chains = List.copyOf(chains);
  }
}
