package aika.node.gateway;

import static aika.node.gateway.World.ASIA;
import static aika.node.gateway.World.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** What people's networks do to a connection in the middle of a request or an answer. */
@ExtendWith(SharedWorld.class)
class BrokenConnectionsTest {
  private static final int WAIT_MILLIS_MAX = 10_000;

  private final World world;

  BrokenConnectionsTest(SharedWorld.Town town) {
    this.world = town.world;
  }

  private Socket connect(String gateway) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), world.port(gateway));
    socket.setSoTimeout(WAIT_MILLIS_MAX);
    return socket;
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
  }

  private String head(String path, String type, String length) {
    return "POST "
        + path
        + " HTTP/1.1\r\nHost: localhost:"
        + world.port(KOMATSU)
        + "\r\nOrigin: http://localhost:"
        + world.port(KOMATSU)
        + "\r\nContent-Type: "
        + type
        + "\r\n"
        + length
        + "\r\n\r\n";
  }

  /** The head of the answer; empty when the server closes without one. */
  private static String answer(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder head = new StringBuilder();
    for (int next = in.read(); next >= 0; next = in.read()) {
      head.append((char) next);
      if (head.toString().endsWith("\r\n\r\n")) {
        break;
      }
    }
    return head.toString();
  }

  private double internal() throws Exception {
    return metric("aika_refusals_total{code=\"INTERNAL\"}");
  }

  private double metric(String name) throws Exception {
    String metrics = new String(world.bytes(KOMATSU, "/metrics"), StandardCharsets.UTF_8);
    return metrics
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  /** What is read of a longer body: at the limit the connection goes on, beyond it is closed. */
  @Test
  void ofALongBodyAMegabyteIsRead() throws Exception {
    try (Socket socket = connect(KOMATSU)) {
      writeBody(socket, 1 << 20);
      String refused = answer(socket);
      assertTrue(refused.startsWith("HTTP/1.1 413 "), refused);
      byte[] _ = socket.getInputStream().readNBytes(length(refused));
      write(socket, "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
      assertTrue(answer(socket).startsWith("HTTP/1.1 200 "), "the connection goes on");
    }
    try (Socket socket = connect(KOMATSU)) {
      assertTrue(isCutOff(socket), "what is left of the body would be taken for requests");
    }
  }

  /** Whether a body that is too long ends its connection, with the answer or without. */
  private boolean isCutOff(Socket socket) throws IOException {
    try {
      writeBody(socket, (1 << 20) + 1);
      String said = answer(socket);
      assertTrue(said.isEmpty() || said.startsWith("HTTP/1.1 413 "), said);
      byte[] _ = socket.getInputStream().readAllBytes(); // until its end
      return true;
    } catch (SocketTimeoutException open) {
      return false;
    } catch (SocketException reset) {
      return true;
    }
  }

  private static int length(String head) {
    Matcher length = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)\r\n").matcher(head);
    assertTrue(length.find(), head);
    return Integer.parseInt(length.group(1));
  }

  private void writeBody(Socket socket, int bytes) throws IOException {
    write(
        socket, head("/send", "application/json", "Content-Length: " + bytes) + "x".repeat(bytes));
  }

  @TestFactory
  Stream<DynamicTest> aBodyThatCannotBeRead() {
    return Stream.of("/send application/json", "/send/check application/x-www-form-urlencoded")
        .flatMap(to -> {
          String path = to.substring(0, to.indexOf(' '));
          String type = to.substring(to.indexOf(' ') + 1);
          return Stream.of(
              DynamicTest.dynamicTest(
                  path + ": a chunk without a size", () -> badChunk(path, type)),
              DynamicTest.dynamicTest(
                  path + ": a body that ends early", () -> cutShort(path, type)));
        });
  }

  private void badChunk(String path, String type) throws Exception {
    double before = internal();
    try (Socket socket = connect(KOMATSU)) {
      write(socket, head(path, type, "Transfer-Encoding: chunked") + "ZZ\r\n{}\r\n");
      String answer = answer(socket);
      assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
    }
    assertEquals(before, internal());
  }

  private void cutShort(String path, String type) throws Exception {
    double before = internal();
    long orders = world.orders();
    try (Socket socket = connect(KOMATSU)) {
      write(socket, head(path, type, "Content-Length: 200") + "{\"sender\":");
      socket.shutdownOutput();
      String answer = answer(socket);
      assertTrue(answer.isEmpty() || answer.startsWith("HTTP/1.1 400 "), answer);
    }
    assertEquals(before, internal());
    assertEquals(orders, world.orders());
  }

  @Test
  void aWatcherThatLeavesIsNoFault() throws Exception {
    String json =
        "{\"sender\":\"A\",\"receiver\":\"B\",\"receiver_municipality\":\"Asia-Kanazawa\","
            + "\"amount\":72.01}";
    String transfer = world.post(KOMATSU, "/send", json).expect(200).text("transfer");
    double before = internal();
    try (Socket socket = connect(ASIA)) {
      write(
          socket,
          "GET /transfers/"
              + transfer
              + "/events HTTP/1.1\r\nHost: localhost:"
              + world.port(ASIA)
              + "\r\nAccept: text/event-stream\r\n\r\n");
      byte[] first = socket.getInputStream().readNBytes(64);
      assertTrue(new String(first, StandardCharsets.UTF_8).startsWith("HTTP/1.1 200 "));
      socket.setSoLinger(true, 0); // a reset, as when a phone leaves its network
    }
    world
        .post("Asia-Kanazawa", "/receive", "{\"receiver\":\"B\",\"transfer\":\"" + transfer + "\"}")
        .expect(200);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30); // a quiet stream notices in 15 s
    while (metric("aika_watchers") > 0) {
      assertTrue(System.nanoTime() < end, "somebody still watches");
    }
    assertEquals(before, internal());
    assertFalse(world.get(ASIA, "/health").expect(200).json().isEmpty());
  }
}
