package aika.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Reason;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A node that runs answers that it does not know itself whether something was done. */
@Timeout(60)
final class UnknownOutcomeTest {
  /** A script acts on the number, so it is written here once more. */
  private static final int NOT_KNOWN = 3;

  @TempDir Path data;

  private HttpServer node;
  private volatile Reason answer = Reason.OUTCOME_UNKNOWN;

  @BeforeEach
  void start() throws IOException {
    node = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    node.createContext(
        "/",
        exchange -> {
          byte[] problem =
              "{\"code\":\"%s\",\"ja\":\"\",\"en\":\"\",\"next\":\"\",\"detail\":\"in this test\"}\n"
                  .formatted(answer.name())
                  .getBytes(UTF_8);
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(answer.httpStatus(), problem.length);
          exchange.getResponseBody().write(problem);
          exchange.close();
        });
    node.start();
    Files.writeString(data.resolve("operator"), address() + "\ntoken\n");
  }

  @AfterEach
  void stop() {
    node.stop(0);
  }

  private String address() {
    return "http://127.0.0.1:" + node.getAddress().getPort();
  }

  static Stream<List<String>> operators() {
    return Stream.of(
        List.of("backup", "--to", "there"),
        List.of("peers", "copy", "--to", "there"),
        List.of("peers", "remove", "2"),
        List.of("export", "--ndjson", "there"),
        List.of("webhook", "enable", "shop"));
  }

  static Stream<List<String>> payments() {
    String payer = "A@Asia-Komatsu";
    return Stream.of(
        List.of("send", "--as", payer, "--to", "B@Asia-Komatsu", "1.00"),
        List.of("receive", "--as", payer, "Asia-Komatsu:12"),
        List.of("reject", "--as", payer, "Asia-Komatsu:12"),
        List.of("cancel", "--as", payer, "Asia-Komatsu:12"));
  }

  /** Whatever else it answers is a refusal: the two are told apart by the code alone. */
  private void isNotKnown(List<String> command, String... where) {
    String[] arguments = Stream.concat(command.stream(), Stream.of(where)).toArray(String[]::new);
    CommandWorld.Ran ran = CommandWorld.aika(arguments).expect(NOT_KNOWN);
    ran.says(Reason.OUTCOME_UNKNOWN.name(), Reason.OUTCOME_UNKNOWN.en());
    assertTrue(ran.out().isEmpty(), ran::toString);
    answer = Reason.NOT_YOURS; // which is not tried again
    CommandWorld.aika(arguments).expect(1).says(Reason.NOT_YOURS.name());
  }

  @ParameterizedTest
  @MethodSource("operators")
  void anOperatorIsNotToldThatItFailed(List<String> command) {
    isNotKnown(command, "--data", data.toString());
  }

  @ParameterizedTest
  @MethodSource("payments")
  void norIsWhoeverPays(List<String> command) {
    isNotKnown(command, "--gateway", address());
  }
}
