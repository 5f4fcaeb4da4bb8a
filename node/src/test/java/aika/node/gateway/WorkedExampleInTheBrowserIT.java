package aika.node.gateway;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.money.AccountId;
import aika.core.money.Money;
import aika.node.web.Chromium;
import aika.node.web.Viewing;
import com.microsoft.playwright.Page;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A in Komatsu sends 200 to B in Kanazawa: from the browser to the disk and back. */
class WorkedExampleInTheBrowserIT {
  private static final Pattern TRANSFER = Pattern.compile("/t/Asia-Komatsu:\\d+$");

  @TempDir Path data;

  @Test
  void sendsReceivesAndCompletes() throws Exception {
    try (Chromium chromium = Chromium.start();
        World world = new World(data)) {
      AccountId a = world.person(World.KOMATSU, "A");
      AccountId b = world.person(World.KANAZAWA, "B");
      world.issue(a, "1000.00");
      String asia = "http://localhost:" + world.port(World.ASIA);
      try (Viewing viewing = new Viewing(chromium.browser(), asia, Viewing.Screen.PHONE_JA, true)) {
        Page page = viewing.page();
        viewing.open("/");
        page.locator("#sender_municipality").selectOption(World.KOMATSU);
        page.locator("#sender").fill("A");
        page.locator("#receiver_municipality").selectOption(World.KANAZAWA);
        page.locator("#receiver").fill("B");
        page.locator("#amount").fill("200");
        page.locator("#memo").fill("お米をありがとう");
        page.locator("#memo").blur();
        assertThat(page.locator("#balance")).containsText("1,000.00 → 800.00");
        page.locator("form .main").click();
        assertThat(page.locator("h1")).hasText("この内容で送りますか");
        page.locator("form .main").dblclick();
        page.waitForURL(TRANSFER);
        String transfer = page.url().substring(page.url().lastIndexOf('/') + 1);
        viewing.see("承認・公開");
        viewing.check("node-waiting");

        page.locator("[data-part=actions] .main").click();
        assertThat(page.locator(".offer .memo")).hasText("お米をありがとう");
        page.locator(".offer .main").click();
        assertThat(page.locator("h1")).hasText("受け取りますか");
        page.locator("form .main").click();
        page.waitForURL(TRANSFER);
        viewing.see("完了しました");
        page.locator("details > summary").click();
        viewing.check("node-complete");

        assertEquals(Money.of("800.00"), world.balance(a));
        assertEquals(Money.of("200.00"), world.balance(b));
        for (String half : new String[] {"send", "receive"}) {
          String path = "/transfers/" + transfer + "/receipt?half=" + half;
          assertThat(page.locator("a[href='" + path + "']")).isVisible();
          assertTrue(get(world, path, "*/*").body().startsWith("c2sp.org/tlog-proof@v1"));
        }
        HttpResponse<String> negotiated =
            get(world, "/transfers/" + transfer, "text/html,application/xhtml+xml");
        assertEquals(303, negotiated.statusCode());
        assertTrue(get(world, "/transfers/" + transfer, "*/*").body().startsWith("{"));
      }
      String komatsu = "http://localhost:" + world.port(World.KOMATSU);
      try (Viewing viewing =
          new Viewing(chromium.browser(), komatsu, Viewing.Screen.DESK_EN, true)) {
        Page page = viewing.page();
        viewing.open("/send");
        assertThat(page.locator("#sender_municipality option")).hasCount(1);
        page.locator("#sender").fill("A");
        page.locator("#receiver").fill("Nobody");
        page.locator("#amount").fill("800.01");
        page.locator("form .main").click();
        assertThat(page.locator("#summary li")).hasCount(2);
        viewing.check("node-refused");
      }
    }
  }

  private static HttpResponse<String> get(World world, String path, String accept)
      throws Exception {
    return world.http.send(
        HttpRequest.newBuilder(world.uri(World.ASIA, path)).header("Accept", accept).build(),
        BodyHandlers.ofString());
  }
}
