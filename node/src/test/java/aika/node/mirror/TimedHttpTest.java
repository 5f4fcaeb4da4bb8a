package aika.node.mirror;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server whose answer never stops coming, a byte at a time. */
@Timeout(60)
final class TimedHttpTest {
  private static final int DRIP_MILLIS = 20;

  private final CompletableFuture<Integer> written = new CompletableFuture<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private HttpServer server;
  private volatile int bytes = Integer.MAX_VALUE;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::drip);
    server.start();
  }

  @AfterEach
  void stop() {
    http.close();
    server.stop(0);
  }

  private void drip(HttpExchange exchange) throws IOException {
    int sent = 0;
    try (exchange;
        OutputStream out = exchange.getResponseBody()) {
      exchange.sendResponseHeaders(200, 0);
      for (; sent < bytes; sent++) {
        out.write('x');
        out.flush();
        TimeUnit.MILLISECONDS.sleep(DRIP_MILLIS);
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    } finally {
      written.complete(sent);
    }
  }

  private HttpRequest request() {
    // the request's own limit ends with the answer's head
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.getAddress().getPort()))
        .timeout(Duration.ofMillis(300))
        .build();
  }

  @Test
  void anAnswerThatDripsIsCutWhenItsTimeIsOver() throws Exception {
    long start = System.nanoTime();
    assertThrows(
        HttpTimeoutException.class,
        () -> TimedHttp.send(http, request(), 1_000_000, Duration.ofMillis(300)));
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    assertTrue(millis >= 300 && millis < 10_000, millis + " ms");
    // whoever drips notices that nobody listens any more
    assertTrue(written.get(30, TimeUnit.SECONDS) < bytes);
  }

  @Test
  void anAnswerThatDripsPastItsLengthIsCutAtIt() {
    assertThrows(
        IOException.class, () -> TimedHttp.send(http, request(), 5, Duration.ofSeconds(30)));
  }

  @Test
  void aSlowAnswerThatComesInTimeIsWhole() throws Exception {
    bytes = 5;
    byte[] body = TimedHttp.send(http, request(), 5, Duration.ofSeconds(30)).body();
    assertArrayEquals(new byte[] {'x', 'x', 'x', 'x', 'x'}, body);
    assertEquals(5, written.get(30, TimeUnit.SECONDS));
  }

  /** Between its own check and its pool's end, a client that is shut down refuses like this. */
  @Test
  void aClientThatIsShutDownInThisMomentFailsLikeOneThatIsClosed() {
    ExecutorService pool = Executors.newSingleThreadExecutor();
    pool.shutdown();
    try (HttpClient closing = HttpClient.newBuilder().executor(pool).build()) {
      assertThrows(
          IOException.class, () -> TimedHttp.send(closing, request(), 5, Duration.ofSeconds(30)));
    }
  }
}
