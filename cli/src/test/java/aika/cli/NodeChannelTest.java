package aika.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Commands that have a node write a directory which the node alone sees, as a service may. */
@Timeout(60)
final class NodeChannelTest {
  @TempDir Path data;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private HttpServer node;

  @BeforeEach
  void aNodeThatAnswersAsIfItHadWritten() throws IOException {
    node = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    node.createContext(
        "/",
        exchange -> {
          byte[] answer = "{\"chains\":{},\"copied\":\"\",\"files\":[]}\n".getBytes(UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    node.start();
    Files.writeString(
        data.resolve("operator"), "http://127.0.0.1:" + node.getAddress().getPort() + "\ntoken\n");
  }

  @AfterEach
  void stop() {
    node.stop(0);
  }

  static Stream<List<String>> writing() {
    return Stream.of(
        List.of("backup", "--to"),
        List.of("peers", "copy", "--to"),
        List.of("export", "--ndjson"),
        List.of("export", "--parquet"));
  }

  private int aika(List<String> command, Path directory) {
    Stream<String> rest = Stream.of(directory.toString(), "--data", data.toString());
    return Main.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(Stream.concat(command.stream(), rest).toArray(String[]::new));
  }

  @ParameterizedTest
  @MethodSource("writing")
  void itIsSaidThatTheyAreNotHere(List<String> command) throws IOException {
    Path there = data.resolve("there");
    assertEquals(1, aika(command, there));
    assertTrue(err.toString().contains("The node has written into " + there), err::toString);
    assertTrue(err.toString().contains("別のフォルダーが見えています"), err::toString);
    assertEquals("", out.toString());
    Files.createDirectory(there);
    assertEquals(0, aika(command, there), err::toString);
  }

  /** As one that changes its role, or hangs. */
  @Test
  void aQuestionIsNotWaitedForForEver() {
    CountDownLatch end = new CountDownLatch(1);
    node.removeContext("/");
    node.createContext(
        "/",
        _ -> {
          try {
            end.await();
          } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
          }
        });
    try (NodeChannel channel = NodeChannel.of(data, Duration.ofMillis(300))) {
      CommandException told = assertThrows(CommandException.class, () -> channel.get("/peers"));
      assertTrue(told.en().contains("does not answer"), told::en);
    } finally {
      end.countDown();
    }
  }

  /** It may have done what it was told, and then ended. */
  @ParameterizedTest
  @MethodSource("writing")
  void whoeverIsNotAnsweredIsNotToldThatItFailed(List<String> command) {
    node.removeContext("/");
    node.createContext("/", HttpExchange::close);
    assertEquals(3, aika(command, data.resolve("written")), err::toString);
    assertTrue(err.toString().contains("It may have been done"), err::toString);
    assertTrue(err.toString().contains("行われたかもしれません"), err::toString);
  }
}
