package aika.node.web;

import static aika.node.web.Parts.hidden;
import static aika.node.web.Tag.tag;

import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.money.AccountId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import aika.node.gateway.Party;
import aika.node.gateway.SendRequest;
import java.util.List;
import java.util.Map;

/** What went wrong, whether money moved, and what to do. */
final class ErrorPage {
  private static final Layout.Switch START = new Layout.Switch.Link(Paths.START);

  private final Layout layout;
  private final Words words;

  ErrorPage(Layout layout) {
    this.layout = layout;
    words = layout.words();
  }

  String refused(Refusal refusal) {
    Reason reason = refusal.reason();
    Text said =
        reason == Reason.NOT_FOUND
            ? Text.ERROR_NOT_FOUND_TITLE
            : reason.retryable() ? Text.ERROR_LATER_TITLE : Text.ERROR_TITLE;
    String title = words.of(said);
    return layout.message(title, START, Parts.refusal(words, refusal), toStart());
  }

  String foreign() {
    return layout.message(
        words.of(Text.ERROR_TITLE),
        START,
        Parts.notice(Parts.Tone.WRONG, tag("p").text(words.of(Text.ERROR_FOREIGN))),
        toStart());
  }

  /** The same order again: it finds out, and cannot do it twice. */
  String unknownSend(SendRequest request, Entries entries, Refusal answer) {
    return layout.message(
        words.of(Text.ERROR_UNKNOWN_TITLE),
        new Layout.Switch.Form(ConfirmSendPage.FORM, Paths.SEND_ORDER),
        Parts.notice(
            Parts.Tone.WAITING,
            tag("p").text(words.of(Text.ERROR_UNKNOWN)),
            tag("p").text(words.of(Text.ERROR_UNKNOWN_NOT_ANEW)),
            answered(answer)),
        Html.several(
            tag("section", "card").add(facts(request, entries)),
            again(ConfirmSendPage.FORM, Paths.SEND_ORDER, Text.ASK_AGAIN)
                .add(Doubt.field())
                .add(ConfirmSendPage.order(request))
                .add(ConfirmSendPage.entered(entries))));
  }

  /** The same order again, as it was confirmed. */
  String sendLater(SendRequest request, Entries entries, Refusal refusal) {
    return layout.message(
        words.of(Text.ERROR_LATER_TITLE),
        new Layout.Switch.Form(ConfirmSendPage.FORM, Paths.SEND_CONFIRM),
        later(refusal),
        Html.several(
            tag("section", "card").add(facts(request, entries)),
            again(ConfirmSendPage.FORM, Paths.SEND_ORDER, Text.TRY_AGAIN)
                .add(ConfirmSendPage.order(request))
                .add(ConfirmSendPage.entered(entries))));
  }

  /** Which transfer it is about, as it was written. */
  private Tag facts(SendRequest request, Entries entries) {
    Money amount = Money.of(request.amount());
    return tag("dl", "facts")
        .add(
            Parts.fact(words.of(Text.SUM), words.figure(amount)),
            Parts.fact(words.of(Text.SENDER), person(request.sender(), entries.sender())),
            Parts.fact(words.of(Text.RECEIVER), person(request.receiver(), entries.receiver())));
  }

  private Html person(String account, String written) {
    boolean named = !written.isEmpty() && !written.equals(account);
    return words.person(new Party(AccountId.of(account), named ? written : null));
  }

  /** The same order about an account again: it finds out, and cannot do it twice. */
  String unknownChange(List<Tag> order, Refusal answer) {
    return layout.message(
        words.of(Text.ERROR_UNKNOWN_TITLE),
        new Layout.Switch.Form(ConfirmAccountPage.FORM, Paths.ACCOUNT_ORDER),
        Parts.notice(
            Parts.Tone.WAITING,
            tag("p").text(words.of(Text.ERROR_UNKNOWN_CHANGE)),
            answered(answer)),
        again(ConfirmAccountPage.FORM, Paths.ACCOUNT_ORDER, Text.ASK_AGAIN)
            .add(Doubt.field())
            .add(order));
  }

  /** The same order about an account again, as it was confirmed. */
  String changeLater(List<Tag> order, Refusal refusal) {
    return layout.message(
        words.of(Text.ERROR_LATER_TITLE),
        new Layout.Switch.Form(ConfirmAccountPage.FORM, Paths.ACCOUNT_CONFIRM),
        later(refusal),
        again(ConfirmAccountPage.FORM, Paths.ACCOUNT_ORDER, Text.TRY_AGAIN).add(order));
  }

  /**
   * The same decisions again: they find out, and cannot be made twice.
   *
   * @param unknown what was answered to each just now
   * @param refused what is known not to have been done
   */
  String unknownReceive(
      List<Tag> order, Map<TransferId, Refusal> unknown, Map<TransferId, Refusal> refused) {
    Tag list = tag("ul");
    unknown.forEach((transfer, answer) ->
        list.add(tag("li").add(code(transfer), link(transfer), answered(answer))));
    return layout.message(
        words.of(Text.ERROR_UNKNOWN_TITLE),
        new Layout.Switch.Form(ConfirmReceivePage.FORM, Paths.RECEIVE_ORDER),
        Html.several(
            Parts.notice(
                Parts.Tone.WAITING, tag("p").text(words.of(Text.ERROR_UNKNOWN_CHANGE)), list),
            refused.isEmpty()
                ? Html.nothing()
                : Parts.notice(
                    Parts.Tone.WRONG,
                    tag("h2").text(words.of(Text.ERROR_REFUSED_SOME)),
                    refusals(refused))),
        again(ConfirmReceivePage.FORM, Paths.RECEIVE_ORDER, Text.ASK_AGAIN)
            .add(Doubt.field())
            .add(order));
  }

  private Tag again(String form, String action, Text label) {
    return Parts.postForm(form, action)
        .add(tag("div", "buttons").add(Parts.button("main", words.of(label))));
  }

  /** What a check brought that tells nothing of the first attempt. */
  private Html answered(Refusal answer) {
    return answer.reason().isDoubtful()
        ? Html.nothing()
        : tag("p", "small")
            .text(words.of(Text.ERROR_UNKNOWN_ANSWERED, words.reason(answer.reason())));
  }

  /** What was refused and may be accepted the next time. */
  private Tag later(Refusal refusal) {
    return Parts.notice(
        Parts.Tone.WAITING,
        tag("h2").text(words.reason(refusal.reason())),
        tag("p").text(words.of(Text.ERROR_LATER)),
        Parts.code(words, refusal));
  }

  private static Html code(TransferId transfer) {
    return Html.several(tag("code").text(transfer.toString()), Html.text(" "));
  }

  private Tag link(TransferId transfer) {
    return tag("a").attr("href", Paths.transfer(transfer)).text(words.of(Text.SEE_TRANSFER));
  }

  /** The same wish again. */
  String unknownCancel(TransferId transfer, Refusal answer) {
    return layout.message(
        words.of(Text.ERROR_UNKNOWN_TITLE),
        new Layout.Switch.Link(Paths.transfer(transfer)),
        Parts.notice(
            Parts.Tone.WAITING,
            tag("p").text(words.of(Text.ERROR_UNKNOWN_CHANGE)),
            answered(answer),
            link(transfer)),
        again(CancelPage.FORM, Paths.CANCEL_ORDER, Text.ASK_AGAIN)
            .add(Doubt.field(), hidden(CancelPage.TRANSFER, transfer.toString())));
  }

  /** The same wish again, later. */
  String cancelLater(TransferId transfer, Refusal refusal) {
    return layout.message(
        words.of(Text.ERROR_LATER_TITLE),
        new Layout.Switch.Link(Paths.cancel(transfer)),
        later(refusal),
        again(CancelPage.FORM, Paths.CANCEL_ORDER, Text.TRY_AGAIN)
            .add(hidden(CancelPage.TRANSFER, transfer.toString())));
  }

  /** Why an account is as it was. */
  String notChanged(AccountId account, Refusal refusal) {
    return layout.message(
        words.of(Text.ERROR_TITLE),
        new Layout.Switch.Link(Paths.account(account)),
        Parts.refusal(words, refusal),
        tag("div", "buttons")
            .add(Parts.link("main", Paths.account(account), words.of(Text.SEE_ACCOUNT))));
  }

  String nothingLeft(AccountId receiver) {
    return layout.message(
        words.of(Text.NOTHING_LEFT_TITLE),
        new Layout.Switch.Link(Paths.waitingFor(receiver)),
        Parts.notice(Parts.Tone.INFORMATION, tag("p").text(words.of(Text.NOTHING_LEFT))),
        backToList(receiver));
  }

  String notReceived(AccountId receiver, Map<TransferId, Refusal> refused) {
    boolean later = refused.values().stream().allMatch(refusal -> refusal.reason().retryable());
    return layout.message(
        words.of(later ? Text.RECEIVE_NOT_NOW : Text.ERROR_REFUSED_SOME),
        new Layout.Switch.Link(Paths.waitingFor(receiver)),
        Parts.notice(later ? Parts.Tone.WAITING : Parts.Tone.WRONG, refusals(refused)),
        backToList(receiver));
  }

  private Tag refusals(Map<TransferId, Refusal> refused) {
    Tag list = tag("ul");
    refused.forEach((transfer, refusal) ->
        list.add(
            tag("li")
                .text(words.reason(refusal.reason()) + " ")
                .text(words.whatToDo(refusal.reason()) + " ")
                .add(link(transfer), Parts.code(words, refusal))));
    return list;
  }

  private Html backToList(AccountId receiver) {
    return tag("div", "buttons")
        .add(Parts.link("main", Paths.waitingFor(receiver), words.of(Text.LOOK_AGAIN)));
  }

  private Html toStart() {
    return tag("div", "buttons").add(Parts.link("main", Paths.START, words.of(Text.BACK_TO_START)));
  }
}
