package aika.node.gateway;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import aika.core.money.AccountId;
import aika.node.web.Chromium;
import aika.node.web.Viewing;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Transfers of a real node, through its analytics, on the page of numbers of its gateways. */
@Timeout(180)
class ChartsOfANodeIT {
  @TempDir Path data;

  @Test
  void theNumbersAreThoseOfTheLogs() throws Exception {
    Path sinks = data.resolve("sinks.yaml");
    Files.writeString(sinks, "analytics: { duckdb: analytics.duckdb }\n");
    if (Files.getFileStore(data).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(sinks, PosixFilePermissions.fromString("rw-------"));
    }
    try (Chromium chromium = Chromium.start();
        World world = new World(data)) {
      AccountId a = world.person(World.KOMATSU, "A");
      AccountId b = world.person(World.KANAZAWA, "B");
      world.issue(a, "10000.00");
      world.issue(b, "10000.00");
      send(world, "A", World.KOMATSU, "B", World.KANAZAWA, "1200.00");
      send(world, "A", World.KOMATSU, "B", World.KANAZAWA, "34.56");
      receive(world, "B", World.KANAZAWA);
      send(world, "B", World.KANAZAWA, "A", World.KOMATSU, "800.00");
      world.await(() ->
          world.node.shard().chains().stream()
                  .allMatch(chain -> chain.size() == chain.approvedSize())
              && world.node.sinks().statuses().getFirst().lag() == 0);
      look(chromium, world, World.ASIA, Viewing.Screen.PHONE_JA, "金沢市");
      look(chromium, world, World.KOMATSU, Viewing.Screen.DESK_EN, "Kanazawa");
      look(chromium, world, World.EUROPE, Viewing.Screen.DESK_JA, "金沢市");
    }
  }

  private static void look(
      Chromium chromium, World world, String gateway, Viewing.Screen screen, String kanazawa) {
    String address = "http://localhost:" + world.port(gateway);
    try (Viewing viewing = new Viewing(chromium.browser(), address, screen, true)) {
      Page page = viewing.page();
      viewing.open("/");
      page.locator("footer a[href='/charts']").click();
      Locator flows = page.locator("table[aria-labelledby=flows] tbody tr");
      assertThat(flows).hasCount(2);
      assertThat(flows.first()).containsText("1,234.56");
      assertThat(flows.last()).containsText("800.00");
      assertThat(page.locator("[data-chart=flows] .over").nth(2)).hasText(kanazawa);
      Locator today = page.locator("table[aria-labelledby=states] tbody tr").first();
      assertThat(today.locator("td").nth(0)).hasText("3");
      assertThat(today.locator("td").nth(1)).hasText("2");
      Locator youngest = page.locator("table[aria-labelledby=ages] tbody tr").first();
      assertThat(youngest.locator("td").first()).hasText("1");
      viewing.check("node-charts");
    }
  }

  private static void send(
      World world, String sender, String from, String receiver, String to, String amount)
      throws Exception {
    world
        .post(
            World.ASIA,
            "/send",
            """
            {"sender":"%s","sender_municipality":"%s","receiver":"%s",\
            "receiver_municipality":"%s","amount":"%s"}\
            """
                .formatted(sender, from, receiver, to, amount))
        .expect(200);
  }

  /** All that waits for this person. */
  private static void receive(World world, String receiver, String municipality) throws Exception {
    world
        .post(
            World.ASIA,
            "/receive",
            "{\"receiver\":\"%s\",\"receiver_municipality\":\"%s\"}"
                .formatted(receiver, municipality))
        .expect(200);
  }
}
