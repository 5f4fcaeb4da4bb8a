package aika.node.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Reads server-sent events as the HTML standard says, on a thread of its own. */
final class SseReader implements AutoCloseable {
  private static final long WAIT_SECONDS = 20;

  /** An event; {@code id} is the last that was given when it came. */
  record Event(String type, String id, String data, Map<String, @Nullable Object> json) {
    static final Event END = new Event("end", "", "", Map.of());

    String text(String name) {
      return String.valueOf(json.get(name));
    }

    long number(String name) {
      return Long.parseLong(text(name));
    }
  }

  private final InputStream in;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private volatile String lastId = "";

  private SseReader(InputStream in) {
    this.in = in;
    Thread.ofVirtual().start(this::read);
  }

  static SseReader open(HttpClient http, URI uri, Map<String, String> headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20));
    headers.forEach(request::header);
    HttpResponse<InputStream> answer = http.send(request.build(), BodyHandlers.ofInputStream());
    assertEquals(200, answer.statusCode());
    assertEquals(
        "text/event-stream; charset=utf-8", answer.headers().firstValue("content-type").orElse(""));
    return new SseReader(answer.body());
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      String type = "";
      StringBuilder data = new StringBuilder();
      String id = "";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.isEmpty()) {
          lastId = id;
          if (!data.isEmpty()) {
            byte[] json = data.toString().getBytes(StandardCharsets.UTF_8);
            events.add(new Event(type, id, data.toString(), Json.object(json)));
          }
          type = "";
          data.setLength(0);
        } else if (line.startsWith("event: ")) {
          type = line.substring("event: ".length());
        } else if (line.startsWith("id: ")) {
          id = line.substring("id: ".length());
        } else if (line.startsWith("data: ")) {
          data.append(line.substring("data: ".length()));
        }
      }
    } catch (IOException cut) {
      events.add(new Event("cut", "", String.valueOf(cut.getMessage()), Map.of()));
    }
    events.add(Event.END);
  }

  /** What a browser would send as {@code Last-Event-ID}. */
  String lastId() {
    return lastId;
  }

  Event next() throws InterruptedException {
    Event event = events.poll(WAIT_SECONDS, TimeUnit.SECONDS);
    assertNotNull(event, "no event came");
    return Objects.requireNonNull(event);
  }

  /** The next one if it is there within this time. */
  @Nullable Event poll(Duration within) throws InterruptedException {
    return events.poll(within.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
