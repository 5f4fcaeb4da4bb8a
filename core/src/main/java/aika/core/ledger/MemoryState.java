package aika.core.ledger;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A chain's rows in memory: a separate cosigner's, an auditor's or the simulator's. */
public final class MemoryState implements LedgerState {
  private final Map<Key<?>, Row> rows = new HashMap<>();

  @Override
  @SuppressWarnings("unchecked") // a row is only ever stored under its own key
  public <R extends Row> @Nullable R get(Key<R> key) {
    return (R) rows.get(key);
  }

  public void write(List<Row> changed) {
    for (Row row : changed) {
      rows.put(row.key(), row);
    }
  }

  /** Every row, in no order; for checks over the whole state. */
  public Iterable<Row> rows() {
    return rows.values();
  }
}
