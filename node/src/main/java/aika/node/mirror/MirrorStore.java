package aika.node.mirror;

import aika.core.ledger.Entry;
import aika.core.ledger.Row;
import aika.core.log.SignedCheckpoint;
import aika.core.log.TlogProof;
import aika.core.money.ChainId;
import aika.node.order.Chain;
import aika.node.store.Approvals;
import aika.node.store.ChainLog;
import aika.node.store.ShardStore;
import aika.node.store.StoreSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where all mirrors of a node keep their leaves and approvals. What a crash takes away of the
 * leaves is pulled again; approvals are never behind what was shown.
 */
final class MirrorStore implements AutoCloseable {
  private final GivenUpCopies givenUp;
  private final ShardStore leaves;
  private final Approvals approvals;

  /** The store has one writer at a time. */
  private final ReentrantLock writing = new ReentrantLock();

  /** Of which the store had leaves when it was opened. */
  private final Set<ChainId> begun;

  private long writes;

  private MirrorStore(GivenUpCopies givenUp, ShardStore leaves, Approvals approvals) {
    this.givenUp = givenUp;
    this.leaves = leaves;
    this.approvals = approvals;
    begun = leaves.logs().stream().map(ChainLog::chain).collect(Collectors.toUnmodifiableSet());
    writes = leaves.appliedIndex();
  }

  /** Without what was {@linkplain GivenUpCopies given up}, which is kept beside it. */
  static MirrorStore open(Path directory, StoreSettings settings, KeptHistories kept) {
    GivenUpCopies givenUp = new GivenUpCopies(directory);
    if (!givenUp.chains().isEmpty()) {
      try (MirrorStore before = opened(directory, settings, givenUp, false)) {
        givenUp.chains().forEach(chain -> kept.keep(before.chain(chain), before.largest(chain)));
      }
    }
    return opened(directory, settings, givenUp, true);
  }

  private static MirrorStore opened(
      Path directory, StoreSettings settings, GivenUpCopies givenUp, boolean dropping) {
    ShardStore leaves = ShardStore.open(directory.resolve("leaves"), settings);
    Approvals approvals = null;
    try {
      approvals = Approvals.open(directory.resolve("approvals"));
      if (dropping) { // before anything of them is read
        for (ChainId chain : givenUp.chains()) {
          leaves.drop(chain);
          approvals.drop(chain);
        }
        givenUp.dropped();
      }
      return new MirrorStore(givenUp, leaves, approvals);
    } catch (RuntimeException failed) {
      if (approvals != null) {
        approvals.close();
      }
      leaves.close();
      throw failed;
    }
  }

  /** Whether something of this chain was ever kept here, or the quorum's choice of what to keep. */
  boolean hasBegun(ChainId chain) {
    return begun.contains(chain)
        || approvals.latest(chain) != null
        || givenUp.chosen(chain) != null;
  }

  /** What is here stays over a crash. */
  void sync() {
    CompletableFuture<Long> kept;
    writing.lock();
    try {
      kept = leaves.checkpoint();
    } finally {
      writing.unlock();
    }
    long _ = kept.join();
  }

  ChainLog log(ChainId chain) {
    return leaves.log(chain);
  }

  Chain chain(ChainId chain) {
    return new Chain(leaves.log(chain), approvals, () -> false);
  }

  /** The decision without which nothing of this chain is taken; null when there is none. */
  @Nullable TlogProof chosen(ChainId chain) {
    return givenUp.chosen(chain);
  }

  /** The copy has the leaf of that decision. */
  void reached(ChainId chain) {
    givenUp.reached(chain);
  }

  /** The largest approved checkpoint that was ever kept: after a crash, of more leaves than are. */
  @Nullable SignedCheckpoint largest(ChainId chain) {
    return approvals.latest(chain);
  }

  /** Adds leaves that are known to be approved, with the rows that tell of them. */
  void append(ChainLog log, List<Entry> entries) {
    writing.lock();
    try {
      for (Entry entry : entries) {
        List<Row> rows = MirroredRows.of(log, entry);
        log.append(List.of(entry), rows);
      }
      leaves.applied(++writes);
    } finally {
      writing.unlock();
    }
  }

  void approved(ChainId chain, SignedCheckpoint checkpoint) {
    approvals.round().approved(chain, checkpoint).write();
  }

  /** Keeps what was pulled, so that the next start need not pull it again. */
  @Override
  public void close() {
    try {
      sync();
    } finally {
      leaves.close();
      approvals.close();
    }
  }
}
