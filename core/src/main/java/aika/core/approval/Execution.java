package aika.core.approval;

import aika.core.ledger.Seats;
import aika.core.log.Hash;
import aika.core.money.ChainId;
import org.jspecify.annotations.Nullable;

/** What a cosigner knows because it executed the chain: the node's own ledger, or a replica. */
public interface Execution {
  /**
   * The log just after a seal.
   *
   * @param sealTime the seal leaf's time, ms since 1970
   * @param seats who approves it
   * @param handover size of the log just after the block with which they were seated; 0 when that
   *     is this one, or nobody sat before them
   */
  record Sealed(Hash root, long sealTime, Seats seats, long handover) {}

  /** The log at {@code size}, or null when it is not executed that far or no seal stands there. */
  @Nullable Sealed sealed(ChainId chain, long size);

  /**
   * Whether the block with which seats were seated is known to be approved: by those who were
   * replaced or, when the recovery quorum decided, by those whom it seated.
   *
   * @param handover size of the log just after that block
   */
  boolean handedOver(ChainId chain, long handover);
}
