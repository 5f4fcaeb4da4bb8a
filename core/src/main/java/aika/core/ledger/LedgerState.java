package aika.core.ledger;

import org.jspecify.annotations.Nullable;

/**
 * A chain's rows, as they are after its last leaf. Read by execution, written by whoever keeps it.
 */
public interface LedgerState {
  <R extends Row> @Nullable R get(Key<R> key);

  /** The chain's head, or null before its genesis leaf. */
  default Row.@Nullable Head head() {
    return get(new Key.OfHead());
  }
}
