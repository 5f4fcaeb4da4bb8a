package aika.node.gateway;

import static aika.node.gateway.World.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import aika.core.ledger.LeafText;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import aika.node.order.Chain;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The examples of docs/guides/dapps.md do what they say. */
@ExtendWith(SharedWorld.class)
class ExamplesTest {
  private static final Path EXAMPLES = Path.of("..", "docs", "examples");
  private static final long SECONDS_MAX = 60;

  private final World world;

  ExamplesTest(SharedWorld.Town town) {
    world = town.world;
  }

  private static void need(String program) throws Exception {
    boolean there;
    try {
      there = new ProcessBuilder(program, "--version").start().waitFor() == 0;
    } catch (IOException missing) {
      there = false;
    }
    assumeTrue(there, "Examples skipped: no " + program + " here.");
  }

  private String gateway() {
    return "http://localhost:" + world.port(KOMATSU);
  }

  private long sent(String amount) throws Exception {
    String json = WorkedExampleOverHttpTest.SNIPPET.replace("200", amount);
    return TransferId.of(world.post(KOMATSU, "/send", json).expect(200).text("transfer")).index();
  }

  private record Ended(int status, List<String> lines) {}

  /** Runs a command until it ends, or until a line holds this text. */
  private static Ended run(String until, String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    CompletableFuture<List<String>> reading =
        CompletableFuture.supplyAsync(() -> lines(process, until));
    try {
      List<String> lines = reading.get(SECONDS_MAX, TimeUnit.SECONDS);
      if (!process.waitFor(1, TimeUnit.SECONDS)) {
        process.destroy();
      }
      assertTrue(process.waitFor(10, TimeUnit.SECONDS));
      return new Ended(process.exitValue(), lines);
    } finally {
      process.destroyForcibly();
    }
  }

  private static List<String> lines(Process process, String until) {
    List<String> lines = new ArrayList<>();
    try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        lines.add(line);
        if (line.contains(until)) {
          return lines;
        }
      }
      return lines;
    } catch (IOException stopped) {
      return lines;
    }
  }

  @Test
  void pythonChecksEveryLeafAgainstTheApprovedLog() throws Exception {
    need("python3");
    Chain chain = world.ledger(ChainId.of(KOMATSU));
    long index = sent("85.01");
    world.await(() -> chain.approvedSize() > index);
    Ended ended =
        run(
            "\0",
            "python3",
            EXAMPLES.resolve("feed.py").toString(),
            gateway(),
            KOMATSU,
            "--count",
            String.valueOf(index + 1));
    assertEquals(0, ended.status, ended::toString);
    assertEquals(index + 1, ended.lines.size(), ended::toString);
    for (int i = 0; i <= index; i++) {
      String start = i + " " + LeafText.kind(chain.entry(i).leaf()) + " ";
      assertTrue(ended.lines.get(i).startsWith(start), ended.lines.get(i));
    }
    assertTrue(ended.lines.getLast().contains("\"amount\": \"85.01\""), ended.lines::getLast);
  }

  @Test
  void pythonGoesOnInTheMiddle() throws Exception {
    need("python3");
    Chain chain = world.ledger(ChainId.of(KOMATSU));
    long index = sent("85.02");
    world.await(() -> chain.approvedSize() > index);
    String from = String.valueOf(index);
    Ended ended =
        run(
            "\0",
            "python3",
            EXAMPLES.resolve("feed.py").toString(),
            gateway(),
            KOMATSU,
            "--from",
            from,
            "--count",
            "1");
    assertEquals(0, ended.status, ended::toString);
    assertEquals(1, ended.lines.size(), ended::toString);
    assertTrue(ended.lines.getFirst().startsWith(index + " send "), ended::toString);
  }

  /** A gateway in between changes one byte of one leaf. */
  @Test
  void pythonRefusesALeafThatIsNotInTheLog() throws Exception {
    need("python3");
    Chain chain = world.ledger(ChainId.of(KOMATSU));
    long index = sent("85.03");
    world.await(() -> chain.approvedSize() > index);
    HttpServer liar = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
    liar.createContext(
        "/",
        exchange -> {
          try (exchange) {
            String path = exchange.getRequestURI().toString();
            byte[] answer = path.contains("/feed") ? lie(index) : world.bytes(KOMATSU, path);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
          } catch (Exception failed) {
            throw new IOException(failed);
          }
        });
    liar.start();
    try {
      String gateway = "http://localhost:" + liar.getAddress().getPort();
      String script = EXAMPLES.resolve("feed.py").toString();
      Ended ended = run("\0", "python3", script, gateway, KOMATSU, "--from", "" + index);
      assertEquals(1, ended.status, ended::toString);
      assertTrue(ended.lines.getLast().contains("not those of the approved log"), ended::toString);
    } finally {
      liar.stop(0);
    }
  }

  private byte[] lie(long index) throws Exception {
    StringBuilder events = new StringBuilder();
    try (SseReader feed =
        SseReader.open(
            world.http,
            world.uri(KOMATSU, "/chains/" + KOMATSU + "/feed?from=" + index),
            Map.of())) {
      for (SseReader.Event event = feed.next(); ; event = feed.next()) {
        String data = event.data();
        if (event.type().equals("leaf") && event.number("index") == index) {
          data = data.replaceFirst("\"entry\":\"YWlr", "\"entry\":\"YWls");
        }
        events
            .append("event: ")
            .append(event.type())
            .append("\ndata: ")
            .append(data)
            .append("\n\n");
        if (event.type().equals("approval") && event.number("size") > index) {
          return events.toString().getBytes(StandardCharsets.UTF_8);
        }
      }
    }
  }

  @Test
  void pythonSaysWhyItWasRefused() throws Exception {
    need("python3");
    String script = EXAMPLES.resolve("feed.py").toString();
    Ended ended = run("\0", "python3", script, gateway(), "Asia-Nowhere");
    assertEquals(1, ended.status, ended::toString);
    assertTrue(ended.lines.getLast().startsWith("UNKNOWN_CHAIN: "), ended::toString);
  }

  @Test
  void curlShowsSends() throws Exception {
    need("curl");
    sent("85.04");
    Ended ended =
        run("\"85.04\"", "sh", EXAMPLES.resolve("feed.sh").toString(), gateway(), KOMATSU);
    assertTrue(ended.lines.contains("event: leaf"), ended::toString);
    String last = ended.lines.getLast();
    assertTrue(last.startsWith("data: {\"chain\":\"Asia-Komatsu\","), last);
    assertTrue(last.contains("\"85.04\""), last);
    assertTrue(ended.lines.stream().noneMatch(line -> line.contains("\"kind\":\"seal\"")));
  }
}
