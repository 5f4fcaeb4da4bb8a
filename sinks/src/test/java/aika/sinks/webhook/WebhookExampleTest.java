package aika.sinks.webhook;

import static aika.sinks.MadeUpChains.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.sinks.Secret;
import aika.sinks.SinkException;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/** The receiver of the guide, docs/examples/webhook.py, takes what the hook posts. */
final class WebhookExampleTest extends HookWorld {
  private static final String SCRIPT =
      Path.of("..", "docs", "examples", "webhook.py").toAbsolutePath().toString();

  /** Its pauses are short: the receiver compares this clock with its own. */
  private static final WebhookPace SHORT =
      new WebhookPace(Duration.ofSeconds(20), 5, Duration.ofMillis(100));

  private static final int FAILED_MAX = 4;
  private static final long LONGEST_PAUSE_MILLIS = 1_000;

  private Process started() {
    ProcessBuilder python = new ProcessBuilder("python3", SCRIPT, "0").redirectErrorStream(true);
    python.environment().put("AIKA_WEBHOOK_SECRET", SECRET);
    try {
      return python.start();
    } catch (IOException none) {
      throw new TestAbortedException("skipped: no python3 on this machine", none);
    }
  }

  private WebhookSettings to(String secret, int port) {
    return new WebhookSettings(
        "example",
        URI.create("http://127.0.0.1:" + port + "/"),
        new Secret(secret),
        List.of(KOMATSU),
        Optional.empty(),
        Set.of(),
        true,
        directory.resolve("hook"));
  }

  /** As a follower does: a receiver that cannot be reached just now is tried again. */
  private void follow(WebhookSettings settings) {
    try (WebhookSink sink = sink(settings, SHORT)) {
      sink.rebuild();
      int failed = 0;
      while (!sink.progress(KOMATSU).equals(sink.goal(KOMATSU))) {
        try {
          sink.advance(KOMATSU);
        } catch (SinkException waits) {
          failed++;
          if (waits.kind() != SinkException.Kind.UNREACHABLE || failed > FAILED_MAX) {
            throw waits;
          }
          clock.addAndGet(LONGEST_PAUSE_MILLIS);
        }
      }
    }
  }

  @Test
  void thePythonReceiverTakesEachEventOnceAndNoForgedOne() throws IOException {
    clock.set(System.currentTimeMillis());
    send(1);
    Process python = started();
    try (BufferedReader said = python.inputReader()) {
      String first = String.valueOf(said.readLine());
      Assumptions.assumeTrue(first.startsWith("listening on "), "python3 cannot: " + first);
      int port = Integer.parseInt(first.substring("listening on ".length()));
      for (int round = 0; round < 2; round++) {
        follow(to(SECRET, port));
      }
      String other = "whsec_" + "A".repeat(32);
      try (WebhookSink sink = sink(to(other, port))) {
        sink.rebuild();
        SinkException refused = assertThrows(SinkException.class, () -> sink.advance(KOMATSU));
        assertTrue(String.valueOf(refused.getMessage()).contains("it answered 401"));
      }
      send(1);
      follow(to(SECRET, port));
      List<String> ids = positions(KOMATSU, 0);
      for (String id : ids) {
        String line = assertNotNullLine(said.readLine(), id);
        // The server's own log of requests stands between.
        while (line.contains("\"POST ")) {
          line = assertNotNullLine(said.readLine(), id);
        }
        assertEquals(id, line.substring(0, line.indexOf(' ')));
      }
    } finally {
      python.destroyForcibly();
    }
  }

  @Test
  void theGuideShowsTheReceiver() throws IOException {
    String script = Files.readString(Path.of(SCRIPT));
    int begin = script.indexOf("    def do_POST");
    String shown = script.substring(begin, script.indexOf("\n\n\nport", begin));
    String guide = Files.readString(Path.of("..", "docs", "guides", "webhooks.md"));
    assertTrue(guide.contains("```python\n" + shown + "\n```"), shown);
  }

  private static String assertNotNullLine(@Nullable String line, String id) {
    assertNotNull(line, id);
    return line;
  }
}
