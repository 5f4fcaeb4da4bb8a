package aika.node.store;

import aika.core.approval.CosignerRules.Signed;
import aika.core.ledger.Wire;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.LRUCache;

/**
 * Approved checkpoints, and what this node's cosigners have signed. Both are fsynced before anybody
 * learns of them; they have a database of their own so that this does not sync the ledger's. Among
 * several peers a quorum has them first.
 */
public final class Approvals implements AutoCloseable, PeerStore {
  private static final String APPROVED = "approved";
  private static final String SIGNED = "signed";
  private static final long CACHE_BYTES = 4 * 1024 * 1024;
  private static final long MEMTABLE_BYTES = 8 * 1024 * 1024;

  private final LRUCache cache;
  private final Database db;
  private final Map<ChainId, SignedCheckpoint> latest = new ConcurrentHashMap<>();
  private final List<BiConsumer<ChainId, SignedCheckpoint>> listeners =
      new CopyOnWriteArrayList<>();
  private volatile @Nullable Order order;

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

  /** Drops a chain's; to be called before any of it is asked for. */
  public void drop(ChainId chain) {
    db.drop(List.of(APPROVED), ByteKey.of(chain));
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

  /** A row to be written. */
  private record Put(String family, byte[] key, byte[] value) {}

  /** What one round of cosigning leaves behind. */
  public final class Round {
    private final long term;
    private final List<Put> puts = new ArrayList<>();
    private final Map<ChainId, SignedCheckpoint> approved = new ConcurrentHashMap<>();

    private Round(long term) {
      this.term = term;
    }

    public Round signed(String cosigner, String origin, Signed signed) {
      byte[] value = new Wire(40).i64(signed.size()).hash(signed.root()).toBytes();
      puts.add(new Put(SIGNED, signedKey(cosigner, origin), value));
      return this;
    }

    /** The first quorum of a checkpoint that is stored stays. */
    public Round approved(ChainId chain, SignedCheckpoint checkpoint) {
      long size = checkpoint.checkpoint().size();
      puts.add(new Put(APPROVED, ByteKey.of(chain, size), checkpoint.encode()));
      approved.put(chain, checkpoint);
      return this;
    }

    /** Fsyncs; only then may signatures and approvals be shown to anybody. */
    public void write() {
      Order ordering = order;
      if (ordering == null) {
        batch(puts).writeSynced();
        show(approved);
      } else {
        ordering.of(term, encoded());
      }
    }

    private byte[] encoded() {
      Wire out = new Wire(4_096).i32(approved.size());
      approved.keySet().forEach(chain -> out.text(chain.value()));
      approved.values().forEach(one -> out.blob(one.encode()));
      puts.forEach(put -> out.text(put.family).blob(put.key).blob(put.value));
      return out.toBytes();
    }
  }

  private Database.Batch batch(List<Put> puts) {
    Database.Batch batch = db.batch();
    puts.forEach(put -> batch.put(put.family, put.key, put.value));
    return batch;
  }

  private void show(Map<ChainId, SignedCheckpoint> approved) {
    approved.forEach((chain, one) -> {
      latest(chain); // from disk, if nobody has asked yet
      latest.merge(chain, one, Approvals::larger);
    });
  }

  @Override
  public void orderBy(Order next) {
    order = next;
  }

  /** {@code listener} hears, on the executing thread, of each approval that was taken. */
  public void onTaken(BiConsumer<ChainId, SignedCheckpoint> listener) {
    listeners.add(listener);
  }

  @Override
  public void take(byte[] change) {
    Wire.Reader in = new Wire.Reader(change);
    List<ChainId> chains = new ArrayList<>();
    for (int left = in.i32(); left > 0; left--) {
      chains.add(ChainId.of(in.text()));
    }
    Map<ChainId, SignedCheckpoint> approved = new ConcurrentHashMap<>();
    chains.forEach(chain -> approved.put(chain, SignedCheckpoint.parse(in.blob())));
    List<Put> puts = new ArrayList<>();
    while (in.hasMore()) {
      puts.add(new Put(in.text(), in.blob(), in.blob()));
    }
    batch(puts).writeLogged();
    show(approved);
    approved.forEach((chain, one) -> listeners.forEach(listener -> listener.accept(chain, one)));
  }

  @Override
  public void sync() {
    db.syncLog();
  }

  /** Copies the database as it is now into a directory that is not there yet. */
  public void copyInto(Path copy) {
    db.copyInto(copy);
  }

  private static SignedCheckpoint larger(SignedCheckpoint one, SignedCheckpoint other) {
    return one.checkpoint().size() >= other.checkpoint().size() ? one : other;
  }

  public Round round() {
    return round(ANY_TERM);
  }

  /**
   * @param term the only one in which the round may be taken, as {@link SideStore#in}
   */
  public Round round(long term) {
    return new Round(term);
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
