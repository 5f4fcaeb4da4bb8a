package aika.sinks.webhook;

import static aika.sinks.MadeUpChains.KANAZAWA;
import static aika.sinks.MadeUpChains.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.sinks.MadeUpChains;
import aika.sinks.SinkException;
import aika.sinks.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DeadLettersTest extends HookWorld {
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
}
