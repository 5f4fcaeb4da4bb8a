package aika.node.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.LoadState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The page of numbers in a real browser, with a busy federation's. */
class ChartsBrowserIT {
  private static final int WEIGHT_MAX = 150 * 1024;
  private static final Duration WAIT_MAX = Duration.ofSeconds(5);

  private static Chromium chromium;

  @BeforeAll
  static void startBrowser() {
    chromium = Chromium.start();
  }

  @AfterAll
  static void stopBrowser() {
    if (chromium != null) {
      chromium.close();
    }
  }

  private interface Story {
    void with(Viewing viewing, Page page);
  }

  private static void tell(
      Statistics.Source source, Viewing.Screen screen, boolean scripts, Story story) {
    try (Statistics statistics = new Statistics(source, WAIT_MAX);
        PagesServer server = new PagesServer("Asia", statistics);
        Viewing viewing = new Viewing(chromium.browser(), server.address(), screen, scripts)) {
      story.with(viewing, viewing.page());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PHONE_EN", "DESK_JA"})
  void chartsStandBesideTheirTables(Viewing.Screen screen) {
    tell(
        MadeUpFigures::busy,
        screen,
        true,
        (viewing, page) -> {
          viewing.open("/");
          page.locator("footer a[href='/charts']").click();
          assertDrawn(page);
          viewing.check("charts-30");
          assertThat(page.locator("[data-chart=flows] .ribbon"))
              .hasCount(ChartsPage.ROUTES_MAX + 1);
          for (Period period : List.of(Period.WEEK, Period.QUARTER, Period.YEAR)) {
            page.locator("#days").selectOption(String.valueOf(period.days()));
            page.locator("form.period button").click();
            assertThat(page.locator("#days")).hasValue(String.valueOf(period.days()));
            assertDrawn(page);
            viewing.check("charts-" + period.days());
          }
          page.locator(".language a").click();
          assertThat(page.locator("#days")).hasValue("365");
        });
  }

  private static void assertDrawn(Page page) {
    assertThat(page.locator("[data-chart=flows] svg")).isVisible();
    assertThat(page.locator("[data-chart=states] canvas")).isVisible();
    assertThat(page.locator("[data-chart=ages] .bar")).hasCount(6);
    assertThat(page.locator("table")).hasCount(3);
  }

  @ParameterizedTest
  @EnumSource(names = {"PHONE_JA", "DESK_JA"})
  void saysWhyThereIsNothingToSee(Viewing.Screen screen) {
    tell(
        MadeUpFigures::empty,
        screen,
        true,
        (viewing, page) -> {
          viewing.open("/charts");
          viewing.check("charts-empty");
        });
    tell(
        any -> {
          throw new aika.sinks.SinkException(
              aika.sinks.SinkException.Kind.UNREACHABLE, "in this test", null);
        },
        screen,
        true,
        (viewing, page) -> {
          viewing.open("/charts");
          viewing.check("charts-down");
        });
    try (PagesServer server = new PagesServer("Asia");
        Viewing viewing = new Viewing(chromium.browser(), server.address(), screen, true)) {
      viewing.open("/charts");
      viewing.check("charts-unkept");
    }
  }

  @Test
  void theTablesAreThePageWithoutScripts() {
    tell(
        MadeUpFigures::busy,
        Viewing.Screen.PHONE_JA,
        false,
        (viewing, page) -> {
          viewing.open("/charts?days=7");
          assertThat(page.locator("table")).hasCount(3);
          assertThat(page.locator(".chart:visible")).hasCount(0);
          viewing.shot("charts-without-scripts");
          viewing.assertFits("charts without scripts");
        });
  }

  @Test
  void chartsFollowTheWindowAndTheColours() {
    tell(
        MadeUpFigures::busy,
        Viewing.Screen.PHONE_EN,
        true,
        (viewing, page) -> {
          viewing.open("/charts");
          assertDrawn(page);
          page.setViewportSize(195, 422);
          viewing.assertFits("charts at twice the size");
          viewing.shot("charts-zoomed");
          page.setViewportSize(390, 844);
          page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
          assertDrawn(page);
          assertEquals(1, page.locator("[data-chart=states] canvas").count());
          viewing.check("charts-turned-light");
        });
  }

  @Test
  void thePageIsLight() {
    tell(
        MadeUpFigures::busy,
        Viewing.Screen.PHONE_JA,
        true,
        (viewing, page) -> {
          List<Response> responses = new ArrayList<>();
          page.onResponse(responses::add);
          viewing.open("/charts");
          assertDrawn(page);
          page.waitForLoadState(LoadState.NETWORKIDLE);
          long weight = List.copyOf(responses).stream().mapToLong(one -> one.body().length).sum();
          System.out.println("charts: " + weight + " bytes");
          assertTrue(weight <= WEIGHT_MAX, weight + " bytes");
        });
  }
}
