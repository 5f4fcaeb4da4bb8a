package aika.core.approval;

import aika.core.ledger.Action;
import aika.core.ledger.Row;
import aika.core.ledger.Seats;
import aika.core.log.Checkpoint;
import aika.core.log.Hash;
import aika.core.money.ChainId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The public logs of chains, from which a cosigner fetches for itself the evidence that its chain's
 * leaves only cite, and what its own chain's seats have approved. Every method throws {@link
 * OriginUnreachableException} when the log cannot be read now; what it answers otherwise counts as
 * the origin's last word.
 */
public interface Origins {
  /**
   * The leaf with its inclusion proof in this tree, or null when there is no such leaf.
   *
   * @param tree as it was recorded: its origin may have given up the history that it is of
   */
  Action.@Nullable Proof proof(Row.Recorded tree, long index);

  /** The consistency proof from an earlier size to this tree; empty when there is none. */
  List<Hash> consistency(long oldSize, Row.Recorded tree);

  /** Whether this checkpoint carries the approval of these seats of the origin. */
  boolean approved(ChainId origin, Checkpoint checkpoint, Seats seats);
}
