package aika.node.web;

import static aika.node.web.Tag.tag;

import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.node.gateway.TransferState;
import aika.sinks.analytics.AnalyticsCharts.AgeBucket;
import aika.sinks.analytics.AnalyticsCharts.Flow;
import aika.sinks.analytics.AnalyticsCharts.StateCount;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * Three tables of numbers. A script draws a chart of each from what stands in it; without scripts
 * the tables are the page.
 */
record ChartsPage(Layout layout, Words words, Figures figures) {
  static final String DAYS = "days";

  /** More routes than these are one row together: a chart of more lines cannot be read. */
  static final int ROUTES_MAX = 12;

  private static final String NUMBER = Parts.NUMBER;

  /** The columns of the states, in the order in which a transfer can reach them. */
  private static final Map<TransferState, Text> STATES = new LinkedHashMap<>();

  static {
    STATES.put(TransferState.SEND_PENDING, Text.STATES_SENT);
    STATES.put(TransferState.COMPLETE, Text.STATES_COMPLETE);
    STATES.put(TransferState.REJECTED, Text.STATES_REJECTED);
    STATES.put(TransferState.CANCELLED, Text.STATES_CANCELLED);
    STATES.put(TransferState.EXPIRED, Text.STATES_EXPIRED);
  }

  /** The names of the ages that the analytics know, by their least hours. */
  private static final Map<Long, Text> AGES = new LinkedHashMap<>();

  static {
    AGES.put(0L, Text.AGES_HOUR);
    AGES.put(1L, Text.AGES_DAY);
    AGES.put(24L, Text.AGES_3_DAYS);
    AGES.put(72L, Text.AGES_7_DAYS);
    AGES.put(168L, Text.AGES_30_DAYS);
    AGES.put(720L, Text.AGES_OLDER);
  }

  ChartsPage(Layout layout, Figures figures) {
    this(layout, layout.words(), figures);
  }

  static String path(Period period) {
    return Paths.CHARTS + "?" + DAYS + "=" + period.days();
  }

  String page() {
    LocalDate since = figures.period().since(figures.until());
    return layout.page(
        Layout.Tab.NEITHER,
        words.of(Text.CHARTS_TITLE),
        new Layout.Switch.Link(path(figures.period())),
        Html.several(
            tag("div", "intro")
                .add(
                    tag("h1").text(words.of(Text.CHARTS_TITLE)),
                    tag("p", "lead").text(words.of(Text.CHARTS_LEAD))),
            choice(),
            tag("p")
                .text(words.of(Text.CHARTS_SINCE, words.day(since), words.day(figures.until()))),
            tag("div", "charts").id("charts").add(flows(), states(), ages()),
            tag("p", "small quiet")
                .add(words.html(Text.CHARTS_AS_OF, words.moment(figures.at())))));
  }

  private Tag choice() {
    Tag select = tag("select").id(DAYS).attr("name", DAYS);
    for (Period one : Period.values()) {
      String days = String.valueOf(one.days());
      select.add(
          tag("option")
              .attr("value", days)
              .attrIf(one == figures.period(), "selected", "")
              .text(words.of(Text.CHARTS_DAYS, days)));
    }
    return tag("form", "period")
        .attr("method", "get")
        .attr("action", Paths.CHARTS)
        .add(
            tag("label").attr("for", DAYS).text(words.of(Text.CHARTS_PERIOD)),
            tag("div", "select").add(select),
            Parts.button("", words.of(Text.CHARTS_SHOW)));
  }

  private Tag flows() {
    List<Flow> shown = figures.flows();
    List<Html> rows = new ArrayList<>();
    for (Flow flow : shown.subList(0, Math.min(ROUTES_MAX, shown.size()))) {
      String from = words.place(ChainId.of(flow.from()));
      String to = words.place(ChainId.of(flow.to()));
      rows.add(flow(Parts.route(words, from, to), from, to, List.of(flow)));
    }
    if (shown.size() > ROUTES_MAX) {
      String others = words.of(Text.FLOWS_OTHERS);
      List<Flow> rest = shown.subList(ROUTES_MAX, shown.size());
      rows.add(flow(Html.text(others), others, others, rest));
    }
    Tag total = tag("tfoot").add(flow(Html.text(words.of(Text.TOTAL)), "", "", shown));
    return section(
        "flows",
        Text.FLOWS,
        Text.FLOWS_LEAD,
        rows.isEmpty()
            ? none(Text.CHARTS_NONE)
            : Html.several(
                chart("flows", Html.nothing()),
                table("flows", rows, total, Text.FLOWS_ROUTE, Text.SUM_UNIT, Text.COUNT)));
  }

  private Tag flow(Html route, String from, String to, List<Flow> together) {
    long minor = sum(together, Flow::amountMinor);
    return tag("tr")
        .attr("data-from", from)
        .attr("data-to", to)
        .attr("data-value", String.valueOf(minor))
        .add(
            tag("th").attr("scope", "row").add(route),
            amount(minor),
            count(sum(together, Flow::transfers)));
  }

  private Tag states() {
    Map<LocalDate, Map<String, Long>> counted = new LinkedHashMap<>();
    figures.period().steps(figures.until()).forEach(day -> counted.put(day, new HashMap<>()));
    for (StateCount one : figures.states()) {
      counted
          .computeIfAbsent(figures.period().step().first(one.day()), day -> new HashMap<>())
          .merge(one.state(), one.transfers(), Long::sum);
    }
    List<Html> rows = new ArrayList<>();
    counted.forEach((day, counts) -> {
      Tag row = tag("tr").add(tag("th").attr("scope", "row").text(step(day)));
      STATES.keySet().forEach(state -> row.add(count(counts.getOrDefault(state.text(), 0L))));
      rows.addFirst(row); // what is new is what people look for
    });
    List<Text> heads = new ArrayList<>(STATES.values());
    heads.addFirst(
        switch (figures.period().step()) {
          case DAY -> Text.STATES_DAY;
          case WEEK -> Text.STATES_WEEK;
          case MONTH -> Text.STATES_MONTH;
        });
    return section(
        "states",
        Text.STATES,
        Text.STATES_LEAD,
        figures.states().isEmpty()
            ? none(Text.CHARTS_NONE)
            : Html.several(
                chart("states", legend()),
                table("states", rows, Html.nothing(), heads.toArray(Text[]::new))));
  }

  private String step(LocalDate first) {
    return figures.period().step() == Period.Step.MONTH
        ? words.shortMonth(first)
        : words.shortDay(first);
  }

  /** What each line means. The script takes colours and dashes from here, that is, from CSS. */
  private Html legend() {
    Tag legend = tag("ul", "legend");
    int series = 0;
    for (Text name : STATES.values()) {
      legend.add(
          tag("li")
              .add(
                  tag("svg", "series-" + ++series)
                      .attr("viewBox", "0 0 28 12")
                      .attr("aria-hidden", "true")
                      .add(tag("path").attr("d", "M0 6H28")),
                  Html.text(words.of(name))));
    }
    return legend;
  }

  private Tag ages() {
    Map<Long, AgeBucket> pending = new HashMap<>();
    figures.pending().forEach(one -> pending.put(one.hoursMin(), one));
    List<Html> rows = new ArrayList<>();
    AGES.forEach((hours, name) -> {
      AgeBucket bucket = pending.getOrDefault(hours, new AgeBucket(hours, 0, 0));
      rows.add(age(words.of(name), List.of(bucket)));
    });
    Tag total = tag("tfoot").add(age(words.of(Text.TOTAL), figures.pending()));
    return section(
        "ages",
        Text.AGES,
        Text.AGES_LEAD,
        pending.isEmpty()
            ? none(Text.AGES_NONE)
            : Html.several(
                chart("ages", Html.nothing()),
                table("ages", rows, total, Text.AGES_AGE, Text.COUNT, Text.SUM_UNIT)));
  }

  private static Tag age(String name, List<AgeBucket> together) {
    long transfers = sum(together, AgeBucket::transfers);
    return tag("tr")
        .attr("data-value", String.valueOf(transfers))
        .add(
            tag("th").attr("scope", "row").text(name),
            count(transfers),
            amount(sum(together, AgeBucket::amountMinor)));
  }

  private Tag section(String id, Text title, Text lead, Html content) {
    return tag("section", "card")
        .add(
            tag("h2").id(id).text(words.of(title)),
            tag("p", "quiet").text(words.of(lead)),
            content);
  }

  /** Where the script draws the table that follows; without it there is nothing to see here. */
  private Tag chart(String id, Html legend) {
    return tag("div", "chart")
        .attr("data-chart", id)
        .flag("hidden")
        .add(
            legend,
            tag("div", "picture")
                .attr("role", "img")
                .attr("aria-label", words.of(Text.CHARTS_PICTURE)));
  }

  private Html none(Text text) {
    return tag("p").text(words.of(text));
  }

  private Tag table(String id, List<Html> rows, Html foot, Text... heads) {
    return Parts.table(words, id, rows, foot, heads);
  }

  private static Tag amount(long minor) {
    return tag("td", NUMBER).text(Words.grouped(Money.ofMinor(minor)));
  }

  private static Tag count(long transfers) {
    return tag("td", NUMBER)
        .attr("data-value", String.valueOf(transfers))
        .text(Words.grouped(transfers));
  }

  private static <T> long sum(List<T> rows, ToLongFunction<T> value) {
    return rows.stream().mapToLong(value).sum();
  }
}
