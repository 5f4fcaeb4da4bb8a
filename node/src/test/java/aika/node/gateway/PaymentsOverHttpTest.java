package aika.node.gateway;

import static aika.node.gateway.World.ASIA;
import static aika.node.gateway.World.DEFAULT;
import static aika.node.gateway.World.EUROPE;
import static aika.node.gateway.World.KANAZAWA;
import static aika.node.gateway.World.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Order;
import aika.core.ledger.Reason;
import aika.core.ledger.SignedOrder;
import aika.core.money.AccountId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import aika.node.order.Answer;
import aika.node.register.Rate;
import aika.node.register.RateLimit;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Sends and receives as programs make them, through every kind of gateway. */
@ExtendWith(SharedWorld.class)
class PaymentsOverHttpTest {
  private final World world;
  private final SharedWorld.Town town;

  PaymentsOverHttpTest(SharedWorld.Town town) {
    this.town = town;
    world = town.world;
  }

  private World.Reply sent(String gateway, String sender, String receiver, String amount)
      throws Exception {
    String[] from = sender.split(" ", -1);
    String[] to = receiver.split(" ", -1);
    return world.post(
        gateway,
        "/send",
        "{\"sender\":\"%s\",\"sender_municipality\":\"%s\",\"receiver\":\"%s\","
                .formatted(from[0], from[1], to[0])
            + "\"receiver_municipality\":\"%s\",\"amount\":\"%s\"}".formatted(to[1], amount));
  }

  @Test
  void unknownFieldsAreNamedAndMunicipalityMeansTheSenders() throws Exception {
    World.Reply sent =
        world
            .post(
                KOMATSU,
                "/send",
                "{\"sender\":\"A\",\"municipality\":\"Asia-Komatsu\",\"receiver\":\"B\","
                    + "\"receiver_municipality\":\"Asia-Kanazawa\",\"amount\":71.01,"
                    + "\"colour\":\"red\",\"tags\":[1,{\"x\":null}]}")
            .expect(200);
    assertEquals("71.01", sent.text("amount"));
    assertEquals(
        List.of("unknown field ignored: \"colour\"", "unknown field ignored: \"tags\""),
        sent.at("warnings"));
  }

  @Test
  void aContinentalGatewayChoosesTheChain() throws Exception {
    AccountId d = world.person("Default-General", "D");
    world.issue(d, "500.00");
    World.Reply named = sent(ASIA, "A Asia-Komatsu", "B Asia-Kanazawa", "71.02").expect(200);
    assertTrue(named.text("transfer").startsWith("Asia-Komatsu:"));
    World.Reply far = sent(EUROPE, "A Asia-Komatsu", "B Asia-Kanazawa", "71.03").expect(200);
    assertTrue(far.text("transfer").startsWith("Asia-Komatsu:"));
    for (String gateway : List.of(DEFAULT, ASIA)) {
      World.Reply unknown =
          sent(gateway, "D Mars-Base", "B Asia-Kanazawa", gateway.equals(ASIA) ? "1.04" : "1.05");
      assertTrue(unknown.expect(200).text("transfer").startsWith("Default-General:"));
    }
    World.Reply nothingSaid =
        world.post(
            DEFAULT,
            "/send",
            "{\"sender\":\"D\",\"receiver\":\"A\",\"receiver_municipality\":\"Asia-Komatsu\","
                + "\"amount\":1.06}");
    assertTrue(nothingSaid.expect(200).text("transfer").startsWith("Default-General:"));
  }

  @Test
  void aMunicipalityIsImpliedOnItsOwnPort() throws Exception {
    AccountId neighbour = world.person(KOMATSU, "Neighbour");
    World.Reply sent =
        world
            .post(KOMATSU, "/send", "{\"sender\":\"A\",\"receiver\":\"Neighbour\",\"amount\":5.5}")
            .expect(200);
    World.Reply received =
        world.post(KOMATSU, "/receive", "{\"receiver\":\"Neighbour\"}").expect(200);
    List<?> results = (List<?>) Objects.requireNonNull(received.at("results"));
    assertEquals(1, results.size());
    assertEquals(sent.text("transfer"), ((Map<?, ?>) results.getFirst()).get("transfer"));
    assertEquals(Money.of("5.50"), world.balance(neighbour));
    World.Reply nothing =
        world.post(KOMATSU, "/receive", "{\"receiver\":\"Neighbour\"}").expect(200);
    assertEquals(List.of(), nothing.at("results"));
    assertEquals(false, nothing.at("more"));
  }

  /** At most 100 at once, and what is left the next time. */
  @Test
  void soManyAreReceivedAtOnceAndOneMoreLater() throws Exception {
    AccountId volunteer = world.person(KOMATSU, "Volunteer");
    World.Holder office = world.holder(KOMATSU, "office");
    world.issue(office.account(), "1.01");
    List<Order.Payment> payments =
        Collections.nCopies(101, new Order.Payment(volunteer, Money.of("0.01")));
    long validUntil = Math.ceilDiv(System.currentTimeMillis() + 3_600_000, 1_000) * 1_000;
    SignedOrder batch =
        office.sign(new Order.SendBatch(world.header(), office.account(), payments, validUntil));
    assertInstanceOf(Answer.Accepted.class, world.node.shard().submit(batch, null));
    world.await(() -> world.node.pending().to(volunteer, 200).size() == 101);
    for (int expected : List.of(100, 1)) {
      World.Reply received =
          world.post(KOMATSU, "/receive", "{\"receiver\":\"Volunteer\"}").expect(200);
      assertEquals(expected, ((List<?>) Objects.requireNonNull(received.at("results"))).size());
      assertEquals(expected == 100, received.at("more"));
    }
    assertEquals(Money.of("1.01"), world.balance(volunteer));
  }

  @Test
  void anIdIsOneOrderWhateverHappens() throws Exception {
    String id = UUID.randomUUID().toString();
    String body =
        "{\"id\":\"%s\",\"sender\":\"A\",\"receiver\":\"B\",".formatted(id)
            + "\"receiver_municipality\":\"Asia-Kanazawa\",\"amount\":%s}";
    World.Reply first = world.post(KOMATSU, "/send", body.formatted("71.07")).expect(200);
    assertEquals(id, first.text("id"));
    assertNull(first.at("repeated"));
    World.Reply second = world.post(KOMATSU, "/send", body.formatted("71.070")).expect(422);
    assertEquals("AMOUNT_INVALID", second.text("code"));
    World.Reply same = world.post(KOMATSU, "/send", body.formatted("71.07")).expect(200);
    assertEquals(first.text("transfer"), same.text("transfer"));
    assertEquals(true, same.at("repeated"));
    World.Reply other = world.post(KOMATSU, "/send", body.formatted("71.08")).expect(409);
    assertEquals("ID_REUSED", other.text("code"));
  }

  @Test
  void everythingThatWaitsEvenWhatWasJustSent() throws Exception {
    AccountId e = world.person(KANAZAWA, "E");
    List<String> sent = new ArrayList<>();
    for (int i = 1; i <= 5; i++) {
      sent.add(sent(KOMATSU, "A Asia-Komatsu", "E Asia-Kanazawa", "4.0" + i).text("transfer"));
    }
    String everything =
        "{\"receiver\":\"E\",\"receiver_municipality\":\"Asia-Kanazawa\",\"continent\":\"Asia\"}";
    World.Reply received = world.post(ASIA, "/receive", everything).expect(200);
    List<?> results = (List<?>) Objects.requireNonNull(received.at("results"));
    assertEquals(
        sent, results.stream().map(one -> ((Map<?, ?>) one).get("transfer")).sorted().toList());
    assertEquals(Money.of("20.15"), world.balance(e));
    String one = "{\"receiver\":\"E\",\"transfer\":\"" + sent.getFirst() + "\"}";
    World.Reply again = world.post(KANAZAWA, "/receive", one).expect(200);
    assertEquals(true, again.at("repeated"));
    World.Reply notYours =
        world.post(KANAZAWA, "/receive", one.replace("\"E\"", "\"B\"")).expect(403);
    assertEquals("NOT_YOURS", notYours.text("code"));
    World.Reply late =
        world.post(KANAZAWA, "/receive", one.replace("{", "{\"reject\":true,")).expect(409);
    assertEquals("ALREADY_DECIDED", late.text("code"));
  }

  @Test
  void whatIsDeclinedGoesBack() throws Exception {
    AccountId f = world.person(KANAZAWA, "F");
    AccountId payer = world.person(KOMATSU, "Payer");
    world.issue(payer, "10.00");
    String transfer =
        sent(KOMATSU, "Payer Asia-Komatsu", "F Asia-Kanazawa", "9.99").text("transfer");
    World.Reply account = world.get(EUROPE, "/accounts/" + payer).expect(200);
    assertEquals("0.01", account.text("balance"));
    assertEquals("9.99", account.text("held"));
    assertEquals("Payer", account.text("name"));
    assertEquals(1, ((List<?>) Objects.requireNonNull(account.at("holds"))).size());
    String reject = "{\"receiver\":\"F\",\"reject\":true,\"transfer\":\"" + transfer + "\"}";
    World.Reply declined = world.post(KANAZAWA, "/receive", reject).expect(200);
    assertEquals("rejected", declined.text("status"));
    assertEquals(true, world.post(KANAZAWA, "/receive", reject).expect(200).at("repeated"));
    world.await(() -> world.balance(payer).equals(Money.of("10.00")));
    assertEquals(Money.ZERO, world.balance(f));
    World.Reply whole = world.get(KOMATSU, "/transfers/" + transfer).expect(200);
    assertEquals("refunded", whole.text("hold"));
    assertEquals("nobody", whole.text("next", "who"));
    assertEquals("0.00", world.get(EUROPE, "/accounts/" + payer).text("held"));
  }

  @Test
  void thePendingListIsSharedByAllContinents() throws Exception {
    AccountId g = world.person(KANAZAWA, "G");
    String transfer = sent(KOMATSU, "A Asia-Komatsu", "G Asia-Kanazawa", "71.11").text("transfer");
    world.await(() -> world.node.pending().listed(TransferId.of(transfer)).isPresent());
    for (String question :
        List.of(
            "receiver=G&municipality=Asia-Kanazawa",
            "account=" + g,
            "municipality=Asia-Kanazawa&limit=1000",
            "continent=Asia&limit=1000")) {
      World.Reply listed = world.get(EUROPE, "/pending?" + question).expect(200);
      List<?> pending = (List<?>) Objects.requireNonNull(listed.at("pending"));
      assertTrue(
          pending.stream().anyMatch(one -> transfer.equals(((Map<?, ?>) one).get("transfer"))),
          question);
    }
    assertEquals(
        List.of(), world.get(ASIA, "/pending?continent=Oceania").expect(200).at("pending"));
  }

  @Test
  void namesAreForThoseWhoMayKnow() throws Exception {
    World.Reply sent =
        world
            .post(
                KOMATSU,
                "/send",
                "{\"sender\":\"A\",\"receiver\":\"B\",\"receiver_municipality\":\"Asia-Kanazawa\","
                    + "\"amount\":71.12,\"memo\":\"お茶 会\"}")
            .expect(200);
    String path = "/transfers/" + sent.text("transfer");
    World.Reply counter = world.get(KOMATSU, path).expect(200);
    assertEquals("A", counter.text("sender", "name"));
    assertEquals("お茶 会", counter.text("memo"));
    World.Reply outside =
        world.get(KOMATSU, path, Map.of("X-Forwarded-For", "203.0.113.9")).expect(200);
    assertNull(outside.at("sender", "name"));
    assertNull(outside.at("memo"));
    assertEquals(town.a.toString(), outside.text("sender", "account"));
    String mine = world.node.tokens().issue(town.a);
    Map<String, String> token =
        Map.of("Authorization", "Bearer " + mine, "X-Forwarded-For", "203.0.113.9");
    assertEquals("B", world.get(KOMATSU, path, token).text("receiver", "name"));
    String others = world.node.tokens().issue(world.person(KOMATSU, "Other"));
    Map<String, String> foreign = Map.of("Authorization", "Bearer " + others);
    assertNull(world.get(KOMATSU, path, foreign).at("receiver", "name"));
    String again =
        "{\"sender\":\"A\",\"receiver\":\"B\",\"receiver_municipality\":\"Asia-Kanazawa\","
            + "\"amount\":71.13}";
    world.post(KOMATSU, "/send", "application/json", again, token).expect(200);
    assertEquals(
        "UNSIGNED_REFUSED",
        world.post(KOMATSU, "/send", "application/json", again, foreign).expect(403).text("code"));
  }

  @Test
  void eventsEndWithTheTransfer() throws Exception {
    String transfer = sent(KOMATSU, "A Asia-Komatsu", "B Asia-Kanazawa", "71.14").text("transfer");
    HttpRequest request =
        HttpRequest.newBuilder(world.uri(ASIA, "/transfers/" + transfer + "/events"))
            .header("Accept", "text/event-stream")
            .timeout(Duration.ofSeconds(30))
            .build();
    var events = world.http.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    world.await(() -> world.node.pending().listed(TransferId.of(transfer)).isPresent());
    world
        .post(KANAZAWA, "/receive", "{\"receiver\":\"B\",\"transfer\":\"" + transfer + "\"}")
        .expect(200);
    HttpResponse<String> stream = events.get(30, TimeUnit.SECONDS);
    assertEquals(200, stream.statusCode());
    assertTrue(
        stream.headers().firstValue("content-type").orElse("").startsWith("text/event-stream"));
    List<Map<String, ?>> told = new ArrayList<>();
    for (String line : stream.body().split("\n", -1)) {
      if (line.startsWith("data:")) {
        told.add(Json.object(line.substring(5).strip().getBytes(StandardCharsets.UTF_8)));
      }
    }
    assertTrue(
        stream.body().contains("event:transfer") || stream.body().contains("event: transfer"));
    assertNotEquals(List.of(), told);
    assertEquals("complete", told.getLast().get("status"));
    assertEquals("send_pending", told.getFirst().get("status"));
    assertNotNull(told.getLast().get("history"));
  }

  @Test
  void identicalRequestsAtTheSameTimeAreOnePayment() throws Exception {
    AccountId hurried = world.person(KOMATSU, "Hurried");
    world.issue(hurried, "100.00");
    String body =
        "{\"sender\":\"Hurried\",\"receiver\":\"B\",\"receiver_municipality\":\"Asia-Kanazawa\","
            + "\"amount\":60}";
    HttpRequest request =
        HttpRequest.newBuilder(world.uri(KOMATSU, "/send"))
            .header("Content-Type", "application/json")
            .timeout(Duration.ofSeconds(30))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    List<CompletableFuture<HttpResponse<byte[]>>> answers = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      answers.add(world.http.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray()));
    }
    Set<Object> transfers = new HashSet<>();
    int first = 0;
    for (CompletableFuture<HttpResponse<byte[]>> answer : answers) {
      HttpResponse<byte[]> got = answer.get(30, TimeUnit.SECONDS);
      assertEquals(200, got.statusCode());
      Map<String, ?> json = Json.object(got.body());
      transfers.add(Objects.requireNonNull(json.get("transfer")));
      first += json.get("repeated") == null ? 1 : 0;
    }
    assertEquals(1, transfers.size());
    assertEquals(1, first);
    assertEquals(Money.of("40.00"), world.balance(hurried));
  }

  @Test
  void anAccountsIdMayBeEscapedInAPath() throws Exception {
    World.Reply plain = world.get(KOMATSU, "/accounts/" + town.b).expect(200);
    World.Reply escaped =
        world.get(KOMATSU, "/accounts/" + town.b.toString().replace("/", "%2F")).expect(200);
    assertEquals(plain.text("account"), escaped.text("account"));
    String transfer = sent(KOMATSU, "A Asia-Komatsu", "B Asia-Kanazawa", "71.15").text("transfer");
    World.Reply colon =
        world.get(KOMATSU, "/transfers/" + transfer.replace(":", "%3A")).expect(200);
    assertEquals(transfer, colon.text("transfer"));
  }

  private Ordered ordered(Rate rate) {
    return ordered(new RateLimit(rate, () -> 0));
  }

  private Ordered ordered(RateLimit rate) {
    return new Ordered(
        world.node.federation(),
        world.node.shard(),
        rate,
        new Meters(),
        System::currentTimeMillis,
        new SecureRandom());
  }

  private Order.Send oneUnit() {
    long validUntil = Math.ceilDiv(System.currentTimeMillis() + 3_600_000, 1_000) * 1_000;
    return new Order.Send(
        world.header(), town.holder.account(), town.b, Money.of("0.01"), validUntil, null);
  }

  /** What its key did not sign does not count against an account. */
  @Test
  void ordersOfAnAccountBeyondItsRateAreRefused() {
    Ordered ordered = ordered(new Rate(1, 3, 10));
    World.Holder other = world.holder(KOMATSU, "thief");
    SignedOrder stolen = new World.Holder(town.holder.account(), other.signer()).sign(oneUnit());
    for (int i = 0; i < 10; i++) {
      RefusedException refused =
          assertThrows(RefusedException.class, () -> ordered.submit(stolen, null));
      assertEquals(Reason.BAD_SIGNATURE, refused.refusal().reason());
    }
    for (int i = 0; i < 3; i++) {
      ordered.submit(town.holder.sign(oneUnit()), null);
    }
    SignedOrder one = town.holder.sign(oneUnit());
    RefusedException refused =
        assertThrows(RefusedException.class, () -> ordered.submit(one, null));
    assertEquals(Reason.TOO_MANY_REQUESTS, refused.refusal().reason());
    assertNull(ordered.earlier(one), "nothing has happened");
    assertNotNull(ordered(Ordered.RATE).submit(one, null));
  }

  /** [HTTP-77] 2,000 at once, and then 200 a second. */
  @Test
  void theUsualRateOfAnAccountIsReachedAndNotPassed() {
    AtomicLong nanos = new AtomicLong();
    Ordered ordered = ordered(new RateLimit(Ordered.RATE, nanos::get));
    World.Holder hasty = world.holder(KOMATSU, "hasty");
    SignedOrder one =
        hasty.sign(new Order.AutoReceive(world.header(), hasty.account(), Money.ZERO));
    for (int seconds : List.of(10, 1)) {
      nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
      for (int i = 0; i < 200 * seconds; i++) {
        assertNotNull(ordered.submit(one, null));
      }
      RefusedException refused =
          assertThrows(RefusedException.class, () -> ordered.submit(one, null));
      assertEquals(Reason.TOO_MANY_REQUESTS, refused.refusal().reason());
    }
  }

  @Test
  void anUnknownOutcomeIsNotAFailure() {
    Ordered ordered = ordered(Ordered.RATE);
    Order send = oneUnit();
    SignedOrder signed = town.holder.sign(send);
    CompletableFuture<Answer> lost =
        CompletableFuture.failedFuture(new IllegalStateException("connection lost"));
    RefusedException unknown =
        assertThrows(
            RefusedException.class, () -> ordered.await(new Ordered.Sent(signed, lost, 0)));
    assertEquals(Reason.OUTCOME_UNKNOWN, unknown.refusal().reason());
    Map<String, ?> problem = Problems.json(unknown.refusal(), unknown.lookup(), Languages.EN);
    assertEquals(504, problem.get("status"));
    assertEquals(
        Map.of("order", "/accounts/" + town.holder.account() + "/orders/" + send.header().id()),
        problem.get("links"));
  }

  @Test
  void aTakenPortIsNamed() {
    Gateway.Parts parts = world.parts();
    RefusedException taken =
        assertThrows(RefusedException.class, () -> Gateway.start(parts, world.chain(KOMATSU)));
    assertEquals(Reason.PORT_TAKEN, taken.refusal().reason());
    assertTrue(taken.refusal().detail().contains(" " + world.port(KOMATSU) + " "));
  }
}
