package aika.node.gateway;

import static aika.node.gateway.World.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import aika.core.money.ChainId;
import aika.node.config.Chain;
import com.sun.management.UnixOperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** As many connections as a gateway takes, real ones, and one more. */
@ExtendWith(SharedWorld.class)
@Timeout(120)
class CrowdTest {
  private static final int CONNECTIONS_MAX = 4_096;
  private static final int ANSWER_MILLIS_MAX = 30_000;
  private static final int UNANSWERED_MILLIS = 500;
  private static final int PORTS = 50_000;
  private static final int PORTS_END = 65_000;

  private final World world;
  private final Deque<Connection> open = new ArrayDeque<>();
  private int from = PORTS;

  CrowdTest(SharedWorld.Town town) {
    world = town.world;
  }

  @AfterEach
  void closeAll() throws IOException {
    for (Connection each : open) {
      each.socket.close();
    }
  }

  private record Connection(Socket socket, BufferedReader answers) {
    void ask(String path) throws IOException {
      String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    }

    /** Of the answer, the first line that begins so. */
    String line(String start) throws IOException {
      for (String line = answers.readLine(); line != null; line = answers.readLine()) {
        if (line.startsWith(start)) {
          return line;
        }
      }
      throw new IOException("no line begins with " + start);
    }

    /** Reads until this has come; the end of an answer need not end a line. */
    void await(String text) throws IOException {
      StringBuilder read = new StringBuilder();
      while (read.indexOf(text) < 0) {
        int next = answers.read();
        if (next < 0) {
          throw new IOException("it ended with " + read);
        }
        read.append((char) next);
      }
    }
  }

  private Connection connect(int port) throws IOException {
    Socket socket = new Socket();
    bind(socket);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.setSoTimeout(ANSWER_MILLIS_MAX);
    Connection connection =
        new Connection(
            socket,
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8), 512));
    open.add(connection);
    return connection;
  }

  /** Where no test looks for ports of its own: thousands would be in the way of theirs. */
  private void bind(Socket socket) throws IOException {
    while (true) {
      try {
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), from++));
        return;
      } catch (BindException taken) {
        assertTrue(from < PORTS_END, "no port is free");
      }
    }
  }

  private static Chain free(World world) throws IOException {
    for (int shift = 300; ; shift++) {
      Chain at = world.node.federation().shifted(shift).chain(ChainId.of(KOMATSU)).orElseThrow();
      try (ServerSocket socket = new ServerSocket(at.http())) {
        assertTrue(socket.isBound());
        return at;
      } catch (IOException taken) {
        assertTrue(shift < 1_000, "no port is free");
      }
    }
  }

  @Test
  void asManyAsItTakesAndOneMore() throws Exception {
    assumeTrue(
        ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
            && system.getMaxFileDescriptorCount() > 3 * CONNECTIONS_MAX,
        "this machine has too few file handles for both ends");
    String json = WorkedExampleOverHttpTest.SNIPPET.replace("200", "0.07");
    String transfer = world.post(KOMATSU, "/send", json).expect(200).text("transfer");
    try (Gateway gateway = Gateway.start(world.parts(), free(world), Gateway.Bounds.USUAL)) {
      String watching = "/transfers/" + transfer + "/events";
      for (int i = 0; i < TransferRoutes.WATCHERS_MAX; i++) {
        connect(gateway.port()).ask(watching);
      }
      for (Connection watcher : open) {
        assertEquals("event:transfer", watcher.line("event").replace(" ", ""));
      }
      Connection refused = connect(gateway.port());
      refused.ask(watching);
      assertEquals("HTTP/1.1 503 Service Unavailable", refused.line("HTTP/1.1"));
      refused.await("\"BUSY\"");

      while (open.size() < CONNECTIONS_MAX) {
        connect(gateway.port());
      }
      Connection last = open.getLast();
      last.ask("/health");
      assertEquals("HTTP/1.1 200 OK", last.line("HTTP/1.1"));
      Connection waits = connect(gateway.port());
      waits.ask("/health");
      waits.socket.setSoTimeout(UNANSWERED_MILLIS);
      assertThrows(SocketTimeoutException.class, () -> waits.line("HTTP/1.1"));
      last.socket.close();
      waits.socket.setSoTimeout(ANSWER_MILLIS_MAX);
      assertEquals("HTTP/1.1 200 OK", waits.line("HTTP/1.1"));
    }
  }
}
