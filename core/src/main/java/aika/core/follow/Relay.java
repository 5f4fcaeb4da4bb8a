package aika.core.follow;

import aika.core.ledger.Action;
import aika.core.ledger.Row;
import aika.core.log.Checkpoint;
import aika.core.log.Hash;
import aika.core.log.Nodes;
import aika.core.log.Proofs;
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
  private Relay() {}

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
