package aika.node.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.money.Money;
import aika.core.money.TransferId;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a page says while the outcome of its order is open, and that it keeps the order's id. */
class DoubtTest {
  private static final Pattern HIDDEN =
      Pattern.compile("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\">");
  private static final int SEE_OTHER = 303;
  private static final String UNKNOWN = Text.ERROR_UNKNOWN_TITLE.in(Language.JA);
  private static final String LATER = Text.ERROR_LATER_TITLE.in(Language.JA);

  private final PagesServer server = new PagesServer("Asia");
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  private static Map<String, String> sending() {
    Map<String, String> form = new LinkedHashMap<>();
    form.put(ConfirmSendPage.FROM, FakeDesk.A.account().toString());
    form.put(ConfirmSendPage.TO, FakeDesk.B.account().toString());
    form.put(ConfirmSendPage.SUM, "200.00");
    form.put(ConfirmSendPage.VALID_UNTIL, String.valueOf(FakeDesk.TEN + 60_000));
    form.put(ConfirmSendPage.ID, "019ab3c2-0000-7000-8000-000000000001");
    form.put(Problem.Field.MEMO.id(), "お米");
    return form;
  }

  private HttpResponse<String> post(String path, Map<String, String> form) throws Exception {
    String body =
        form.entrySet().stream()
            .map(field -> field.getKey() + '=' + URLEncoder.encode(field.getValue(), UTF_8))
            .collect(Collectors.joining("&"));
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.address() + path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Origin", server.address())
            .header("Accept-Language", "ja")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> refused(String path, Map<String, String> form, Reason reason)
      throws Exception {
    server.desk.refuseNext = Refusal.of(reason, "in this test");
    return post(path, form);
  }

  /** The form of the page, as it is sent when its button is pressed. */
  private static Map<String, String> form(HttpResponse<String> page) {
    Map<String, String> fields = new LinkedHashMap<>();
    HIDDEN
        .matcher(page.body())
        .results()
        .forEach(field -> fields.putIfAbsent(field.group(1), field.group(2)));
    return fields;
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "BUSY",
        "TOO_MANY_REQUESTS",
        "CLOCK_DIFFERS",
        "REGISTER_UNREACHABLE",
        "INSUFFICIENT_FUNDS",
        "UNSIGNED_REFUSED",
        "INTERNAL"
      })
  void aSendWithoutAnOutcomeStaysInDoubt(Reason next) throws Exception {
    HttpResponse<String> first = refused(Paths.SEND_ORDER, sending(), Reason.OUTCOME_UNKNOWN);
    assertTrue(first.body().contains(UNKNOWN));
    HttpResponse<String> second = refused(Paths.SEND_ORDER, form(first), next);
    assertEquals(Reason.OUTCOME_UNKNOWN.httpStatus(), second.statusCode());
    assertTrue(second.body().contains(UNKNOWN), second.body());
    assertFalse(second.body().contains("notice wrong"), second.body());
    HttpResponse<String> third = refused(Paths.SEND_ORDER, form(second), next);
    assertTrue(third.body().contains(UNKNOWN), third.body());
    assertEquals(sending().get(ConfirmSendPage.ID), form(third).get(ConfirmSendPage.ID));
    assertEquals(SEE_OTHER, post(Paths.SEND_ORDER, form(third)).statusCode());
    assertEquals(1, server.desk.sends());
  }

  @Test
  void whatCanNeverBeAcceptedEndsTheDoubt() throws Exception {
    HttpResponse<String> first = refused(Paths.SEND_ORDER, sending(), Reason.OUTCOME_UNKNOWN);
    HttpResponse<String> second = refused(Paths.SEND_ORDER, form(first), Reason.ID_REUSED);
    assertEquals(Reason.ID_REUSED.httpStatus(), second.statusCode());
    assertTrue(second.body().contains(Reason.ID_REUSED.ja()), second.body());
  }

  @Test
  void whatMayPassIsTriedAgainUnderTheSameId() throws Exception {
    HttpResponse<String> first = refused(Paths.SEND_ORDER, sending(), Reason.BUSY);
    assertEquals(Reason.BUSY.httpStatus(), first.statusCode());
    assertTrue(first.body().contains(LATER), first.body());
    assertEquals(sending().get(ConfirmSendPage.ID), form(first).get(ConfirmSendPage.ID));
    assertEquals("お米", form(first).get(Problem.Field.MEMO.id()));
    HttpResponse<String> second = refused(Paths.SEND_ORDER, form(first), Reason.UNKNOWN_ACCOUNT);
    assertTrue(second.body().contains("notice wrong"), second.body()); // nothing was in doubt
    assertEquals(SEE_OTHER, post(Paths.SEND_ORDER, form(first)).statusCode());
  }

  private TransferId waiting() throws Exception {
    String location =
        post(Paths.SEND_ORDER, sending()).headers().firstValue("Location").orElseThrow();
    TransferId id = TransferId.of(location.substring(location.lastIndexOf('/') + 1));
    server.desk.list(id);
    return id;
  }

  @Test
  void aDecisionWithoutAnOutcomeStaysInDoubt() throws Exception {
    TransferId id = waiting();
    Map<String, String> receiving =
        Map.of(
            ReceivePage.ACCOUNT,
            FakeDesk.B.account().toString(),
            ReceivePage.TRANSFER,
            id.toString());
    HttpResponse<String> first = refused(Paths.RECEIVE_ORDER, receiving, Reason.OUTCOME_UNKNOWN);
    HttpResponse<String> second = refused(Paths.RECEIVE_ORDER, form(first), Reason.BUSY);
    assertTrue(second.body().contains(UNKNOWN), second.body());
    assertFalse(
        second.body().contains(Text.RECEIVE_NOT_NOW.in(Language.JA)),
        "it may have been received: " + second.body());
    HttpResponse<String> third = refused(Paths.RECEIVE_ORDER, form(second), Reason.ALREADY_DECIDED);
    assertEquals(Reason.ALREADY_DECIDED.httpStatus(), third.statusCode());
    assertEquals(SEE_OTHER, post(Paths.RECEIVE_ORDER, form(second)).statusCode());
  }

  @Test
  void aCancelWithoutAnOutcomeStaysInDoubt() throws Exception {
    Map<String, String> cancelling = Map.of(CancelPage.TRANSFER, waiting().toString());
    HttpResponse<String> later = refused(Paths.CANCEL_ORDER, cancelling, Reason.BUSY);
    assertTrue(later.body().contains(LATER), later.body());
    HttpResponse<String> first = refused(Paths.CANCEL_ORDER, form(later), Reason.OUTCOME_UNKNOWN);
    HttpResponse<String> second =
        refused(Paths.CANCEL_ORDER, form(first), Reason.TOO_MANY_REQUESTS);
    assertTrue(second.body().contains(UNKNOWN), second.body());
    assertEquals(SEE_OTHER, post(Paths.CANCEL_ORDER, form(second)).statusCode());
  }

  @Test
  void anOrderAboutAnAccountWithoutAnOutcomeStaysInDoubt() throws Exception {
    Map<String, String> limit = new LinkedHashMap<>();
    limit.put(AccountPage.ACCOUNT, FakeDesk.A.account().toString());
    limit.put(AccountPage.ACT, Act.AUTO_RECEIVE.kind);
    limit.put(Problem.Field.AMOUNT.id(), "500.00");
    limit.put(ConfirmAccountPage.ID, "019ab3c2-0000-7000-8000-000000000002");
    HttpResponse<String> later = refused(Paths.ACCOUNT_ORDER, limit, Reason.CLOCK_DIFFERS);
    assertTrue(later.body().contains(LATER), later.body());
    HttpResponse<String> first = refused(Paths.ACCOUNT_ORDER, form(later), Reason.OUTCOME_UNKNOWN);
    HttpResponse<String> second = refused(Paths.ACCOUNT_ORDER, form(first), Reason.BUSY);
    assertTrue(second.body().contains(UNKNOWN), second.body());
    assertEquals(SEE_OTHER, post(Paths.ACCOUNT_ORDER, form(second)).statusCode());
    assertEquals(Money.of("500.00"), server.desk.standing(FakeDesk.A.account()).autoReceive());
  }

  /** That nothing waits would be believed. */
  @Test
  void nothingWaitsOnlyWhenThatIsKnown() throws Exception {
    HttpRequest asking =
        HttpRequest.newBuilder(
                URI.create(server.address() + Paths.waitingFor(FakeDesk.B.account())))
            .header("Accept-Language", "ja")
            .build();
    String none = Text.WAITING_NONE.in(Language.JA);
    assertTrue(client.send(asking, HttpResponse.BodyHandlers.ofString()).body().contains(none));
    server.desk.incomplete = Refusal.of(Reason.LIST_INCOMPLETE, "in this test");
    String page = client.send(asking, HttpResponse.BodyHandlers.ofString()).body();
    assertFalse(page.contains(none), page);
    assertTrue(page.contains(Reason.LIST_INCOMPLETE.ja()), page);
    assertTrue(page.contains(Reason.LIST_INCOMPLETE.name()), page);
  }
}
