package aika.node.web;

import aika.core.ledger.Reason;
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
    AccountId sender = desk.transfer(id, visit.caller()).sender().account();
    String municipality = sender.chain().value();
    try {
      desk.cancel(new CancelRequest(sender.toString(), municipality, null, id), visit.caller());
    } catch (RefusedException refused) {
      if (!refused.refusal().reason().isDoubtful()) {
        throw refused;
      }
      return new Reply.Page(
          Reason.OUTCOME_UNKNOWN.httpStatus(), new ErrorPage(visit.layout()).unknownCancel(id));
    }
    return new Reply.Redirect(Paths.transfer(id));
  }
}
