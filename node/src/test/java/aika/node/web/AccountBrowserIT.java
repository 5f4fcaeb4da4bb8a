package aika.node.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.money.Money;
import com.microsoft.playwright.Page;
import java.net.URI;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An account's page in a real browser: a stranger's key, freezing, a new key, a standing order. */
class AccountBrowserIT {
  private static final Pattern DONE = Pattern.compile("/account\\?account=[^&]+&done=.+$");
  private static final Pattern TRANSFER = Pattern.compile("/t/Asia-Komatsu:\\d+$");

  private static Chromium chromium;

  private PagesServer server;

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

  @BeforeEach
  void startServer() {
    server = new PagesServer("Asia-Komatsu");
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  private Viewing viewing(Viewing.Screen screen) {
    return new Viewing(chromium.browser(), server.address(), screen, true);
  }

  private static String say(Viewing.Screen screen, Text text) {
    return text.in(Language.of(screen.language).orElseThrow());
  }

  @ParameterizedTest
  @EnumSource(names = {"PHONE_JA", "DESK_EN"})
  void aStrangersKeyIsStopped(Viewing.Screen screen) {
    try (Viewing viewing = viewing(screen)) {
      Page page = viewing.page();
      viewing.open("/");
      page.locator("nav a[href='/account']").click();
      page.locator("form .main").click();
      assertThat(page.locator("#summary")).isFocused();
      viewing.check("account-who");
      page.locator("#sender").fill("A");
      page.locator("form .main").click();
      assertThat(page.locator("h1")).hasText(say(screen, Text.ACCOUNT_TITLE));
      assertThat(page.locator(".main")).hasCount(0);
      viewing.check("account");

      server.desk.announce(FakeDesk.A.account());
      page.reload();
      assertThat(page.locator(".notice.wrong h2")).hasText(say(screen, Text.ANNOUNCED_TITLE));
      assertThat(page.locator(".main")).hasCount(1);
      page.locator("details > summary").click();
      viewing.check("announced");
      viewing.open("/send");
      page.locator("#sender").fill("A");
      page.locator("#sender").blur();
      assertThat(page.locator("#sender-says .attention")).isVisible();
      viewing.check("send-announced");
      page.locator("#sender-says a").click();

      page.locator("#veto-form .main").click();
      assertThat(page.locator("h1")).hasText(say(screen, Text.CONFIRM_VETO_TITLE));
      assertThat(page.locator("h1")).isFocused();
      page.locator("details > summary").click();
      viewing.check("confirm-veto");
      page.locator("form .main").dblclick();
      page.waitForURL(DONE);
      assertThat(page.locator("[role=status] h2")).hasText(say(screen, Text.DONE_VETO));
      assertEquals(1, server.desk.changes());
      assertNull(server.desk.standing(FakeDesk.A.account()).announced());
      viewing.check("vetoed");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PHONE_JA", "DESK_EN"})
  void theAccountIsFrozen(Viewing.Screen screen) {
    try (Viewing viewing = viewing(screen)) {
      Page page = viewing.page();
      viewing.open(Paths.account(FakeDesk.A.account()));
      page.locator("#freeze-form button").click();
      assertThat(page.locator("main")).containsText(say(screen, Text.CONFIRM_FREEZE));
      assertThat(page.locator("#waiting")).hasCount(0);

      viewing.open("/send");
      page.locator("#sender").fill("A");
      page.locator("#receiver").fill("B");
      page.locator("#receiver_municipality").selectOption("Asia-Kanazawa");
      page.locator("#amount").fill("300");
      page.locator("form .main").click();
      page.locator("form .main").click();
      page.waitForURL(TRANSFER);
      String sent = URI.create(page.url()).getPath();
      viewing.open(Paths.account(FakeDesk.A.account()));
      page.locator("#freeze-form button").click();
      assertThat(page.locator("#waiting li")).containsText("300.00");
      viewing.check("confirm-freeze");
      page.locator("#waiting a").click();
      assertEquals(sent, URI.create(page.url()).getPath());
      page.goBack();
      page.locator(".buttons .plain").click();
      assertFalse(server.desk.standing(FakeDesk.A.account()).frozen());
      page.locator("#freeze-form button").click();
      page.locator("form .main").click();
      page.waitForURL(DONE);
      assertTrue(server.desk.standing(FakeDesk.A.account()).frozen());
      assertThat(page.locator("form")).hasCount(0);
      viewing.check("frozen");

      viewing.open("/send");
      page.locator("#sender").fill("A");
      page.locator("#sender").blur();
      assertThat(page.locator("#sender-says .error")).isVisible();
      viewing.check("send-frozen");
      viewing.open(Paths.waitingFor(FakeDesk.A.account()));
      viewing.see(say(screen, Text.FROZEN_TITLE));
      viewing.check("receive-frozen");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PHONE_JA", "DESK_EN"})
  void aShopReceivesByItself(Viewing.Screen screen) {
    try (Viewing viewing = viewing(screen)) {
      Page page = viewing.page();
      viewing.open(Paths.account(FakeDesk.A.account()));
      page.locator("#amount").fill("-5");
      page.locator("#limit-form button").click();
      assertThat(page.locator("#summary")).isFocused();
      assertThat(page.locator("#amount")).hasAttribute("aria-invalid", "true");
      viewing.check("limit-wrong");
      page.locator("#amount").fill("５００");
      page.locator("#limit-form button").click();
      viewing.check("confirm-limit");
      page.locator("form .main").click();
      page.waitForURL(DONE);
      assertEquals(Money.of("500.00"), server.desk.standing(FakeDesk.A.account()).autoReceive());
      assertThat(page.locator("#amount")).hasValue("500.00");
      page.locator("#amount").fill("0");
      page.locator("#limit-form button").click();
      assertThat(page.locator("main")).containsText(say(screen, Text.CONFIRM_LIMIT_OFF));
      page.locator("form .main").click();
      page.waitForURL(DONE);
      viewing.see(say(screen, Text.AUTO_RECEIVE_OFF));

      page.locator("#amount").fill("500");
      page.locator("#limit-form button").click();
      page.locator("form .main").click();
      page.locator("#freeze-form button").click();
      assertThat(page.locator(".facts").first()).containsText("500.00");
      viewing.check("confirm-freeze-of-a-shop");
      page.locator("form .main").click();
      assertThat(page.locator(".notice.waiting")).containsText("500.00");
    }
  }

  @Test
  void anUnknownOutcomeIsAskedForAgainAndTheKeyChangesOnce() {
    try (Viewing viewing = viewing(Viewing.Screen.PHONE_JA)) {
      Page page = viewing.page();
      viewing.open(Paths.account(FakeDesk.A.account()));
      page.locator("#key-form button").click();
      String id = page.locator("input[name=id]").getAttribute("value");
      page.locator(".language button").click();
      assertThat(page.locator("h1")).hasText(Text.CONFIRM_KEY_TITLE.in(Language.EN));
      assertEquals(id, page.locator("input[name=id]").getAttribute("value"));
      page.locator(".language button").click();
      viewing.check("confirm-key");
      server.desk.refuseNext = Refusal.of(Reason.OUTCOME_UNKNOWN, "in this test");
      page.locator("form .main").click();
      viewing.check("change-unknown");
      page.locator("form .main").click();
      page.waitForURL(DONE);
      viewing.check("key-changed");
      server.desk.refuseNext = Refusal.of(Reason.KEY_UNCHANGED, "in this test");
      page.locator("#key-form button").click();
      page.locator("form .main").click();
      viewing.check("change-refused");
      page.locator(".buttons .main").click();
      assertThat(page.locator("h1")).hasText(Text.ACCOUNT_TITLE.in(Language.JA));
      assertEquals(1, server.desk.changes());
    }
  }

  @Test
  void whoseKeyIsElsewhereIsTold() {
    server.desk.signs = false;
    server.desk.announce(FakeDesk.A.account());
    try (Viewing viewing = viewing(Viewing.Screen.PHONE_JA)) {
      Page page = viewing.page();
      viewing.open(Paths.account(FakeDesk.A.account()));
      assertThat(page.locator("main form")).hasCount(0);
      viewing.see(Text.SIGNED_ELSEWHERE.in(Language.JA));
      viewing.check("key-elsewhere");
      page.setViewportSize(195, 422);
      viewing.assertFits("account");
      server.desk.signs = true;
      page.reload();
      viewing.assertFits("account with everything");
      viewing.shot("zoomed-account");
    }
  }

  @Test
  void everythingWorksWithoutScripts() {
    server.desk.announce(FakeDesk.A.account());
    try (Viewing viewing =
        new Viewing(chromium.browser(), server.address(), Viewing.Screen.PHONE_JA, false)) {
      Page page = viewing.page();
      viewing.open("/account");
      page.locator("#sender").fill("A");
      page.locator("form .main").click();
      page.locator("#veto-form .main").click();
      page.locator("form .main").click();
      page.waitForURL(DONE);
      viewing.see(Text.DONE_VETO.in(Language.JA));
    }
  }
}
