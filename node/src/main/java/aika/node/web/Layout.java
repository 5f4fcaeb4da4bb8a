package aika.node.web;

import static aika.node.web.Tag.tag;

import aika.core.money.ChainId;
import aika.node.config.Chain;
import aika.node.config.Municipality;

/**
 * The frame around every page: where the reader is, what can be done here, in which language.
 *
 * @param at whose gateway this is
 * @param assets where styles and scripts are
 * @param charts whether this node has numbers to show
 */
record Layout(Words words, Chain at, Assets assets, boolean charts) {

  /** Which of the things that people do or see here a page belongs to. */
  enum Tab {
    SEND,
    RECEIVE,
    ACCOUNT,
    REPRESENTATIVES,
    NEITHER
  }

  /** How the same page is had in the other language. */
  sealed interface Switch {
    /** By a link: the page is read only. */
    record Link(String path) implements Switch {}

    /** By sending the page's form again, so that nothing that was written is lost. */
    record Form(String form, String action) implements Switch {}
  }

  String page(Tab tab, String title, Switch languageSwitch, Html content) {
    StringBuilder out = new StringBuilder(8192).append("<!DOCTYPE html>");
    tag("html")
        .attr("lang", words.language().code())
        .add(
            head(title),
            tag("body")
                .add(
                    tag("a", "skip").attr("href", "#main").text(words.of(Text.SKIP)),
                    top(tab, languageSwitch),
                    tag("main", "column").id("main").attr("tabindex", "-1").add(content),
                    foot()))
        .write(out);
    return out.append('\n').toString();
  }

  private Html head(String title) {
    return tag("head")
        .add(
            tag("meta").attr("charset", "utf-8"),
            tag("meta")
                .attr("name", "viewport")
                .attr("content", "width=device-width, initial-scale=1"),
            tag("meta").attr("name", "color-scheme").attr("content", "light dark"),
            tag("title").text(words.of(Text.TITLE, title)),
            tag("link").attr("rel", "stylesheet").attr("href", assets.address("aika.css")),
            tag("link")
                .attr("rel", "icon")
                .attr("type", "image/svg+xml")
                .attr("href", assets.address("icon.svg")),
            tag("script").attr("type", "module").attr("src", assets.address("aika.js")));
  }

  private Html top(Tab tab, Switch languageSwitch) {
    Tag brand =
        tag("a", "brand")
            .attr("href", "/")
            .add(
                tag("span", "mark").attr("lang", "ja").attr("aria-hidden", "true").text("愛"),
                tag("span").text(words.of(Text.BRAND)),
                tag("span", "place").text(words.of(Text.PLACE, words.place(at))));
    Tag tabs =
        tag("nav", "tabs")
            .attr("aria-label", words.of(Text.NAVIGATION))
            .add(
                tab("/send", Text.TAB_SEND, tab == Tab.SEND),
                tab("/receive", Text.TAB_RECEIVE, tab == Tab.RECEIVE),
                tab(Paths.ACCOUNT, Text.TAB_ACCOUNT, tab == Tab.ACCOUNT),
                tab(Paths.REPRESENTATIVES, Text.REPRESENTATIVES, tab == Tab.REPRESENTATIVES));
    return tag("header", "top")
        .add(
            tag("div", "column")
                .add(tag("div", "bar").add(brand, languageSwitch(languageSwitch)), tabs));
  }

  private Tag tab(String path, Text name, boolean current) {
    return tag("a").attr("href", path).attrIf(current, "aria-current", "page").text(words.of(name));
  }

  private Html languageSwitch(Switch how) {
    Language other = words.language().other();
    Tag control =
        switch (how) {
          case Switch.Link link -> tag("a").attr("href", withLanguage(link.path(), other));
          case Switch.Form form ->
              tag("button")
                  .attr("type", "submit")
                  .attr("form", form.form())
                  .attr("formaction", withLanguage(form.action(), other))
                  .flag("formnovalidate");
        };
    return tag("div", "language")
        .add(
            control
                .attr("lang", other.code())
                .attrIf(how instanceof Switch.Link, "hreflang", other.code())
                .text(other.ownName()));
  }

  private static String withLanguage(String path, Language language) {
    return path + (path.indexOf('?') < 0 ? '?' : '&') + "lang=" + language.code();
  }

  private Html foot() {
    Tag links = tag("p", "links");
    if (charts) {
      links.add(footLink(Paths.CHARTS, Text.CHARTS_TITLE));
    }
    return tag("footer", "foot")
        .add(
            tag("div", "column")
                .add(
                    tag("p").text(words.of(Text.FOOT)),
                    links.add(footLink(Paths.API, Text.FOOT_API))));
  }

  private Tag footLink(String path, Text name) {
    return tag("a", "standalone").attr("href", path).text(words.of(name));
  }

  /** Whether people of this chain can act here: a municipality's gateway is for its own. */
  boolean serves(ChainId chain) {
    return !(at instanceof Municipality) || at.id().equals(chain);
  }

  /** An error page, or any other that says one thing. */
  String message(String title, Switch languageSwitch, Html notice, Html below) {
    return page(
        Tab.NEITHER,
        title,
        languageSwitch,
        Html.several(
            tag("h1").attr("tabindex", "-1").flag("data-focus").text(title), notice, below));
  }
}
