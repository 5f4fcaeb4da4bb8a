package aika.node.web;

import static aika.node.web.Parts.fact;
import static aika.node.web.Parts.hidden;
import static aika.node.web.Parts.postForm;
import static aika.node.web.Tag.tag;

import aika.core.money.Money;
import aika.node.gateway.AccountView;
import aika.node.gateway.AccountView.Announced;
import aika.node.gateway.OrderView;
import aika.node.web.Problem.Field;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whose account, how it stands, and what its holder can do about it. */
final class AccountPage {
  static final String FORM = "holder-form";
  static final String LIMIT_FORM = "limit-form";
  static final String ACCOUNT = "account";
  static final String ACT = "act";
  static final String DONE = "done";

  private final Layout layout;
  private final Words words;

  AccountPage(Layout layout) {
    this.layout = layout;
    words = layout.words();
  }

  /**
   * One account.
   *
   * @param done an order that was accepted just now; null for none
   * @param limit as it was written, when it was wrong
   * @param problem of the limit
   */
  record Shown(
      AccountView view,
      @Nullable OrderView done,
      @Nullable String limit,
      @Nullable Problem problem) {}

  /** Asks whose account. */
  String who(String municipality, String name, @Nullable Problem problem) {
    String title = words.of(Text.ACCOUNT_TITLE);
    Fields fields = new Fields(words, layout.at());
    Tag form =
        postForm(FORM, Paths.ACCOUNT_WHO)
            .flag("novalidate")
            .attr("autocomplete", "off")
            .add(
                fields.actingPerson(Field.SENDER, Text.HOLDER, name, municipality, says(problem)),
                tag("div", "buttons").add(Parts.button("main", words.of(Text.SHOW_ACCOUNT))));
    return layout.page(
        Layout.Tab.ACCOUNT,
        title,
        problem == null
            ? new Layout.Switch.Link(Paths.ACCOUNT)
            : new Layout.Switch.Form(FORM, Paths.ACCOUNT_WHO),
        Html.several(
            Parts.summary(words, problem == null ? List.of() : List.of(problem)),
            tag("div", "intro")
                .add(tag("h1").text(title), tag("p", "lead").text(words.of(Text.ACCOUNT_LEAD))),
            form));
  }

  private static Fields.Says says(@Nullable Problem problem) {
    return problem == null ? new Fields.Says.Nothing() : new Fields.Says.Wrong(problem.message());
  }

  String account(Shown shown) {
    AccountView view = shown.view();
    String title = words.of(Text.ACCOUNT_TITLE);
    Announced announced = view.standing().announced();
    Problem problem = shown.problem();
    return layout.page(
        Layout.Tab.ACCOUNT,
        title,
        problem == null
            ? new Layout.Switch.Link(Paths.account(view.owner().account()))
            : new Layout.Switch.Form(LIMIT_FORM, Paths.ACCOUNT_CONFIRM),
        Html.several(
            Parts.summary(words, problem == null ? List.of() : List.of(problem)),
            tag("div", "intro").add(tag("h1").text(title), holder(view)),
            done(shown.done()),
            announced == null
                ? Html.nothing()
                : StandingNotice.announced(words, announced, stop(view)),
            StandingNotice.state(words, view),
            view.signs() ? Html.nothing() : elsewhere(view),
            tag("section", "card").add(facts(view), details(view)),
            offers(Act.AUTO_RECEIVE, view) ? autoReceive(shown) : Html.nothing(),
            offers(Act.FREEZE, view) ? trouble(view) : Html.nothing()));
  }

  private static boolean offers(Act act, AccountView view) {
    return view.signs() && act.possible(view.standing());
  }

  private Html holder(AccountView view) {
    return Html.several(
        tag("p", "balance")
            .add(
                tag("span").add(tag("strong").add(words.person(view.owner()))),
                tag("span")
                    .text(words.of(Text.BALANCE) + " ")
                    .add(tag("span", "change").add(words.amount(view.balance())))),
        tag("p")
            .add(
                tag("a", "standalone")
                    .attr("href", Paths.ACCOUNT)
                    .text(words.of(Text.SOMEBODY_ELSE)),
                Html.text(" "),
                tag("a", "standalone")
                    .attr("href", Paths.statement(view.owner().account()))
                    .text(words.of(Text.STATEMENT))));
  }

  private Html done(@Nullable OrderView done) {
    if (done == null) {
      return Html.nothing();
    }
    return Act.ofKind(done.kind())
        .<Html>map(act ->
            Parts.notice(
                    Parts.Tone.DONE,
                    tag("h2").text(words.of(act.done)),
                    tag("p", "small").add(words.moment(done.time())))
                .attr("role", "status"))
        .orElseGet(Html::nothing);
  }

  private Html stop(AccountView view) {
    return offers(Act.VETO, view)
        ? postForm("veto-form", Paths.ACCOUNT_CONFIRM)
            .add(
                order(Act.VETO, view),
                tag("div", "buttons").add(Parts.button("main", words.of(Text.STOP_NEW_KEY))))
        : Html.nothing();
  }

  private Html elsewhere(AccountView view) {
    return view.standing().closed()
        ? Html.nothing()
        : Parts.notice(Parts.Tone.INFORMATION, tag("p").text(words.of(Text.SIGNED_ELSEWHERE)));
  }

  private static Html order(Act act, AccountView view) {
    return Html.several(hidden(ACCOUNT, view.owner().account().toString()), hidden(ACT, act.kind));
  }

  private Tag facts(AccountView view) {
    AccountView.Standing standing = view.standing();
    Text state =
        standing.closed()
            ? Text.STATE_CLOSED
            : standing.frozen() ? Text.STATE_FROZEN : Text.STATE_USUAL;
    Money limit = standing.autoReceive();
    return tag("dl", "facts")
        .add(
            fact(words.of(Text.STATE), tag("strong").text(words.of(state))),
            fact(
                words.of(Text.AUTO_RECEIVE),
                limit.isPositive()
                    ? words.html(Text.AUTO_RECEIVE_UP_TO, words.amount(limit))
                    : Html.text(words.of(Text.AUTO_RECEIVE_OFF))));
  }

  private Tag details(AccountView view) {
    Tag exact =
        tag("dl", "facts")
            .add(
                fact(words.of(Text.ACCOUNT_NUMBER), code(view.owner().account().toString())),
                fact(words.of(Text.PRESENT_KEY), code(view.standing().key())));
    Announced announced = view.standing().announced();
    if (announced != null) {
      exact.add(fact(words.of(Text.ANNOUNCED_KEY), code(announced.key())));
    }
    return tag("details")
        .add(tag("summary").text(words.of(Text.DETAILS)), tag("div", "inside").add(exact));
  }

  private static Tag code(String value) {
    return tag("code").text(value);
  }

  private Tag autoReceive(Shown shown) {
    AccountView view = shown.view();
    Money now = view.standing().autoReceive();
    String written = shown.limit() == null ? now.isPositive() ? now.toString() : "" : shown.limit();
    Fields fields = new Fields(words, layout.at());
    Fields.Says says = says(shown.problem());
    String hint = "limit-hint";
    Tag input =
        fields
            .input(Field.AMOUNT, written, says, hint)
            .attr("inputmode", "decimal")
            .attr("maxlength", "20")
            .attr("placeholder", "0.00");
    Tag unit = tag("span", "unit").attr("aria-hidden", "true").text(words.of(Text.UNIT));
    Tag field =
        tag("div", "field")
            .add(
                tag("label")
                    .attr("for", Field.AMOUNT.id())
                    .text(words.of(Text.LIMIT))
                    .add(tag("span", "hidden").text(" (" + words.of(Text.UNIT) + ")")),
                tag("div", "amount").add(input, unit),
                tag("p", "hint").id(hint).text(words.of(Text.LIMIT_HINT)),
                fields.place(Field.AMOUNT, says));
    return tag("section", "card")
        .add(
            tag("h2").text(words.of(Text.AUTO_RECEIVE)),
            postForm(LIMIT_FORM, Paths.ACCOUNT_CONFIRM)
                .flag("novalidate")
                .attr("autocomplete", "off")
                .add(
                    order(Act.AUTO_RECEIVE, view),
                    field,
                    tag("div", "buttons").add(Parts.button("", words.of(Text.CHECK)))));
  }

  private Tag trouble(AccountView view) {
    return tag("section", "card")
        .add(
            tag("h2").text(words.of(Text.TROUBLE)),
            choice("freeze-form", Act.FREEZE, Text.FREEZE_LEAD, Text.FREEZE, view),
            choice("key-form", Act.NEW_KEY, Text.CHANGE_KEY_LEAD, Text.CHANGE_KEY, view));
  }

  private Tag choice(String id, Act act, Text lead, Text button, AccountView view) {
    return postForm(id, Paths.ACCOUNT_CONFIRM)
        .attr("class", "choice")
        .add(
            order(act, view),
            tag("p").text(words.of(lead)),
            tag("div", "buttons").add(Parts.button("", words.of(button))));
  }
}
