package aika.node.gateway;

import static aika.node.gateway.World.ASIA;
import static aika.node.gateway.World.EUROPE;
import static aika.node.gateway.World.KANAZAWA;
import static aika.node.gateway.World.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Order;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.note.Ed25519;
import aika.core.note.SignedNote;
import aika.core.note.Signer;
import aika.node.NodeSettings;
import aika.node.config.FederationFile;
import aika.node.config.FederationTemplate;
import aika.node.config.KeyFiles;
import aika.node.store.StoreSettings;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Other nodes' gateways at whose addresses somebody else answers, or somebody who never ends. */
final class ForeignGatewayTest {
  @TempDir Path data;

  private KeyFiles keys;
  private FederationFile file;
  private @Nullable World world;

  @BeforeEach
  void makeFederation() {
    keys = new KeyFiles(data.resolve(KeyFiles.DIRECTORY), new SecureRandom());
    file =
        FederationFile.write(
            data.resolve(FederationFile.NAME), FederationTemplate.demo().federation(keys));
  }

  @AfterEach
  void stop() {
    if (world != null) {
      world.close();
    }
  }

  /** Komatsu's and Asia's node, to which it is said where others are. */
  private World start(Map<ChainId, URI> gateways) {
    NodeSettings settings =
        new NodeSettings(
            data.resolve("node"),
            "127.0.0.1",
            World.freeOffset(file.federation()),
            StoreSettings.standard(),
            Set.of(ChainId.of(KOMATSU), ChainId.of(ASIA)),
            gateways);
    World made = new World(settings, file, keys);
    world = made;
    return made;
  }

  /** What answers there is no node: its pages must not come from this gateway's address. */
  @Test
  void aForeignAnswerIsNoPageOfOursAndNoRefusal() throws Exception {
    List<String> tokens = new CopyOnWriteArrayList<>();
    HttpServer hostile =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    hostile.createContext(
        "/",
        exchange -> {
          tokens.addAll(exchange.getRequestHeaders().getOrDefault("Authorization", List.of()));
          byte[] page = "<script>pay()</script>".getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "text/html");
          exchange.sendResponseHeaders(200, page.length);
          exchange.getResponseBody().write(page);
          exchange.close();
        });
    hostile.start();
    try {
      URI there = URI.create("http://localhost:" + hostile.getAddress().getPort());
      World komatsu = start(Map.of(ChainId.of(KANAZAWA), there, ChainId.of(EUROPE), there));
      String account = "/accounts/" + KANAZAWA + "/bbbbbbbb";
      String token = "Bearer " + komatsu.node.tokens().issue(komatsu.person(KOMATSU, "A"));
      World.Reply page = komatsu.get(ASIA, account, Map.of("Authorization", token)).expect(503);
      assertEquals("NODE_UNREACHABLE", page.text("code"));
      assertEquals(List.of(), tokens, "a token of Komatsu's is no business of others");

      Signer signer = Ed25519.signer(Ed25519.generate(new SecureRandom()));
      AccountId b = new AccountId(ChainId.of(KANAZAWA), "bbbbbbbb");
      Order freeze = new Order.Freeze(komatsu.header(), b, true);
      SignedNote note = SignedNote.sign(freeze.text(), b.toString(), Ed25519.TYPE, signer);
      World.Reply order =
          komatsu.post(
              ASIA,
              "/orders",
              "text/plain",
              new String(note.encode(), StandardCharsets.UTF_8),
              Map.of());
      assertEquals("OUTCOME_UNKNOWN", order.expect(504).text("code"));
    } finally {
      hostile.stop(0);
    }
  }

  /** HTTP-15: whoever drips an answer holds up nobody for longer than an answer may take. */
  @Test
  @Timeout(120)
  void anAnswerThatDripsIsGivenUp() throws Exception {
    HttpServer dripping =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    dripping.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    dripping.createContext("/", ForeignGatewayTest::drip);
    dripping.start();
    try (HttpClient http = HttpClient.newHttpClient()) {
      URI there = URI.create("http://localhost:" + dripping.getAddress().getPort());
      World asia = start(Map.of(ChainId.of(KANAZAWA), there));
      AccountId b = new AccountId(ChainId.of(KANAZAWA), "bbbbbbbb");
      Signer signer = Ed25519.signer(Ed25519.generate(new SecureRandom()));
      Order freeze = new Order.Freeze(asia.header(), b, true);
      SignedNote note = SignedNote.sign(freeze.text(), b.toString(), Ed25519.TYPE, signer);
      URI gateway = asia.uri(ASIA, "/orders");
      CompletableFuture<HttpResponse<String>> order =
          http.sendAsync(
              HttpRequest.newBuilder(gateway)
                  .header("Content-Type", "text/plain")
                  .POST(BodyPublishers.ofByteArray(note.encode()))
                  .build(),
              BodyHandlers.ofString());
      CompletableFuture<HttpResponse<String>> question =
          http.sendAsync(
              HttpRequest.newBuilder(gateway.resolve("/accounts/" + b)).build(),
              BodyHandlers.ofString());
      AccountId a = asia.person(KOMATSU, "A");
      asia.issue(a, "1.00"); // the node goes on meanwhile
      assertEquals("1.00", asia.get(ASIA, "/accounts/" + a).expect(200).text("balance"));
      assertFalse(order.isDone() || question.isDone());
      HttpResponse<String> answer = order.get(60, TimeUnit.SECONDS);
      assertEquals(504, answer.statusCode(), answer::body);
      assertTrue(answer.body().contains("OUTCOME_UNKNOWN"), answer::body);
      answer = question.get(60, TimeUnit.SECONDS);
      assertEquals(503, answer.statusCode(), answer::body);
      assertTrue(answer.body().contains("NODE_UNREACHABLE"), answer::body);
    } finally {
      dripping.stop(0);
    }
  }

  private static void drip(HttpExchange exchange) throws IOException {
    try (exchange;
        OutputStream out = exchange.getResponseBody()) {
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, 0);
      for (int i = 0; i < 1_000; i++) {
        out.write('{');
        out.flush();
        TimeUnit.MILLISECONDS.sleep(200);
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }
}
