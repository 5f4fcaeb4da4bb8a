package aika.node.cosign;

import aika.core.approval.DivergedException;
import aika.core.approval.Execution;
import aika.core.approval.Origins;
import aika.core.approval.Replica;
import aika.core.audit.FederationAudit;
import aika.core.ledger.Directory;
import aika.core.ledger.Entry;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.Reason;
import aika.core.ledger.Row;
import aika.core.ledger.WritableState;
import aika.core.log.Checkpoint;
import aika.core.log.Frontier;
import aika.core.log.Hash;
import aika.core.log.Nodes;
import aika.core.log.Proofs;
import aika.core.money.ChainId;
import aika.core.note.CheckedAhead;
import aika.core.note.MalformedException;
import aika.core.transfer.Authorization;
import aika.node.order.Chain;
import aika.node.store.Approvals;
import aika.node.store.ChainLog;
import aika.node.store.Seal;
import aika.node.store.ShardStore;
import aika.node.store.StoreSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The chain as this cosigner has executed it: every leaf, on this machine. What a crash takes away
 * is pulled and executed again, from a seal on. For one thread.
 */
final class Executed implements Execution, AutoCloseable {
  /** How much work a crash takes away, about. */
  private static final long KEEP_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final ShardStore store;
  private final Approvals approvals;
  private final ChainLog log;
  private final Chain chain;
  private final Directory directory;
  private final Origins origins;
  private final Replica replica;
  private final CheckedAhead signatures;
  private final Authorization ahead;
  private long seals;
  private long kept = System.nanoTime();
  private boolean broken;

  private Executed(
      ShardStore store,
      Approvals approvals,
      ChainId id,
      Directory directory,
      FederationAudit.Schemes schemes,
      Origins origins) {
    this.store = store;
    this.approvals = approvals;
    this.directory = directory;
    this.origins = origins;
    signatures = new CheckedAhead(schemes.orders());
    ahead = new Authorization(directory, signatures::ahead, schemes.cosignatures());
    log = store.log(id);
    chain = new Chain(log, approvals, () -> false);
    seals = store.appliedIndex();
    replica =
        new Replica(
            id,
            directory,
            new Authorization(directory, signatures, schemes.cosignatures()),
            origins,
            (level, index, hash) -> {},
            new Rows(),
            Frontier.of(log.size(), log));
  }

  static Executed open(
      Path path,
      StoreSettings settings,
      ChainId id,
      Directory directory,
      FederationAudit.Schemes schemes,
      Origins origins) {
    ShardStore store = ShardStore.open(path.resolve("ledger"), settings);
    try {
      Approvals approvals = Approvals.open(path.resolve("approvals"));
      return new Executed(store, approvals, id, directory, schemes, origins);
    } catch (RuntimeException failed) {
      store.close();
      throw failed;
    }
  }

  /** Leaves executed so far. */
  long size() {
    return log.size();
  }

  /** The root of the tree of this size, which is not more than {@link #size}. */
  Hash root(long size) {
    return Proofs.root(size, log);
  }

  Frontier frontier() {
    return Frontier.of(log.size(), log);
  }

  Nodes nodes() {
    return log;
  }

  /**
   * Executes the next leaves.
   *
   * @throws CosignException when the rules do not lead to one of them; it names it
   * @throws aika.core.approval.OriginUnreachableException when evidence cannot be read now; the
   *     leaves before it are executed
   */
  void execute(List<Entry> leaves) {
    long _ = leaves.parallelStream().filter(this::checkAhead).count();
    try {
      executeEach(leaves);
    } finally {
      signatures.clear();
    }
  }

  /** On all processors; what does not hold now may do so when its turn comes. */
  private boolean checkAhead(Entry leaf) {
    if (!(leaf.leaf() instanceof Leaf.Executed executed)) {
      return true;
    }
    Row.Account row = log.get(new Key.OfAccount(executed.order().order().account()));
    Row.Account account = row == null ? null : row.at(executed.time());
    try {
      return ahead.check(executed.order(), account) instanceof Authorization.Verdict.Valid;
    } catch (MalformedException malformed) {
      return false; // which its turn says, too
    }
  }

  private void executeEach(List<Entry> leaves) {
    for (Entry leaf : leaves) {
      checkFile(leaf.leaf());
      try {
        replica.execute(leaf.bytes(), leaf.leaf());
      } catch (DivergedException diverged) {
        broken = true;
        throw new CosignException(
            Reason.LEAF_DIVERGES, diverged.getMessage() + " (" + diverged.reason() + ')', diverged);
      }
      log.append(List.of(leaf), List.of());
      if (leaf.leaf() instanceof Leaf.Sealed) {
        sealed();
      }
    }
  }

  /** The likely reason why nothing at all can be executed. */
  private void checkFile(Leaf leaf) {
    if (leaf instanceof Leaf.Genesis genesis && !directory.isFile(genesis.federationFile())) {
      throw new CosignException(
          Reason.FEDERATION_FILE,
          "the chain began with another one (SHA-256 " + genesis.federationFile().base64() + ')');
    }
  }

  private void sealed() {
    store.applied(++seals); // what a crash leaves ends with a seal
    replica.forget(replica.size());
    long now = System.nanoTime();
    if (now - kept > KEEP_NANOS) {
      kept = now;
      store.checkpoint().join();
    }
  }

  @Override
  public @Nullable Sealed sealed(ChainId asked, long size) {
    Seal seal = asked.equals(chain.id()) ? chain.sealAt(size) : null;
    if (seal == null || broken) {
      return null;
    }
    Row.Term term = chain.termOf(size);
    long handover = chain.handoverTo(term);
    return new Sealed(seal.root(), seal.time(), term.seats(), handover == size ? 0 : handover);
  }

  /** The published log shows it. */
  @Override
  public boolean handedOver(ChainId asked, long handover) {
    Seal seal = chain.sealAt(handover);
    return seal != null
        && origins.approved(
            asked,
            new Checkpoint(directory.origin(asked), handover, seal.root()),
            chain.seatsOf(handover));
  }

  /** What was executed since the last seal is dropped, and comes again. */
  @Override
  public void close() {
    try {
      if (!broken && log.size() > 0 && chain.sealAt(log.size()) != null) {
        store.checkpoint().join();
      }
    } finally {
      store.close();
      approvals.close();
    }
  }

  private final class Rows implements WritableState {
    @Override
    public <R extends Row> @Nullable R get(Key<R> key) {
      return log.get(key);
    }

    @Override
    public Row.@Nullable Head head() {
      return log.get(new Key.OfHead());
    }

    @Override
    public void write(List<Row> changed) {
      store.write(log.chain(), changed);
    }
  }
}
