package aika.sinks.webhook;

import static aika.sinks.MadeUpChains.A;
import static aika.sinks.MadeUpChains.B;
import static aika.sinks.MadeUpChains.KANAZAWA;
import static aika.sinks.MadeUpChains.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.OutcomeKind;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import aika.sinks.Follower;
import aika.sinks.MadeUpChains;
import aika.sinks.Secret;
import aika.sinks.SinkException;
import aika.sinks.SinkStatus;
import aika.sinks.Verification;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

final class WebhookSinkTest extends HookWorld {
  private static void until(BooleanSupplier there) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!there.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "it did not happen");
      TimeUnit.MILLISECONDS.sleep(2);
    }
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
  void aClockThatWasAheadPutsNothingOff() {
    send(1);
    String last = KOMATSU + ":3";
    receiver.answer(id -> id.equals(last) ? 500 : 200);
    try (WebhookSink sink = sink(settings(KOMATSU))) {
      clock.addAndGet(7_200_000);
      assertThrows(SinkException.class, () -> runTo(sink, KOMATSU));
      assertEquals(1, tries(last));
      clock.addAndGet(-7_200_000);
      assertThrows(SinkException.class, () -> sink.advance(KOMATSU));
      assertEquals(2, tries(last));
    }
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
      WebhookPace hasty = new WebhookPace(Duration.ofMillis(500), 3, Duration.ofSeconds(30));
      try (WebhookSink sink = sink(settings(KOMATSU), hasty)) {
        long start = System.nanoTime();
        SinkException late = assertThrows(SinkException.class, () -> sink.advance(KOMATSU));
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        assertTrue(String.valueOf(late.getMessage()).contains("no answer within 500 ms"));
        assertTrue(millis >= 490 && millis < 15_000, "after " + millis + " ms");
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
    WebhookPace hasty = new WebhookPace(Duration.ofSeconds(3), 3, Duration.ofSeconds(30));
    WebhookSink sink = sink(settings(KANAZAWA, KOMATSU), hasty);
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

  /** Another machine has posted what came before. */
  @Test
  void aHookThatTakesOverBeginsAtTheEnd() {
    send(3);
    desk(settings(KOMATSU)).beginAtEnd(chains);
    long end = chains.approvedSize(KOMATSU);
    try (WebhookSink sink = sink(settings(KOMATSU))) {
      runTo(sink, KOMATSU);
      assertEquals(List.of(), receiver.ids());
      send(1);
      runTo(sink, KOMATSU);
      assertEquals(positions(KOMATSU, end), receiver.ids());
    }
    send(1);
    desk(settings(KOMATSU)).beginAtEnd(chains); // it has run here
    try (WebhookSink sink = sink(settings(KOMATSU))) {
      runTo(sink, KOMATSU);
      assertEquals(positions(KOMATSU, end), receiver.ids());
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
}
