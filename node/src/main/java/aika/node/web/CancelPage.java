package aika.node.web;

import static aika.node.web.Parts.fact;
import static aika.node.web.Parts.hidden;
import static aika.node.web.Parts.postForm;
import static aika.node.web.Tag.tag;

import aika.node.gateway.TransferView;

/** What taking a transfer back means, in words, before anything is signed. */
final class CancelPage {
  static final String FORM = "cancel-form";
  static final String TRANSFER = "transfer";

  private final Layout layout;
  private final Words words;

  CancelPage(Layout layout) {
    this.layout = layout;
    words = layout.words();
  }

  String page(TransferView transfer) {
    String title = words.of(Text.CONFIRM_CANCEL_TITLE);
    String receiving = words.place(transfer.receiver().account().chain());
    Tag facts =
        tag("dl", "facts")
            .add(
                fact(words.of(Text.SUM), words.figure(transfer.amount())),
                fact(words.of(Text.SENDER), tag("strong").add(words.person(transfer.sender()))),
                fact(words.of(Text.RECEIVER), tag("strong").add(words.person(transfer.receiver()))),
                fact(words.of(Text.TRANSFER_NUMBER), tag("code").text(transfer.id().toString())));
    Tag form =
        postForm(FORM, Paths.CANCEL_ORDER)
            .add(
                hidden(TRANSFER, transfer.id().toString()),
                tag("div", "buttons")
                    .add(
                        Parts.button("main", words.of(Text.CANCEL_NOW)),
                        Parts.link("plain", Paths.transfer(transfer.id()), words.of(Text.STOP))));
    return layout.page(
        Layout.Tab.NEITHER,
        title,
        new Layout.Switch.Link(Paths.cancel(transfer.id())),
        Html.several(
            tag("div", "intro")
                .add(
                    tag("h1").attr("tabindex", "-1").flag("data-focus").text(title),
                    tag("p", "lead").text(words.of(Text.CONFIRM_CANCEL_LEAD, receiving))),
            tag("section", "card").add(facts),
            form));
  }
}
