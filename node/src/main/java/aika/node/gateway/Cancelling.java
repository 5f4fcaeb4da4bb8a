package aika.node.gateway;

import aika.core.ledger.Offer;
import aika.core.ledger.Order;
import aika.core.ledger.Reason;
import aika.core.ledger.Row;
import aika.core.ledger.SignedOrder;
import aika.core.money.AccountId;
import aika.core.money.TransferId;

/**
 * Asks for transfers back. The order moves nothing: the receiver's chain, which learns of it by
 * itself, decides whether it came in time.
 */
final class Cancelling {
  private final Transfers transfers;
  private final Ordered ordered;
  private final Signing signing;

  Cancelling(Transfers transfers, Ordered ordered, Signing signing) {
    this.transfers = transfers;
    this.ordered = ordered;
    this.signing = signing;
  }

  /** Signed by the counter wallet; asking again is a repeat. */
  TransferView one(AccountId sender, TransferId transfer, People.Right right) {
    Row.Hold hold = transfers.hold(transfer);
    if (!hold.offer().from().equals(sender)) {
      throw RefusedException.of(Reason.NOT_YOURS, transfer.toString());
    }
    boolean repeated =
        hold.cancelAsked()
            || submit(signing.sign(new Order.Cancel(ordered.header(null), sender, transfer)));
    return transfers.view(transfer, right).asRepeated(repeated);
  }

  /** Executes a signed cancel. */
  TransferView signed(SignedOrder order, Order.Cancel cancel, People.Right right) {
    boolean repeated = ordered.earlier(order) != null || submit(order);
    return transfers.view(cancel.transfer(), right).asRepeated(repeated);
  }

  /** Executes a signed cancel; that somebody had asked before is no repeat of this order. */
  Ordered.Done executed(SignedOrder order, Order.Cancel cancel) {
    Ordered.Done earlier = ordered.earlier(order);
    if (earlier != null) {
      return earlier;
    }
    refuseDecided(cancel.transfer());
    return ordered.submit(order, null);
  }

  /** Whether the same person had asked before: also when another request was faster. */
  private boolean submit(SignedOrder order) {
    Order.Cancel cancel = (Order.Cancel) order.order();
    refuseDecided(cancel.transfer());
    try {
      return ordered.submit(order, null).repeated();
    } catch (RefusedException refused) {
      if (refused.refusal().reason() == Reason.ALREADY_DECIDED
          && transfers.hold(cancel.transfer()).cancelAsked()) {
        return true;
      }
      throw refused;
    }
  }

  /** The origin may not have heard yet of what the receiver's chain decided. */
  private void refuseDecided(TransferId transfer) {
    Offer offer = transfers.hold(transfer).offer();
    Row.Outcome outcome = transfers.outcome(offer);
    if (outcome != null) {
      throw RefusedException.of(Reason.ALREADY_DECIDED, outcome.kind().text());
    }
  }
}
