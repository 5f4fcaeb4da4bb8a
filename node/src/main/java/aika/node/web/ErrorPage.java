package aika.node.web;

import static aika.node.web.Parts.hidden;
import static aika.node.web.Tag.tag;

import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.money.AccountId;
import aika.core.money.TransferId;
import aika.node.gateway.SendRequest;
import aika.node.web.Problem.Field;
import java.util.Collection;
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
    String title =
        words.of(reason == Reason.NOT_FOUND ? Text.ERROR_NOT_FOUND_TITLE : Text.ERROR_TITLE);
    return layout.message(title, START, refusal(refusal), toStart());
  }

  String foreign() {
    return layout.message(
        words.of(Text.ERROR_TITLE),
        START,
        Parts.notice(Parts.Tone.WRONG, tag("p").text(words.of(Text.ERROR_FOREIGN))),
        toStart());
  }

  /** The same order again: it finds out, and cannot do it twice. */
  String unknownSend(SendRequest request, Entries entries) {
    Tag form =
        Parts.postForm(ConfirmSendPage.FORM, Paths.SEND_ORDER)
            .add(ConfirmSendPage.order(request))
            .add(
                hidden(Field.MEMO.id(), entries.memo()),
                tag("div", "buttons").add(Parts.button("main", words.of(Text.ASK_AGAIN))));
    return layout.message(
        words.of(Text.ERROR_UNKNOWN_TITLE),
        new Layout.Switch.Form(ConfirmSendPage.FORM, Paths.SEND_ORDER),
        Parts.notice(Parts.Tone.WAITING, tag("p").text(words.of(Text.ERROR_UNKNOWN))),
        form);
  }

  /** The same order about an account again: it finds out, and cannot do it twice. */
  String unknownChange(List<Tag> order) {
    Tag form =
        Parts.postForm(ConfirmAccountPage.FORM, Paths.ACCOUNT_ORDER)
            .add(order)
            .add(tag("div", "buttons").add(Parts.button("main", words.of(Text.ASK_AGAIN))));
    return layout.message(
        words.of(Text.ERROR_UNKNOWN_TITLE),
        new Layout.Switch.Form(ConfirmAccountPage.FORM, Paths.ACCOUNT_ORDER),
        Parts.notice(Parts.Tone.WAITING, tag("p").text(words.of(Text.ERROR_UNKNOWN_CHANGE))),
        form);
  }

  /**
   * The same decisions again: they find out, and cannot be made twice.
   *
   * @param refused what is known not to have been done
   */
  String unknownReceive(
      List<Tag> order, Collection<TransferId> unknown, Map<TransferId, Refusal> refused) {
    Tag list = tag("ul");
    unknown.forEach(transfer -> list.add(tag("li").add(code(transfer), link(transfer))));
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
        Parts.postForm(ConfirmReceivePage.FORM, Paths.RECEIVE_ORDER)
            .add(order)
            .add(tag("div", "buttons").add(Parts.button("main", words.of(Text.ASK_AGAIN)))));
  }

  private static Html code(TransferId transfer) {
    return Html.several(tag("code").text(transfer.toString()), Html.text(" "));
  }

  private Tag link(TransferId transfer) {
    return tag("a").attr("href", Paths.transfer(transfer)).text(words.of(Text.SEE_TRANSFER));
  }

  /** The same wish again. */
  String unknownCancel(TransferId transfer) {
    return layout.message(
        words.of(Text.ERROR_UNKNOWN_TITLE),
        new Layout.Switch.Link(Paths.transfer(transfer)),
        Parts.notice(
            Parts.Tone.WAITING, tag("p").text(words.of(Text.ERROR_UNKNOWN_CHANGE)), link(transfer)),
        Parts.postForm(CancelPage.FORM, Paths.CANCEL_ORDER)
            .add(
                hidden(CancelPage.TRANSFER, transfer.toString()),
                tag("div", "buttons").add(Parts.button("main", words.of(Text.ASK_AGAIN)))));
  }

  /** Why an account is as it was. */
  String notChanged(AccountId account, Refusal refusal) {
    return layout.message(
        words.of(Text.ERROR_TITLE),
        new Layout.Switch.Link(Paths.account(account)),
        refusal(refusal),
        tag("div", "buttons")
            .add(Parts.link("main", Paths.account(account), words.of(Text.SEE_ACCOUNT))));
  }

  private Tag refusal(Refusal refusal) {
    return Parts.notice(
        Parts.Tone.WRONG,
        tag("h2").text(words.reason(refusal.reason())),
        tag("p").text(words.whatToDo(refusal.reason())),
        code(refusal));
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
                .add(link(transfer), code(refusal))));
    return list;
  }

  private Html backToList(AccountId receiver) {
    return tag("div", "buttons")
        .add(Parts.link("main", Paths.waitingFor(receiver), words.of(Text.LOOK_AGAIN)));
  }

  private Html code(Refusal refusal) {
    return tag("p", "small quiet")
        .text(
            words.of(
                Text.ERROR_CODE,
                String.valueOf(refusal.reason().number()),
                refusal.reason().name()));
  }

  private Html toStart() {
    return tag("div", "buttons").add(Parts.link("main", Paths.START, words.of(Text.BACK_TO_START)));
  }
}
