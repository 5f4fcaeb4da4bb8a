package aika.node.follow;

import aika.core.ledger.Wire;
import aika.core.money.ChainId;
import aika.node.store.ByteKey;
import aika.node.store.Database;
import java.nio.file.Path;
import java.util.List;
import org.rocksdb.LRUCache;

/** What followers keep: rows of their own and their cursors, written together. */
public final class Views implements AutoCloseable {
  /** Open offers by receiver: receiver, origin, index. */
  static final String OFFERS = "offers";

  /** The same offers by sender: sender, origin, index. */
  static final String SENT = "sent";

  /** Anchors by municipality and size. */
  static final String ANCHORS = "anchors";

  /** Decisions that their origins have not settled yet: origin, decider, leaf. */
  static final String OUTBOX = "outbox";

  /** How far each follower has read each chain. */
  static final String CURSORS = "cursors";

  private static final long CACHE_BYTES = 16 * 1024 * 1024;
  private static final long MEMTABLE_BYTES = 32 * 1024 * 1024;

  private final LRUCache cache;
  private final Database db;

  private Views(LRUCache cache, Database db) {
    this.cache = cache;
    this.db = db;
  }

  public static Views open(Path directory) {
    LRUCache cache = Database.cache(CACHE_BYTES);
    List<String> families = List.of(OFFERS, SENT, ANCHORS, OUTBOX, CURSORS);
    return new Views(cache, Database.open(directory, families, cache, MEMTABLE_BYTES));
  }

  Database db() {
    return db;
  }

  /** Leaves of the chain that this follower has dealt with. */
  long cursor(String follower, ChainId chain) {
    byte[] found = db.get(CURSORS, cursorKey(follower, chain));
    return found == null ? 0 : new Wire.Reader(found).i64();
  }

  void cursor(Database.Batch batch, String follower, ChainId chain, long leaves) {
    batch.put(CURSORS, cursorKey(follower, chain), new Wire(8).i64(leaves).toBytes());
  }

  private static byte[] cursorKey(String follower, ChainId chain) {
    return ByteKey.with(ByteKey.text(follower), ByteKey.of(chain));
  }

  @Override
  public void close() {
    db.close();
    cache.close();
  }
}
