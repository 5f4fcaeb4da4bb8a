package aika.node.backup;

import aika.core.approval.CosignerRules.Signed;
import aika.core.audit.FederationAudit;
import aika.core.audit.GivenUpFiles;
import aika.core.audit.PublishedLog;
import aika.core.audit.Replay;
import aika.core.ledger.Directory;
import aika.core.ledger.Entry;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.Row;
import aika.core.log.Checkpoint;
import aika.core.log.Frontier;
import aika.core.log.TlogProof;
import aika.core.money.ChainId;
import aika.core.note.VerifierKey;
import aika.node.mirror.KeptHistories;
import aika.node.store.Approvals;
import aika.node.store.ChainLog;
import aika.node.store.ShardStore;
import aika.node.store.StoreSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Builds a shard's state again from its chains' published logs: each leaf is executed and compared,
 * so it does not matter from whom they come. What was never approved is not in them.
 */
public final class Restoring {
  /** An entry number before all that the new ordering will give. */
  private static final long NOTHING_ORDERED = -1;

  private Restoring() {}

  /**
   * @param shard where it is built; not there, or empty
   * @param chains of the shard
   * @param moved chains that went from the shard to other nodes, and by which moves
   * @param published where the files of every chain of the federation are
   * @param kept where those histories are put which others gave up and the chains rest upon
   * @return approved leaves of each chain
   * @throws aika.core.audit.BrokenLogException when a log does not hold
   * @throws aika.core.audit.UnreadableLogException when a log cannot be read now
   * @throws aika.core.approval.OriginUnreachableException when one that it cites cannot be read now
   */
  public static Map<ChainId, Long> restore(
      Path shard,
      Directory directory,
      FederationAudit.Schemes schemes,
      List<ChainId> chains,
      Map<ChainId, String> moved,
      Function<ChainId, PublishedLog> published,
      KeptHistories kept,
      StoreSettings settings,
      Backup.Progress progress) {
    if (Files.exists(shard)) {
      throw new IllegalArgumentException(shard + " is there already");
    }
    Map<ChainId, Long> sizes =
        goOn(shard, directory, schemes, chains, published, kept, settings, progress);
    try (ShardStore store = ShardStore.open(shard.resolve("ledger"), settings)) {
      moved.forEach(store::release);
      store.checkpoint().join();
    }
    return sizes;
  }

  /**
   * Executes what is missing in a shard that was built like this before, perhaps in part; see
   * {@link #restore}.
   */
  public static Map<ChainId, Long> goOn(
      Path shard,
      Directory directory,
      FederationAudit.Schemes schemes,
      List<ChainId> chains,
      Function<ChainId, PublishedLog> published,
      KeptHistories kept,
      StoreSettings settings,
      Backup.Progress progress) {
    Map<ChainId, Long> sizes = new TreeMap<>();
    Function<ChainId, PublishedLog> everywhere =
        chain -> {
          PublishedLog log = published.apply(chain);
          return GivenUpFiles.joined(log, List.of(path -> kept.file(chain, path), log));
        };
    Replay replay =
        new Replay(
            directory,
            schemes,
            everywhere,
            (chain, history) -> kept.keep(chain, history, directory, schemes, settings));
    try (ShardStore store = ShardStore.open(shard.resolve("ledger"), settings);
        Approvals approvals = Approvals.open(shard.resolve("approvals"))) {
      for (ChainId id : chains) {
        long total = replay.approvedSize(id);
        Built built = new Built(store, store.log(id));
        Replay.Replayed end = replay.run(id, built, at -> progress.at(id, at, total));
        approve(approvals, directory, id, built, end);
        sizes.put(id, end.approved().checkpoint().size());
      }
      store.applied(NOTHING_ORDERED);
      store.checkpoint().join();
    }
    return sizes;
  }

  /** Its seats must not sign another history than the one that they have signed. */
  private static void approve(
      Approvals approvals, Directory directory, ChainId id, Built built, Replay.Replayed end) {
    Approvals.Round round = approvals.round();
    for (TlogProof handover : end.handovers()) {
      round.approved(id, handover.checkpoint());
    }
    Checkpoint tree = end.approved().checkpoint();
    Row.Head head = built.head();
    Row.Term term = head == null ? null : built.get(new Key.OfTerm(head.term()));
    if (term != null) {
      for (VerifierKey seat : term.seats().keys()) {
        round.signed(seat.name(), directory.origin(id), new Signed(tree.size(), tree.root()));
      }
    }
    round.write();
    approvals.round().approved(id, end.approved()).write();
  }

  /** A chain in a store whose ordering has not begun. */
  private record Built(ShardStore store, ChainLog log) implements Replay.Into {
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

    @Override
    public void append(Entry entry) {
      log.append(List.of(entry), List.of());
      if (entry.leaf() instanceof Leaf.Sealed) { // what is written can be gone on with
        store.applied(NOTHING_ORDERED);
      }
    }

    @Override
    public Frontier frontier() {
      return Frontier.of(log.size(), log);
    }
  }
}
