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
   * @param election size of the log at which an election seated them; 0 when none did
   */
  record Sealed(Hash root, long sealTime, Seats seats, long election) {}

  /** The log at {@code size}, or null when it is not executed that far or no seal stands there. */
  @Nullable Sealed sealed(ChainId chain, long size);

  /**
   * Whether the seats that ended with an election are known to have approved its block, with which
   * they hand over.
   *
   * @param election size of the log just after that block
   */
  boolean handedOver(ChainId chain, long election);
}
