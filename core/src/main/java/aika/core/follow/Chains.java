package aika.core.follow;

import aika.core.ledger.LedgerState;
import aika.core.money.ChainId;
import org.jspecify.annotations.Nullable;

/** The chains that followers read, and those among them for which they work. */
public interface Chains {
  /** A chain's log, or null when it cannot be read here. */
  @Nullable Log log(ChainId chain);

  /** The rows of a chain that is served here; null for all others, whose own nodes follow too. */
  @Nullable LedgerState served(ChainId chain);
}
