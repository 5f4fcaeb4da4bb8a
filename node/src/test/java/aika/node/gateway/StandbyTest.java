package aika.node.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.money.ChainId;
import aika.node.config.Chain;
import aika.node.config.Federation;
import aika.node.config.FederationTemplate;
import aika.node.config.KeyFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What people and programs hear from a peer that does not lead [PEER-6]. */
@Timeout(60)
final class StandbyTest {
  private static final ChainId KOMATSU = ChainId.of("Asia-Komatsu");
  private static final URI LEADERS = URI.create("http://10.0.0.2:2001");

  @TempDir Path data;

  private final HttpClient http = HttpClient.newHttpClient();
  private final AtomicReference<Optional<String>> leader = new AtomicReference<>(Optional.of("2"));

  /** At a port that is free. */
  private Chain chain() throws IOException {
    Federation federation =
        FederationTemplate.demo().federation(new KeyFiles(data, new SecureRandom()));
    int usual = federation.chain(KOMATSU).orElseThrow().http();
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int offset = free.getLocalPort() - usual;
      return federation.shifted(offset).chain(KOMATSU).orElseThrow();
    }
  }

  private HttpResponse<byte[]> asked(Chain chain, String path)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + chain.http() + path))
            .POST(HttpRequest.BodyPublishers.ofString("{}"))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
  }

  @Test
  void everythingIsRefusedWithTheLeadersAddress() throws Exception {
    Chain chain = chain();
    Standby.Told told =
        new Standby.Told(
            leader::get,
            any -> leader.get().map(id -> LEADERS),
            () -> 41L,
            () -> -1_500,
            () -> 5_000_000_000L,
            () -> Map.of("node.crt", 86_400.0));
    try (Standby _ = Standby.start("127.0.0.1", List.of(chain), told)) {
      for (String path : List.of("/send", "/health", "/")) {
        HttpResponse<byte[]> answer = asked(chain, path);
        assertEquals(503, answer.statusCode(), path);
        assertEquals("1", answer.headers().firstValue("Retry-After").orElse(""));
        Map<String, ?> problem = Json.object(answer.body());
        assertEquals("NOT_LEADING", problem.get("code"));
        assertEquals("2", problem.get("leader"));
        assertEquals(LEADERS.toString(), problem.get("gateway"));
      }
      leader.set(Optional.empty());
      Map<String, ?> problem = Json.object(asked(chain, "/receive").body());
      assertEquals("NOT_LEADING", problem.get("code"));
      assertTrue(!problem.containsKey("leader") && !problem.containsKey("gateway"));
      HttpRequest metrics =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + chain.http() + "/metrics"))
              .build();
      String text = http.send(metrics, HttpResponse.BodyHandlers.ofString()).body();
      assertTrue(text.contains("aika_peer_leads 0\n"), text);
      assertTrue(text.contains("aika_peer_applied 41\n"), text);
      assertTrue(text.contains("aika_clock_apart_seconds -1.5\n"), text);
      assertTrue(text.contains("aika_disk_free_bytes 5000000000\n"), text);
      assertTrue(text.contains("\naika_certificate_seconds{file=\"node.crt\"} 86400.0\n"), text);
    }
  }
}
