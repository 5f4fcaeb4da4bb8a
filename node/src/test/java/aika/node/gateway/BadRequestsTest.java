package aika.node.gateway;

import static aika.node.gateway.World.ASIA;
import static aika.node.gateway.World.DEFAULT;
import static aika.node.gateway.World.KANAZAWA;
import static aika.node.gateway.World.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Order;
import aika.core.ledger.Reason;
import aika.core.ledger.SignedOrder;
import aika.core.money.AccountId;
import aika.core.money.Money;
import aika.core.money.Timestamp;
import aika.core.money.TransferId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whatever is wrong with a request: a stable code, its status, both sentences, nothing changed. */
@ExtendWith(SharedWorld.class)
class BadRequestsTest {
  private static final String JSON = "application/json";
  private static final String SEND =
      """
      {"sender":"A","sender_municipality":"Asia-Komatsu","receiver":"B",\
      "receiver_municipality":"Asia-Kanazawa","amount":7,"continent":"Asia"}\
      """;
  private static final String RECEIVE =
      "{\"receiver\":\"B\",\"receiver_municipality\":\"Asia-Kanazawa\"}";

  private final SharedWorld.Town town;
  private final World world;

  BadRequestsTest(SharedWorld.Town town) {
    this.town = town;
    this.world = town.world;
  }

  private record Row(
      String name,
      String method,
      String gateway,
      String path,
      String contentType,
      String body,
      Map<String, String> headers,
      Reason expected) {}

  private static Row get(String path, Reason expected) {
    return new Row("GET " + path, "GET", KOMATSU, path, "", "", Map.of(), expected);
  }

  private static Row send(String body, Reason expected) {
    return post(KOMATSU, "/send", body, expected);
  }

  private static Row receive(String body, Reason expected) {
    return post(KANAZAWA, "/receive", body, expected);
  }

  private static Row post(String gateway, String path, String body, Reason expected) {
    String name = path + " " + body.substring(0, Math.min(body.length(), 160));
    return new Row(name, "POST", gateway, path, JSON, body, Map.of(), expected);
  }

  private static Row with(String header, String value) {
    return new Row(
        "/send with " + header + ": " + value,
        "POST",
        KOMATSU,
        "/send",
        JSON,
        SEND,
        Map.of(header, value),
        Reason.UNSIGNED_REFUSED);
  }

  private static Row typed(String path, String contentType, String body, Reason expected) {
    return new Row(
        path + " as " + contentType + ", " + expected,
        "POST",
        KOMATSU,
        path,
        contentType,
        body,
        Map.of(),
        expected);
  }

  private static String said(String name, String json) {
    return SEND.replaceFirst(
        "\"" + name + "\":[^,}]*", Matcher.quoteReplacement("\"" + name + "\":" + json));
  }

  private static String and(String name, String json) {
    return SEND.replaceFirst("\\{", Matcher.quoteReplacement("{\"" + name + "\":" + json + ","));
  }

  @TestFactory
  Stream<DynamicTest> badSends() {
    String deep = "[".repeat(50) + "]".repeat(50);
    return rows(
        send("", Reason.MALFORMED),
        send("{", Reason.MALFORMED),
        send("[]", Reason.MALFORMED),
        send("null", Reason.MALFORMED),
        send("{} {}", Reason.MALFORMED),
        send("{\"sender\":\"A\",\"sender\":\"B\"}", Reason.MALFORMED),
        send(and("x", deep), Reason.MALFORMED),
        send(and("x".repeat(100), "1"), Reason.MALFORMED),
        send(said("sender", "null"), Reason.MALFORMED),
        send(said("sender", "7"), Reason.MALFORMED),
        send(said("sender", "\"  \""), Reason.MALFORMED),
        send(said("sender", "\"A B\""), Reason.MALFORMED),
        send(said("sender", "\"A\\u0000\""), Reason.MALFORMED),
        send(said("sender", "\"\\ud800\""), Reason.MALFORMED),
        send(said("sender", "\"e\\u0301\""), Reason.MALFORMED),
        send(said("sender", '"' + "あ".repeat(60) + '"'), Reason.MALFORMED),
        send(said("sender", "\"Nobody\""), Reason.UNKNOWN_PERSON),
        send(said("receiver", "\"Nobody\""), Reason.UNKNOWN_PERSON),
        send(said("receiver", "\"Asia-Kanazawa/nobody00\""), Reason.UNKNOWN_ACCOUNT),
        send(said("receiver", "{}"), Reason.MALFORMED),
        send(said("sender", "\"" + town.b + "\""), Reason.WRONG_CHAIN),
        send(said("sender", "\"" + town.holder.account() + "\""), Reason.UNSIGNED_REFUSED),
        send(said("receiver_municipality", "\"Asia-Nowhere\""), Reason.UNKNOWN_CHAIN),
        send(said("receiver_municipality", "\"Asia\""), Reason.UNKNOWN_CHAIN),
        send(said("sender_municipality", "\"Asia-Kanazawa\""), Reason.WRONG_CHAIN),
        send(said("sender_municipality", "\"Mars-Base\""), Reason.UNKNOWN_CHAIN),
        send(said("continent", "\"Europe\""), Reason.CONTINENT_CONTRADICTS),
        send(said("continent", "\"Atlantis\""), Reason.CONTINENT_CONTRADICTS),
        send(and("municipality", "\"Asia-Kanazawa\""), Reason.MALFORMED),
        send(and("id", "\"12\""), Reason.MALFORMED),
        send(and("id", "\"019AB3C2-7C1E-7F7A-9A51-0F6E2C1D9B10\""), Reason.MALFORMED),
        send(and("id", "12"), Reason.MALFORMED),
        send(and("again", "\"yes\""), Reason.MALFORMED),
        send(and("memo", "\"" + "x".repeat(141) + "\""), Reason.MALFORMED),
        send(and("memo", "\"a\\nb\""), Reason.MALFORMED),
        send(and("memo", "\"\""), Reason.MALFORMED),
        send(and("valid_until", "\"tomorrow\""), Reason.MALFORMED),
        send(and("valid_until", "\"2020-01-01T00:00:00Z\""), Reason.VALID_UNTIL_INVALID),
        send(and("valid_until", "\"" + inDays(100) + "\""), Reason.VALID_UNTIL_INVALID),
        send(and("note", "\"no note\""), Reason.MALFORMED),
        send(and("note", "7"), Reason.MALFORMED),
        send(
            said("receiver", "\"A\"").replace("Asia-Kanazawa", "Asia-Komatsu"),
            Reason.SAME_ACCOUNT),
        send(and("x", "\"" + "x".repeat(20_000) + "\""), Reason.TOO_LARGE),
        send(and("x", "\"" + "x".repeat(300_000) + "\""), Reason.TOO_LARGE),
        post(ASIA, "/send", said("sender_municipality", "\"Asia-X\""), Reason.UNKNOWN_CHAIN),
        post(ASIA, "/send", SEND.replace("\"Asia-Kanazawa\"", "null"), Reason.MALFORMED),
        post(
            DEFAULT,
            "/send",
            said("sender_municipality", "\"Mars-Base\"").replace("\"Asia\"", "null"),
            Reason.UNKNOWN_PERSON));
  }

  @TestFactory
  Stream<DynamicTest> badAmounts() {
    List<Row> rows = new ArrayList<>();
    for (String amount :
        List.of(
            "2e2",
            "2E2",
            "2.0e1",
            "\"2e2\"",
            "0",
            "0.00",
            "-1",
            "\"-1\"",
            "0.001",
            "1.234",
            "\"200.000\"",
            "99999999999999999999",
            "\"1,000\"",
            "\"+1\"",
            "\"٢٠٠\"",
            "\"０\"",
            "\"\"",
            "\" \"",
            "\"NaN\"",
            "\"0x10\"",
            "1e999")) {
      rows.add(send(said("amount", amount), Reason.AMOUNT_INVALID));
    }
    for (String amount : List.of("true", "null", "[]", "{}", "NaN", "01", "1.", ".5", "+1")) {
      rows.add(send(said("amount", amount), Reason.MALFORMED));
    }
    rows.add(send(said("amount", "1".repeat(100)), Reason.MALFORMED));
    rows.add(send(said("amount", "92233720368547758.07"), Reason.INSUFFICIENT_FUNDS));
    return rows(rows.toArray(Row[]::new));
  }

  @TestFactory
  Stream<DynamicTest> unsignedOnlyFromTheCounter() {
    return rows(
        with("Origin", "https://evil.example"),
        with("Origin", "http://localhost:1"),
        with("Origin", "null"),
        with("X-Forwarded-For", "203.0.113.9"),
        with("X-Forwarded-Host", "localhost"),
        with("Forwarded", "for=203.0.113.9"),
        with("Via", "1.1 proxy"),
        with("X-Real-IP", "127.0.0.1"),
        with("Sec-Fetch-Site", "cross-site"),
        with("Authorization", "Bearer " + "x".repeat(43)),
        with("Authorization", "Basic QTpC"));
  }

  @TestFactory
  Stream<DynamicTest> badMediaTypes() {
    return rows(
        typed("/send", "", SEND, Reason.MEDIA_TYPE),
        typed("/send", "text/html", SEND, Reason.MEDIA_TYPE),
        typed("/send", "application/x-www-form-urlencoded", "sender=A", Reason.MEDIA_TYPE),
        typed("/send", "application/xml", SEND, Reason.MEDIA_TYPE),
        typed("/receive", "", RECEIVE, Reason.MEDIA_TYPE),
        typed("/receive", "multipart/form-data", RECEIVE, Reason.MEDIA_TYPE));
  }

  @TestFactory
  Stream<DynamicTest> badReceives() {
    return rows(
        receive("", Reason.MALFORMED),
        receive("{}", Reason.MALFORMED),
        receive("{\"receiver\":true}", Reason.MALFORMED),
        receive("{\"receiver\":\"Nobody\"}", Reason.UNKNOWN_PERSON),
        receive("{\"receiver\":\"B\",\"transfer\":12}", Reason.MALFORMED),
        receive("{\"receiver\":\"B\",\"transfer\":\"12\"}", Reason.MALFORMED),
        receive("{\"receiver\":\"B\",\"transfer\":\"Asia-Komatsu:-1\"}", Reason.MALFORMED),
        receive("{\"receiver\":\"B\",\"transfer\":\"Asia-Komatsu:01\"}", Reason.MALFORMED),
        receive("{\"receiver\":\"B\",\"transfer\":\"Asia-Komatsu:0\"}", Reason.UNKNOWN_TRANSFER),
        receive("{\"receiver\":\"B\",\"transfer\":\"Mars-X:1\"}", Reason.UNKNOWN_TRANSFER),
        receive("{\"receiver\":\"B\",\"reject\":true}", Reason.MALFORMED),
        receive("{\"receiver\":\"B\",\"reject\":1}", Reason.MALFORMED),
        receive(RECEIVE.replace("Asia-Kanazawa", "Asia-Komatsu"), Reason.WRONG_CHAIN),
        receive("{\"receiver\":\"B\",\"continent\":\"Europe\"}", Reason.CONTINENT_CONTRADICTS),
        post(ASIA, "/receive", "{\"receiver\":\"B\",\"continent\":\"Asia\"}", Reason.UNKNOWN_CHAIN),
        post(ASIA, "/receive", "{\"receiver\":\"B\"}", Reason.UNKNOWN_PERSON));
  }

  @TestFactory
  Stream<DynamicTest> badNotes() {
    Order send = order(world.header(), town.holder.account());
    SignedOrder signed = town.holder.sign(send);
    String note = signed.note().toString();
    String damaged = note.replace("amount 1.00", "amount 9.00");
    Order.Header header = world.header();
    Order foreign = order(new Order.Header("other.example", header.id(), header.notAfter()), null);
    Order stale = order(new Order.Header(header.federation(), header.id(), 1_000_000_000L), null);
    long far = header.notAfter() + Order.NOT_AFTER_MILLIS_MAX;
    Order early = order(new Order.Header(header.federation(), header.id(), far), null);
    AccountId stranger = AccountId.of("Asia-Komatsu/strangers");
    Order unknown = order(world.header(), stranger);
    Order elsewhere = order(world.header(), town.b);
    Order decide =
        new Order.Decide(
            world.header(), town.holder.account(), TransferId.of("Asia-Komatsu:0"), true);
    Order cancel =
        new Order.Cancel(world.header(), town.holder.account(), TransferId.of("Asia-Komatsu:0"));
    String decideNote = town.holder.sign(decide).note().toString();
    return rows(
        typed("/send", "text/plain", "", Reason.MALFORMED),
        typed("/send", "text/plain", "hello", Reason.MALFORMED),
        typed("/send", "text/plain; charset=utf-8", note + "\n", Reason.MALFORMED),
        typed("/send", "text/plain", note.replace("\n", "\r\n"), Reason.MALFORMED),
        typed("/send", "text/plain", note.replace("kind send", "kind spend"), Reason.MALFORMED),
        typed("/send", "text/plain", damaged, Reason.BAD_SIGNATURE),
        typed("/send", "text/plain", "x".repeat(5_000), Reason.TOO_LARGE),
        typed("/send", "text/plain", signedBy(foreign), Reason.WRONG_FEDERATION),
        typed("/send", "text/plain", signedBy(stale), Reason.STALE),
        typed("/send", "text/plain", signedBy(early), Reason.TOO_FAR_AHEAD),
        typed("/send", "text/plain", signedBy(unknown), Reason.UNKNOWN_ACCOUNT),
        typed("/send", "text/plain", signedBy(elsewhere), Reason.WRONG_CHAIN),
        typed("/send", "text/plain", decideNote, Reason.MALFORMED),
        typed("/send", "text/plain", signedBy(cancel), Reason.MALFORMED),
        typed("/receive", "text/plain", note, Reason.MALFORMED),
        typed("/receive", "text/plain", signedBy(cancel), Reason.MALFORMED),
        typed("/receive", "text/plain", decideNote, Reason.UNKNOWN_TRANSFER));
  }

  private String signedBy(Order order) {
    return town.holder.sign(order).note().toString();
  }

  private Order order(Order.Header header, @Nullable AccountId from) {
    long validUntil = header.notAfter() + 3_600_000;
    AccountId sender = from == null ? town.holder.account() : from;
    return new Order.Send(header, sender, town.a, Money.of("1.00"), validUntil, null);
  }

  @TestFactory
  Stream<DynamicTest> badQuestions() {
    String account = "/accounts/" + town.a;
    return rows(
        get("/nothing", Reason.NOT_FOUND),
        get("/add-checkpoint", Reason.METHOD),
        post(KOMATSU, "/health", "{}", Reason.METHOD),
        post(KOMATSU, "/transfers/Asia-Komatsu:1", "{}", Reason.METHOD),
        get("/transfers/12", Reason.NOT_FOUND),
        get("/transfers/Asia-Komatsu:x", Reason.NOT_FOUND),
        get("/transfers/Asia-Komatsu:0", Reason.UNKNOWN_TRANSFER),
        get("/transfers/Asia-Komatsu:999999", Reason.UNKNOWN_TRANSFER),
        get("/transfers/Asia:0", Reason.UNKNOWN_TRANSFER),
        get("/transfers/Mars-Base:1", Reason.UNKNOWN_TRANSFER),
        get("/transfers/Asia-Komatsu:0/events", Reason.UNKNOWN_TRANSFER),
        get("/transfers/Asia-Komatsu:0/receipt?half=send", Reason.UNKNOWN_TRANSFER),
        get(account.replace(town.a.local(), "zzzzzzzz"), Reason.UNKNOWN_ACCOUNT),
        get("/accounts/Asia-Komatsu/~issued", Reason.NOT_FOUND),
        get("/accounts/Asia-Komatsu/X", Reason.NOT_FOUND),
        get("/accounts/Mars-Base/abcdefgh", Reason.UNKNOWN_CHAIN),
        get(account + "/orders/12", Reason.NOT_FOUND),
        get(account + "/orders/" + UUID.randomUUID(), Reason.NOT_FOUND),
        get("/pending", Reason.MALFORMED),
        get("/pending?account=A", Reason.MALFORMED),
        get("/pending?continent=Atlantis", Reason.UNKNOWN_CHAIN),
        get("/pending?receiver=Nobody", Reason.UNKNOWN_PERSON),
        get("/pending?receiver=A%20B", Reason.MALFORMED),
        get("/pending?continent=Asia&limit=0", Reason.MALFORMED),
        get("/pending?continent=Asia&limit=1001", Reason.MALFORMED),
        get("/pending?continent=Asia&limit=x", Reason.MALFORMED),
        get("/pending?continent=Asia&continent=Europe", Reason.MALFORMED),
        get("/chains/Asia-Nowhere/checkpoint", Reason.UNKNOWN_CHAIN),
        get("/chains/Asia-/checkpoint", Reason.NOT_FOUND),
        get("/chains/Asia-Komatsu/tile/0/999", Reason.NOT_FOUND),
        get("/chains/Asia-Komatsu/tile/9/000", Reason.NOT_FOUND),
        get("/chains/Asia-Komatsu/tile/64/000", Reason.NOT_FOUND),
        get("/chains/Asia-Komatsu/tile/0/0", Reason.NOT_FOUND),
        get("/chains/Asia-Komatsu/tile/0/000.p/0", Reason.NOT_FOUND),
        get("/chains/Asia-Komatsu/tile/0/000.p/256", Reason.NOT_FOUND),
        get("/chains/Asia-Komatsu/tile/entries/999", Reason.NOT_FOUND),
        get("/chains/Asia-Komatsu/tile/", Reason.NOT_FOUND),
        get("/chains/Asia-Komatsu/given-up/list", Reason.NOT_FOUND),
        get("/chains/Asia-Komatsu/given-up/list/checkpoint", Reason.NOT_FOUND),
        get("/chains/Asia-Komatsu/given-up/" + "a0".repeat(32) + "/checkpoint", Reason.NOT_FOUND),
        get("/chains/Asia-Komatsu/given-up/" + "a0".repeat(32) + "/shard", Reason.NOT_FOUND),
        get("/chains/Asia-Komatsu/given-up/" + "A0".repeat(32) + "/checkpoint", Reason.NOT_FOUND),
        get("/chains/Asia-Komatsu/nothing", Reason.NOT_FOUND));
  }

  private static String inDays(int days) {
    return Timestamp.seconds(System.currentTimeMillis() + days * 86_400_000L);
  }

  private Stream<DynamicTest> rows(Row... rows) {
    return Stream.of(rows).map(row -> DynamicTest.dynamicTest(row.name, () -> check(row)));
  }

  private void check(Row row) throws Exception {
    long orders = world.orders();
    Money balance = world.balance(town.a);
    World.Reply reply =
        row.method.equals("GET")
            ? world.get(row.gateway, row.path, Map.of("Accept-Language", "en"))
            : world.post(row.gateway, row.path, row.contentType, row.body, row.headers);
    assertEquals(row.expected.name(), reply.text("code"), reply::toString);
    assertEquals(row.expected.httpStatus(), reply.status(), reply::toString);
    assertEquals("application/problem+json", reply.header("content-type"));
    assertEquals("urn:aika:reason:" + row.expected.name(), reply.text("type"));
    assertEquals(String.valueOf(row.expected.httpStatus()), reply.text("status"));
    assertEquals(String.valueOf(row.expected.number()), reply.text("number"));
    assertEquals(row.expected.ja(), reply.text("ja"));
    assertEquals(row.expected.en(), reply.text("en"));
    boolean english = row.method.equals("GET");
    assertEquals(english ? row.expected.en() : row.expected.ja(), reply.text("title"));
    assertEquals(english ? row.expected.nextEn() : row.expected.nextJa(), reply.text("next"));
    assertFalse(reply.text("detail").isEmpty());
    assertEquals(row.expected.retryable(), !reply.header("retry-after").isEmpty());
    assertTrue(row.expected != Reason.METHOD || !reply.header("allow").isEmpty());
    assertEquals(orders, world.orders());
    assertEquals(balance, world.balance(town.a));
  }
}
