package aika.node.web;

import static aika.node.web.Parts.fact;
import static aika.node.web.Parts.hidden;
import static aika.node.web.Parts.postForm;
import static aika.node.web.Tag.tag;

import aika.core.money.Timestamp;
import aika.node.gateway.SendRequest;
import aika.node.web.Problem.Field;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What will be signed, in words, before money moves. */
final class ConfirmSendPage {
  static final String FORM = "order-form";
  static final String FROM = "from";
  static final String TO = "to";
  static final String SUM = "sum";
  static final String VALID_UNTIL = "valid_until";
  static final String ID = "id";

  private final Layout layout;
  private final Words words;

  ConfirmSendPage(Layout layout) {
    this.layout = layout;
    words = layout.words();
  }

  String page(SendDraft draft) {
    String title = words.of(Text.CONFIRM_SEND_TITLE);
    return layout.page(
        Layout.Tab.SEND,
        title,
        new Layout.Switch.Form(FORM, Paths.SEND_CONFIRM),
        Html.several(
            tag("div", "intro")
                .add(
                    tag("h1").attr("tabindex", "-1").flag("data-focus").text(title),
                    tag("p", "lead").text(words.of(Text.CONFIRM_SEND_LEAD))),
            tag("section", "card").add(facts(draft), details(draft)),
            form(draft)));
  }

  private Html facts(SendDraft draft) {
    Tag facts =
        tag("dl", "facts")
            .add(
                fact(words.of(Text.SUM), words.figure(draft.amount())),
                fact(
                    words.of(Text.SENDER), tag("strong").add(words.person(draft.sender().owner()))),
                fact(words.of(Text.RECEIVER), tag("strong").add(words.person(draft.receiver()))));
    if (draft.entries().refundOf() != null) {
      facts.add(Parts.refund(words, draft.entries().refundOf()));
    }
    if (!draft.entries().memo().isEmpty()) {
      facts.add(fact(words.of(Text.MEMO), tag("bdi").text(draft.entries().memo())));
    }
    return facts.add(
        fact(
            words.of(Text.DEADLINE),
            tag("p").add(words.html(Text.UNTIL, words.deadline(draft.validUntil()))),
            tag("p", "small quiet").text(words.of(Text.DEADLINE_BACK))),
        fact(
            words.of(Text.BALANCE),
            Parts.change(words, draft.sender().balance(), draft.balanceAfterwards())));
  }

  private Html details(SendDraft draft) {
    Tag exact =
        tag("dl", "facts")
            .add(
                fact(words.of(Text.ACCOUNT_FROM), code(draft.sender().owner().account())),
                fact(words.of(Text.ACCOUNT_TO), code(draft.receiver().account())),
                fact(words.of(Text.DEADLINE), code(Timestamp.seconds(draft.validUntil()))),
                fact(words.of(Text.ORDER_NUMBER), code(draft.id())));
    return tag("details")
        .add(
            tag("summary").text(words.of(Text.DETAILS)),
            tag("div", "inside")
                .add(tag("p", "small quiet").text(words.of(Text.SIGNED_EXPLAINED)), exact));
  }

  private static Html code(Object value) {
    return tag("code").text(value.toString());
  }

  private Html form(SendDraft draft) {
    Entries entries = draft.entries();
    List<Html> inputs =
        new ArrayList<>(
            order(
                new SendRequest(
                    draft.sender().owner().account().toString(),
                    null,
                    draft.receiver().account().toString(),
                    null,
                    draft.amount().toString(),
                    null,
                    null,
                    null,
                    draft.validUntil(),
                    draft.id(),
                    true,
                    null)));
    inputs.addAll(entered(entries));
    return postForm(FORM, Paths.SEND_ORDER)
        .add(inputs)
        .add(
            tag("div", "buttons")
                .add(
                    Parts.button("main", words.of(Text.SEND_NOW)),
                    Parts.button("plain", words.of(Text.EDIT))
                        .attr("formaction", Paths.SEND_EDIT)));
  }

  /** What was written into the form before, for whoever changes it or its language. */
  static List<Tag> entered(Entries entries) {
    List<Tag> entered = new ArrayList<>();
    Collections.addAll(
        entered,
        hidden(Field.SENDER.municipality(), entries.senderMunicipality()),
        hidden(Field.SENDER.id(), entries.sender()),
        hidden(Field.RECEIVER.municipality(), entries.receiverMunicipality()),
        hidden(Field.RECEIVER.id(), entries.receiver()),
        hidden(Field.AMOUNT.id(), entries.amount()),
        hidden(Field.MEMO.id(), entries.memo()));
    if (entries.refundOf() != null) {
      entered.add(hidden(Entries.REFUND_OF, entries.refundOf().toString()));
    }
    return entered;
  }

  /** The fields of the form that make the order; also of the one that asks for its outcome. */
  static List<Tag> order(SendRequest request) {
    return List.of(
        hidden(FROM, request.sender()),
        hidden(TO, request.receiver()),
        hidden(SUM, request.amount()),
        hidden(VALID_UNTIL, String.valueOf(request.validUntil())),
        hidden(ID, String.valueOf(request.id())));
  }
}
