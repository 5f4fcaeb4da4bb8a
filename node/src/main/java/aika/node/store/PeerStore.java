package aika.node.store;

import java.util.function.Consumer;

/**
 * A store beside the ledger that all peers of a shard have alike: its changes are ordered like
 * entries, and every peer takes them in that order.
 */
public interface PeerStore {

  /**
   * From now on a change is given to {@code order} instead of being written.
   *
   * @param order returns when a quorum of the peers has the change and this one has taken it;
   *     throws when it may not have been ordered
   */
  void orderBy(Consumer<byte[]> order);

  /**
   * Writes an ordered change; a loss of power may undo it until {@link #sync}. After a crash
   * earlier changes may come again, followed by all that came after them.
   */
  void take(byte[] change);

  /** What has been taken survives a loss of power when this returns. */
  void sync();
}
