package aika.node.web;

import static aika.node.web.Tag.tag;

import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.node.gateway.RepresentativesView;
import aika.node.gateway.RepresentativesView.By;
import aika.node.gateway.RepresentativesView.Election;
import aika.node.gateway.RepresentativesView.Standing;
import java.util.ArrayList;
import java.util.List;

/** Who approves the blocks of this place, who stands, and how they came to sit. */
record RepresentativesPage(Layout layout, Words words, RepresentativesView view) {

  RepresentativesPage(Layout layout, RepresentativesView view) {
    this(layout, layout.words(), view);
  }

  String page() {
    String lead =
        words.of(
            Text.REPRESENTATIVES_LEAD, words.place(view.chain()), String.valueOf(view.quorum()));
    return layout.page(
        Layout.Tab.REPRESENTATIVES,
        words.of(Text.REPRESENTATIVES),
        new Layout.Switch.Link(Paths.REPRESENTATIVES),
        Html.several(
            tag("div", "intro")
                .add(tag("h1").text(words.of(Text.REPRESENTATIVES)), tag("p", "lead").text(lead)),
            seats(),
            view.chain().municipal() ? residents() : municipalities(),
            elections()));
  }

  private Tag seats() {
    List<Html> names = new ArrayList<>();
    view.seats().forEach(seat -> names.add(tag("li").add(tag("code").text(seat.name()))));
    return tag("section", "card")
        .add(
            tag("h2").id("seats").text(words.of(Text.SEATS)),
            tag("dl", "facts").add(facts()),
            tag("ol").attr("aria-labelledby", "seats").add(names));
  }

  private List<Tag> facts() {
    List<Tag> facts = new ArrayList<>();
    String by = words.of(Text.TERM_NUMBER, String.valueOf(view.term()));
    facts.add(
        Parts.fact(words.of(Text.TERM), Html.text(by + " (" + words.of(how(view.by())) + ")")));
    facts.add(Parts.fact(words.of(Text.TERM_SINCE), words.moment(view.since())));
    Long until = view.until();
    Long left = view.blocksLeft();
    if (until != null) {
      facts.add(Parts.fact(words.of(Text.TERM_UNTIL), words.deadline(until)));
    } else if (left != null) {
      String blocks = words.of(Text.TERM_BLOCKS, Words.grouped(left));
      facts.add(Parts.fact(words.of(Text.TERM_UNTIL), Html.text(blocks)));
    }
    return facts;
  }

  private static Text how(By by) {
    return switch (by) {
      case FEDERATION_FILE -> Text.BY_FEDERATION_FILE;
      case ELECTION -> Text.BY_ELECTION;
      case RECOVERY -> Text.BY_RECOVERY;
    };
  }

  private Tag residents() {
    List<Html> rows = new ArrayList<>();
    for (Standing one : view.standings()) {
      rows.add(
          tag("tr")
              .add(
                  head(tag("code").text(AccountId.of(one.who()).local())),
                  number(Words.grouped(one.counted())),
                  number(Words.grouped(one.total()))));
    }
    return standings(
        Text.STANDINGS,
        Text.STANDINGS_LEAD,
        rows.isEmpty()
            ? none(Text.STANDINGS_NONE)
            : Parts.table(
                words,
                "standings",
                rows,
                Html.nothing(),
                Text.STANDINGS_ACCOUNT,
                Text.STANDINGS_COUNTERPARTIES,
                Text.SUM_UNIT));
  }

  private Tag municipalities() {
    List<Html> rows = new ArrayList<>();
    for (Standing one : view.standings()) {
      rows.add(
          tag("tr")
              .add(
                  head(Html.text(words.place(ChainId.of(one.who())))),
                  number(Words.grouped(one.counted()))));
    }
    return standings(
        Text.STANDINGS_PLACES,
        Text.STANDINGS_PLACES_LEAD,
        rows.isEmpty()
            ? none(Text.STANDINGS_PLACES_NONE)
            : Parts.table(
                words,
                "standings",
                rows,
                Html.nothing(),
                Text.MUNICIPALITY,
                Text.STANDINGS_LEAVES));
  }

  private Tag standings(Text title, Text lead, Html content) {
    return tag("section", "card")
        .add(
            tag("h2").id("standings").text(words.of(title)),
            tag("p", "quiet").text(words.of(lead, String.valueOf(view.elects()))),
            content);
  }

  private Tag elections() {
    List<Html> rows = new ArrayList<>();
    for (Election one : view.elections()) {
      String term = words.of(Text.TERM_NUMBER, String.valueOf(one.term()));
      rows.add(
          tag("tr")
              .add(
                  head(Html.text(term)),
                  tag("td", Parts.NUMBER).add(words.moment(one.time())),
                  number(words.of(how(one.by())))));
    }
    return tag("section", "card")
        .add(
            tag("h2").id("elections").text(words.of(Text.ELECTIONS)),
            rows.isEmpty()
                ? none(Text.ELECTIONS_NONE)
                : Parts.table(
                    words,
                    "elections",
                    rows,
                    Html.nothing(),
                    Text.TERM,
                    Text.ELECTIONS_TIME,
                    Text.ELECTIONS_HOW));
  }

  private Tag none(Text text) {
    return tag("p").text(words.of(text));
  }

  private static Tag head(Html name) {
    return tag("th").attr("scope", "row").add(name);
  }

  private static Tag number(String shown) {
    return tag("td", Parts.NUMBER).text(shown);
  }
}
