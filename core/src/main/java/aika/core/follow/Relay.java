package aika.core.follow;

import aika.core.ledger.Action;
import aika.core.ledger.Directory;
import aika.core.ledger.Key;
import aika.core.ledger.LedgerState;
import aika.core.ledger.Row;
import aika.core.log.Checkpoint;
import aika.core.log.Hash;
import aika.core.log.Nodes;
import aika.core.log.Proofs;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Builds the actions by which one chain learns from another's log. A relay has no power: what it
 * brings is checked by the chain that executes it.
 */
public final class Relay {
  private final Chains chains;
  private final Directory directory;

  public Relay(Chains chains, Directory directory) {
    this.chains = chains;
    this.directory = directory;
  }

  /**
   * How a chain can check leaves of another.
   *
   * @param first what it must record before, or null
   * @param size what its citations name: a recorded size, 0 for its own leaves
   */
  public record Cover(Action.@Nullable RecordCheckpoint first, long size) {}

  /**
   * Covers leaves of {@code origin} below {@code needed} for a chain that is served here; null when
   * they are not approved yet or the origin cannot be read.
   */
  public @Nullable Cover cover(ChainId to, ChainId origin, long needed) {
    if (to.equals(origin)) {
      return new Cover(null, 0);
    }
    LedgerState state = chains.served(to);
    Row.Latest latest = state == null ? null : state.get(new Key.OfLatest(origin));
    if (latest != null && latest.size() >= needed) {
      return new Cover(null, latest.size());
    }
    Log log = chains.log(origin);
    SignedCheckpoint approved = log == null ? null : log.approved();
    if (log == null || approved == null) {
      return null;
    }
    Checkpoint checkpoint = approved.checkpoint();
    return record(
            origin, latest, needed, checkpoint, directory.entry(origin).seats().term(), log.nodes())
        .map(first -> new Cover(first, checkpoint.size()))
        .orElse(null);
  }

  /**
   * Records the origin's approved checkpoint, when the chain has not recorded {@code needed} leaves
   * of it yet. Nothing is recorded that nobody waits for.
   *
   * @param latest what the chain has recorded of the origin
   * @param nodes the origin's tree
   */
  public static Optional<Action.RecordCheckpoint> record(
      ChainId origin,
      Row.@Nullable Latest latest,
      long needed,
      Checkpoint approved,
      long term,
      Nodes nodes) {
    long known = latest == null ? 0 : latest.size();
    if (known >= needed || approved.size() < needed) {
      return Optional.empty();
    }
    List<Hash> proof = known == 0 ? List.of() : Proofs.consistency(known, approved.size(), nodes);
    return Optional.of(new Action.RecordCheckpoint(origin, term, approved, proof));
  }

  /** Settles decisions of one chain in as few leaves as possible, in order. */
  public static List<Action.Settle> settle(ChainId from, long recorded, List<Action.Item> decided) {
    List<Action.Settle> actions = new ArrayList<>();
    for (int i = 0; i < decided.size(); i += Action.SETTLE_ITEMS_MAX) {
      int end = Math.min(decided.size(), i + Action.SETTLE_ITEMS_MAX);
      actions.add(new Action.Settle(from, recorded, decided.subList(i, end)));
    }
    return actions;
  }
}
