package aika.node.gateway;

import static aika.node.gateway.World.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** A connection that is not wanted any more is closed after the answer (HTTP-9). */
@ExtendWith(SharedWorld.class)
class ConnectionCloseTest {
  private final World world;

  ConnectionCloseTest(SharedWorld.Town town) {
    world = town.world;
  }

  /** What comes until the other side closes. */
  private String untilClosed(String request) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), world.port(KOMATSU))) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String get(String path, String connection) {
    return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: " + connection + "\r\n\r\n";
  }

  @TestFactory
  Stream<DynamicTest> closedAfterTheAnswer() {
    return Stream.of("/health", "/nothing", "/", "/metrics", "/openapi.json", "/api")
        .map(path ->
            DynamicTest.dynamicTest(
                path,
                () -> {
                  String answer = untilClosed(get(path, "close"));
                  assertTrue(answer.startsWith("HTTP/1.1 "), answer);
                  assertTrue(
                      answer.toLowerCase(Locale.ROOT).contains("\r\nconnection: close\r\n"),
                      answer);
                  int length =
                      Integer.parseInt(
                          answer.replaceAll("(?is).*\r\ncontent-length: *([0-9]+)\r\n.*", "$1"));
                  byte[] body =
                      answer
                          .substring(answer.indexOf("\r\n\r\n") + 4)
                          .getBytes(StandardCharsets.UTF_8);
                  assertEquals(length, body.length, "all of it came");
                }));
  }

  @Test
  void aBodyThatNobodyReadsDoesNotLoseTheAnswer() throws Exception {
    String body = "x".repeat(60_000);
    String answer =
        untilClosed(
            ("POST /nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s")
                .formatted(body.length(), body));
    assertTrue(answer.startsWith("HTTP/1.1 404 "), answer);
    assertTrue(answer.contains("NOT_FOUND"), answer);
  }

  @Test
  void otherwiseItStaysOpen() throws Exception {
    String answers = untilClosed(get("/health", "keep-alive") + get("/health", "close"));
    assertEquals(3, answers.split("HTTP/1.1 200 OK", -1).length, answers);
  }
}
