package aika.core.transfer;

import aika.core.ledger.Action;
import aika.core.ledger.Applied;
import aika.core.ledger.Command;
import aika.core.ledger.Directory;
import aika.core.ledger.Leaf;
import aika.core.ledger.LedgerState;
import aika.core.ledger.Offer;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Reason;
import aika.core.ledger.Row;
import aika.core.money.ChainId;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * [AUD-16] What leaves do that rest on a history which its chain gave up: nobody can show any more
 * what they cite, so they are taken at their word about that; all else is checked. For those who
 * look back, never for those who order or sign.
 */
public final class Unproven {
  private final ChainId chain;
  private final Directory directory;
  private final Recording recording;

  public Unproven(ChainId chain, Directory directory) {
    this.chain = chain;
    this.directory = directory;
    recording = new Recording(directory);
  }

  /**
   * A checkpoint of the history that was given up.
   *
   * @param handover the leaf of that history that seats others, when it is known
   */
  public Applied recorded(LedgerState state, Leaf.Recorded leaf, @Nullable Leaf handover) {
    return turn(state, leaf, turn -> recording.unproven(turn, leaf, handover));
  }

  /** Who is convicted was seated by that history, as a term that it alone has. */
  public Applied convicted(LedgerState state, Leaf.Conflicting leaf) {
    return turn(state, leaf, turn -> recording.unproven(turn, leaf));
  }

  /**
   * A decision or a settlement that cites below such a checkpoint.
   *
   * @param action the same, without evidence
   * @param known the send, when the origin has it in its other history all the same
   */
  public Applied citing(LedgerState state, Leaf leaf, Action action, @Nullable Offer known) {
    if (leaf instanceof Leaf.Concluded concluded && concluded.kind() != OutcomeKind.RECEIVED) {
      return turn(state, leaf, turn -> Deciding.unproven(turn, concluded));
    }
    ClaimedEvidence evidence = new ClaimedEvidence(chain, directory.federation(), leaf, known);
    return new Protocol(chain, directory, evidence).apply(state, new Command(leaf.time(), action));
  }

  private static Applied turn(LedgerState state, Leaf leaf, Function<Turn, Applied> rule) {
    Row.Head head = state.head();
    if (head == null) {
      return Applied.refused(Reason.CHAIN_NOT_STARTED, "no genesis");
    }
    return Protocol.full(head)
        ? Applied.refused(Reason.BUSY, "the block is full; its seal comes first")
        : rule.apply(new Turn(state, head, Math.max(leaf.time(), head.time())));
  }
}
