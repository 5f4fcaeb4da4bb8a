package aika.core.follow;

import aika.core.ledger.Action;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Reason;
import aika.core.money.ChainId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a follower asks of a chain: actions in this order, of which the last one counts. Those
 * before it record what it rests on.
 */
public record Request(ChainId chain, List<Action> actions) {
  /** Why a standing order does not receive a transfer, and will not. */
  private static final Set<Reason> GIVEN_UP =
      EnumSet.of(
          Reason.NO_STANDING_ORDER,
          Reason.EXPIRED,
          Reason.UNKNOWN_ACCOUNT,
          Reason.ACCOUNT_CLOSED,
          Reason.CHAIN_CLOSED);

  public Request {
    actions = List.copyOf(actions);
  }

  static Request of(ChainId chain, List<Action.RecordCheckpoint> first, Action last) {
    List<Action> actions = new ArrayList<>(first);
    actions.add(last);
    return new Request(chain, actions);
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
          case Action.Conclude conclude ->
              refused == Reason.ALREADY_DECIDED
                  || conclude.kind() == OutcomeKind.RECEIVED && GIVEN_UP.contains(refused);
          case Action.RecordCheckpoint record -> refused == Reason.CHECKPOINT_NOT_LARGER;
          case Action.Genesis genesis -> false;
          case Action.Submit submit -> false;
          case Action.Seal seal -> false;
          case Action.Recover recover -> refused == Reason.TERM_OVER;
          case Action.Convict convict ->
              refused == Reason.CHAIN_FROZEN || refused == Reason.TERM_OVER;
        };
  }
}
