package aika.node.web;

import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.money.AccountId;
import aika.core.money.Money;
import aika.core.money.OrderId;
import aika.core.money.Timestamp;
import aika.core.money.TransferId;
import aika.core.note.MalformedException;
import aika.node.config.Limits;
import aika.node.gateway.AccountView;
import aika.node.gateway.Party;
import aika.node.gateway.RefundView;
import aika.node.gateway.RefusedException;
import aika.node.gateway.SendRequest;
import aika.node.gateway.TransferView;
import aika.node.web.Problem.Field;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Sending: the form, its check while it is being filled in, the confirmation, the order. */
final class SendRoutes {
  private static final int UNPROCESSABLE = 422;
  private static final long SECOND_MILLIS = 1000;

  private final Desk desk;
  private final Supplier<OrderId> ids;

  /**
   * @param ids a new one for each order
   */
  SendRoutes(Desk desk, Supplier<OrderId> ids) {
    this.desk = desk;
    this.ids = ids;
  }

  Reply form(Visit visit) {
    SendPage page = new SendPage(visit.layout());
    String refundOf = visit.query().get(Entries.REFUND_OF);
    if (refundOf == null) {
      return Reply.page(page.page(Entries.at(visit.ownMunicipality()), Findings.NONE, false));
    }
    RefundView refund = desk.refunds(TransferId.of(refundOf), visit.caller());
    return new TransferPage(visit.layout()).canRefund(refund.received())
        ? Reply.page(
            page.page(
                Entries.refunding(refund), new Findings(List.of(), null, null, null, refund), true))
        : new Reply.Redirect(Paths.transfer(refund.received().id()));
  }

  /** The form as it would be with these entries, for the script that fills in what was found. */
  Reply check(Visit visit) {
    Entries entries = Entries.of(visit.form());
    boolean complete = !visit.form().get("complete").isEmpty();
    Findings findings = Inspection.send(entries, desk, visit, complete);
    return Reply.page(new SendPage(visit.layout()).page(entries, findings, true));
  }

  Reply edit(Visit visit) {
    Entries entries = Entries.of(visit.form());
    Findings findings = new Findings(List.of(), null, null, null, refund(entries, visit));
    return Reply.page(new SendPage(visit.layout()).page(entries, findings, true));
  }

  Reply confirm(Visit visit) {
    Entries entries = Entries.of(visit.form());
    Findings findings = Inspection.send(entries, desk, visit, true);
    AccountView sender = findings.sender();
    Party receiver = findings.receiver();
    Money amount = findings.amount();
    if (!findings.problems().isEmpty() || sender == null || receiver == null || amount == null) {
      return refill(visit, entries, findings);
    }
    String id = visit.form().get(ConfirmSendPage.ID);
    String until = visit.form().get(ConfirmSendPage.VALID_UNTIL);
    SendDraft draft =
        new SendDraft(
            entries,
            id.isEmpty() ? ids.get() : OrderId.of(id),
            sender,
            receiver,
            amount,
            until.isEmpty() ? validUntil(visit.words()) : millis(until));
    return Reply.page(new ConfirmSendPage(visit.layout()).page(draft));
  }

  /**
   * Until the end of the last whole day that the federation's usual time allows, which people can
   * remember; where that is less than a day, as long as it is.
   */
  private static long validUntil(Words words) {
    Limits limits = words.federation().limits();
    long usual = words.now() + limits.validUntilStandard().toMillis();
    ZoneId zone = words.zone();
    long midnight =
        Instant.ofEpochMilli(usual)
            .atZone(zone)
            .toLocalDate()
            .atStartOfDay(zone)
            .toInstant()
            .toEpochMilli();
    long chosen = limits.validUntilStandard().toDays() > 1 ? midnight : usual;
    return chosen / SECOND_MILLIS * SECOND_MILLIS;
  }

  Reply order(Visit visit) {
    SendRequest request = request(visit.form());
    try {
      TransferView sent = Doubt.attempt(() -> desk.send(request, visit.caller()));
      return new Reply.Redirect(Paths.transfer(sent.id()));
    } catch (RefusedException refused) {
      return notSent(visit, request, refused);
    }
  }

  private @Nullable RefundView refund(Entries entries, Visit visit) {
    TransferId received = entries.refundOf();
    return received == null ? null : desk.refunds(received, visit.caller());
  }

  private Reply notSent(Visit visit, SendRequest request, RefusedException refused) {
    Refusal refusal = refused.refusal();
    Reason reason = refusal.reason();
    ErrorPage page = new ErrorPage(visit.layout());
    Entries entries = Entries.of(visit.form());
    if (Doubt.of(visit.form()).remains(reason)) {
      return new Reply.Page(
          Reason.OUTCOME_UNKNOWN.httpStatus(), page.unknownSend(request, entries, refusal));
    }
    if (reason.retryable()) {
      return new Reply.Page(reason.httpStatus(), page.sendLater(request, entries, refusal));
    }
    return switch (reason) {
      case INSUFFICIENT_FUNDS, AMOUNT_INVALID, AMOUNT_TOO_SMALL ->
          refused(visit, Field.AMOUNT, refusal);
      case SAME_ACCOUNT -> refused(visit, Field.RECEIVER, refusal);
      default -> throw refused;
    };
  }

  /** What was refused after all, beside its field. */
  private Reply refused(Visit visit, Field field, Refusal refusal) {
    Entries entries = Entries.of(visit.form());
    Reason reason = refusal.reason();
    Words words = visit.words();
    Problem problem = new Problem(field, words.reason(reason) + " " + words.whatToDo(reason));
    return refill(
        visit, entries, new Findings(List.of(problem), null, null, null, refund(entries, visit)));
  }

  private static Reply refill(Visit visit, Entries entries, Findings findings) {
    return new Reply.Page(
        UNPROCESSABLE, new SendPage(visit.layout()).page(entries, findings, true));
  }

  private static SendRequest request(FormData form) {
    AccountId from = AccountId.of(form.get(ConfirmSendPage.FROM));
    AccountId to = AccountId.of(form.get(ConfirmSendPage.TO));
    String memo = form.get(Field.MEMO.id()).strip();
    return new SendRequest(
        from.toString(),
        from.chain().value(),
        to.toString(),
        to.chain().value(),
        Money.of(form.get(ConfirmSendPage.SUM)).toString(),
        null,
        memo.isEmpty() ? null : memo,
        Entries.of(form).refundOf(),
        millis(form.get(ConfirmSendPage.VALID_UNTIL)),
        OrderId.of(form.get(ConfirmSendPage.ID)),
        true,
        null);
  }

  private static long millis(String text) {
    try {
      long millis = Long.parseLong(text);
      if (Timestamp.valid(millis)) {
        return millis;
      }
    } catch (NumberFormatException notANumber) {
      throw new MalformedException("not a time in milliseconds", notANumber);
    }
    throw new MalformedException("not a time of the years 1970 to 9999");
  }
}
