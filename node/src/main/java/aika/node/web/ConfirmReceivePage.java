package aika.node.web;

import static aika.node.web.Parts.fact;
import static aika.node.web.Parts.hidden;
import static aika.node.web.Parts.postForm;
import static aika.node.web.Tag.tag;

import aika.core.money.AccountId;
import aika.core.money.Money;
import aika.core.money.Timestamp;
import aika.core.money.TransferId;
import aika.node.gateway.AccountView;
import aika.node.gateway.PendingView;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What will be received or declined, in words, before money moves. */
final class ConfirmReceivePage {
  static final String FORM = "decide-form";

  private final Layout layout;
  private final Words words;

  ConfirmReceivePage(Layout layout) {
    this.layout = layout;
    words = layout.words();
  }

  String page(AccountView receiver, List<PendingView> offers, boolean reject) {
    String title = words.of(reject ? Text.CONFIRM_REJECT_TITLE : Text.CONFIRM_RECEIVE_TITLE);
    return layout.page(
        Layout.Tab.RECEIVE,
        title,
        new Layout.Switch.Form(FORM, Paths.RECEIVE_CONFIRM),
        Html.several(
            tag("div", "intro")
                .add(
                    tag("h1").attr("tabindex", "-1").flag("data-focus").text(title),
                    tag("p", "lead")
                        .text(
                            words.of(
                                reject ? Text.CONFIRM_REJECT_LEAD : Text.CONFIRM_RECEIVE_LEAD))),
            tag("section", "card").add(facts(receiver, offers, reject), details(receiver, offers)),
            form(receiver, offers, reject)));
  }

  private Html facts(AccountView receiver, List<PendingView> offers, boolean reject) {
    Money total = offers.stream().map(PendingView::amount).reduce(Money.ZERO, Money::plus);
    Tag facts =
        tag("dl", "facts")
            .add(
                fact(words.of(offers.size() > 1 ? Text.TOTAL : Text.SUM), words.figure(total)),
                fact(words.of(Text.RECEIVER), tag("strong").add(words.person(receiver.owner()))));
    for (PendingView offer : offers) {
      facts.add(
          fact(
              words.of(Text.SENDER),
              tag("strong").add(words.person(offer.sender())),
              Html.text(" "),
              offers.size() > 1 ? words.amount(offer.amount()) : Html.nothing()));
    }
    if (!reject) {
      facts.add(
          fact(
              words.of(Text.BALANCE),
              Parts.change(words, receiver.balance(), receiver.balance().plus(total))));
    }
    return facts;
  }

  private Html details(AccountView receiver, List<PendingView> offers) {
    Tag exact =
        tag("dl", "facts")
            .add(
                fact(
                    words.of(Text.ACCOUNT_TO),
                    tag("code").text(receiver.owner().account().toString())));
    for (PendingView offer : offers) {
      exact.add(
          fact(
              words.of(Text.TRANSFER_NUMBER),
              tag("p").add(tag("code").text(offer.transfer().toString())),
              tag("p").add(tag("code").text(Timestamp.seconds(offer.validUntil())))));
    }
    return tag("details")
        .add(tag("summary").text(words.of(Text.DETAILS)), tag("div", "inside").add(exact));
  }

  private Html form(AccountView receiver, List<PendingView> offers, boolean reject) {
    List<TransferId> transfers = offers.stream().map(PendingView::transfer).toList();
    return postForm(FORM, Paths.RECEIVE_ORDER)
        .add(order(receiver.owner().account(), transfers, reject))
        .add(
            tag("div", "buttons")
                .add(
                    Parts.button("main", words.of(reject ? Text.REJECT_NOW : Text.RECEIVE_NOW)),
                    Parts.link(
                        "plain",
                        Paths.waitingFor(receiver.owner().account()),
                        words.of(Text.STOP))));
  }

  /** The fields of the form that decides; also of the one that asks for the outcome. */
  static List<Tag> order(AccountId receiver, Collection<TransferId> transfers, boolean reject) {
    List<Tag> fields = new ArrayList<>();
    fields.add(hidden(ReceivePage.ACCOUNT, receiver.toString()));
    if (reject) {
      fields.add(hidden(ReceivePage.REJECT, "yes"));
    }
    transfers.forEach(one -> fields.add(hidden(ReceivePage.TRANSFER, one.toString())));
    return fields;
  }
}
