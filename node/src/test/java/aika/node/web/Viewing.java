package aika.node.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.AxeResults;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One reader's browser window, which notices whatever a page should not do. */
public final class Viewing implements AutoCloseable {
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");
  private static final int HEIGHT = 844;

  /** What a reader's screen is like. */
  public enum Screen {
    PHONE_JA(390, "ja", ColorScheme.LIGHT),
    PHONE_EN(390, "en", ColorScheme.DARK),
    DESK_JA(1280, "ja", ColorScheme.DARK),
    DESK_EN(1280, "en", ColorScheme.LIGHT);

    final int width;
    final String language;
    final ColorScheme scheme;

    Screen(int width, String language, ColorScheme scheme) {
      this.width = width;
      this.language = language;
      this.scheme = scheme;
    }
  }

  private final BrowserContext context;
  private final Page page;
  private final String name;
  private final String origin;
  private final List<String> faults = new ArrayList<>();
  private int shots;

  public Viewing(Browser browser, String origin, Screen screen, boolean scripts) {
    this.origin = origin;
    name = screen.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    context =
        browser.newContext(
            new Browser.NewContextOptions()
                .setViewportSize(screen.width, HEIGHT)
                .setLocale(screen.language.equals("ja") ? "ja-JP" : "en-GB")
                .setTimezoneId("Asia/Tokyo")
                .setColorScheme(screen.scheme)
                .setJavaScriptEnabled(scripts));
    context.setDefaultTimeout(10_000);
    page = context.newPage();
    page.onRequest(request -> {
      if (!request.url().startsWith(origin + "/")) {
        faults.add("asked elsewhere: " + request.url());
      }
    });
    page.onConsoleMessage(message -> {
      if (message.type().equals("error")
          && !message.text().contains("the server responded with a status of")) {
        faults.add("console: " + message.text());
      }
    });
    page.onPageError(error -> faults.add("script: " + error));
  }

  public Page page() {
    return page;
  }

  public void open(String path) {
    page.navigate(origin + path);
  }

  /** A picture to look at, numbered in the order of the story. */
  public void shot(String what) {
    page.screenshot(
        new Page.ScreenshotOptions()
            .setFullPage(true)
            .setPath(
                SCREENSHOTS.resolve(
                    name + "-" + String.format("%02d", ++shots) + "-" + what + ".png")));
  }

  /** Accessible by all of axe's rules, nothing cut off to the side; and a picture. */
  public void check(String what) {
    shot(what);
    assertFits(what);
    AxeResults results = new AxeBuilder(page).analyze();
    assertEquals(
        List.of(),
        results.getViolations().stream()
            .map(rule ->
                rule.getId() + ": " + rule.getHelp() + " " + rule.getNodes().getFirst().getHtml())
            .toList(),
        what);
  }

  /** The page does not scroll sideways. */
  public void assertFits(String what) {
    Object beyond =
        page.evaluate(
            "() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth");
    assertEquals(0, ((Number) beyond).intValue(), what + " is wider than the window");
  }

  public void see(String text) {
    page.getByText(text).first().waitFor();
  }

  public void press(String... keys) {
    for (String key : keys) {
      page.keyboard().press(key);
    }
  }

  @Override
  public void close() {
    context.close();
    assertTrue(faults.isEmpty(), faults::toString);
  }
}
