package aika.core.ledger;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A chain's rows in memory: a separate cosigner's, an auditor's or the simulator's. */
public final class MemoryState implements WritableState {
  private final Map<Key<?>, Row> rows = new HashMap<>();

  @Override
  @SuppressWarnings("unchecked") // a row is only ever stored under its own key
  public <R extends Row> @Nullable R get(Key<R> key) {
    return (R) rows.get(key);
  }

  @Override
  public void write(List<Row> changed) {
    for (Row row : changed) {
      rows.put(row.key(), row);
    }
  }

  /** Number of rows. */
  public int size() {
    return rows.size();
  }

  /** The same rows; later writes to one do not show in the other. */
  public MemoryState copy() {
    MemoryState copy = new MemoryState();
    copy.rows.putAll(rows);
    return copy;
  }

  /** Drops rows that no rule reads again: holds that have ended. */
  @Override
  public void forget() {
    rows.values()
        .removeIf(row -> row instanceof Row.Hold hold && hold.status() != Row.Hold.Status.HELD);
  }

  /** Every row, in no order; for checks over the whole state. */
  public Iterable<Row> rows() {
    return rows.values();
  }
}
