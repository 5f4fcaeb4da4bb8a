package aika.core.transfer;

import aika.core.ledger.LedgerState;
import aika.core.money.ChainId;
import org.jspecify.annotations.Nullable;

/**
 * The other chains that every replica of this chain executes too. Between them evidence is cited,
 * not carried.
 */
@FunctionalInterface
public interface Siblings {
  /** No chain is executed beside this one; every citation carries its proof. */
  Siblings NONE = chain -> null;

  /** The state of a chain of the same shard, or null when it lives elsewhere. */
  @Nullable LedgerState state(ChainId chain);
}
