package aika.sinks.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** Another program that takes webhooks over real HTTP, and answers as a test tells it to. */
final class Receiver implements AutoCloseable {
  /** Takes the request and never answers. */
  static final int HANG = -1;

  /** Answers 200 and never ends the body. */
  static final int HANG_IN_BODY = -2;

  record Event(String id, String timestamp, String signature, String body, Headers headers) {}

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Event> events = new CopyOnWriteArrayList<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile Function<String, Integer> answer = id -> 204;

  Receiver() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    server.createContext("/", this::take);
    server.setExecutor(threads);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hook/t0ken");
  }

  /** From now on events get this status, by their ids. */
  void answer(Function<String, Integer> status) {
    answer = status;
  }

  List<Event> events() {
    return events;
  }

  List<String> ids() {
    return events.stream().map(Event::id).toList();
  }

  private void take(HttpExchange exchange) throws IOException {
    Headers headers = exchange.getRequestHeaders();
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    String id = String.valueOf(headers.getFirst("webhook-id"));
    events.add(
        new Event(
            id,
            String.valueOf(headers.getFirst("webhook-timestamp")),
            String.valueOf(headers.getFirst("webhook-signature")),
            body,
            headers));
    int status = answer.apply(id);
    if (status == HANG) {
      untilClosing();
    } else if (status == HANG_IN_BODY) {
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write('x');
      exchange.getResponseBody().flush();
      untilClosing();
    } else {
      if (status / 100 == 3) {
        exchange.getResponseHeaders().set("Location", "/elsewhere");
      }
      exchange.sendResponseHeaders(status, -1);
    }
    exchange.close();
  }

  private void untilClosing() {
    try {
      closing.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.close();
  }
}
