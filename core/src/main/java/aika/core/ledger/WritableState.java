package aika.core.ledger;

import java.util.List;

/** A chain's rows, kept by whoever executes it. */
public interface WritableState extends LedgerState {
  void write(List<Row> changed);

  /**
   * Drops rows that no rule reads again, where they take memory; see {@link MemoryState#forget}.
   */
  default void forget() {}
}
