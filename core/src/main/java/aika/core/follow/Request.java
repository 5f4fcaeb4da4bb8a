package aika.core.follow;

import aika.core.ledger.Action;
import aika.core.ledger.Reason;
import aika.core.money.ChainId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a follower asks of a chain: actions in this order, of which the last one counts. Those
 * before it record what it rests on.
 */
public record Request(ChainId chain, List<Action> actions) {
  public Request {
    actions = List.copyOf(actions);
  }

  static Request of(ChainId chain, Action.@Nullable RecordCheckpoint first, Action last) {
    return new Request(chain, first == null ? List.of(last) : List.of(first, last));
  }

  public Action last() {
    return actions.getLast();
  }

  /**
   * Whether nothing is left to do: it is done, by this request or before.
   *
   * @param refused why the last action was refused; null when it was accepted
   */
  public boolean done(@Nullable Reason refused) {
    return refused == null
        || switch (last()) {
          case Action.Settle settle -> refused == Reason.NOTHING_TO_SETTLE;
          case Action.Conclude conclude -> refused == Reason.ALREADY_DECIDED;
          case Action.RecordCheckpoint record -> refused == Reason.CHECKPOINT_NOT_LARGER;
          case Action.Genesis genesis -> false;
          case Action.Submit submit -> false;
          case Action.Seal seal -> false;
        };
  }
}
