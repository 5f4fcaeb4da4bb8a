package aika.node.order;

import aika.core.money.ChainId;
import aika.node.store.StoreSettings;
import aika.node.tls.PeerTls;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One shard of a node.
 *
 * @param directory where its log and state live
 * @param chains hosted here, municipal and continental
 * @param blockIntervalMillis a block is sealed this long after its first leaf at the latest
 * @param unapprovedMax leaves that may wait for approval before people's orders are answered BUSY
 * @param peers null for one that is alone
 */
public record ShardSettings(
    String name,
    Path directory,
    List<ChainId> chains,
    long blockIntervalMillis,
    long unapprovedMax,
    StoreSettings store,
    Log log,
    @Nullable PeerGroup peers) {
  public ShardSettings {
    chains = List.copyOf(chains);
  }

  /** Of a peer that is alone. */
  public ShardSettings(
      String name,
      Path directory,
      List<ChainId> chains,
      long blockIntervalMillis,
      long unapprovedMax,
      StoreSettings store,
      Log log) {
    this(name, directory, chains, blockIntervalMillis, unapprovedMax, store, log, null);
  }

  /**
   * The peers of a shard.
   *
   * @param self the id of this one
   * @param peers as far as this one knows them; the log knows better
   * @param mayBegin whether a peer without a log may be one of a shard that begins; otherwise it
   *     waits until the others add it
   * @param tls null for plain TCP
   */
  public record PeerGroup(
      String self, List<OrderingSettings.Peer> peers, boolean mayBegin, @Nullable PeerTls tls) {
    public PeerGroup {
      peers = List.copyOf(peers);
    }
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
