package aika.node.web;

import static aika.node.web.Parts.postForm;
import static aika.node.web.Tag.tag;

import aika.node.gateway.AccountView;
import aika.node.gateway.RefundView;
import aika.node.gateway.TransferView;
import aika.node.register.Memo;
import aika.node.web.Problem.Field;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The send form. */
final class SendPage {
  static final String FORM = "send-form";

  private final Layout layout;
  private final Words words;
  private final Fields fields;

  SendPage(Layout layout) {
    this.layout = layout;
    words = layout.words();
    fields = new Fields(words, layout.at());
  }

  String page(Entries entries, Findings findings, boolean filledIn) {
    String title = words.of(Text.SEND_TITLE);
    Html intro =
        tag("div", "intro")
            .add(tag("h1").text(title), tag("p", "lead").text(words.of(Text.SEND_LEAD)));
    Layout.Switch languageSwitch =
        filledIn
            ? new Layout.Switch.Form(FORM, Paths.SEND_EDIT)
            : new Layout.Switch.Link(Paths.SEND);
    return layout.page(
        Layout.Tab.SEND,
        title,
        languageSwitch,
        Html.several(Parts.summary(words, findings.problems()), intro, form(entries, findings)));
  }

  private Tag form(Entries entries, Findings findings) {
    return postForm(FORM, Paths.SEND_CONFIRM)
        .attr("data-check", Paths.SEND_CHECK)
        .flag("novalidate")
        .attr("autocomplete", "off")
        .add(refund(entries, findings.refund()))
        .add(
            fields.actingPerson(
                Field.SENDER,
                Text.SENDER,
                entries.sender(),
                entries.senderMunicipality(),
                says(Field.SENDER, findings)),
            fields.person(
                Field.RECEIVER,
                Text.RECEIVER,
                entries.receiver(),
                entries.receiverMunicipality(),
                says(Field.RECEIVER, findings)),
            amount(entries, findings),
            memo(entries, findings),
            balance(findings),
            tag("div", "buttons").add(Parts.button("main", words.of(Text.CHECK))));
  }

  /** Of which transfer it is a refund; goes along with the form. */
  private List<Tag> refund(Entries entries, @Nullable RefundView refund) {
    if (entries.refundOf() == null) {
      return List.of();
    }
    List<Tag> parts = new ArrayList<>();
    Tag facts = tag("dl", "facts").add(Parts.refund(words, entries.refundOf()));
    if (refund != null && !refund.given().isEmpty()) {
      facts.add(given(refund));
    }
    parts.add(facts);
    if (refund != null && !refund.all()) {
      parts.add(tag("p", "hint").text(words.of(Text.REFUND_HINT)));
    }
    parts.add(Parts.hidden(Entries.REFUND_OF, entries.refundOf().toString()));
    return parts;
  }

  /** What went back before, each a link to its transfer, and what is left. */
  private Tag given(RefundView refund) {
    List<Html> lines = new ArrayList<>();
    for (TransferView given : refund.given()) {
      Tag link = tag("a").attr("href", Paths.transfer(given.id())).text(given.id().toString());
      lines.add(tag("p").add(words.html(Text.REFUND_GIVEN, words.figure(given.amount()), link)));
    }
    lines.add(tag("p").add(words.html(Text.REFUND_LEFT, words.figure(refund.left()))));
    return Parts.fact(words.of(Text.REFUND_BEFORE), lines.toArray(Html[]::new));
  }

  private Tag amount(Entries entries, Findings findings) {
    Fields.Says says = says(Field.AMOUNT, findings);
    Tag input =
        fields
            .input(Field.AMOUNT, entries.amount(), says)
            .attr("inputmode", "decimal")
            .attr("maxlength", "20")
            .attr("placeholder", "0.00");
    Tag unit = tag("span", "unit").attr("aria-hidden", "true").text(words.of(Text.UNIT));
    return tag("div", "field")
        .add(
            tag("label")
                .attr("for", Field.AMOUNT.id())
                .text(words.of(Text.SUM))
                .add(tag("span", "hidden").text(" (" + words.of(Text.UNIT) + ")")),
            tag("div", "amount").add(input, unit),
            fields.place(Field.AMOUNT, says));
  }

  private Tag memo(Entries entries, Findings findings) {
    Fields.Says says = says(Field.MEMO, findings);
    String hintId = "memo-hint";
    return tag("div", "field")
        .add(
            tag("label")
                .attr("for", Field.MEMO.id())
                .text(words.of(Text.MEMO))
                .add(tag("span", "optional").text(words.of(Text.OPTIONAL))),
            fields.input(Field.MEMO, entries.memo(), says, hintId),
            tag("p", "hint")
                .id(hintId)
                .text(words.of(Text.MEMO_HINT, String.valueOf(Memo.CHARS_MAX))),
            fields.place(Field.MEMO, says));
  }

  /** The sender's balance before and after, as soon as both are known. */
  private Tag balance(Findings findings) {
    Tag place = tag("p", "balance").id("balance").flag("data-live").attr("aria-live", "polite");
    AccountView sender = findings.sender();
    if (sender == null) {
      return place;
    }
    Html now = words.amount(sender.balance());
    boolean enough =
        findings.amount() != null && findings.amount().compareTo(sender.balance()) <= 0;
    Html shown =
        enough && findings.amount() != null
            ? Parts.change(words, sender.balance(), sender.balance().minus(findings.amount()))
            : now;
    return place.add(
        tag("span").add(words.html(Text.BALANCE_OF, words.shortPerson(sender.owner()))),
        tag("span", "change").add(shown));
  }

  private Fields.Says says(Field field, Findings findings) {
    for (Problem problem : findings.problems()) {
      if (problem.field() == field) {
        return new Fields.Says.Wrong(problem.message());
      }
    }
    if (field == Field.RECEIVER && findings.receiver() != null) {
      return new Fields.Says.Good(words.html(Text.FOUND, words.person(findings.receiver())));
    }
    AccountView sender = findings.sender();
    if (field == Field.SENDER && sender != null && sender.standing().announced() != null) {
      return new Fields.Says.Attention(StandingNotice.line(words, sender.owner().account()));
    }
    return new Fields.Says.Nothing();
  }
}
