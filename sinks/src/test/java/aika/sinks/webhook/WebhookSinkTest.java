package aika.sinks.webhook;

import static aika.sinks.MadeUpChains.A;
import static aika.sinks.MadeUpChains.B;
import static aika.sinks.MadeUpChains.KANAZAWA;
import static aika.sinks.MadeUpChains.KOMATSU;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.OutcomeKind;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import aika.sinks.Follower;
import aika.sinks.MadeUpChains;
import aika.sinks.Secret;
import aika.sinks.SinkException;
import aika.sinks.SinkStatus;
import aika.sinks.Verification;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@Timeout(60)
final class WebhookSinkTest {
  private static final byte[] KEY = "0123456789abcdef0123456789abcdef".getBytes(UTF_8);
  private static final String SECRET = "whsec_" + Base64.getEncoder().encodeToString(KEY);
  private static final WebhookPace PACE =
      new WebhookPace(Duration.ofMillis(500), 3, Duration.ofSeconds(30));

  @TempDir Path directory;

  private final MadeUpChains chains = MadeUpChains.world();
  private final Receiver receiver = new Receiver();
  private final AtomicLong clock = new AtomicLong(MadeUpChains.START);

  @AfterEach
  void stop() {
    receiver.close();
  }

  private WebhookSettings settings(
      String secret, List<ChainId> followed, Optional<AccountId> account, Set<String> kinds) {
    Path at = directory.resolve("hook");
    return new WebhookSettings(
        "hook shop", receiver.url(), new Secret(secret), followed, account, kinds, true, at);
  }

  private WebhookSettings settings(ChainId... followed) {
    return settings(SECRET, List.of(followed), Optional.empty(), Set.of());
  }

  private WebhookSink sink(WebhookSettings settings) {
    WebhookSink sink = new WebhookSink(chains, settings, PACE, clock::get);
    sink.open();
    return sink;
  }

  private Webhook desk(WebhookSettings settings) {
    return new Webhook(settings, PACE, clock::get);
  }

  /** Until the chain is at its goal; fails when the hook waits. */
  private static void runTo(WebhookSink sink, ChainId chain) {
    while (!sink.progress(chain).equals(sink.goal(chain))) {
      sink.advance(chain);
    }
  }

  private List<String> positions(ChainId chain, long from) {
    return LongStream.range(from, chains.approvedSize(chain))
        .mapToObj(i -> chain + ":" + i)
        .toList();
  }

  private void send(int times) {
    for (int i = 0; i < times; i++) {
      chains.send(A, B, "1.00");
    }
    chains.close(KOMATSU);
  }

  private static void until(BooleanSupplier there) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!there.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "it did not happen");
      TimeUnit.MILLISECONDS.sleep(2);
    }
  }

  private static String hmac(byte[] key, Receiver.Event event) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    String signed = event.id() + "." + event.timestamp() + "." + event.body();
    return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(UTF_8)));
  }

  @Test
  void everyLeafComesOnceInOrderAndSigned() throws Exception {
    send(250);
    try (WebhookSink sink = sink(settings(KOMATSU))) {
      runTo(sink, KOMATSU);
      assertEquals(positions(KOMATSU, 0), receiver.ids());
      for (Receiver.Event event : receiver.events()) {
        assertEquals(hmac(KEY, event), event.signature());
        assertEquals(String.valueOf(MadeUpChains.START / 1000), event.timestamp());
        assertEquals("application/json", event.headers().getFirst("Content-Type"));
      }
      JsonNode body = new ObjectMapper().readTree(receiver.events().get(5).body());
      assertEquals("leaf.send", body.path("type").asText());
      assertEquals("2026-11-01T00:00:00.000Z", body.path("timestamp").asText());
      assertEquals("Asia-Komatsu", body.path("data").path("chain").asText());
      assertEquals(5, body.path("data").path("index").asLong());
      assertEquals("1.00", body.path("data").path("facts").path(0).path("amount").asText());
      assertTrue(sink.verify(Verification.Watcher.NOBODY).isClean());
    }
  }

  /** The example of the Standard Webhooks specification's libraries. */
  @Test
  void theSignatureIsTheStandardsOwn() {
    Signing signing = new Signing(new Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
    assertEquals(
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        signing.of(
            "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "{\"test\": 2432232314}".getBytes(UTF_8)));
  }

  @Test
  void twoSecretsSignBothWhileTheReceiverChangesOver() throws Exception {
    byte[] newKey = "fedcba9876543210fedcba9876543210".getBytes(UTF_8);
    send(1);
    String both = "whsec_" + Base64.getEncoder().encodeToString(newKey) + " " + SECRET;
    try (WebhookSink sink =
        sink(settings(both, List.of(KOMATSU), Optional.empty(), Set.of("issue")))) {
      runTo(sink, KOMATSU);
    }
    Receiver.Event event = receiver.events().getFirst();
    assertEquals(hmac(newKey, event) + " " + hmac(KEY, event), event.signature());
  }

  @Test
  void approvedOnlyWaitsForTheApprovalAndTheOtherDoesNot() {
    chains.send(A, B, "1.00");
    long size = chains.size(KOMATSU);
    WebhookSettings approved = settings(KOMATSU);
    try (WebhookSink sink = sink(approved)) {
      runTo(sink, KOMATSU);
      assertEquals(chains.approvedSize(KOMATSU), receiver.events().size());
    }
    assertTrue(chains.approvedSize(KOMATSU) < size);
    WebhookSettings early =
        new WebhookSettings(
            "early",
            receiver.url(),
            new Secret(SECRET),
            List.of(KOMATSU),
            Optional.empty(),
            Set.of(),
            false,
            directory.resolve("early"));
    receiver.events().clear();
    try (WebhookSink sink = sink(early)) {
      runTo(sink, KOMATSU);
      assertEquals(size, receiver.events().size());
      assertFalse(receiver.events().getLast().body().contains("\"block\""));
    }
  }

  @Test
  void filtersByKindAndByAccount() {
    TransferId toB = chains.send(A, B, "1.00");
    TransferId toC = chains.send(A, MadeUpChains.C, "2.00");
    chains.askCancel(toC);
    chains.closeAll();
    long decided = chains.decide(toB, OutcomeKind.RECEIVED);
    chains.closeAll();
    chains.settle(toB);
    chains.closeAll();
    List<ChainId> both = List.of(KANAZAWA, KOMATSU);
    try (WebhookSink sink = sink(settings(SECRET, both, Optional.of(B), Set.of()))) {
      runTo(sink, KANAZAWA);
      runTo(sink, KOMATSU);
    }
    List<String> types = receiver.events().stream().map(event -> type(event.body())).toList();
    assertEquals(List.of("leaf.open-account", "leaf.receive", "leaf.send", "leaf.settle"), types);
    assertTrue(receiver.ids().contains(KANAZAWA + ":" + decided));
    assertTrue(receiver.ids().contains(toB.toString()));
    assertFalse(receiver.ids().contains(toC.toString()));
  }

  private static String type(String body) {
    return body.substring(body.indexOf("leaf."), body.indexOf("\",\"timestamp"));
  }

  @Test
  void aRestartGoesOnWhereItWas() {
    try (WebhookSink sink = sink(settings(KOMATSU))) {
      runTo(sink, KOMATSU);
    }
    long before = receiver.events().size();
    send(3);
    try (WebhookSink sink = sink(settings(KOMATSU))) {
      runTo(sink, KOMATSU);
    }
    assertEquals(positions(KOMATSU, 0), receiver.ids());
    assertTrue(receiver.events().size() > before);
  }

  /** What a crash between a post and the position leaves: the position of before. */
  @Test
  void aCrashBeforeThePositionIsStoredGivesDuplicatesAndNoGap() throws IOException {
    Path file = directory.resolve("hook").resolve("position.json");
    send(5);
    try (WebhookSink sink = sink(settings(KOMATSU))) {
      runTo(sink, KOMATSU);
      byte[] earlier = Files.readAllBytes(file);
      send(5);
      runTo(sink, KOMATSU);
      Files.write(file, earlier);
    }
    int delivered = receiver.events().size();
    send(1);
    try (WebhookSink sink = sink(settings(KOMATSU))) {
      runTo(sink, KOMATSU);
    }
    assertTrue(receiver.events().size() > delivered + 2);
    assertEquals(positions(KOMATSU, 0), receiver.ids().stream().distinct().toList());
    long second = receiver.ids().indexOf(KOMATSU + ":9");
    assertEquals(
        receiver.events().get((int) second).body(),
        receiver.events().stream()
            .filter(event -> event.id().equals(KOMATSU + ":9"))
            .toList()
            .getLast()
            .body());
  }

  @Test
  void whatFailsIsTriedAgainWithGrowingPausesAndThenADeadLetter() {
    send(2);
    String poison = KOMATSU + ":4";
    receiver.answer(id -> id.equals(poison) ? 500 : 200);
    WebhookSettings settings = settings(KOMATSU);
    try (WebhookSink sink = sink(settings)) {
      SinkException first = assertThrows(SinkException.class, () -> runTo(sink, KOMATSU));
      assertEquals(SinkException.Kind.UNREACHABLE, first.kind());
      assertTrue(String.valueOf(first.getMessage()).contains("it answered 500"), first::toString);
      assertEquals(4, sink.progress(KOMATSU).leaves());

      // Nothing is posted before its time, not even after a restart.
      try (WebhookSink restarted = sink(settings)) {
        clock.addAndGet(29_000);
        assertThrows(SinkException.class, () -> restarted.advance(KOMATSU));
      }
      assertEquals(1, tries(poison));
      clock.addAndGet(1_000);
    }
    try (WebhookSink sink = sink(settings)) {
      assertThrows(SinkException.class, () -> sink.advance(KOMATSU));
      assertEquals(2, tries(poison));
      clock.addAndGet(59_000);
      assertThrows(SinkException.class, () -> sink.advance(KOMATSU));
      assertEquals(2, tries(poison));
      clock.addAndGet(1_000);
      runTo(sink, KOMATSU);
      assertEquals(3, tries(poison));
      assertEquals(positions(KOMATSU, 0), receiver.ids().stream().distinct().toList());
      assertTrue(sink.verify(Verification.Watcher.NOBODY).isClean());
    }
    DeadLetter letter = desk(settings).deadLetters().getFirst();
    assertEquals(poison, letter.id());
    assertEquals(3, letter.attempts());
    assertEquals("it answered 500", letter.failure());
  }

  private long tries(String id) {
    return receiver.ids().stream().filter(id::equals).count();
  }

  private WebhookSettings withDeadLetters(String... ids) {
    Set<String> poison = Set.of(ids);
    receiver.answer(id -> poison.contains(id) ? 503 : 200);
    WebhookSettings settings = settings(KOMATSU);
    WebhookPace once = new WebhookPace(Duration.ofSeconds(5), 1, Duration.ZERO);
    try (WebhookSink sink = new WebhookSink(chains, settings, once, clock::get)) {
      sink.open();
      runTo(sink, KOMATSU);
    }
    return settings;
  }

  @Test
  void deadLettersAreRetriedAndDropped() throws Exception {
    send(3);
    WebhookSettings settings = withDeadLetters(KOMATSU + ":3", KOMATSU + ":4");
    Webhook desk = desk(settings);
    assertEquals(2, desk.deadLetters().size());
    assertEquals(new Webhook.Retried.Failed("it answered 503"), desk.retry(KOMATSU + ":3"));
    assertEquals(2, desk.deadLetters().getFirst().attempts());
    receiver.answer(id -> 200);
    assertEquals(new Webhook.Retried.Delivered(), desk.retry(KOMATSU + ":3"));
    assertEquals(hmac(KEY, receiver.events().getLast()), receiver.events().getLast().signature());
    assertTrue(desk.drop(KOMATSU + ":4"));
    assertFalse(desk.drop(KOMATSU + ":4"));
    assertEquals(List.of(), desk.deadLetters());
    assertEquals(0, desk.lost());
  }

  @Test
  void theOldestGivesWayAndIsCounted() throws IOException {
    send(1);
    WebhookSettings settings = settings(KOMATSU);
    DeadLetters letters = new DeadLetters(settings.directory());
    letters.put(new DeadLetter(KANAZAWA, 0, "send", 0, 1, 0, "earlier", "{}"));
    Path first = settings.directory().resolve("dead").resolve(KANAZAWA + ".0.json");
    String json = Files.readString(first);
    for (int i = 1; i < Webhook.DEAD_LETTERS_MAX; i++) {
      Files.writeString(
          first.resolveSibling(KANAZAWA + "." + i + ".json"),
          json.replace("\"index\":0", "\"index\":" + i).replace("\"since\":0", "\"since\":" + i));
    }
    assertEquals(Webhook.DEAD_LETTERS_MAX, letters.list().size());
    withDeadLetters(KOMATSU + ":3");
    Webhook desk = desk(settings);
    assertEquals(1, desk.lost());
    assertEquals(Webhook.DEAD_LETTERS_MAX, desk.deadLetters().size());
    assertEquals(KANAZAWA + ":1", desk.deadLetters().getFirst().id());
    assertEquals(KOMATSU + ":3", desk.deadLetters().getLast().id());
  }

  @Test
  void verifyFindsWhatDoesNotBelong() {
    send(3);
    WebhookSettings settings = withDeadLetters(KOMATSU + ":3");
    DeadLetters letters = new DeadLetters(settings.directory());
    DeadLetter good = letters.list().getFirst();
    letters.put(new DeadLetter(KOMATSU, 4, "send", 0, 1, 1, "made up", good.body()));
    letters.put(new DeadLetter(KANAZAWA, 0, "send", 0, 1, 1, "made up", "{}"));
    letters.put(new DeadLetter(KOMATSU, 400, "send", 0, 1, 1, "made up", "{}"));
    try (WebhookSink sink = sink(settings)) {
      Verification found = sink.verify(Verification.Watcher.NOBODY);
      assertEquals(3, found.faults(), () -> found.examples().toString());
      assertEquals(5, found.compared());
    }
    MadeUpChains shorter = MadeUpChains.world();
    try (WebhookSink sink = new WebhookSink(shorter, settings, PACE, clock::get)) {
      sink.open();
      assertThrows(SinkException.class, () -> sink.progress(KOMATSU));
      Verification found = sink.verify(Verification.Watcher.NOBODY);
      assertTrue(found.examples().getFirst().contains("beyond the log"));
    }
  }

  @Test
  void goneDisablesTheHookUntilSomebodyEnablesIt() {
    send(2);
    receiver.answer(id -> id.equals(KOMATSU + ":4") ? 410 : 200);
    WebhookSettings settings = settings(KOMATSU);
    try (WebhookSink sink = sink(settings)) {
      SinkException gone = assertThrows(SinkException.class, () -> runTo(sink, KOMATSU));
      assertEquals(SinkException.Kind.REFUSED, gone.kind());
      assertTrue(desk(settings).isDisabled());
      clock.addAndGet(Duration.ofDays(1).toMillis());
      assertThrows(SinkException.class, () -> sink.advance(KOMATSU));
      assertEquals(1, tries(KOMATSU + ":4"));
      receiver.answer(id -> 200);
      desk(settings).enable();
      runTo(sink, KOMATSU);
    }
    assertEquals(positions(KOMATSU, 0), receiver.ids().stream().distinct().toList());
    assertEquals(List.of(), desk(settings).deadLetters());
  }

  @Test
  void redirectsAreNotFollowed() {
    receiver.answer(id -> 307);
    try (WebhookSink sink = sink(settings(KOMATSU))) {
      SinkException refused = assertThrows(SinkException.class, () -> sink.advance(KOMATSU));
      assertTrue(String.valueOf(refused.getMessage()).contains("redirects are not followed"));
    }
    assertEquals(1, receiver.events().size());
  }

  @Test
  void aReceiverThatHangsCostsAnAttemptAndNotMore() {
    for (int hanging : List.of(Receiver.HANG, Receiver.HANG_IN_BODY)) {
      receiver.answer(id -> hanging);
      try (WebhookSink sink = sink(settings(KOMATSU))) {
        long start = System.nanoTime();
        SinkException late = assertThrows(SinkException.class, () -> sink.advance(KOMATSU));
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        assertTrue(String.valueOf(late.getMessage()).contains("no answer within 500 ms"));
        assertTrue(millis >= 490 && millis < 5_000, "after " + millis + " ms");
      }
      clock.addAndGet(Duration.ofDays(1).toMillis());
    }
  }

  @Test
  void nobodyThereIsSaidSo() {
    receiver.close();
    try (WebhookSink sink = sink(settings(KOMATSU))) {
      SinkException failed = assertThrows(SinkException.class, () -> sink.advance(KOMATSU));
      assertTrue(String.valueOf(failed.getMessage()).contains("ConnectException"));
    }
  }

  @Test
  void oneChainsPoisonHoldsUpNoOtherChainAndNoOtherSink() throws InterruptedException {
    receiver.answer(id -> id.startsWith(KANAZAWA + ":") ? Receiver.HANG : 200);
    WebhookSink sink = sink(settings(KANAZAWA, KOMATSU));
    WebhookSettings other =
        new WebhookSettings(
            "other",
            receiver.url(),
            new Secret(SECRET),
            List.of(KOMATSU),
            Optional.empty(),
            Set.of(),
            true,
            directory.resolve("other"));
    try (Follower stuck = new Follower(sink, clock::get);
        Follower well =
            new Follower(new WebhookSink(chains, other, PACE, clock::get), clock::get)) {
      stuck.start();
      well.start();
      until(() -> stuck.status().state() == SinkStatus.State.WAITING);
      until(() -> well.status().lag() == 0);
      send(3);
      stuck.wake();
      well.wake();
      until(() -> well.status().lag() == 0);
      until(() -> tries(KOMATSU + ":" + (chains.approvedSize(KOMATSU) - 1)) == 2);
      assertEquals(1, tries(KANAZAWA + ":0"));
    }
  }

  @Test
  void closingCutsShortWhatHangs() throws InterruptedException {
    receiver.answer(id -> Receiver.HANG);
    WebhookPace patient = new WebhookPace(Duration.ofMinutes(5), 3, Duration.ofSeconds(1));
    WebhookSettings settings = settings(KOMATSU);
    Follower follower =
        new Follower(new WebhookSink(chains, settings, patient, clock::get), clock::get);
    follower.start();
    until(() -> !receiver.events().isEmpty());
    long start = System.nanoTime();
    follower.close();
    assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(15));
    assertEquals(0, new Positions(settings.directory()).of(KOMATSU).failed());
  }

  @Test
  void aRebuildPostsEverythingAgainAlsoFromADamagedPosition() throws IOException {
    WebhookSettings settings = withDeadLetters(KOMATSU + ":1");
    Files.writeString(settings.directory().resolve("position.json"), "{\"lost\":");
    receiver.answer(id -> 200);
    receiver.events().clear();
    try (WebhookSink sink = sink(settings)) {
      assertThrows(SinkException.class, () -> sink.progress(KOMATSU));
      sink.rebuild();
      runTo(sink, KOMATSU);
      assertEquals(positions(KOMATSU, 0), receiver.ids());
      assertEquals(List.of(), desk(settings).deadLetters());
    }
  }

  @Test
  void neitherTheSecretNorTheUrlsPathIsEverShown() throws IOException {
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    Level level = root.getLevel();
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    root.setLevel(Level.TRACE);
    root.addAppender(log);
    List<String> shown = new ArrayList<>();
    try {
      WebhookSettings settings = withDeadLetters(KOMATSU + ":1");
      shown.add(settings.toString());
      receiver.answer(id -> 500);
      shown.add(desk(settings).retry(KOMATSU + ":1").toString());
      send(1);
      try (WebhookSink sink = sink(settings)) {
        shown.add(assertThrows(SinkException.class, () -> sink.advance(KOMATSU)).toString());
      }
      for (Path file : files(settings.directory())) {
        shown.add(Files.readString(file));
      }
    } finally {
      root.detachAppender(log);
      root.setLevel(level);
    }
    log.list.forEach(event -> shown.add(event.getFormattedMessage()));
    assertTrue(shown.size() > 5);
    String bare = SECRET.substring("whsec_".length());
    for (String text : shown) {
      assertFalse(text.contains(bare) || text.contains("t0ken"), text);
    }
  }

  private static List<Path> files(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void refusesSettingsThatAreUnsafeOrMisspelt() {
    String plain = "http://shop.example/hook";
    List<URI> bad =
        List.of(
            URI.create(plain),
            URI.create("http://10.0.0.1/hook"),
            URI.create("http://127.0.0.1.example/hook"),
            URI.create("https://user:t0ken@shop.example/hook"),
            URI.create("ftp://shop.example/hook"),
            URI.create("/hook"));
    for (URI url : bad) {
      var refused = assertThrows(IllegalArgumentException.class, () -> made(url, SECRET, Set.of()));
      assertFalse(String.valueOf(refused.getMessage()).contains("t0ken"));
    }
    URI good = URI.create("https://shop.example/hook");
    for (String secret :
        List.of("", "t0ken", "whsec_t0ken", SECRET + " " + SECRET + " " + SECRET)) {
      var refused =
          assertThrows(IllegalArgumentException.class, () -> made(good, secret, Set.of()));
      assertFalse(String.valueOf(refused.getMessage()).contains("t0ken"));
    }
    assertThrows(IllegalArgumentException.class, () -> made(good, SECRET, Set.of("sent")));
    assertEquals("hook to https://shop.example", made(good, SECRET, Set.of("send")).toString());
    assertEquals(
        "hook to http://[::1]:80",
        made(URI.create("http://[::1]:80/"), SECRET, Set.of()).toString());
  }

  private WebhookSettings made(URI url, String secret, Set<String> kinds) {
    return new WebhookSettings(
        "hook",
        url,
        new Secret(secret),
        List.of(KOMATSU),
        Optional.empty(),
        kinds,
        true,
        directory);
  }
}
