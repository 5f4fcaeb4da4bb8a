package aika.node.web;

import static aika.node.web.Parts.hidden;
import static aika.node.web.Parts.postForm;
import static aika.node.web.Tag.tag;

import aika.core.ledger.Refusal;
import aika.core.money.Money;
import aika.core.money.TransferId;
import aika.node.gateway.AccountView;
import aika.node.gateway.Party;
import aika.node.gateway.PendingView;
import aika.node.gateway.PendingViews;
import aika.node.web.Problem.Field;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who receives, and what waits for them. */
final class ReceivePage {
  static final String FORM = "who-form";
  static final String ACCOUNT = "account";
  static final String TRANSFER = "transfer";
  static final String REJECT = "reject";

  /** A page of the list; the counter receives these before it sees more. */
  static final int OFFERS_MAX = 50;

  private final Layout layout;
  private final Words words;

  ReceivePage(Layout layout) {
    this.layout = layout;
    words = layout.words();
  }

  /**
   * What waits for one person.
   *
   * @param pending what waits, oldest first
   * @param memos of those that have one
   * @param taken what was received just now
   */
  record Waiting(
      AccountView receiver,
      PendingViews pending,
      Map<TransferId, String> memos,
      List<TransferId> taken) {
    List<PendingView> offers() {
      return pending.offers();
    }
  }

  /** Asks who is receiving. */
  String who(String municipality, String name, @Nullable Problem problem) {
    String title = words.of(Text.RECEIVE_TITLE);
    Fields fields = new Fields(words, layout.at());
    Fields.Says says =
        problem == null ? new Fields.Says.Nothing() : new Fields.Says.Wrong(problem.message());
    Tag form =
        postForm(FORM, Paths.RECEIVE_WHO)
            .flag("novalidate")
            .attr("autocomplete", "off")
            .add(
                fields.actingPerson(Field.RECEIVER, Text.RECEIVER, name, municipality, says),
                tag("div", "buttons").add(Parts.button("main", words.of(Text.SHOW_WAITING))));
    return layout.page(
        Layout.Tab.RECEIVE,
        title,
        problem == null
            ? new Layout.Switch.Link(Paths.RECEIVE)
            : new Layout.Switch.Form(FORM, Paths.RECEIVE_WHO),
        Html.several(
            Parts.summary(words, problem == null ? List.of() : List.of(problem)),
            tag("div", "intro")
                .add(tag("h1").text(title), tag("p", "lead").text(words.of(Text.RECEIVE_LEAD))),
            form));
  }

  String list(Waiting waiting) {
    String title = words.of(Text.RECEIVE_TITLE);
    Party receiver = waiting.receiver().owner();
    return layout.page(
        Layout.Tab.RECEIVE,
        title,
        new Layout.Switch.Link(Paths.waitingFor(receiver.account())),
        Html.several(
            tag("div", "intro").add(tag("h1").text(title), receiver(waiting.receiver())),
            StandingNotice.brief(words, waiting.receiver()),
            taken(waiting.taken()),
            incomplete(waiting.pending().incomplete()),
            waiting.offers().isEmpty() ? nothing(waiting) : offers(waiting)));
  }

  private Html receiver(AccountView receiver) {
    return Html.several(
        tag("p", "balance")
            .add(
                tag("span").add(tag("strong").add(words.person(receiver.owner()))),
                tag("span")
                    .text(words.of(Text.BALANCE) + " ")
                    .add(tag("span", "change").add(words.amount(receiver.balance())))),
        tag("p")
            .add(
                tag("a", "standalone")
                    .attr("href", Paths.RECEIVE)
                    .text(words.of(Text.SOMEBODY_ELSE)),
                Html.text(" "),
                tag("a", "standalone")
                    .attr("href", Paths.statement(receiver.owner().account()))
                    .text(words.of(Text.STATEMENT))));
  }

  private Html taken(List<TransferId> taken) {
    if (taken.isEmpty()) {
      return Html.nothing();
    }
    String says =
        taken.size() == 1
            ? words.of(Text.TOOK_ONE)
            : words.of(Text.TOOK_MANY, String.valueOf(taken.size()));
    Tag links =
        tag("p")
            .add(
                taken.stream()
                    .map(id ->
                        Html.several(
                            tag("a").attr("href", Paths.transfer(id)).text(id.toString()),
                            Html.text(" ")))
                    .toList());
    return Parts.notice(Parts.Tone.DONE, tag("h2").text(says), links).attr("role", "status");
  }

  /** More may wait than is shown. */
  private Html incomplete(@Nullable Refusal why) {
    return why == null ? Html.nothing() : Parts.refusal(words, why);
  }

  /** That nothing waits is said only when it is known. */
  private Html nothing(Waiting waiting) {
    return Html.several(
        waiting.pending().incomplete() == null
            ? Parts.notice(
                Parts.Tone.INFORMATION,
                tag("h2").text(words.of(Text.WAITING_NONE)),
                tag("p").text(words.of(Text.WAITING_NONE_HINT)))
            : Html.nothing(),
        tag("div", "buttons")
            .add(
                Parts.link(
                    "main",
                    Paths.waitingFor(waiting.receiver().owner().account()),
                    words.of(Text.LOOK_AGAIN))));
  }

  private Html offers(Waiting waiting) {
    List<PendingView> all = waiting.offers();
    List<PendingView> shown = all.subList(0, Math.min(all.size(), OFFERS_MAX));
    Html person = words.shortPerson(waiting.receiver().owner());
    Html heading =
        all.size() == 1
            ? words.html(Text.WAITING_ONE, person)
            : words.html(Text.WAITING_MANY, person, Html.text(String.valueOf(all.size())));
    Tag list = tag("ul", "offers");
    for (PendingView offer : shown) {
      list.add(tag("li").add(offer(offer, waiting.memos().get(offer.transfer()), all.size() == 1)));
    }
    return Html.several(
        tag("h2").add(heading),
        all.size() > shown.size()
            ? tag("p", "quiet").text(words.of(Text.WAITING_MORE, String.valueOf(OFFERS_MAX)))
            : Html.nothing(),
        list,
        all.size() > 1 ? all(waiting.receiver().owner(), shown) : Html.nothing());
  }

  private Html offer(PendingView offer, @Nullable String memo, boolean only) {
    String from = words.plainPerson(offer.sender());
    String sum = words.plainAmount(offer.amount());
    Tag receive =
        Parts.button(only ? "main" : "", words.of(Text.RECEIVE_ONE))
            .attr("aria-label", words.of(Text.RECEIVE_ONE_SPOKEN, from, sum));
    Tag reject =
        Parts.button("plain", words.of(Text.REJECT_ONE))
            .attr("name", REJECT)
            .attr("value", "yes")
            .attr("aria-label", words.of(Text.REJECT_ONE_SPOKEN, from, sum));
    return tag("article", "card offer")
        .add(
            tag("h3").add(words.html(Text.FROM, words.person(offer.sender()))),
            tag("p").add(words.figure(offer.amount())),
            memo == null ? Html.nothing() : tag("p", "memo").add(tag("bdi").text(memo)),
            tag("p", "quiet")
                .text(words.of(Text.DEADLINE) + " ")
                .add(words.html(Text.UNTIL, words.deadline(offer.validUntil()))),
            postForm("offer-" + offer.transfer(), Paths.RECEIVE_CONFIRM)
                .add(
                    hidden(ACCOUNT, offer.receiver().account().toString()),
                    hidden(TRANSFER, offer.transfer().toString()),
                    tag("div", "buttons").add(receive, reject)));
  }

  private Html all(Party receiver, List<PendingView> shown) {
    Money total = shown.stream().map(PendingView::amount).reduce(Money.ZERO, Money::plus);
    return postForm("all-form", Paths.RECEIVE_CONFIRM)
        .add(hidden(ACCOUNT, receiver.account().toString()))
        .add(shown.stream().map(one -> hidden(TRANSFER, one.transfer().toString())).toList())
        .add(
            tag("p", "balance")
                .add(
                    tag("span").text(words.of(Text.TOTAL)),
                    tag("span", "change").add(words.amount(total))),
            tag("div", "buttons").add(Parts.button("main", words.of(Text.RECEIVE_ALL))));
  }
}
