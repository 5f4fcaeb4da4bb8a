package aika.node.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.node.config.DurableFile;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** [TLS-3, TLS-6] What becomes of connections that are open when files change. */
@Timeout(60)
final class OpenConnectionsTest {
  /** Made once: certificates take longer than connections. */
  @TempDir static Path made;

  @TempDir Path data;

  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private NodeTls called;
  private NodeTls calling;

  @BeforeAll
  static void make() {
    for (String authority : List.of("here", "elsewhere")) {
      new Authority(made.resolve(authority + "-ca")).sign("Asia-Komatsu", made.resolve(authority));
    }
  }

  @BeforeEach
  void open() throws IOException {
    called = open("called");
    calling = open("calling");
  }

  private NodeTls open(String name) throws IOException {
    put("here", name);
    NodeTls tls = NodeTls.open(data.resolve(name), System::currentTimeMillis).orElseThrow();
    running.push(tls);
    return tls;
  }

  /** This node's files are those of somebody who belongs to this CA only. */
  private void put(String authority, String name) throws IOException {
    DurableFile.deleteTree(data.resolve(name));
    DurableFile.copyTree(made.resolve(authority), data.resolve(name));
  }

  @AfterEach
  void stop() throws Exception {
    while (!running.isEmpty()) {
      running.pop().close();
    }
  }

  /** Both ends of a connection over which a byte has gone each way. */
  private record Connection(Socket caller, Socket answering) {
    void exchange() throws IOException {
      caller.getOutputStream().write(1);
      assertEquals(1, answering.getInputStream().read());
      answering.getOutputStream().write(2);
      assertEquals(2, caller.getInputStream().read());
    }
  }

  private Connection connect() throws Exception {
    try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Socket> answering =
          CompletableFuture.supplyAsync(() -> accepted(listening), Thread::startVirtualThread);
      Socket caller = calling.call("localhost", listening.getLocalPort(), 5_000);
      running.push(caller);
      Connection both = new Connection(caller, answering.get(20, TimeUnit.SECONDS));
      running.push(both.answering);
      both.exchange();
      return both;
    }
  }

  /** As the gateway's server does. */
  private Socket accepted(ServerSocket listening) {
    try {
      SSLSocket socket =
          (SSLSocket)
              called.answering().getSocketFactory().createSocket(listening.accept(), null, true);
      socket.startHandshake();
      socket.setSoTimeout(1_000); // also for the other side's last word
      return socket;
    } catch (IOException failed) {
      throw new AssertionError(failed);
    }
  }

  private static boolean ends(Socket socket) throws IOException {
    try {
      socket.setSoTimeout(20_000);
      return socket.getInputStream().read() < 0;
    } catch (SocketException reset) {
      return true;
    }
  }

  /** Also on what would have been resumed from another connection. */
  @Test
  void whoCalledIsBelievedNoMore() throws Exception {
    Connection first = connect();
    Connection second = connect();
    put("elsewhere", "called");
    called.look();
    assertTrue(ends(first.caller));
    assertTrue(ends(second.caller));
  }

  @Test
  void whoAnsweredIsBelievedNoMore() throws Exception {
    Connection open = connect();
    put("elsewhere", "calling");
    calling.look();
    assertTrue(ends(open.answering));
  }

  @Test
  void newFilesOfTheSameAuthorityEndNothing() throws Exception {
    Connection open = connect();
    put("here", "called");
    called.look();
    put("here", "calling");
    calling.look();
    open.exchange();
  }

  /** The JDK's client keeps its connections, and nobody can ask it for them. */
  @Test
  void whatIsAskedOverHttpEndsToo() throws Exception {
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(called.answering()));
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    running.push(() -> server.stop(0));
    URI there = URI.create("https://localhost:" + server.getAddress().getPort() + "/");
    try (HttpClient http = NodeTls.http(calling).build()) {
      assertTrue(answers(http, there));
      put("elsewhere", "calling");
      calling.look();
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (answers(http, there)) {
        assertTrue(System.nanoTime() < end, "it still answers");
      }
    }
  }

  private static boolean answers(HttpClient http, URI there) throws InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(there).timeout(Duration.ofSeconds(10)).build();
    try {
      return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException ended) {
      return false;
    }
  }
}
