package aika.core.approval;

import aika.core.ledger.Key;
import aika.core.ledger.LedgerState;
import aika.core.ledger.Row;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A chain's rows, but with these candidates. */
final class Counted implements LedgerState {
  private final LedgerState rows;
  private final Map<Key<?>, Row> candidates = new HashMap<>();

  Counted(LedgerState rows, List<Row.Candidate> candidates) {
    this.rows = rows;
    candidates.forEach(one -> this.candidates.put(one.key(), one));
  }

  @Override
  @SuppressWarnings("unchecked") // a row is only ever stored under its own key
  public <R extends Row> @Nullable R get(Key<R> key) {
    Row candidate = candidates.get(key);
    return candidate == null ? rows.get(key) : (R) candidate;
  }
}
