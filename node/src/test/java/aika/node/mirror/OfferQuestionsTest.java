package aika.node.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.money.ChainId;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** [NBR-17] Who is asked for offers, and what is taken of the answers. */
@Timeout(60)
final class OfferQuestionsTest {
  private static final ChainId KANAZAWA = ChainId.of("Asia-Kanazawa");
  private static final ChainId KOMATSU = ChainId.of("Asia-Komatsu");
  private static final ChainId PARIS = ChainId.of("Europe-Paris");

  private final Map<ChainId, URI> elsewhere = new HashMap<>();
  private final List<HttpServer> servers = new ArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private final BlockingQueue<ChainId> found = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();

  @AfterEach
  void stop() {
    servers.forEach(server -> server.stop(0));
    http.close();
  }

  /**
   * @param answer to a path with its query
   */
  private void gateway(ChainId chain, UnaryOperator<String> answer) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().toString();
          asked.add(chain + path);
          byte[] body = answer.apply(path).getBytes(StandardCharsets.US_ASCII);
          exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    servers.add(server);
    elsewhere.put(chain, URI.create("http://localhost:" + server.getAddress().getPort()));
  }

  private OfferQuestions questions() {
    Addresses addresses = new Addresses(Map.of(), elsewhere);
    return new OfferQuestions(http, addresses, List.of(KANAZAWA), found::add, _ -> true);
  }

  private static ChainId town(int number) {
    return ChainId.of("Asia-%04d".formatted(number));
  }

  private static String towns(int from, int to) {
    List<OfferLine> lines = new ArrayList<>();
    for (int i = from; i < to; i++) {
      lines.add(new OfferLine(town(i), i));
    }
    return OfferLine.text(lines);
  }

  private void end(OfferQuestions questions) {
    questions.stop();
    assertFalse(questions.join());
  }

  @Test
  void theNextIsAskedUntilOneHasAnswered() throws Exception {
    gateway(ChainId.of("Asia"), path -> "<html>");
    elsewhere.put(ChainId.of("Africa"), URI.create("http://localhost:1"));
    gateway(ChainId.of("Europe"), path -> KOMATSU + " 7\n" + PARIS + " 9\n");
    gateway(ChainId.of("Oceania"), path -> "");
    OfferQuestions questions = questions();
    questions.start();
    assertEquals(KOMATSU, found.poll(20, TimeUnit.SECONDS));
    assertEquals(PARIS, found.poll(20, TimeUnit.SECONDS));
    end(questions);
    String path = "/chains/Asia-Kanazawa/offers";
    assertEquals(List.of("Asia" + path, "Europe" + path), List.copyOf(asked));
    assertTrue(found.isEmpty());
  }

  /** A gateway that never ends does not keep a node asking. */
  @Test
  void aLongAnswerComesInPartsButNotForEver() throws Exception {
    elsewhere.put(KOMATSU, URI.create("http://localhost:1"));
    gateway(
        ChainId.of("Asia"),
        path -> {
          int from = path.contains("after") ? Integer.parseInt(path.replaceAll(".*-", "")) + 1 : 0;
          return towns(from, from + OfferLine.LINES_MAX);
        });
    for (int i = 0; i < OfferLine.LINES_MAX; i++) {
      elsewhere.put(town(i), URI.create("http://localhost:1"));
    }
    OfferQuestions questions = questions();
    questions.start();
    for (int i = 0; i < 2 * OfferLine.LINES_MAX; i++) {
      assertEquals(town(i), found.poll(20, TimeUnit.SECONDS));
    }
    questions.ask(KOMATSU, KANAZAWA); // after that round
    assertEquals(town(0), found.poll(20, TimeUnit.SECONDS));
    end(questions);
    assertTrue(asked.contains("Asia/chains/Asia-Kanazawa/offers?after=" + town(499)));
    assertFalse(asked.contains("Asia/chains/Asia-Kanazawa/offers?after=" + town(999)));
  }

  @Test
  void theSenderItselfIsAskedAtOnce() throws Exception {
    gateway(KOMATSU, path -> KOMATSU + " 7\n");
    OfferQuestions questions = questions();
    questions.ask(KOMATSU, PARIS); // not served here
    questions.ask(KOMATSU, KANAZAWA);
    questions.ask(KOMATSU, KANAZAWA);
    questions.start();
    assertEquals(KOMATSU, found.poll(20, TimeUnit.SECONDS));
    end(questions);
    assertEquals(List.of("Asia-Komatsu/chains/Asia-Kanazawa/offers"), List.copyOf(asked));
  }
}
