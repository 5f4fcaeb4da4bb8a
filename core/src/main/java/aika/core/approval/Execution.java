package aika.core.approval;

import aika.core.ledger.Seats;
import aika.core.log.Hash;
import aika.core.money.ChainId;
import org.jspecify.annotations.Nullable;

/** What a cosigner knows because it executed the chain: the node's own ledger, or a replica. */
@FunctionalInterface
public interface Execution {
  /**
   * The log just after a seal.
   *
   * @param sealTime the seal leaf's time, ms since 1970
   * @param seats who approves it
   */
  record Sealed(Hash root, long sealTime, Seats seats) {}

  /** The log at {@code size}, or null when it is not executed that far or no seal stands there. */
  @Nullable Sealed sealed(ChainId chain, long size);
}
