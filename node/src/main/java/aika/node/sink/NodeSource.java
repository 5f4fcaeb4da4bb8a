package aika.node.sink;

import aika.core.ledger.Entry;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import aika.node.approve.Approved;
import aika.node.order.Chain;
import aika.node.order.Shard;
import aika.node.store.Seal;
import aika.sinks.Approval;
import aika.sinks.Block;
import aika.sinks.Source;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The chains of this node, as sinks read them. A sink whose store hangs may outlive the node's
 * stores: after {@link #close} every reading fails instead of reaching them.
 */
public final class NodeSource implements Source, AutoCloseable {
  private final Shard shard;
  private final Map<ChainId, Covering> last = new ConcurrentHashMap<>();

  /** Held shared by whoever reads, and alone to close. */
  private final ReadWriteLock use = new ReentrantReadWriteLock();

  private boolean closed;

  /** An approval, and the first leaf for which it was looked up: it is the first one from there. */
  private record Covering(long from, Approval approval) {
    boolean covers(long index) {
      return from <= index && index < approval.size();
    }
  }

  public NodeSource(Shard shard) {
    this.shard = shard;
  }

  private <T extends @Nullable Object> T reading(Supplier<T> read) {
    use.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the node is stopping");
      }
      return read.get();
    } finally {
      use.readLock().unlock();
    }
  }

  @Override
  public List<ChainId> chains() {
    return shard.chains().stream().map(Chain::id).toList();
  }

  @Override
  public long size(ChainId chain) {
    return reading(() -> shard.chain(chain).size());
  }

  @Override
  public long approvedSize(ChainId chain) {
    return reading(() -> shard.chain(chain).approvedSize());
  }

  @Override
  public Entry entry(ChainId chain, long index) {
    return reading(() -> shard.chain(chain).entry(index));
  }

  @Override
  public @Nullable Block block(ChainId chain, long index) {
    Seal seal = reading(() -> shard.chain(chain).sealAfter(index));
    return seal == null
        ? null
        : new Block(chain, seal.height(), seal.first(), seal.size(), seal.root(), seal.time());
  }

  @Override
  public long height(ChainId chain) {
    Seal seal = reading(() -> shard.chain(chain).lastSeal());
    return seal == null ? 0 : seal.height();
  }

  @Override
  public @Nullable Approval approval(ChainId chain, long index) {
    Covering known = last.get(chain);
    if (known != null && known.covers(index)) {
      return known.approval;
    }
    SignedCheckpoint stored = reading(() -> shard.chain(chain).approvalOf(index));
    if (stored == null) {
      return null;
    }
    Approved approved = Approved.of(stored);
    Approval found = new Approval(approved.checkpoint(), approved.time(), approved.seats());
    last.put(chain, new Covering(index, found));
    return found;
  }

  /** Waits for readings that have begun; later ones fail. */
  @Override
  public void close() {
    use.writeLock().lock();
    try {
      closed = true;
    } finally {
      use.writeLock().unlock();
    }
  }
}
