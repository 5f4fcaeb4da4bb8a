package aika.cli.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Reason;
import aika.core.money.ChainId;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Neighbours and their clocks, with made-up gateways and a real one. */
@Timeout(60)
final class NeighbourChecksTest {
  private static final long NOW = 1_795_000_000_000L;
  private static final ChainId KOMATSU = ChainId.of("Asia-Komatsu");
  private static final Machine LINUX = new Machine(Machine.Kind.LINUX, Set.of());

  private static Result only(Check check) {
    List<Result> results = check.results();
    assertEquals(1, results.size(), results::toString);
    return results.getFirst();
  }

  private static Voice.Node node(String gateway, String status, OptionalLong ahead) {
    return new Voice.Node(
        URI.create(gateway), true, Optional.empty(), status, 12, 12, ahead, Optional.empty());
  }

  private static Voice away() {
    return new Voice.Away(URI.create("http://localhost:1"), "nobody listens there");
  }

  private static List<Result> clock(long... aheadSeconds) {
    Map<ChainId, Voice> neighbours = new LinkedHashMap<>();
    for (int i = 0; i < aheadSeconds.length; i++) {
      neighbours.put(
          ChainId.of("Asia-" + (char) ('A' + i)),
          node("http://n" + i + ".example", "up", OptionalLong.of(aheadSeconds[i] * 1_000)));
    }
    return new ClockCheck(neighbours, LINUX).results();
  }

  @Test
  void theClockIsComparedWithTheNeighboursMiddle() {
    assertInstanceOf(Result.Ok.class, clock(0, 1, -5).getFirst());
    Result behind = clock(7).getFirst();
    assertInstanceOf(Result.Attention.class, behind);
    assertTrue(behind.found().en().contains("7 s behind"), behind::toString);
    Result ahead = clock(-3_600, -3_601, 0).getFirst();
    assertInstanceOf(Result.Wrong.class, ahead);
    assertTrue(ahead.found().en().contains("3600 s ahead"), ahead::toString);
    assertInstanceOf(Result.Attention.class, clock(60).getFirst());
    assertInstanceOf(Result.Wrong.class, clock(61).getFirst());

    List<Result> one = clock(0, 0, 4_000);
    assertInstanceOf(Result.Ok.class, one.getFirst());
    assertInstanceOf(Result.Attention.class, one.getLast());
    assertTrue(one.getLast().found().en().contains("Asia-C +4000 s"), one::toString);
  }

  /** [SEAL-35] */
  @Test
  void aClockByWhichNothingIsOrderedIsWrong() {
    Result stopped = clock(7, 8).getFirst();
    assertInstanceOf(Result.Wrong.class, stopped);
    assertTrue(stopped.found().en().contains("orders nothing"), stopped::toString);
    assertInstanceOf(Result.Wrong.class, clock(-6, -7, -8).getFirst());
    assertInstanceOf(Result.Attention.class, clock(8).getFirst());
    assertInstanceOf(Result.Attention.class, clock(0, 8).getFirst(), "one of the two agrees");
    assertInstanceOf(Result.Ok.class, clock(5, 5).getFirst());

    Map<ChainId, Voice> together = new LinkedHashMap<>();
    for (String chain : List.of("Europe", "Europe-Paris")) {
      together.put(ChainId.of(chain), node("http://one.example", "up", OptionalLong.of(8_000)));
    }
    assertInstanceOf(Result.Attention.class, only(new ClockCheck(together, LINUX)), "one machine");
  }

  @Test
  void withoutAnotherMachineThereIsNoClockToCompareWith() {
    assertInstanceOf(Result.Skipped.class, clock().getFirst());
    Voice here = node("http://localhost:2000", "up", OptionalLong.of(900_000));
    assertInstanceOf(Result.Skipped.class, only(new ClockCheck(Map.of(KOMATSU, here), LINUX)));
  }

  @Test
  void neighboursAreWellOrAwayOrStrangers() {
    Map<ChainId, Voice> all = new LinkedHashMap<>();
    all.put(ChainId.of("Asia"), node("http://a.example", "up", OptionalLong.empty()));
    List<Result> well = new NeighboursCheck(all).results();
    assertInstanceOf(Result.Ok.class, well.getFirst());
    assertEquals(1, well.size());

    all.put(KOMATSU, away());
    all.put(ChainId.of("Europe"), node("http://e.example", "halted", OptionalLong.empty()));
    all.put(ChainId.of("Arctic"), new Voice.Stranger(URI.create("http://x.example:8080")));
    List<Result> mixed = new NeighboursCheck(all).results();
    assertEquals(4, mixed.size(), mixed::toString);
    assertTrue(mixed.get(0).found().en().startsWith("1/4"), mixed::toString);
    assertInstanceOf(Result.Wrong.class, mixed.get(1));
    assertTrue(mixed.get(1).found().en().contains("Arctic x.example:8080"), mixed::toString);
    assertInstanceOf(Result.Attention.class, mixed.get(2));
    assertInstanceOf(Result.Attention.class, mixed.get(3));
    assertInstanceOf(Result.Skipped.class, only(new NeighboursCheck(Map.of())));
    Voice peer = new Voice.StandsBy(URI.create("http://k.example:2001"), Optional.of("2"));
    Result standing = only(new NeighboursCheck(Map.of(KOMATSU, peer)));
    assertInstanceOf(Result.Ok.class, standing);
    assertTrue(standing.found().en().contains("k.example:2001"), standing::toString);
  }

  /** Gateways by their address; whoever is not there does not listen. */
  private record Fakes(Map<String, Reply> answers) implements Web {
    @Override
    public Reply get(URI address) throws IOException, InterruptedException {
      if (String.valueOf(address.getHost()).equals("slow.example")) {
        Thread.sleep(60_000); // until it is interrupted
      }
      Reply reply = answers.get(address.toString());
      if (reply == null) {
        throw new ConnectException("refused");
      }
      return reply;
    }
  }

  private static Web.Reply json(int status, String body) {
    return new Web.Reply(
        status, body.getBytes(UTF_8), Optional.of(Instant.ofEpochMilli(NOW + 30_000)));
  }

  @Test
  void gatewaysAreAskedAtOnceAndWithinALimit() throws InterruptedException {
    Map<String, Web.Reply> answers = new HashMap<>();
    answers.put(
        "http://a.example/health",
        json(
            503,
            """
            {"status":"down","ordering":"up",
             "chains":{"Asia":{"status":"busy","leaves":30,"approved":3}}}
            """));
    answers.put(
        "http://down.example/health",
        json(
            503,
            """
            {"status":"down","ordering":"down","reason":"CLOCK_DIFFERS",
             "chains":{"Asia-down":{"status":"up","leaves":30,"approved":3}}}
            """));
    answers.put(
        "http://later.example/health",
        json(
            503,
            """
            {"status":"down","ordering":"down","reason":"OF_A_LATER_VERSION",
             "chains":{"Asia-later":{"status":"up","leaves":30,"approved":3}}}
            """));
    answers.put("http://down.example/chains/Asia-down/checkpoint", json(404, "{}"));
    answers.put("http://later.example/chains/Asia-later/checkpoint", json(404, "{}"));
    answers.put("http://a.example/chains/Asia/checkpoint", json(404, "{}"));
    answers.put("http://b.example/health", json(200, "{\"chains\":{\"Africa\":{}}}"));
    answers.put("http://c.example/health", json(200, "<html>"));
    answers.put("http://d.example/health", json(301, ""));
    String standby = "{\"status\":503,\"code\":\"NOT_LEADING\",\"leader\":\"2\"}";
    answers.put("http://peer.example/health", json(503, standby));
    Map<ChainId, URI> gateways = new LinkedHashMap<>();
    gateways.put(ChainId.of("Asia"), URI.create("http://a.example"));
    for (String name : List.of("b", "c", "d", "away", "slow", "peer", "down", "later")) {
      gateways.put(ChainId.of("Asia-" + name), URI.create("http://" + name + ".example"));
    }
    long start = System.nanoTime();
    Map<ChainId, Voice> heard = new Round(new Fakes(answers), () -> NOW).ask(gateways);
    long seconds = (System.nanoTime() - start) / 1_000_000_000;
    assertTrue(seconds <= Round.SECONDS_MAX + 2, seconds + " s");

    Voice.Node asia = assertInstanceOf(Voice.Node.class, heard.get(ChainId.of("Asia")));
    assertEquals("busy", asia.status());
    assertEquals(3, asia.approved());
    assertEquals(30_500, asia.ahead().orElseThrow());
    assertEquals(Optional.empty(), asia.began());
    assertEquals(Optional.empty(), asia.reason());
    Voice.Node down = assertInstanceOf(Voice.Node.class, heard.get(ChainId.of("Asia-down")));
    assertEquals(Optional.of(Reason.CLOCK_DIFFERS), down.reason());
    Voice.Node later = assertInstanceOf(Voice.Node.class, heard.get(ChainId.of("Asia-later")));
    assertEquals(Optional.empty(), later.reason());
    for (String name : List.of("b", "c", "d")) {
      assertInstanceOf(Voice.Stranger.class, heard.get(ChainId.of("Asia-" + name)), name);
    }
    assertEquals(
        new Voice.StandsBy(URI.create("http://peer.example"), Optional.of("2")),
        heard.get(ChainId.of("Asia-peer")));
    assertInstanceOf(Voice.Away.class, heard.get(ChainId.of("Asia-away")));
    assertInstanceOf(Voice.Away.class, heard.get(ChainId.of("Asia-slow")));
  }

  /** The JDK's own server says what time it is, to the second. */
  @Test
  void aRealGatewaysClockIsRead() throws IOException, InterruptedException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body =
              "{\"ordering\":\"up\",\"chains\":{\"Asia\":{\"status\":\"up\",\"leaves\":1,\"approved\":0}}}"
                  .getBytes(UTF_8);
          boolean health = exchange.getRequestURI().getPath().equals("/health");
          exchange.sendResponseHeaders(health ? 200 : 404, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    try (HttpWeb web = new HttpWeb(null)) {
      ChainId asia = ChainId.of("Asia");
      URI gateway = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
      Map<ChainId, Voice> heard =
          new Round(web, () -> System.currentTimeMillis() - 3_600_000).ask(Map.of(asia, gateway));
      Voice.Node node = assertInstanceOf(Voice.Node.class, heard.get(asia));
      assertTrue(node.isWell());
      assertTrue(Math.abs(node.ahead().orElseThrow() - 3_600_000) < 5_000, node::toString);
    } finally {
      server.stop(0);
    }
  }
}
