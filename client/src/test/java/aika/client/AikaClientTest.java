package aika.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.client.ScriptedGateway.Answer;
import aika.core.ledger.Order;
import aika.core.ledger.SignedOrder;
import aika.core.money.Money;
import aika.core.money.TransferId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class AikaClientTest {
  private static final String PARTIES =
      """
      "sender":{"account":"Asia-Komatsu/aaaaaaaa","municipality":"Asia-Komatsu"},
      "receiver":{"name":"B","account":"Asia-Kanazawa/bbbbbbbb","municipality":"Asia-Kanazawa"},
      "amount":"200.00","valid_until":"2027-01-21T10:00:01Z"\
      """;
  private static final String TRANSFER =
      """
      {"transfer":"Asia-Komatsu:12","id":"019ab3c2-7c1e-7000-8000-000000000004",
       "status":"send_pending","colour":"red",%s}\
      """
          .formatted(PARTIES);
  private static final Answer TAKEN = request -> request.answer(200, TRANSFER);
  private static final Answer REPEATED =
      request -> request.answer(200, TRANSFER.replace("\"colour\":\"red\"", "\"repeated\":true"));
  private static final Answer BUSY = request -> request.problem(503, "BUSY");
  private static final Answer NOT_KNOWN = request -> request.problem(504, "OUTCOME_UNKNOWN");
  private static final Answer POOR = request -> request.problem(409, "INSUFFICIENT_FUNDS");
  private static final Answer HANG = ScriptedGateway.Request::hang;
  private static final Answer CUT =
      request -> {
        throw new IOException("cut");
      };

  @TempDir Path directory;

  private final ScriptedGateway gateway = new ScriptedGateway();
  private final AikaClient client = gateway.client(Duration.ofMillis(700));
  private final SignedOrder order = WalletTest.wallet().send(WalletTest.B, Money.of("200.00"));

  @AfterEach
  void stop() {
    client.close();
    gateway.close();
  }

  private Result submit(Answer first, Answer... then) {
    gateway.on("/send", first, then);
    return client.submit(order);
  }

  @Test
  void whatIsTakenIsAccepted() {
    Result.Accepted accepted = assertInstanceOf(Result.Accepted.class, submit(TAKEN));
    assertEquals(TransferId.of("Asia-Komatsu:12"), accepted.transfer().id());
    assertEquals(Money.of("200.00"), accepted.transfer().amount());
    assertEquals(WalletTest.B, accepted.transfer().receiver());
    assertArrayEquals(order.bytes(), gateway.bodies().getFirst());
  }

  @Test
  void aDecisionGoesToReceive() {
    gateway.on("/receive", TAKEN);
    SignedOrder receive = WalletTest.wallet().receive(TransferId.of("Asia-Kanazawa:3"));
    assertInstanceOf(Result.Accepted.class, client.submit(receive));
  }

  /** [HTTP-50] */
  @Test
  void everythingElseGoesToOrders() {
    String order = "\"account\":\"Asia-Komatsu/aaaaaaaa\",\"chain\":\"Asia-Komatsu\",\"leaf\":12";
    String batch = "{\"kind\":\"send-batch\"," + order + ",\"transfers\":[%1$s,%1$s]}";
    gateway.on(
        "/orders",
        request -> request.answer(200, "{\"kind\":\"freeze\"," + order + "}"),
        request -> request.answer(200, batch.formatted(TRANSFER)));
    Wallet wallet = WalletTest.wallet();
    Result.Accepted frozen =
        assertInstanceOf(Result.Accepted.class, client.submit(wallet.freeze()));
    assertEquals(List.of(), frozen.transfers());
    assertThrows(IllegalStateException.class, frozen::transfer);
    Order.Payment payment = new Order.Payment(WalletTest.B, Money.of("200.00"));
    SignedOrder two = wallet.sendBatch(List.of(payment, payment));
    Result.Accepted sent = assertInstanceOf(Result.Accepted.class, client.submit(two));
    assertEquals(2, sent.transfers().size());
    assertArrayEquals(two.bytes(), gateway.bodies().getLast());
  }

  /** [HTTP-5] The same bytes every time. */
  @Test
  void aLostOrUnknownAnswerIsAskedForAgainWithTheSameOrder() {
    for (Answer lost : List.of(HANG, CUT, NOT_KNOWN, BUSY)) {
      gateway.bodies().clear();
      Result result = submit(lost, REPEATED);
      assertTrue(assertInstanceOf(Result.Accepted.class, result).repeated());
      assertEquals(2, gateway.bodies().size());
      gateway.bodies().forEach(body -> assertArrayEquals(order.bytes(), body));
    }
  }

  @Test
  void unknownIsNeverReportedAsFailed() {
    Answer proxy = request -> request.answer(502, "<html>");
    Answer internal = request -> request.problem(500, "INTERNAL");
    Answer nonsense = request -> request.answer(200, "<html>");
    for (Answer lost : List.of(HANG, CUT, NOT_KNOWN, proxy, internal, nonsense)) {
      Result.Unknown unknown = assertInstanceOf(Result.Unknown.class, submit(lost));
      assertArrayEquals(order.bytes(), unknown.order().bytes());
    }
    // The lost one may still arrive, when there is money again.
    assertInstanceOf(Result.Unknown.class, submit(HANG, POOR));
    assertInstanceOf(Result.Unknown.class, submit(NOT_KNOWN, BUSY));
  }

  @Test
  void aRefusalIsFinalWhenNothingWasLost() {
    Result.Refused refused = assertInstanceOf(Result.Refused.class, submit(POOR));
    assertEquals("INSUFFICIENT_FUNDS", refused.problem().code());
    assertEquals(409, refused.problem().status());
    assertEquals("No. (made up)", refused.problem().toString());
    assertEquals(1, gateway.bodies().size());

    Result.Refused busy = assertInstanceOf(Result.Refused.class, submit(BUSY));
    assertTrue(busy.problem().isPassing());
    assertEquals(4, gateway.bodies().size());

    Answer stale = request -> request.problem(409, "STALE");
    assertInstanceOf(Result.Refused.class, submit(HANG, stale));
    Answer firewall = request -> request.answer(403, "<html>");
    Result.Refused walled = assertInstanceOf(Result.Refused.class, submit(firewall));
    assertEquals("HTTP_403", walled.problem().code());
  }

  @Test
  void aLateAttemptDoesNotHideThatTheLostOneWasAccepted() {
    Answer stale = request -> request.problem(409, "STALE");
    String path = "/accounts/" + WalletTest.A + "/orders/" + order.order().header().id();
    gateway.on(
        path, request -> request.answer(200, "{\"kind\":\"send\",\"transfer\":" + TRANSFER + "}"));
    Result.Accepted found = assertInstanceOf(Result.Accepted.class, submit(NOT_KNOWN, stale));
    assertTrue(found.repeated());
    gateway.on(path, BUSY);
    assertInstanceOf(Result.Unknown.class, submit(NOT_KNOWN, stale));
    assertInstanceOf(Result.Refused.class, submit(stale));
  }

  @Test
  void nobodyThereIsNeitherUnknownNorRefused() {
    gateway.close();
    ClientException nobody = assertThrows(ClientException.class, () -> client.submit(order));
    assertEquals(ClientException.UNREACHABLE, nobody.code());
  }

  @Test
  void anInterruptEndsTheWaitingAndIsKept() throws InterruptedException {
    gateway.on("/send", HANG);
    Result[] result = new Result[1];
    boolean[] interrupted = new boolean[1];
    Thread thread =
        Thread.ofVirtual()
            .start(() -> {
              Thread.currentThread().interrupt();
              result[0] = client.submit(order);
              interrupted[0] = Thread.currentThread().isInterrupted();
            });
    thread.join();
    assertInstanceOf(Result.Unknown.class, result[0]);
    assertTrue(interrupted[0]);
  }

  @Test
  void anOutboxHasTheOrderBeforeTheGatewayAndUntilTheResult() {
    Outbox outbox = new Outbox(directory);
    AtomicInteger kept = new AtomicInteger();
    Answer looking =
        request -> {
          kept.addAndGet(outbox.waiting().size());
          request.problem(504, "OUTCOME_UNKNOWN");
        };
    gateway.on("/send", looking);
    assertInstanceOf(Result.Unknown.class, client.submit(order, outbox));
    assertEquals(3, kept.get());
    SignedOrder again = outbox.waiting().getFirst();
    gateway.on("/send", BUSY);
    assertInstanceOf(Result.Unknown.class, client.submit(again, outbox));
    assertEquals(1, outbox.waiting().size());
    gateway.on("/send", REPEATED);
    assertInstanceOf(Result.Accepted.class, client.submit(again, outbox));
    assertEquals(List.of(), outbox.waiting());
  }

  /** The process that sent it first is gone, and with it what it knew. */
  @Test
  void anOrderOfAnEarlierProcessIsLookedUpBeforeItIsGivenUp() {
    new Outbox(directory).keep(order);
    Outbox outbox = new Outbox(directory);
    gateway.on("/send", POOR);
    assertInstanceOf(Result.Unknown.class, client.submit(order, outbox));
    assertEquals(1, outbox.waiting().size());
    String path = "/accounts/" + WalletTest.A + "/orders/" + order.order().header().id();
    gateway.on("/send", request -> request.problem(409, "STALE"));
    gateway.on(path, BUSY);
    assertInstanceOf(Result.Unknown.class, client.submit(order, outbox));
    assertEquals(1, outbox.waiting().size());
    gateway.on(
        path, request -> request.answer(200, "{\"kind\":\"send\",\"transfer\":" + TRANSFER + "}"));
    assertInstanceOf(Result.Accepted.class, client.submit(order, outbox));
    assertEquals(List.of(), outbox.waiting());
    outbox.keep(order);
    gateway.on(path, request -> request.problem(404, "NOT_FOUND"));
    assertInstanceOf(Result.Refused.class, client.submit(order, outbox));
    assertEquals(List.of(), outbox.waiting());
  }

  /** Nobody there is not "nothing was ordered" when something may have been before. */
  @Test
  void anOrderOfAnEarlierProcessStaysUnknownWhenNobodyIsThere() {
    Outbox outbox = new Outbox(directory);
    gateway.close();
    assertThrows(ClientException.class, () -> client.submit(order, outbox));
    assertEquals(1, outbox.waiting().size());
    assertInstanceOf(Result.Unknown.class, client.submit(order, outbox));
    assertEquals(1, outbox.waiting().size());
  }

  @Test
  void anOrderIsLookedUpByItsId() {
    String path = "/accounts/" + WalletTest.A + "/orders/" + order.order().header().id();
    assertInstanceOf(Result.Unknown.class, client.lookUp(order));
    gateway.on(
        path, request -> request.answer(200, "{\"kind\":\"send\",\"transfer\":" + TRANSFER + "}"));
    assertInstanceOf(Result.Accepted.class, client.lookUp(order));
    gateway.on(path, request -> request.problem(404, "UNKNOWN_CHAIN"));
    ClientException other = assertThrows(ClientException.class, () -> client.lookUp(order));
    assertEquals("UNKNOWN_CHAIN", other.code());
  }

  @Test
  void readsTransfersAccountsAndWhatWaits() {
    gateway.on(
        "/transfers/Asia-Komatsu:12",
        request ->
            request.answer(
                200,
                TRANSFER.replace(
                    "\"colour\":\"red\"",
                    """
                    "history":[
                     {"state":"send","time":"2026-11-22T10:00:01.123Z","chain":"Asia-Komatsu",
                      "leaf":12,"block":3,"approved_at":"2026-11-22T10:00:02Z"},
                     {"state":"listed","time":"2026-11-22T10:00:03.000Z","chain":"Asia"}]\
                    """)));
    Transfer transfer = client.transfer(TransferId.of("Asia-Komatsu:12"));
    assertEquals(2, transfer.history().size());
    assertEquals(12L, transfer.history().getFirst().leaf());
    assertEquals(3L, transfer.history().getFirst().block());

    gateway.on(
        "/accounts/Asia-Komatsu/aaaaaaaa",
        request ->
            request.answer(
                200,
                """
                {"account":"Asia-Komatsu/aaaaaaaa","balance":"800.00","held":"200.00","holds":[
                  {"transfer":"Asia-Komatsu:12",%s}],
                 "key":"%s","frozen":true,"closed":false,"auto_receive":"5.00",
                 "announced_key":{"key":"%s",
                  "since":"2026-11-22T10:00:01.123Z","due":"2026-11-29T10:00:01.123Z"}}\
                """
                    .formatted(PARTIES, "A".repeat(43) + '=', "B".repeat(42) + "A=")));
    Account account = client.account(WalletTest.A);
    assertEquals(Money.of("800.00"), account.balance());
    assertEquals(WalletTest.B, account.holds().getFirst().receiver());
    Account.Standing standing = account.standing();
    assertArrayEquals(new byte[32], standing.publicKey());
    assertTrue(standing.frozen() && !standing.closed());
    assertEquals(Money.of("5.00"), standing.autoReceive());
    Account.AnnouncedKey announced = Objects.requireNonNull(standing.announced());
    assertEquals(7 * 24 * 3_600_000L, announced.due() - announced.since());

    gateway.on(
        "/pending",
        request ->
            request.answer(
                200,
                """
                {"pending":[{"transfer":"Asia-Komatsu:12",
                  "listed_at":"2026-11-22T10:00:03.000Z",%s}],"more":false}\
                """
                    .formatted(PARTIES)));
    assertEquals(WalletTest.A, client.pending(WalletTest.B).transfers().getFirst().sender());
    assertEquals("/pending?account=Asia-Kanazawa/bbbbbbbb&limit=1000", gateway.asked().getLast());
  }

  /** A statement has what is approved, an account what is held; one may be in both. */
  @Test
  void refundsAreFoundBeforeTheyAreApproved() {
    String history =
        """
        "history":[{"state":"receive_pending","time":"2026-11-22T10:00:04.500Z",
          "chain":"Asia-Kanazawa","leaf":5}]\
        """;
    gateway.on(
        "/transfers/Asia-Komatsu:12",
        request -> request.answer(200, TRANSFER.replace("\"colour\":\"red\"", history)));
    Transfer received = client.transfer(TransferId.of("Asia-Komatsu:12"));
    for (int refund : List.of(6, 7, 9)) {
      String of = "\"refund_of\":\"Asia-Komatsu:1" + (refund == 7 ? "3\"" : "2\"");
      gateway.on(
          "/transfers/Asia-Kanazawa:" + refund,
          request ->
              request.answer(
                  200,
                  TRANSFER
                      .replace("Asia-Komatsu:12", "Asia-Kanazawa:" + refund)
                      .replace("\"colour\":\"red\"", of)));
    }
    gateway.on(
        "/accounts/Asia-Kanazawa/bbbbbbbb",
        request ->
            request.answer(
                200,
                """
                {"account":"Asia-Kanazawa/bbbbbbbb","balance":"8.00","held":"2.00","holds":[%s,%s,%s],
                 "key":"%s","frozen":false,"closed":false,"auto_receive":"0.00"}\
                """
                    .formatted(
                        held(7, "Asia-Komatsu/aaaaaaaa"),
                        held(8, "Asia-Komatsu/cccccccc"),
                        held(9, "Asia-Komatsu/aaaaaaaa"),
                        "A".repeat(43) + '=')));
    gateway.on(
        "/accounts/Asia-Kanazawa/bbbbbbbb/statement.csv",
        request -> request.answer(200, sent(6) + sent(7)));
    assertEquals(
        List.of(TransferId.of("Asia-Kanazawa:6"), TransferId.of("Asia-Kanazawa:9")),
        client.refunds(received).stream().map(Transfer::id).toList());
    assertTrue(
        gateway
            .asked()
            .contains("/accounts/Asia-Kanazawa/bbbbbbbb/statement.csv?from=2026-11-22T10:00:04Z"));
  }

  private static String held(int leaf, String receiver) {
    return """
    {"transfer":"Asia-Kanazawa:%d","receiver":{"account":"%s","municipality":"Asia-Komatsu"},
     "amount":"1.00","valid_until":"2027-01-21T10:00:01Z"}\
    """
        .formatted(leaf, receiver);
  }

  private static String sent(int leaf) {
    return "2026-11-22T10:00:05.000Z,%d,send,Asia-Kanazawa:%d,Asia-Komatsu/aaaaaaaa,A,1.00\r\n"
        .formatted(leaf, leaf);
  }

  @Test
  void errorsOfQuestionsHaveStableCodes() {
    TransferId transfer = TransferId.of("Asia-Komatsu:99");
    String path = "/transfers/" + transfer;
    gateway.on(path, request -> request.problem(404, "UNKNOWN_TRANSFER"));
    assertEquals("UNKNOWN_TRANSFER", codeOf(transfer));
    gateway.on(path, request -> request.answer(200, "{}"));
    assertEquals(ClientException.NOT_UNDERSTOOD, codeOf(transfer));
    gateway.on(path, request -> request.answer(200, "[".repeat(100_000)));
    assertEquals(ClientException.NOT_UNDERSTOOD, codeOf(transfer));
    gateway.on(path, request -> request.answer(200, new byte[5_000_000]));
    assertEquals(ClientException.UNREACHABLE, codeOf(transfer));
    gateway.on(path, HANG);
    assertEquals(ClientException.UNREACHABLE, codeOf(transfer));
    gateway.on(
        path,
        request -> {
          request.stream().write('{');
          request.hang();
        });
    assertEquals(ClientException.UNREACHABLE, codeOf(transfer));
  }

  private String codeOf(TransferId transfer) {
    return assertThrows(ClientException.class, () -> client.transfer(transfer)).code();
  }
}
