package aika.node.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.money.TransferId;
import aika.node.gateway.TransferState;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.options.LoadState;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The pages in a real browser: every state of the worked example, and what goes wrong. */
class PagesBrowserIT {
  private static final int WEIGHT_MAX = 150 * 1024;
  private static final Pattern TRANSFER_ADDRESS = Pattern.compile("/t/Asia-K\\w+:\\d+$");

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
    server = new PagesServer("Asia");
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
  @EnumSource
  void theWorkedExampleByClick(Viewing.Screen screen) {
    try (Viewing viewing = viewing(screen)) {
      Page page = viewing.page();
      viewing.open("/");
      assertEquals(screen.language, page.locator("html").getAttribute("lang"));
      viewing.check("send");

      page.locator("form .main").click();
      assertThat(page.locator("#summary")).isFocused();
      assertThat(page.locator("[aria-invalid]")).hasCount(3);
      viewing.check("send-errors");

      fillIn(page);
      assertThat(page.locator("#receiver-says .found")).isVisible();
      assertThat(page.locator("#balance")).containsText("1,000.00 → 800.00");
      assertThat(page.locator("#summary")).hasCount(0);
      viewing.check("send-filled");

      page.locator("form .main").click();
      assertThat(page.locator("h1")).isFocused();
      page.locator("details > summary").click();
      viewing.check("confirm");

      page.locator("form .main").dblclick();
      page.waitForURL(TRANSFER_ADDRESS);
      assertEquals(1, server.desk.sends());
      viewing.check("sent");
      TransferId id = transfer(page);
      server.desk.list(id);
      viewing.see(say(screen, Text.LISTED));
      viewing.check("waiting");

      page.locator(".buttons .main").last().click();
      viewing.check("offers");
      page.locator(".offer .main").click();
      viewing.check("confirm-receive");
      page.locator("form .main").click();
      page.waitForURL(TRANSFER_ADDRESS);
      viewing.check("received");
      server.desk.complete(id);
      viewing.see(say(screen, Text.HEAD_COMPLETE));
      page.locator("details > summary").click();
      viewing.check("complete");

      viewing.open("/receive?account=Asia-Kanazawa/p8d1x7aa");
      viewing.check("nothing-waits");
      viewing.open("/t/Asia-Komatsu:99999");
      viewing.check("no-such-transfer");
    }
  }

  @ParameterizedTest
  @EnumSource
  void showsWhoApproves(Viewing.Screen screen) {
    try (Viewing viewing = viewing(screen)) {
      Page page = viewing.page();
      viewing.open("/");
      page.locator("nav a[href='/representatives']").click();
      assertThat(page.locator("h1")).hasText(say(screen, Text.REPRESENTATIVES));
      assertThat(page.locator("ol li")).hasCount(5);
      assertThat(page.locator("table")).hasCount(1);
      viewing.check("representatives-continent");
    }
    try (PagesServer komatsu = new PagesServer("Asia-Komatsu");
        Viewing viewing = new Viewing(chromium.browser(), komatsu.address(), screen, true)) {
      viewing.open("/representatives");
      assertThat(viewing.page().locator("table")).hasCount(2);
      viewing.check("representatives");
    }
  }

  private static void fillIn(Page page) {
    page.locator("#sender_municipality").selectOption("Asia-Komatsu");
    page.locator("#sender").fill("A");
    page.locator("#receiver_municipality").selectOption("Asia-Kanazawa");
    page.locator("#receiver").fill("B");
    page.locator("#amount").fill("200");
    page.locator("#memo").fill("お米をありがとう");
    page.locator("#memo").blur();
  }

  /** A's transfer to B, which waits for B; its page is open. */
  private TransferId sent(Viewing viewing) {
    Page page = viewing.page();
    viewing.open("/send");
    fillIn(page);
    page.locator("form .main").click();
    page.locator("form .main").click();
    page.waitForURL(TRANSFER_ADDRESS);
    TransferId id = transfer(page);
    server.desk.list(id);
    return id;
  }

  private static TransferId transfer(Page page) {
    return TransferId.of(page.url().substring(page.url().lastIndexOf('/') + 1));
  }

  @ParameterizedTest
  @EnumSource(names = {"PHONE_JA", "DESK_EN"})
  void theWorkedExampleByKeyboard(Viewing.Screen screen) {
    try (Viewing viewing = viewing(screen)) {
      Page page = viewing.page();
      viewing.open("/");
      viewing.press("Tab");
      assertThat(page.locator(".skip")).isFocused();
      viewing.press("Enter", "Tab");
      viewing.press("ArrowDown");
      assertThat(page.locator("#sender_municipality")).hasValue("Asia-Komatsu");
      viewing.press("Tab");
      page.keyboard().type("A");
      viewing.press("Tab");
      assertThat(page.locator("#receiver_municipality")).hasValue("Asia-Kanazawa");
      viewing.press("Tab");
      assertThat(page.locator("#receiver")).isFocused();
      page.keyboard().type("B");
      viewing.press("Tab");
      page.keyboard().type("200");
      viewing.press("Enter");
      assertThat(page.locator("h1")).hasText(say(screen, Text.CONFIRM_SEND_TITLE));
      assertThat(page.locator("h1")).isFocused();
      viewing.press("Tab", "Tab");
      assertThat(page.locator("form .main")).isFocused();
      viewing.shot("keyboard-focus");
      viewing.press("Enter");
      page.waitForURL(TRANSFER_ADDRESS);
      TransferId id = transfer(page);
      server.desk.list(id);
      viewing.see(say(screen, Text.LISTED));
      page.locator(".buttons .main").last().focus();
      viewing.press("Enter");
      page.locator(".offer .main").focus();
      viewing.press("Enter");
      assertThat(page.locator("h1")).hasText(say(screen, Text.CONFIRM_RECEIVE_TITLE));
      assertThat(page.locator("h1")).isFocused();
      viewing.press("Tab", "Tab");
      assertThat(page.locator("form .main")).isFocused();
      viewing.press("Enter");
      page.waitForURL(TRANSFER_ADDRESS);
      server.desk.complete(id);
      viewing.see(say(screen, Text.HEAD_COMPLETE));
    }
  }

  @Test
  void theWorkedExampleWithoutScripts() {
    try (Viewing viewing =
        new Viewing(chromium.browser(), server.address(), Viewing.Screen.PHONE_JA, false)) {
      Page page = viewing.page();
      viewing.open("/");
      fillIn(page);
      page.locator("form .main").click();
      page.locator("form .main").click();
      page.waitForURL(TRANSFER_ADDRESS);
      TransferId id = transfer(page);
      server.desk.list(id);
      viewing.open("/receive");
      page.locator("#receiver_municipality").selectOption("Asia-Komatsu");
      page.locator("#receiver").fill("B");
      page.locator("form .main").click();
      assertThat(page.locator("#summary")).isVisible();
      page.locator("#receiver_municipality").selectOption("Asia-Kanazawa");
      page.locator("form .main").click();
      page.locator(".offer .main").click();
      page.locator("form .main").click();
      page.waitForURL(TRANSFER_ADDRESS);
      server.desk.complete(id);
      page.reload();
      viewing.see(Text.HEAD_COMPLETE.in(Language.JA));
    }
  }

  @Test
  void receivesSeveralAtOnceAndDeclinesOne() {
    try (Viewing viewing = viewing(Viewing.Screen.PHONE_JA)) {
      Page page = viewing.page();
      for (int i = 0; i < 3; i++) {
        var _ = sent(viewing);
      }
      viewing.open("/receive?account=Asia-Kanazawa/p8d1x7aa");
      viewing.check("three-offers");
      page.locator("[name=reject]").first().click();
      viewing.check("confirm-decline");
      page.locator("form .main").click();
      page.waitForURL(TRANSFER_ADDRESS);
      viewing.check("declined");
      server.desk.refund(transfer(page), TransferState.REJECTED);
      viewing.see(Text.REFUNDED.in(Language.JA));
      viewing.check("refunded");
      viewing.open("/receive?account=Asia-Kanazawa/p8d1x7aa");
      page.locator("#all-form .main").click();
      viewing.check("confirm-all");
      page.locator("form .main").click();
      assertThat(page.locator(".notice.done")).isVisible();
      viewing.check("received-all");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PHONE_JA", "DESK_EN"})
  void whoseTimeIsOver(Viewing.Screen screen) {
    try (Viewing viewing = viewing(screen)) {
      Page page = viewing.page();
      var _ = sent(viewing);
      viewing.see(say(screen, Text.LISTED));
      server.desk.passDeadline(transfer(page));
      viewing.see(say(screen, Text.HEAD_OVERDUE));
      assertThat(page.locator("[data-part=actions] a[href^='/receive']")).hasCount(0);
      assertThat(page.locator("[data-part=actions] a[href^='/cancel']")).hasCount(0);
      viewing.check("overdue");
      server.desk.refund(transfer(page), TransferState.EXPIRED);
      viewing.see(say(screen, Text.REFUNDED));
      viewing.check("expired");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PHONE_JA", "DESK_EN"})
  void theSenderTakesItBack(Viewing.Screen screen) {
    try (Viewing viewing = viewing(screen)) {
      Page page = viewing.page();
      TransferId id = sent(viewing);
      page.locator("a[href='" + Paths.cancel(id) + "']").click();
      assertThat(page.locator("h1")).hasText(say(screen, Text.CONFIRM_CANCEL_TITLE));
      assertThat(page.locator("main")).containsText(id.toString());
      viewing.check("confirm-cancel");
      page.locator("form .main").click();
      page.waitForURL(TRANSFER_ADDRESS);
      viewing.see(say(screen, Text.HEAD_CANCEL_ASKED));
      assertThat(page.locator("[data-part=actions] a[href^='/cancel']")).hasCount(0);
      viewing.check("cancel-asked");
      server.desk.refund(transfer(page), TransferState.CANCELLED);
      viewing.see(say(screen, Text.REFUNDED));
      viewing.check("cancelled");
      viewing.open(Paths.cancel(transfer(page))); // too late: its page tells
      assertThat(page).hasURL(TRANSFER_ADDRESS);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PHONE_JA", "DESK_EN"})
  void theReceiverGivesItBack(Viewing.Screen screen) {
    try (Viewing viewing = viewing(screen)) {
      Page page = viewing.page();
      TransferId received = sent(viewing);
      viewing.see(say(screen, Text.LISTED));
      assertThat(page.locator("[data-part=actions] a[href^='/send?refund_of']")).hasCount(0);
      viewing.open(Paths.refund(received)); // nothing to give back yet: its page tells
      assertThat(page).hasURL(TRANSFER_ADDRESS);
      viewing.open("/receive?account=Asia-Kanazawa/p8d1x7aa");
      page.locator(".offer .main").click();
      page.locator("form .main").click();
      page.waitForURL(TRANSFER_ADDRESS);
      server.desk.complete(received);
      viewing.see(say(screen, Text.HEAD_COMPLETE));

      page.locator("a[href='" + Paths.refund(received) + "']").click();
      assertThat(page.locator("#sender")).hasValue("Asia-Kanazawa/p8d1x7aa");
      assertThat(page.locator("#receiver")).hasValue("Asia-Komatsu/k3v9q2mw");
      assertThat(page.locator("#amount")).hasValue("200.00");
      assertThat(page.locator("main")).containsText(received.toString());
      viewing.check("refund");
      page.locator("#amount").fill("200.01");
      page.locator("form .main").click();
      assertThat(page.locator("#summary"))
          .containsText(say(screen, Text.REFUND_ABOVE).replace("{0}", "200.00"));
      viewing.check("refund-too-much");
      page.locator("#amount").fill("50");
      page.locator("form .main").click();
      assertThat(page.locator("h1")).hasText(say(screen, Text.CONFIRM_SEND_TITLE));
      assertThat(page.locator("main")).containsText(received.toString());
      viewing.check("confirm-refund");
      page.locator("form .main").click();
      page.waitForURL(TRANSFER_ADDRESS);
      assertThat(page.locator("[data-part=facts] a[href='" + Paths.transfer(received) + "']"))
          .isVisible();
      viewing.check("refund-sent");
      TransferId first = transfer(page);

      viewing.open(Paths.refund(received));
      assertThat(page.locator("#amount")).hasValue("150.00");
      assertThat(page.locator("main a[href='" + Paths.transfer(first) + "']")).isVisible();
      viewing.check("refund-again");
      page.locator("#amount").fill("150.01");
      page.locator("form .main").click();
      assertThat(page.locator("#summary"))
          .containsText(say(screen, Text.REFUND_ABOVE).replace("{0}", "150.00"));
    }
  }

  @Test
  void anUnknownOutcomeIsAskedForAgainAndSendsOnce() {
    try (Viewing viewing = viewing(Viewing.Screen.PHONE_JA)) {
      Page page = viewing.page();
      viewing.open("/");
      fillIn(page);
      page.locator("form .main").click();
      server.desk.refuseNext = Refusal.of(Reason.OUTCOME_UNKNOWN, "in this test");
      page.locator("form .main").click();
      viewing.check("outcome-unknown");
      page.locator("form .main").click();
      page.waitForURL(TRANSFER_ADDRESS);
      page.goBack();
      page.goBack();
      assertThat(page.locator("h1")).hasText(Text.CONFIRM_SEND_TITLE.in(Language.JA));
      page.locator("form .main").click();
      page.waitForURL(TRANSFER_ADDRESS);
      assertEquals(1, server.desk.sends());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PHONE_JA", "PHONE_EN"})
  void anUnknownOutcomeIsNotForgottenByTheNextAnswer(Viewing.Screen screen) {
    try (Viewing viewing = viewing(screen)) {
      Page page = viewing.page();
      viewing.open("/");
      fillIn(page);
      page.locator("form .main").click();
      String id = page.locator("input[name=id]").getAttribute("value");
      server.desk.refuseNext = Refusal.of(Reason.BUSY, "in this test");
      page.locator("form .main").click();
      assertThat(page.locator("h1")).hasText(say(screen, Text.ERROR_LATER_TITLE));
      viewing.check("send-later");
      server.desk.refuseNext = Refusal.of(Reason.OUTCOME_UNKNOWN, "in this test");
      page.locator("form .main").click();
      assertThat(page.locator("h1")).hasText(say(screen, Text.ERROR_UNKNOWN_TITLE));
      server.desk.refuseNext = Refusal.of(Reason.REGISTER_UNREACHABLE, "in this test");
      page.locator("form .main").click();
      assertThat(page.locator("h1")).hasText(say(screen, Text.ERROR_UNKNOWN_TITLE));
      assertThat(page.locator(".notice.wrong")).hasCount(0);
      assertThat(page.locator("main")).containsText("200.00");
      assertEquals(id, page.locator("input[name=id]").getAttribute("value"));
      viewing.check("send-still-unknown");
      page.locator("form .main").click();
      page.waitForURL(TRANSFER_ADDRESS);
      assertEquals(1, server.desk.sends());
    }
  }

  @Test
  void anUnknownDecisionIsAskedForAgain() {
    try (Viewing viewing = viewing(Viewing.Screen.PHONE_JA)) {
      Page page = viewing.page();
      viewing.open("/");
      fillIn(page);
      page.locator("form .main").click();
      page.locator("form .main").click();
      page.waitForURL(TRANSFER_ADDRESS);
      TransferId id = transfer(page);
      server.desk.list(id);

      viewing.open(Paths.cancel(id));
      server.desk.refuseNext = Refusal.of(Reason.OUTCOME_UNKNOWN, "in this test");
      page.locator("form .main").click();
      assertThat(page.locator("h1")).hasText(Text.ERROR_UNKNOWN_TITLE.in(Language.JA));
      viewing.check("cancel-unknown");
      viewing.open(Paths.waitingFor(FakeDesk.B.account()));
      page.locator("form .main").first().click();
      server.desk.refuseNext = Refusal.of(Reason.OUTCOME_UNKNOWN, "in this test");
      page.locator("form .main").click();
      assertThat(page.locator("h1")).hasText(Text.ERROR_UNKNOWN_TITLE.in(Language.JA));
      assertThat(page.locator("main")).not().containsText(Text.RECEIVE_NOT_NOW.in(Language.JA));
      viewing.check("receive-unknown");
      page.locator("form .main").click();
      page.waitForURL(TRANSFER_ADDRESS);
      viewing.see(Text.HEAD_RECEIVED.in(Language.JA));
    }
  }

  @Test
  void whatIsRefusedAfterAllStandsBesideItsField() {
    try (Viewing viewing = viewing(Viewing.Screen.PHONE_EN)) {
      Page page = viewing.page();
      viewing.open("/");
      fillIn(page);
      page.locator("form .main").click();
      server.desk.refuseNext = Refusal.of(Reason.INSUFFICIENT_FUNDS, "in this test");
      page.locator("form .main").click();
      assertThat(page.locator("#amount")).hasAttribute("aria-invalid", "true");
      assertThat(page.locator("#memo")).hasValue("お米をありがとう");
      viewing.check("refused");
    }
  }

  @Test
  void theLanguageChangesOnEveryPageAndIsRemembered() {
    try (Viewing viewing = viewing(Viewing.Screen.PHONE_JA)) {
      Page page = viewing.page();
      viewing.open("/");
      fillIn(page);
      page.locator("form .main").click();
      String id = page.locator("input[name=id]").getAttribute("value");
      page.locator(".language button").click();
      assertThat(page.locator("h1")).hasText(Text.CONFIRM_SEND_TITLE.in(Language.EN));
      assertEquals(id, page.locator("input[name=id]").getAttribute("value"));
      page.locator(".buttons .plain").click();
      assertThat(page.locator("#memo")).hasValue("お米をありがとう");
      viewing.open("/receive");
      assertEquals("en", page.locator("html").getAttribute("lang"));
      page.locator(".language a").click();
      assertEquals("ja", page.locator("html").getAttribute("lang"));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PHONE_JA", "PHONE_EN"})
  void staysWithinTheWindowAtTwiceTheSize(Viewing.Screen screen) {
    try (Viewing viewing = viewing(screen)) {
      Page page = viewing.page();
      viewing.open("/");
      fillIn(page);
      page.setViewportSize(195, 422);
      viewing.assertFits("send");
      viewing.shot("zoomed-send");
      page.locator("form .main").click();
      viewing.assertFits("confirm");
      page.locator("form .main").click();
      page.waitForURL(TRANSFER_ADDRESS);
      viewing.assertFits("transfer");
      viewing.shot("zoomed-transfer");
      server.desk.list(transfer(page));
      viewing.open("/receive?account=Asia-Kanazawa/p8d1x7aa");
      viewing.assertFits("offers");
      viewing.shot("zoomed-offers");
    }
  }

  @Test
  void everyPageIsLight() {
    try (Viewing viewing = viewing(Viewing.Screen.PHONE_JA)) {
      Page page = viewing.page();
      List<Response> responses = new ArrayList<>();
      page.onResponse(responses::add);
      viewing.open("/");
      page.waitForLoadState(LoadState.NETWORKIDLE);
      List<Response> all = List.copyOf(responses);
      long weight = all.stream().mapToLong(one -> one.body().length).sum();
      long requests = all.stream().map(Response::request).map(Request::url).distinct().count();
      System.out.println("send form: " + weight + " bytes in " + requests + " requests");
      assertTrue(weight <= WEIGHT_MAX, weight + " bytes");
    }
  }
}
