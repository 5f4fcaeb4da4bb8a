package aika.node.web;

import static aika.node.web.Parts.fact;
import static aika.node.web.Parts.hidden;
import static aika.node.web.Parts.postForm;
import static aika.node.web.Tag.tag;

import aika.core.money.AccountId;
import aika.core.money.Money;
import aika.core.money.OrderId;
import aika.node.gateway.AccountView;
import aika.node.gateway.AccountView.Announced;
import java.util.List;

/** What an order about an account means, in words, before it is signed. */
final class ConfirmAccountPage {
  static final String FORM = "change-form";
  static final String ID = "id";

  private final Layout layout;
  private final Words words;

  ConfirmAccountPage(Layout layout) {
    this.layout = layout;
    words = layout.words();
  }

  /**
   * @param limit of the standing order, when that is what is changed
   */
  String page(AccountView view, Act act, Money limit, OrderId id) {
    String title = words.of(act.title);
    return layout.page(
        Layout.Tab.ACCOUNT,
        title,
        new Layout.Switch.Form(FORM, Paths.ACCOUNT_CONFIRM),
        Html.several(
            tag("div", "intro")
                .add(
                    tag("h1").attr("tabindex", "-1").flag("data-focus").text(title),
                    tag("p", "lead").text(words.of(Text.CONFIRM_CHANGE_LEAD))),
            tag("section", "card").add(facts(view, act, limit), details(view, act, id)),
            act == Act.FREEZE && !view.holds().isEmpty() ? waiting(view) : Html.nothing(),
            form(view, act, limit, id)));
  }

  private Tag facts(AccountView view, Act act, Money limit) {
    Tag facts =
        tag("dl", "facts")
            .add(fact(words.of(Text.HOLDER), tag("strong").add(words.person(view.owner()))));
    if (act == Act.AUTO_RECEIVE) {
      facts.add(
          fact(
              words.of(Text.AUTO_RECEIVE),
              limit.isPositive()
                  ? words.figure(limit)
                  : tag("strong").text(words.of(Text.AUTO_RECEIVE_OFF))));
    }
    return facts.add(
        fact(
            words.of(Text.MEANING),
            tag("p")
                .text(
                    words.of(
                        act == Act.AUTO_RECEIVE && !limit.isPositive()
                            ? Text.CONFIRM_LIMIT_OFF
                            : act.meaning)),
            act == Act.FREEZE ? StandingNotice.goesOn(words, view) : Html.nothing()));
  }

  /** What can be asked back now, and not once the account is frozen. */
  private Tag waiting(AccountView view) {
    Tag list = tag("ul");
    for (AccountView.Hold hold : view.holds()) {
      list.add(
          tag("li")
              .add(
                  words.amount(hold.amount()),
                  Html.text(" → "),
                  words.person(hold.receiver()),
                  Html.text(" "),
                  tag("a")
                      .attr("href", Paths.transfer(hold.transfer()))
                      .text(words.of(Text.SEE_TRANSFER))));
    }
    return tag("section", "card")
        .id("waiting")
        .add(
            tag("h2").text(words.of(Text.FREEZE_WAITING)),
            tag("p").text(words.of(Text.FREEZE_WAITING_LEAD)),
            list);
  }

  private Tag details(AccountView view, Act act, OrderId id) {
    Tag exact =
        tag("dl", "facts")
            .add(
                fact(words.of(Text.ORDER_KIND), code(act.kind)),
                fact(words.of(Text.ACCOUNT_NUMBER), code(view.owner().account().toString())),
                fact(words.of(Text.PRESENT_KEY), code(view.standing().key())));
    Announced announced = view.standing().announced();
    if (act == Act.VETO && announced != null) {
      exact.add(fact(words.of(Text.ANNOUNCED_KEY), code(announced.key())));
    }
    exact.add(fact(words.of(Text.ORDER_NUMBER), code(id.toString())));
    return tag("details")
        .add(tag("summary").text(words.of(Text.DETAILS)), tag("div", "inside").add(exact));
  }

  private static Tag code(String value) {
    return tag("code").text(value);
  }

  private Tag form(AccountView view, Act act, Money limit, OrderId id) {
    AccountId account = view.owner().account();
    return postForm(FORM, Paths.ACCOUNT_ORDER)
        .add(order(account, act, limit, id))
        .add(
            tag("div", "buttons")
                .add(
                    Parts.button("main", words.of(act.button)),
                    Parts.link("plain", Paths.account(account), words.of(Text.STOP))));
  }

  /** The fields of the form that make the order; also of the one that asks for its outcome. */
  static List<Tag> order(AccountId account, Act act, Money limit, OrderId id) {
    return List.of(
        hidden(AccountPage.ACCOUNT, account.toString()),
        hidden(AccountPage.ACT, act.kind),
        hidden(Problem.Field.AMOUNT.id(), limit.toString()),
        hidden(ID, id.toString()));
  }
}
