package aika.node.web;

import static aika.node.web.Tag.tag;

import aika.core.ledger.Refusal;
import aika.core.money.Money;
import aika.core.money.TransferId;
import java.util.List;

/** Pieces that several pages use. */
final class Parts {
  /** The class of what stands in a column of numbers. */
  static final String NUMBER = "number";

  private Parts() {}

  /** How a message is meant; each has its own shape and colour. */
  enum Tone {
    INFORMATION("", Icon.INFORMATION),
    WAITING("waiting", Icon.WAITING),
    DONE("done", Icon.DONE),
    WRONG("wrong", Icon.WRONG);

    private final String styleClass;
    private final Icon icon;

    Tone(String styleClass, Icon icon) {
      this.styleClass = styleClass;
      this.icon = icon;
    }
  }

  static Tag notice(Tone tone, Html... content) {
    return tag("div", tone.styleClass.isEmpty() ? "notice" : "notice " + tone.styleClass)
        .add(tone.icon.html(), tag("div", "body").add(content));
  }

  /** What is wrong with a form, with links to the fields; takes the focus. */
  static Html summary(Words words, List<Problem> problems) {
    if (problems.isEmpty()) {
      return Html.nothing();
    }
    String title =
        problems.size() == 1
            ? words.of(Text.SUMMARY_ONE)
            : words.of(Text.SUMMARY_MANY, String.valueOf(problems.size()));
    Tag list =
        tag("ul")
            .add(
                problems.stream()
                    .map(problem ->
                        tag("li")
                            .add(
                                tag("a")
                                    .attr("href", "#" + problem.field().id())
                                    .text(problem.message())))
                    .toList());
    return notice(Tone.WRONG, tag("h2").id("summary-title").text(title), list)
        .id("summary")
        .attr("role", "group")
        .attr("aria-labelledby", "summary-title")
        .attr("tabindex", "-1")
        .flag("data-focus");
  }

  static Tag hidden(String name, String value) {
    return tag("input").attr("type", "hidden").attr("name", name).attr("value", value);
  }

  static Tag postForm(String id, String action) {
    return tag("form").id(id).attr("method", "post").attr("action", action);
  }

  static Tag button(String styleClass, String words) {
    return tag("button", ("button " + styleClass).strip()).attr("type", "submit").text(words);
  }

  static Tag link(String styleClass, String path, String words) {
    return tag("a", ("button " + styleClass).strip()).attr("href", path).text(words);
  }

  /** Which transfer's money this one gives back. */
  static Tag refund(Words words, TransferId received) {
    Tag link = tag("a").attr("href", Paths.transfer(received)).text(received.toString());
    return fact(words.of(Text.REFUND), words.html(Text.REFUND_OF, link));
  }

  /** One line of what will be signed or was done. */
  static Tag fact(String name, Html... value) {
    return tag("div").add(tag("dt").text(name), tag("dd").add(value));
  }

  /**
   * A table with a name in the first column and numbers in the others. Scrolls by itself where a
   * window is too narrow for it.
   *
   * @param id of the heading that says what it is
   */
  static Tag table(Words words, String id, List<? extends Html> rows, Html foot, Text... heads) {
    Tag head = tag("tr");
    for (int i = 0; i < heads.length; i++) {
      head.add(
          tag("th").attr("scope", "col").attrIf(i > 0, "class", NUMBER).text(words.of(heads[i])));
    }
    return tag("div", "table")
        .attr("role", "region")
        .attr("aria-labelledby", id)
        .attr("tabindex", "0")
        .add(
            tag("table")
                .attr("aria-labelledby", id)
                .add(tag("thead").add(head), tag("tbody").add(rows), foot));
  }

  /** {@code 小松市 → 金沢市}, in words for whoever hears it. */
  static Html route(Words words, String from, String to) {
    return Html.several(
        tag("span").text(from),
        Icon.ARROW.html(),
        tag("span", "hidden").text(words.of(Text.FROM_TO_SPOKEN)),
        tag("span").text(to));
  }

  /** {@code 1,000.00 → 800.00 愛貨}, in words for whoever hears it. */
  static Html change(Words words, Money before, Money after) {
    return Html.several(
        tag("span")
            .attr("aria-hidden", "true")
            .add(
                tag("span", "number").text(Words.grouped(before) + " →"),
                Html.text(" "),
                words.amount(after)),
        tag("span", "hidden")
            .text(
                words.of(
                    Text.BALANCE_CHANGE, words.plainAmount(before), words.plainAmount(after))));
  }

  /** What happened, what to do, and the code that tells others. */
  static Tag refusal(Words words, Refusal refusal) {
    return notice(
        refusal.reason().retryable() ? Tone.WAITING : Tone.WRONG,
        tag("h2").text(words.reason(refusal.reason())),
        tag("p").text(words.whatToDo(refusal.reason())),
        code(words, refusal));
  }

  static Html code(Words words, Refusal refusal) {
    return tag("p", "small quiet")
        .text(
            words.of(
                Text.ERROR_CODE,
                String.valueOf(refusal.reason().number()),
                refusal.reason().name()));
  }
}
