package aika.node.order;

import aika.core.ledger.Directory;
import aika.core.ledger.Wire;
import aika.core.log.Hash;
import aika.core.money.ChainId;
import aika.node.store.PeerStore;
import aika.node.store.ShardStore;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Gives each entry to the ledger's engine, or to the store beside it whose change it is. */
final class Executing implements Replicated {
  /** In the place of a store's name: every peer writes down what it has executed so far. */
  static final String MARK = "";

  /** In the place of a store's name: by which federation file the one that leads executes. */
  static final String FILE = "federation file";

  /** In the place of a store's name: a chain goes on elsewhere, with which size, by which move. */
  static final String RELEASE = "release";

  private static final byte[] TAKEN = {1};
  private static final byte[] NOT_TAKEN = {0};

  private final Engine engine;
  private final ShardStore store;
  private final Directory directory;
  private final Map<String, PeerStore> beside;
  private final Runnable began;
  private boolean hasBegun;
  private volatile CompletableFuture<Long> marked = CompletableFuture.completedFuture(-1L);

  /**
   * @param beside by their names; none on a machine that is alone
   * @param began is called before the first entry is executed
   */
  Executing(
      Engine engine,
      ShardStore store,
      Directory directory,
      Map<String, PeerStore> beside,
      Runnable began) {
    this.engine = engine;
    this.store = store;
    this.directory = directory;
    this.beside = Map.copyOf(beside);
    this.began = began;
    store.beforeWriting(() -> this.beside.values().forEach(PeerStore::sync));
  }

  /** Whether a change of a store was taken, and not refused since its term was over. */
  static boolean isTaken(byte[] answer) {
    return answer.length == 1 && answer[0] == TAKEN[0];
  }

  @Override
  public long appliedIndex() {
    return engine.appliedIndex();
  }

  @Override
  public byte[] apply(long index, byte[] entry) {
    throw new UnsupportedOperationException("an entry has a term");
  }

  @Override
  public byte[] apply(long index, long term, byte[] entry) {
    if (!hasBegun) {
      began.run();
      hasBegun = true;
    }
    if (!OrderedEntry.Beside.is(entry)) {
      return engine.apply(index, entry);
    }
    OrderedEntry.Beside change = OrderedEntry.Beside.decode(entry);
    boolean taken = (change.term() == PeerStore.ANY_TERM || change.term() == term) && take(change);
    store.applied(index);
    if (change.store().equals(MARK)) {
      marked = store.checkpoint();
    }
    return taken ? TAKEN : NOT_TAKEN;
  }

  static byte[] release(ChainId chain, long size, String move) {
    return new Wire(96).text(chain.value()).i64(size).text(move).toBytes();
  }

  private boolean take(OrderedEntry.Beside change) {
    switch (change.store()) {
      case MARK -> {
        // what was executed before is written down once it counts as executed itself
      }
      case FILE -> checkFile(Hash.of(change.change()));
      case RELEASE -> {
        Wire.Reader in = new Wire.Reader(change.change());
        return engine.release(ChainId.of(in.text()), in.i64(), in.text());
      }
      default -> {
        PeerStore changed = beside.get(change.store());
        if (changed == null) {
          // Alone, it may have written since what an entry of then would undo.
          throw new IllegalStateException(
              "this shard has had peers that are not told any more; put its peers.yaml back");
        }
        changed.take(change.change());
      }
    }
    return true;
  }

  /** By another file the same entries may have other effects: then none is executed. */
  private void checkFile(Hash leading) {
    if (!directory.isFile(leading)) {
      throw new IllegalStateException(
          "the peer that leads executes by the federation file with SHA-256 "
              + leading.base64()
              + ", which this one has not ("
              + directory.fileHash().base64()
              + "); bring it that file, or one that continues it, and start it again");
    }
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
