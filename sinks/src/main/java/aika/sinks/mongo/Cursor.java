package aika.sinks.mongo;

import aika.core.money.ChainId;
import aika.sinks.Progress;
import java.util.Map;

/**
 * How far a chain is in the store.
 *
 * @param leaves leaves whose facts are written
 * @param approved leaves whose approval is written
 * @param listed on a continental chain: for each of its municipalities, the leaves whose anchoring
 *     is written
 */
record Cursor(long leaves, long approved, Map<ChainId, Long> listed) {
  static final Cursor START = new Cursor(0, 0, Map.of());

  Cursor {
    listed = Map.copyOf(listed);
  }

  Progress progress() {
    return new Progress(leaves, approved);
  }
}
