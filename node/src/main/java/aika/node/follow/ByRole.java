package aika.node.follow;

import aika.core.follow.Chains;
import aika.core.ledger.Action;
import aika.core.ledger.Key;
import aika.core.ledger.LedgerState;
import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.ledger.Row;
import aika.core.money.ChainId;
import aika.node.order.Answer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Asks the chains while this peer leads. While it does not, it asks nobody, and a request is done
 * once this peer has executed it, whoever asked for it. So the followers keep up, and when the peer
 * comes to lead only what is really left is asked.
 */
final class ByRole implements Asking.Chains {
  /** What is fresh has mostly been asked by the leader, and comes in a moment. */
  private static final Executor LATER =
      CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS);

  private final Chains chains;
  private final Asking.Chains leading;
  private volatile boolean leads = true;

  /**
   * @param leading how the chains are asked by a peer that leads
   */
  ByRole(Chains chains, Asking.Chains leading) {
    this.chains = chains;
    this.leading = leading;
  }

  void lead(boolean now) {
    leads = now;
  }

  @Override
  public CompletableFuture<Answer> submit(ChainId chain, Action action) {
    if (leads) {
      return leading.submit(chain, action);
    }
    return isDone(chain, action)
        ? CompletableFuture.completedFuture(new Answer.Repeated(0))
        : CompletableFuture.supplyAsync(() -> answer(chain, action), LATER);
  }

  private Answer answer(ChainId chain, Action action) {
    return isDone(chain, action)
        ? new Answer.Repeated(0)
        : new Answer.Refused(Refusal.of(Reason.NOT_LEADING, "not done yet"));
  }

  private boolean isDone(ChainId chain, Action action) {
    LedgerState state = chains.served(chain);
    return state != null
        && switch (action) {
          case Action.Settle settle ->
              settle.items().stream().noneMatch(item -> isHeld(state, item.hold()));
          case Action.Conclude conclude ->
              state.get(new Key.OfOutcome(conclude.transfer())) != null;
          case Action.RecordCheckpoint record -> {
            Row.Latest latest = state.get(new Key.OfLatest(record.origin()));
            yield latest != null && latest.size() >= record.checkpoint().size();
          }
          case Action.Genesis genesis -> false;
          case Action.Submit submit -> false;
          case Action.Seal seal -> false;
          case Action.Recover recover -> false;
          case Action.Convict convict -> false;
        };
  }

  private static boolean isHeld(LedgerState state, long index) {
    Row.Hold hold = state.get(new Key.OfHold(index));
    return hold == null || hold.status() == Row.Hold.Status.HELD;
  }
}
