package aika.node.store;

import aika.core.approval.CosignerRules.Signed;
import aika.core.ledger.Wire;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.rocksdb.LRUCache;

/**
 * Approved checkpoints, and what this node's cosigners have signed. Both are fsynced before anybody
 * learns of them; they have a database of their own so that this does not sync the ledger's.
 */
public final class Approvals implements AutoCloseable {
  private static final String APPROVED = "approved";
  private static final String SIGNED = "signed";
  private static final long CACHE_BYTES = 4 * 1024 * 1024;
  private static final long MEMTABLE_BYTES = 8 * 1024 * 1024;

  private final LRUCache cache;
  private final Database db;
  private final Map<ChainId, SignedCheckpoint> latest = new ConcurrentHashMap<>();

  private Approvals(LRUCache cache, Database db) {
    this.cache = cache;
    this.db = db;
  }

  public static Approvals open(Path directory) {
    LRUCache cache = Database.cache(CACHE_BYTES);
    return new Approvals(
        cache, Database.open(directory, List.of(APPROVED, SIGNED), cache, MEMTABLE_BYTES));
  }

  /** The largest approved checkpoint of a chain. */
  public @Nullable SignedCheckpoint latest(ChainId chain) {
    SignedCheckpoint known = latest.get(chain);
    if (known != null) {
      return known;
    }
    Database.Cell last =
        db.atOrBefore(APPROVED, ByteKey.of(chain, Long.MAX_VALUE), ByteKey.of(chain));
    if (last == null) {
      return null;
    }
    SignedCheckpoint stored = SignedCheckpoint.parse(last.value());
    SignedCheckpoint raced = latest.putIfAbsent(chain, stored);
    return raced == null ? stored : raced;
  }

  /** The largest approved checkpoint of at most this size. */
  public @Nullable SignedCheckpoint upTo(ChainId chain, long size) {
    Database.Cell found = db.atOrBefore(APPROVED, ByteKey.of(chain, size), ByteKey.of(chain));
    return found == null ? null : SignedCheckpoint.parse(found.value());
  }

  /** The first approved checkpoint whose tree holds this leaf. */
  public @Nullable SignedCheckpoint covering(ChainId chain, long index) {
    Database.Cell found = db.atOrAfter(APPROVED, ByteKey.of(chain, index + 1), ByteKey.of(chain));
    return found == null ? null : SignedCheckpoint.parse(found.value());
  }

  /** The approved checkpoint of exactly this size. */
  public @Nullable SignedCheckpoint at(ChainId chain, long size) {
    byte[] found = db.get(APPROVED, ByteKey.of(chain, size));
    return found == null ? null : SignedCheckpoint.parse(found);
  }

  /** What a cosigner signed last of a log. */
  public Signed signed(String cosigner, String origin) {
    byte[] found = db.get(SIGNED, signedKey(cosigner, origin));
    if (found == null) {
      return Signed.NOTHING;
    }
    Wire.Reader in = new Wire.Reader(found);
    return new Signed(in.i64(), in.hash());
  }

  /** What one round of cosigning leaves behind. */
  public final class Round {
    private final Database.Batch batch = db.batch();
    private final Map<ChainId, SignedCheckpoint> approved = new ConcurrentHashMap<>();

    public Round signed(String cosigner, String origin, Signed signed) {
      byte[] value = new Wire(40).i64(signed.size()).hash(signed.root()).toBytes();
      batch.put(SIGNED, signedKey(cosigner, origin), value);
      return this;
    }

    /** The first quorum of a checkpoint that is stored stays. */
    public Round approved(ChainId chain, SignedCheckpoint checkpoint) {
      long size = checkpoint.checkpoint().size();
      batch.put(APPROVED, ByteKey.of(chain, size), checkpoint.encode());
      approved.put(chain, checkpoint);
      return this;
    }

    /** Fsyncs; only then may signatures and approvals be shown to anybody. */
    public void write() {
      batch.writeSynced();
      approved.forEach((chain, one) -> {
        latest(chain); // from disk, if nobody has asked yet
        latest.merge(chain, one, Approvals::larger);
      });
    }
  }

  private static SignedCheckpoint larger(SignedCheckpoint one, SignedCheckpoint other) {
    return one.checkpoint().size() >= other.checkpoint().size() ? one : other;
  }

  public Round round() {
    return new Round();
  }

  private static byte[] signedKey(String cosigner, String origin) {
    return ByteKey.with(ByteKey.text(cosigner), ByteKey.text(origin));
  }

  @Override
  public void close() {
    db.close();
    cache.close();
  }
}
