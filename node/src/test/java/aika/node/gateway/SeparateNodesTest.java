package aika.node.gateway;

import static aika.node.gateway.World.ASIA;
import static aika.node.gateway.World.DEFAULT;
import static aika.node.gateway.World.EUROPE;
import static aika.node.gateway.World.KANAZAWA;
import static aika.node.gateway.World.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Key;
import aika.core.ledger.Order;
import aika.core.ledger.Row;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.Timestamp;
import aika.core.money.TransferId;
import aika.core.note.Ed25519;
import aika.core.note.SignedNote;
import aika.core.note.VerifierKey;
import aika.node.NodeSettings;
import aika.node.config.HeldKey;
import aika.node.order.Chain;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The worked example over nodes that share nothing but the network. */
final class SeparateNodesTest {
  private static final String GENERAL = "Default-General";

  @TempDir static Path made;
  @TempDir Path data;

  private SeparateNodes nodes;

  @BeforeAll
  static void makeFederation() {
    SeparateNodes.make(made);
  }

  @BeforeEach
  void copyFederation() throws IOException {
    nodes = SeparateNodes.of(made, data);
  }

  @AfterEach
  void stop() {
    nodes.close();
  }

  private World start(String name, String... more) {
    return nodes.start(NodeSettings.Mirror.ALL, name, more);
  }

  private void kill(String name) {
    nodes.stop(name);
  }

  private static String send(String amount) {
    return WorkedExampleOverHttpTest.SNIPPET.replace("200", amount);
  }

  private static String receive() {
    return "{\"receiver\":\"B\",\"receiver_municipality\":\"Asia-Kanazawa\"}";
  }

  private static void await(World world, BooleanSupplier condition) throws InterruptedException {
    world.await(condition);
  }

  private static List<String> story(World world, String at, String transfer) {
    try {
      World.Reply whole = world.get(at, "/transfers/" + transfer);
      return whole.status() != 200
          ? List.of()
          : ((List<?>) Objects.requireNonNull(whole.at("history")))
              .stream().map(step -> String.valueOf(((Map<?, ?>) step).get("state"))).toList();
    } catch (Exception failed) {
      throw new AssertionError(failed);
    }
  }

  @Test
  void theWorkedExampleRunsInAnyOrderOfStarts() throws Exception {
    World komatsu = start(KOMATSU);
    AccountId a = komatsu.person(KOMATSU, "A");
    komatsu.issue(a, "1000.00");
    World.Reply early = komatsu.post(KOMATSU, "/send", send("200")).expect(503);
    assertEquals("REGISTER_UNREACHABLE", early.text("code"));
    assertEquals(Money.of("1000.00"), komatsu.balance(a));
    World.Reply alone = komatsu.get(KOMATSU, "/pending?account=" + a).expect(200);
    assertEquals("LIST_INCOMPLETE", alone.text("incomplete", "code"));

    World kanazawa = start(KANAZAWA);
    AccountId b = kanazawa.person(KANAZAWA, "B");
    World.Reply sent = komatsu.post(KOMATSU, "/send", send("200")).expect(200);
    String transfer = sent.text("transfer");
    assertEquals("send_pending", sent.text("status"));
    assertEquals(b.toString(), sent.text("receiver", "account"));
    assertEquals("B", sent.text("receiver", "name"));
    assertEquals(Money.of("800.00"), komatsu.balance(a));

    World asia = start(ASIA);
    World europe = start(EUROPE);
    World other = start(DEFAULT, GENERAL);
    for (World world : List.of(kanazawa, asia, europe, other)) {
      await(world, () -> !world.node.pending().to(b, 10).isEmpty());
    }
    World.Reply waiting = europe.get(EUROPE, "/pending?account=" + b).expect(200);
    assertTrue(waiting.toString().contains(transfer), waiting::toString);

    World.Reply received = kanazawa.post(KANAZAWA, "/receive", receive()).expect(200);
    assertEquals(Money.of("200.00"), kanazawa.balance(b), received::toString);
    List<String> whole =
        List.of("send", "send_pending", "listed", "receive", "receive_pending", "complete");
    for (Map.Entry<String, World> one : nodes.running().entrySet()) {
      await(one.getValue(), () -> story(one.getValue(), one.getKey(), transfer).equals(whole));
    }
    await(komatsu, () -> hold(komatsu, transfer).status() == Row.Hold.Status.SETTLED);
    await(europe, () -> europe.node.pending().to(b, 10).isEmpty());
    World.Reply seen = kanazawa.get(KANAZAWA, "/transfers/" + transfer).expect(200);
    assertEquals("A", seen.text("sender", "name"));
    World.Reply none = kanazawa.get(KANAZAWA, "/pending?account=" + b).expect(200);
    assertNull(none.at("incomplete"), "all are heard but those that have not begun");
    // what a municipality of another node owes is told to this one's operator
    await(kanazawa, () -> owes(kanazawa, KANAZAWA, KOMATSU).contains(" 200.0"));
  }

  private static String owes(World world, String chain, String counterpart) {
    try {
      String metrics = new String(world.bytes(chain, "/metrics"), StandardCharsets.UTF_8);
      return metrics
          .lines()
          .filter(line -> line.startsWith("aika_exposure_owed"))
          .filter(line -> line.contains('"' + chain + '"') && line.contains(counterpart))
          .findFirst()
          .orElse("");
    } catch (Exception failed) {
      throw new AssertionError(failed);
    }
  }

  private static long copied(World world) {
    return Objects.requireNonNull(world.node.chains().find(ChainId.of(KOMATSU))).size();
  }

  private static Row.Hold hold(World world, String transfer) {
    TransferId id = TransferId.of(transfer);
    Chain chain = world.ledger(id.origin());
    return Objects.requireNonNull(chain.get(new Key.OfHold(id.index())));
  }

  @Test
  void aNodeThatWasAwayGoesOnWhereItWas() throws Exception {
    World komatsu = start(KOMATSU);
    World kanazawa = start(KANAZAWA);
    start(ASIA);
    AccountId a = komatsu.person(KOMATSU, "A");
    komatsu.issue(a, "1000.00");
    AccountId b = kanazawa.person(KANAZAWA, "B");
    String transfer = komatsu.post(KOMATSU, "/send", send("200")).expect(200).text("transfer");
    await(kanazawa, () -> !kanazawa.node.pending().to(b, 10).isEmpty());
    kanazawa.post(KANAZAWA, "/receive", receive()).expect(200);
    kill(KOMATSU); // while the outcome is on its way
    assertEquals(Money.of("200.00"), kanazawa.balance(b));
    await(kanazawa, () -> story(kanazawa, KANAZAWA, transfer).contains("complete"));
    kill(KANAZAWA);

    World again = start(KOMATSU);
    // the receiver's node is away, but its continent has a copy of its log
    await(again, () -> hold(again, transfer).status() == Row.Hold.Status.SETTLED);
    assertEquals(Money.of("800.00"), again.balance(a));
    World back = start(KANAZAWA);
    assertEquals(Money.of("200.00"), back.balance(b));
    again.post(KOMATSU, "/send", send("50")).expect(200);
    await(back, () -> !back.node.pending().to(b, 10).isEmpty());
    back.post(KANAZAWA, "/receive", receive()).expect(200);
    assertEquals(Money.of("250.00"), back.balance(b));
  }

  /** What the sender's own chain has settled it tells, when nothing of the receiver's is there. */
  @Test
  void howATransferEndedIsKnownWithoutTheReceiversChain() throws Exception {
    World komatsu = start(KOMATSU);
    World kanazawa = start(KANAZAWA);
    start(ASIA);
    AccountId a = komatsu.person(KOMATSU, "A");
    komatsu.issue(a, "1000.00");
    AccountId b = kanazawa.person(KANAZAWA, "B");
    String taken = komatsu.post(KOMATSU, "/send", send("200")).expect(200).text("transfer");
    String declined = komatsu.post(KOMATSU, "/send", send("50")).expect(200).text("transfer");
    String open = komatsu.post(KOMATSU, "/send", send("7")).expect(200).text("transfer");
    await(kanazawa, () -> kanazawa.node.pending().to(b, 10).size() == 3);
    kanazawa.post(KANAZAWA, "/receive", of(taken)).expect(200);
    kanazawa.post(KANAZAWA, "/reject", of(declined)).expect(200);
    await(komatsu, () -> hold(komatsu, taken).status() == Row.Hold.Status.SETTLED);
    await(komatsu, () -> hold(komatsu, declined).status() == Row.Hold.Status.REFUNDED);
    List.of(KOMATSU, KANAZAWA, ASIA).forEach(this::kill);
    Path copies = nodes.directory(KOMATSU).resolve("mirror");
    assertTrue(Files.isDirectory(copies));
    try (Stream<Path> files = Files.walk(copies)) {
      for (Path one : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(one);
      }
    }

    World alone = start(KOMATSU);
    World.Reply complete = alone.get(KOMATSU, "/transfers/" + taken).expect(200);
    assertEquals("complete", complete.text("status"));
    assertEquals("settled", complete.text("hold"));
    World.Reply rejected = alone.get(KOMATSU, "/transfers/" + declined).expect(200);
    assertEquals("rejected", rejected.text("status"));
    assertEquals("refunded", rejected.text("hold"));
    World.Reply waiting = alone.get(KOMATSU, "/transfers/" + open).expect(200);
    assertEquals("send_pending", waiting.text("status"), "nobody here knows more");
    for (World.Reply one : List.of(complete, rejected)) {
      Map<?, ?> last = (Map<?, ?>) ((List<?>) Objects.requireNonNull(one.at("history"))).getLast();
      assertEquals(one.text("status"), last.get("state"));
      assertEquals(KOMATSU, last.get("chain"));
      assertNull(one.at("decided_by"), "the record that tells is away");
    }
  }

  /** [HTTP-27] Whoever is told the number is faster than the copy of the log. */
  @Test
  void whatTheCopyDoesNotHaveYetIsWaitedFor() throws Exception {
    World komatsu = start(KOMATSU);
    World kanazawa = start(KANAZAWA);
    AccountId a = komatsu.person(KOMATSU, "A");
    komatsu.issue(a, "1000.00");
    AccountId b = kanazawa.person(KANAZAWA, "B");
    for (int i = 1; i <= 5; i++) {
      String amount = String.valueOf(i);
      String transfer = komatsu.post(KOMATSU, "/send", send(amount)).expect(200).text("transfer");
      kanazawa.post(KANAZAWA, "/receive", of(transfer)).expect(200);
    }
    assertEquals(Money.of("15.00"), kanazawa.balance(b));
    String far = KOMATSU + ":" + (komatsu.ledger(ChainId.of(KOMATSU)).size() + 1_000);
    World.Reply told = kanazawa.get(KANAZAWA, "/transfers/" + far).expect(503);
    assertEquals("NOT_LISTED_YET", told.text("code"));
    World.Reply waited = kanazawa.post(KANAZAWA, "/receive", of(far)).expect(503);
    assertEquals("NOT_LISTED_YET", waited.text("code"));
    World.Holder holder = kanazawa.holder(KANAZAWA, "signing1");
    Order receive = new Order.Decide(kanazawa.header(), holder.account(), TransferId.of(far), true);
    String note = holder.sign(receive).note().toString();
    World.Reply signed =
        kanazawa.post(KANAZAWA, "/receive", "text/plain", note, Map.of()).expect(503);
    assertEquals("NOT_LISTED_YET", signed.text("code"));
    for (String none : List.of(KOMATSU + ":0", ASIA + ":999999")) {
      World.Reply unknown = kanazawa.get(KANAZAWA, "/transfers/" + none).expect(404);
      assertEquals("UNKNOWN_TRANSFER", unknown.text("code"), none);
    }
  }

  /** [HTTP-22] Nobody can receive it any more, and nobody who could say so is there. */
  @Test
  void whoseTimeIsOverIsNotSaidToWaitForItsReceiver() throws Exception {
    World komatsu = start(KOMATSU);
    World kanazawa = start(KANAZAWA);
    AccountId a = komatsu.person(KOMATSU, "A");
    komatsu.issue(a, "1000.00");
    kanazawa.person(KANAZAWA, "B");
    long until = System.currentTimeMillis() / 1000 * 1000 + 3_000;
    String soon = ",\"valid_until\":\"" + Timestamp.seconds(until) + "\"}";
    String transfer =
        komatsu.post(KOMATSU, "/send", send("200").replace("}", soon)).expect(200).text("transfer");
    kill(KANAZAWA);
    await(komatsu, () -> System.currentTimeMillis() >= until);
    World.Reply late = komatsu.get(KOMATSU, "/transfers/" + transfer).expect(200);
    assertEquals("send_pending", late.text("status"));
    assertEquals(true, late.at("overdue"));
    assertEquals("held", late.text("hold"));
    assertEquals("representatives", late.text("next", "who"));
    assertEquals(KANAZAWA, late.text("next", "chain"));
  }

  private static String of(String transfer) {
    return receive().replace("}", ",\"transfer\":\"" + transfer + "\"}");
  }

  @Test
  void aContinentPassesOnWhatAMunicipalityServes() throws Exception {
    World komatsu = start(KOMATSU);
    World asia = start(ASIA);
    AccountId a = komatsu.person(KOMATSU, "A");
    komatsu.issue(a, "1000.00");
    World.Reply account = asia.get(ASIA, "/accounts/" + a).expect(200);
    assertEquals("1000.00", account.text("balance"));

    // over there it would seem to come from the counter's own machine
    World.Reply unsigned = asia.post(ASIA, "/send", send("200")).expect(403);
    assertEquals("UNSIGNED_REFUSED", unsigned.text("code"));
    assertEquals(Money.of("1000.00"), komatsu.balance(a));

    World.Holder holder = komatsu.holder(KOMATSU, "hhhhhhhh");
    komatsu.issue(holder.account(), "10.00");
    Order freeze = new Order.Freeze(komatsu.header(), holder.account(), true);
    World.Reply frozen =
        asia.post(
            ASIA,
            "/orders",
            "text/plain",
            new String(holder.sign(freeze).note().encode(), StandardCharsets.UTF_8),
            Map.of());
    assertEquals("freeze", frozen.expect(200).text("kind"));
    assertTrue(komatsu.row(holder.account()).standing().frozen());

    await(asia, () -> copied(asia) > 1);
    World.Reply page = asia.get(ASIA, "/t/" + KOMATSU + ":1", Map.of("Accept", "text/html"));
    assertEquals(404, page.status(), page::toString);
    kill(KOMATSU);
    World.Reply away = asia.get(ASIA, "/accounts/" + a).expect(503);
    assertEquals("NODE_UNREACHABLE", away.text("code"));
  }

  @Test
  void whoAsksForNamesMustBeANodeOfTheFederation() throws Exception {
    World kanazawa = start(KANAZAWA);
    AccountId b = kanazawa.person(KANAZAWA, "B");
    String question =
        """
        aika/question/v1
        federation demo.aika.example
        from Asia-Komatsu
        to Asia-Kanazawa
        time 2026-11-27T00:00:00.000Z
        person Qg==
        """;
    HeldKey komatsu = nodes.log(KOMATSU);
    HeldKey europe = nodes.log(EUROPE);
    assertTrue(asked(kanazawa, question, europe).startsWith("no BAD_SIGNATURE"));
    assertTrue(asked(kanazawa, question, komatsu).startsWith("no STALE"));
    String now =
        question.replace("2026-11-27T00:00:00.000Z", Timestamp.millis(System.currentTimeMillis()));
    assertEquals("yes " + b + "\n", asked(kanazawa, now, komatsu));
    String late = Timestamp.millis(System.currentTimeMillis() - 120_001);
    String inTime = Timestamp.millis(System.currentTimeMillis() - 100_000);
    String then = "2026-11-27T00:00:00.000Z";
    assertEquals("yes " + b + "\n", asked(kanazawa, question.replace(then, inTime), komatsu));
    assertTrue(asked(kanazawa, question.replace(then, late), komatsu).startsWith("no STALE"));
    assertTrue(
        asked(kanazawa, now.replace("Qg==", "Qw=="), komatsu).startsWith("no UNKNOWN_PERSON"));
    String party = now.replace("person Qg==", "party Asia-Komatsu:3 " + b);
    assertTrue(asked(kanazawa, party, komatsu).startsWith("no UNKNOWN_TRANSFER"));
    World.Reply none = kanazawa.post(KANAZAWA, "/neighbour", "text/plain", "hello", Map.of());
    assertEquals("MALFORMED", none.expect(400).text("code"));
  }

  private static String asked(World world, String question, HeldKey by) throws Exception {
    SignedNote note = SignedNote.sign(question, by.key().name(), Ed25519.TYPE, by.signer());
    World.Reply reply =
        world.post(
            KANAZAWA,
            "/neighbour",
            "text/plain",
            new String(note.encode(), StandardCharsets.UTF_8),
            Map.of());
    SignedNote answer = SignedNote.parse(reply.expect(200).http().body());
    VerifierKey key = world.chain(KANAZAWA).log();
    assertTrue(answer.isSignedBy(key, new Ed25519(4)));
    return answer.text().replaceFirst("aika/answer/v1\nquestion .{44}\n", "");
  }
}
