package aika.node.store;

import aika.core.ledger.Entry;
import aika.core.ledger.Row;
import aika.core.money.ChainId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * What has been executed and is not in RocksDB yet; the replicated log still holds the commands.
 * One thread writes, any thread reads.
 */
final class Unwritten {
  private static final int ROWS_MIN = 64;

  record TileId(ChainId chain, int level, long index) {}

  final Map<RowId, Row> rows;
  final Map<TileId, byte[]> tiles = new ConcurrentHashMap<>();

  /** Only for the thread that writes; others read {@link RecentLeaves}. */
  final Map<ChainId, List<Entry>> leaves = new HashMap<>();

  final Map<ChainId, ConcurrentNavigableMap<Long, Seal>> seals = new ConcurrentHashMap<>();

  /** Chains that halted in this part. */
  final Set<ChainId> halted = ConcurrentHashMap.newKeySet();

  /** Chains that went elsewhere in this part, and by which move. */
  final Map<ChainId, String> released = new ConcurrentHashMap<>();

  /** Parts are counted, so that it can be said which of them is on disk. */
  final long number;

  private long bytes;

  /** The first part. */
  Unwritten() {
    this(0, ROWS_MIN);
  }

  private Unwritten(long number, int rowsExpected) {
    this.number = number;
    rows = new ConcurrentHashMap<>(rowsExpected);
  }

  /** An empty part that comes after this one, and will be about as large. */
  Unwritten next() {
    return new Unwritten(number + 1, Math.max(ROWS_MIN, rows.size()));
  }

  void leaf(ChainId chain, Entry entry) {
    leaves.computeIfAbsent(chain, any -> new ArrayList<>()).add(entry);
    bytes += entry.bytes().length;
  }

  void seal(ChainId chain, Seal seal) {
    seals.computeIfAbsent(chain, any -> new ConcurrentSkipListMap<>()).put(seal.size(), seal);
  }

  /** About how much memory this holds. */
  long bytes() {
    return bytes + 200L * rows.size();
  }

  boolean isEmpty() {
    return rows.isEmpty() && leaves.isEmpty();
  }
}
