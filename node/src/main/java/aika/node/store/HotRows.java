package aika.node.store;

import aika.core.ledger.Row;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Rows that the next orders will ask for, as they are after the last executed command: accounts,
 * open holds, and the few rows that a chain has of a kind. What is asked for again after it was
 * dropped is loaded again, so which rows go when there are too many does not matter much.
 *
 * <p>A row is written by one thread; one thread at a time trims; any thread reads.
 */
final class HotRows {
  private final Map<RowId, Row> rows = new ConcurrentHashMap<>();
  private final long rowsMax;
  private Iterator<RowId> hand = rows.keySet().iterator();

  HotRows(long rowsMax) {
    this.rowsMax = rowsMax;
  }

  @Nullable Row get(RowId id) {
    return rows.get(id);
  }

  /** Loads at most once at a time, so that an old row cannot overtake one that is put. */
  @SuppressWarnings("NullAway") // a loader may answer null: then nothing is kept
  @Nullable Row get(RowId id, Function<RowId, @Nullable Row> loader) {
    Row found = rows.get(id);
    return found != null ? found : rows.computeIfAbsent(id, loader);
  }

  void put(RowId id, Row row) {
    switch (row) {
      case Row.Hold hold -> {
        if (hold.status() == Row.Hold.Status.HELD) {
          rows.put(id, row);
        } else {
          rows.remove(id); // an ended transfer is seldom looked at
        }
      }
      case Row.Outcome decided -> {}
      case Row.Ordered order -> {}
      case Row.Met met -> {}
      case Row.Term r -> rows.put(id, r);
      case Row.Sitting r -> rows.put(id, r);
      case Row.Candidates r -> rows.put(id, r);
      case Row.Candidate r -> rows.put(id, r);
      case Row.Head r -> rows.put(id, r);
      case Row.Account r -> rows.put(id, r);
      case Row.Clearing r -> rows.put(id, r);
      case Row.Latest r -> rows.put(id, r);
      case Row.Recorded r -> rows.put(id, r);
    }
  }

  /** Drops what is too much, going round. */
  void trim() {
    for (long surplus = rows.size() - rowsMax; surplus > 0; surplus--) {
      if (!hand.hasNext()) {
        hand = rows.keySet().iterator();
      }
      hand.next();
      hand.remove();
    }
  }
}
