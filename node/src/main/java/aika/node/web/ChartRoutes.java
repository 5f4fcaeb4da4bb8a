package aika.node.web;

import static aika.node.web.Tag.tag;

import io.helidon.http.Status;

/** The page of numbers, or why there is none. */
final class ChartRoutes {
  private static final String SETTING = "analytics: { duckdb: analytics.duckdb }";

  private final Statistics statistics;

  ChartRoutes(Statistics statistics) {
    this.statistics = statistics;
  }

  Reply page(Visit visit) {
    if (!statistics.kept()) {
      return new Reply.Page(Status.NOT_FOUND_404.code(), unkept(visit.layout()));
    }
    Period period = Period.of(visit.query().get(ChartsPage.DAYS));
    return statistics
        .figures(period)
        .map(figures -> Reply.page(new ChartsPage(visit.layout(), figures).page()))
        .orElseGet(() ->
            new Reply.Page(
                Status.SERVICE_UNAVAILABLE_503.code(), unanswered(visit.layout(), period)));
  }

  private static String unkept(Layout layout) {
    Words words = layout.words();
    return layout.message(
        words.of(Text.CHARTS_UNKEPT_TITLE),
        new Layout.Switch.Link(Paths.CHARTS),
        Parts.notice(
            Parts.Tone.INFORMATION,
            tag("p").text(words.of(Text.CHARTS_UNKEPT)),
            tag("p").add(words.html(Text.CHARTS_UNKEPT_OFFICE, tag("code").text(SETTING)))),
        button(Paths.START, words.of(Text.BACK_TO_START)));
  }

  private static String unanswered(Layout layout, Period period) {
    Words words = layout.words();
    String again = ChartsPage.path(period);
    return layout.message(
        words.of(Text.CHARTS_DOWN_TITLE),
        new Layout.Switch.Link(again),
        Parts.notice(Parts.Tone.WAITING, tag("p").text(words.of(Text.CHARTS_DOWN))),
        button(again, words.of(Text.LOOK_AGAIN)));
  }

  private static Html button(String path, String words) {
    return tag("div", "buttons").add(Parts.link("main", path, words));
  }
}
