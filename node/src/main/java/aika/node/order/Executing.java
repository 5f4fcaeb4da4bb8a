package aika.node.order;

import aika.node.store.PeerStore;
import aika.node.store.ShardStore;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Gives each entry to the ledger's engine, or to the store beside it whose change it is. */
final class Executing implements Replicated {
  /** In the place of a store's name: every peer writes down what it has executed so far. */
  static final String MARK = "";

  private static final byte[] TAKEN = {};

  private final Engine engine;
  private final ShardStore store;
  private final Map<String, PeerStore> beside;
  private volatile CompletableFuture<Long> marked = CompletableFuture.completedFuture(-1L);

  /**
   * @param beside by their names; none on a machine that is alone
   */
  Executing(Engine engine, ShardStore store, Map<String, PeerStore> beside) {
    this.engine = engine;
    this.store = store;
    this.beside = Map.copyOf(beside);
    store.beforeWriting(() -> this.beside.values().forEach(PeerStore::sync));
  }

  @Override
  public long appliedIndex() {
    return engine.appliedIndex();
  }

  @Override
  public byte[] apply(long index, byte[] entry) {
    if (!OrderedEntry.Beside.is(entry)) {
      return engine.apply(index, entry);
    }
    OrderedEntry.Beside change = OrderedEntry.Beside.decode(entry);
    if (change.store().equals(MARK)) {
      store.applied(index);
      marked = store.checkpoint();
      return TAKEN;
    }
    PeerStore changed = beside.get(change.store());
    if (changed == null) {
      // Alone, it may have written since what an entry of then would undo.
      throw new IllegalStateException(
          "this shard has had peers that are not told any more; put its peers.yaml back");
    }
    changed.take(change.change());
    store.applied(index);
    return TAKEN;
  }

  /** Done when what stood before the last mark, and the mark, is durable. */
  CompletableFuture<Long> marked() {
    return marked;
  }

  @Override
  public CompletableFuture<Long> checkpoint() {
    return engine.checkpoint();
  }
}
