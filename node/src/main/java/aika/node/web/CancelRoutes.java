package aika.node.web;

import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.money.AccountId;
import aika.core.money.TransferId;
import aika.node.gateway.CancelRequest;
import aika.node.gateway.RefusedException;
import aika.node.gateway.TransferView;

/** Taking a transfer back: the confirmation, the order. */
final class CancelRoutes {
  private final Desk desk;

  CancelRoutes(Desk desk) {
    this.desk = desk;
  }

  Reply confirm(Visit visit) {
    TransferId id = TransferId.of(visit.query().getOrDefault(CancelPage.TRANSFER, ""));
    TransferView transfer = desk.transfer(id, visit.caller());
    return new TransferPage(visit.layout()).canCancel(transfer)
        ? Reply.page(new CancelPage(visit.layout()).page(transfer))
        : new Reply.Redirect(Paths.transfer(id));
  }

  /** Whoever may act for the sender; the transfer's page tells what came of it. */
  Reply order(Visit visit) {
    TransferId id = TransferId.of(visit.form().get(CancelPage.TRANSFER));
    ErrorPage page = new ErrorPage(visit.layout());
    try {
      var _ = Doubt.attempt(() -> desk.cancel(request(id, visit), visit.caller()));
      return new Reply.Redirect(Paths.transfer(id));
    } catch (RefusedException refused) {
      Refusal refusal = refused.refusal();
      if (Doubt.of(visit.form()).remainsOfDecision(refusal.reason())) {
        return new Reply.Page(Reason.OUTCOME_UNKNOWN.httpStatus(), page.unknownCancel(id, refusal));
      }
      if (refusal.reason().retryable()) {
        return new Reply.Page(refusal.reason().httpStatus(), page.cancelLater(id, refusal));
      }
      throw refused;
    }
  }

  private CancelRequest request(TransferId id, Visit visit) {
    AccountId sender = desk.transfer(id, visit.caller()).sender().account();
    return new CancelRequest(sender.toString(), sender.chain().value(), null, id);
  }
}
