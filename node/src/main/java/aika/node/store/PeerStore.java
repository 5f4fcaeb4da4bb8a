package aika.node.store;

/**
 * A store beside the ledger that all peers of a shard have alike: its changes are ordered like
 * entries, and every peer takes them in that order.
 */
public interface PeerStore {
  /** In the place of a term: whichever this peer leads when it orders. */
  long ANY_TERM = -1;

  /** How a change gets to all peers. */
  @FunctionalInterface
  interface Order {
    /**
     * Returns when a quorum of the peers has the change and this one has taken it; throws when it
     * may not have been ordered.
     *
     * @param term the only one in which the change may be taken, since it rests on what was read
     *     then; or {@link #ANY_TERM}
     */
    void of(long term, byte[] change);
  }

  /** From now on a change is given to {@code order} instead of being written. */
  void orderBy(Order order);

  /**
   * Writes an ordered change; a loss of power may undo it until {@link #sync}. After a crash
   * earlier changes may come again, followed by all that came after them.
   */
  void take(byte[] change);

  /** What has been taken survives a loss of power when this returns. */
  void sync();
}
