package aika.node.gateway;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import aika.node.web.Chromium;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The API's page in a real browser: it shows every operation and asks nobody else for anything. */
@ExtendWith(SharedWorld.class)
class ApiPageIT {
  private final World world;

  ApiPageIT(SharedWorld.Town town) {
    world = town.world;
  }

  @Test
  void showsEveryOperationUnderAStrictPolicy() {
    String gateway = "http://localhost:" + world.port(World.KOMATSU);
    List<String> elsewhere = new CopyOnWriteArrayList<>();
    List<String> complaints = new CopyOnWriteArrayList<>();
    try (Chromium chromium = Chromium.start();
        BrowserContext context = chromium.browser().newContext(new Browser.NewContextOptions())) {
      Page page = context.newPage();
      page.onRequest(request -> {
        if (!request.url().startsWith(gateway) && !request.url().startsWith("data:")) {
          elsewhere.add(request.url());
        }
      });
      page.onConsoleMessage(message -> {
        if (message.type().equals("error")) {
          complaints.add(message.text());
        }
      });
      page.onPageError(complaints::add);
      page.navigate(gateway + "/send");
      page.locator("footer a[href='/api']").click();
      assertThat(page.locator("#api h1, #api h2").first()).containsText("Aika");
      Locator operations = page.locator(".opblock");
      assertThat(operations).hasCount(31);
      page.locator("#operations-node-health .opblock-summary-control").click();
      page.locator("#operations-node-health .try-out__btn").click();
      page.locator("#operations-node-health .execute").click();
      assertThat(page.locator("#operations-node-health .live-responses-table").first())
          .containsText("pending_list_lag");
    }
    assertEquals(List.of(), elsewhere, "asked others");
    assertEquals(List.of(), complaints, "the browser complained");
  }
}
