package aika.node.mirror;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.audit.UnreadableLogException;
import aika.core.money.ChainId;
import aika.node.order.MedianClock;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each loopback address of Linux stands for a machine. */
@Timeout(60)
@EnabledOnOs(OS.LINUX)
final class HttpLogTest {
  private static final Instant NOW = Instant.parse("2026-11-27T03:04:05.678Z");
  private static final Duration WAIT = Duration.ofSeconds(10);

  private final MedianClock clock = new MedianClock(NOW::toEpochMilli);

  /** Asks a machine that answers once, with this date. */
  private void ask(String chain, String machine, String date) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.ofLiteral(machine));
        HttpClient http = HttpClient.newHttpClient()) {
      Thread answering = Thread.ofVirtual().start(() -> answer(server, date));
      URI gateway = URI.create("http://" + machine + ':' + server.getLocalPort());
      HttpLog log = new HttpLog(http, gateway, ChainId.of(chain), WAIT, clock);
      assertArrayEquals(new byte[] {'o', 'k'}, log.file("checkpoint"));
      answering.join();
    }
  }

  private static void answer(ServerSocket server, String date) {
    try (Socket socket = server.accept();
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
      for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
        // the request's head
      }
      String answer =
          "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n" + date + "\r\nok";
      socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static String date(Duration ahead) {
    String told =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(NOW.plus(ahead).atOffset(ZoneOffset.UTC));
    return "Date: " + told + "\r\n";
  }

  @Test
  void machinesTellTheirTime() throws Exception {
    ask("Asia-Komatsu", "127.0.0.2", date(Duration.ofHours(-1)));
    ask("Asia-Kanazawa", "127.0.0.3", date(Duration.ofHours(-1)));
    long apart = clock.apartMillis();
    assertTrue(Math.abs(apart - 3_600_000) < 60_000, "at most what this test took: " + apart);
    assertNotNull(clock.refusal());
  }

  @Test
  void thisMachineIsNoOther() throws Exception {
    ask("Asia-Komatsu", "127.0.0.2", date(Duration.ofHours(-1)));
    ask("Asia-Kanazawa", "127.0.0.1", date(Duration.ofHours(-1)));
    assertNull(clock.refusal(), "one other alone");
  }

  @Test
  void whatIsNoDateIsNoTime() throws Exception {
    ask("Asia-Komatsu", "127.0.0.2", "Date: yesterday\r\n");
    ask("Asia-Kanazawa", "127.0.0.3", "");
    ask("Asia-Hakui", "127.0.0.4", "Date: Mon, 32 Nov 2026 03:04:05 GMT\r\n");
    assertEquals(0, clock.apartMillis());
  }

  /** [NBR-3] Of each kind of file as many bytes as it may have, and one more. */
  @ParameterizedTest
  @CsvSource({"tile/0/000, 8192", "tile/entries/000, 16777472", "checkpoint, 262144"})
  void aFileHasSoManyBytesAndNoMore(String path, int bytesMax) throws Exception {
    int[] bytes = {bytesMax};
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, bytes[0]);
            exchange.getResponseBody().write(new byte[bytes[0]]);
          }
        });
    server.start();
    try (HttpClient http = HttpClient.newHttpClient()) {
      URI gateway = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
      HttpLog log = new HttpLog(http, gateway, ChainId.of("Asia-Komatsu"));
      byte[] file = log.file(path);
      assertNotNull(file);
      assertEquals(bytesMax, file.length);
      bytes[0]++;
      assertThrows(UnreadableLogException.class, () -> log.file(path));
    } finally {
      server.stop(0);
    }
  }
}
