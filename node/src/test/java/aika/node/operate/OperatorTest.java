package aika.node.operate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Reason;
import aika.core.money.ChainId;
import aika.node.config.SinksFile;
import aika.node.gateway.Json;
import aika.node.order.Changes;
import aika.node.sink.Shelf;
import aika.node.sink.Sinks;
import aika.sinks.MadeUpChains;
import aika.sinks.Names;
import aika.sinks.Secret;
import aika.sinks.SinkException;
import aika.sinks.webhook.WebhookSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class OperatorTest {
  private static final long WAIT_SECONDS = 20;

  @TempDir Path data;
  private final MadeUpChains chains = MadeUpChains.random(11, 60);
  private final Shelf shelf = new Shelf("mongo Asia", chains, Names.NONE);
  private final Changes changes = new Changes();
  private final Sinks sinks = new Sinks(changes, List.of(shelf), System::currentTimeMillis);
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private @Nullable Operator operator;

  @BeforeEach
  void start() throws InterruptedException {
    chains.closeAll();
    sinks.start();
    WebhookSettings hook =
        new WebhookSettings(
            "hook shop",
            URI.create("http://localhost:1/"),
            new Secret("whsec_" + "A".repeat(32)),
            chains.chains(),
            Optional.empty(),
            Set.of(),
            true,
            data.resolve("hook"));
    SinksFile file = new SinksFile(List.of(), List.of(), Optional.empty(), List.of(hook));
    operator =
        Operator.start(
            data,
            new OperatorParts(
                sinks,
                chains,
                file,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                System::currentTimeMillis),
            new SecureRandom());
    until(() -> sinks.statuses().getFirst().lag() == 0);
  }

  @AfterEach
  void stop() {
    if (operator != null) {
      operator.close();
    }
    sinks.close();
    http.close();
  }

  private static void until(BooleanSupplier there) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
    while (!there.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "it did not happen");
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  private OperatorFile file() {
    return OperatorFile.read(data).orElseThrow();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(file().address().resolve(path))
        .timeout(Duration.ofSeconds(WAIT_SECONDS));
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  private HttpResponse<String> ask(String method, String path) {
    return send(
        request(path)
            .header("Authorization", "Bearer " + file().token())
            .method(method, BodyPublishers.noBody())
            .build());
  }

  private static Map<String, @Nullable Object> json(String text) {
    return Json.object(text.getBytes(StandardCharsets.UTF_8));
  }

  private static void assertRefused(Reason reason, HttpResponse<String> answer) {
    assertEquals(reason.httpStatus(), answer.statusCode(), answer::body);
    assertEquals(reason.name(), json(answer.body()).get("code"));
  }

  @Test
  void theFileIsPrivateAndGoneAfterwards() throws IOException {
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("operator"))));
    assertEquals("127.0.0.1", file().address().getHost());
    assertFalse(file().toString().contains(file().token()));
    stop();
    assertEquals(Optional.empty(), OperatorFile.read(data));
    operator = null;
  }

  @Test
  void refusesWhoeverDoesNotKnowTheToken() {
    assertRefused(Reason.OPERATOR_ONLY, send(request("/sinks").build()));
    for (String wrong : List.of("Bearer ", "Bearer x" + file().token(), "Basic abc", "")) {
      assertRefused(
          Reason.OPERATOR_ONLY, send(request("/sinks").header("Authorization", wrong).build()));
    }
    assertRefused(Reason.OPERATOR_ONLY, send(request("/nothing").build()));
    assertRefused(
        Reason.OPERATOR_ONLY,
        send(request("/sinks/x/rebuild").POST(BodyPublishers.noBody()).build()));
  }

  @Test
  void refusesPagesEvenWithTheToken() {
    HttpRequest page =
        request("/sinks")
            .header("Authorization", "Bearer " + file().token())
            .header("Origin", file().address().toString())
            .build();
    assertRefused(Reason.OPERATOR_ONLY, send(page));
  }

  /** As a name that somebody else's name server points to this machine. */
  @Test
  void refusesAForeignHost() throws IOException {
    URI address = file().address();
    try (Socket socket = new Socket(address.getHost(), address.getPort())) {
      socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(WAIT_SECONDS));
      String request =
          "GET /sinks HTTP/1.1\r\nHost: evil.example:%d\r\nAuthorization: Bearer %s\r\n\r\n"
              .formatted(address.getPort(), file().token());
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      StringBuilder answer = new StringBuilder();
      while (answer.indexOf("OPERATOR_ONLY") < 0) { // or the wait is over
        int next = socket.getInputStream().read();
        assertTrue(next >= 0, answer::toString);
        answer.append((char) next);
      }
      assertTrue(answer.toString().startsWith("HTTP/1.1 403"), answer::toString);
    }
  }

  /** Each is answered while the others stay; one more waits until a place is free. */
  @Test
  void thirtyTwoConnectAndOneMoreWaits() throws IOException {
    List<Socket> open = new ArrayList<>();
    try {
      for (int i = 0; i < 32; i++) {
        open.add(asking());
        assertTrue(isAnswered(open.getLast(), WAIT_SECONDS), "connection " + (i + 1));
      }
      Socket oneMore = asking();
      open.add(oneMore);
      assertFalse(isAnswered(oneMore, 2), "it waits");
      open.getFirst().close();
      assertTrue(isAnswered(oneMore, WAIT_SECONDS), "a place is free");
    } finally {
      for (Socket one : open) {
        one.close();
      }
    }
  }

  /** A connection of its own, which asks and stays. */
  private Socket asking() throws IOException {
    URI address = file().address();
    Socket socket = new Socket(address.getHost(), address.getPort());
    String request = "GET /sinks HTTP/1.1\r\nHost: %s\r\n\r\n".formatted(address.getAuthority());
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static boolean isAnswered(Socket socket, long seconds) throws IOException {
    socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(seconds));
    try {
      return socket.getInputStream().read() == 'H';
    } catch (SocketTimeoutException nothingCame) {
      return false;
    }
  }

  @Test
  void showsHowTheStoresAre() throws InterruptedException {
    Map<?, ?> one = sink();
    assertEquals("mongo Asia", one.get("name"));
    assertEquals("following", one.get("status"));
    assertEquals("0", String.valueOf(one.get("lag")));
    assertEquals(
        String.valueOf(chains.size(MadeUpChains.KOMATSU)),
        String.valueOf(at(one, "chains", "Asia-Komatsu", "leaves")));
    shelf.down(SinkException.Kind.REFUSED);
    chains.close(MadeUpChains.KOMATSU);
    changes.happened();
    until(() -> sink().containsKey("failure"));
    assertEquals("nobody is at host.example:1", sink().get("failure"));
    assertEquals("REFUSED", sink().get("kind"));
    assertEquals("waiting", sink().get("status"));
  }

  private Map<?, ?> sink() {
    HttpResponse<String> answer = ask("GET", "/sinks");
    assertEquals(200, answer.statusCode(), answer::body);
    return first(json(answer.body()), "sinks");
  }

  private static @Nullable Object at(Map<?, ?> json, String... names) {
    Object value = json;
    for (String name : names) {
      value = ((Map<?, ?>) Objects.requireNonNull(value)).get(name);
    }
    return value;
  }

  private static Map<?, ?> first(Map<?, ?> json, String list) {
    return (Map<?, ?>) ((List<?>) Objects.requireNonNull(json.get(list))).getFirst();
  }

  @Test
  void verifyTellsItsProgressLineByLine() {
    HttpResponse<String> answer = ask("POST", "/sinks/mongo%20Asia/verify");
    assertEquals(200, answer.statusCode(), answer::body);
    List<String> lines = answer.body().lines().toList();
    assertTrue(json(lines.getFirst()).containsKey("done"), answer::body);
    Map<String, @Nullable Object> last = json(lines.getLast());
    assertEquals("0", String.valueOf(last.get("faults")));
    assertEquals("5", String.valueOf(last.get("compared")));

    shelf.lose(MadeUpChains.KOMATSU);
    last = json(ask("POST", "/sinks/mongo%20Asia/verify").body().lines().toList().getLast());
    assertEquals("1", String.valueOf(last.get("faults")));
    assertEquals(List.of("a chain is not whole"), last.get("examples"));
  }

  @Test
  void aStoreThatFailsMeanwhileIsTheLastLine() {
    shelf.down(SinkException.Kind.TAMPERED);
    HttpResponse<String> answer = ask("POST", "/sinks/mongo%20Asia/verify");
    assertEquals("STORE_TAMPERED", json(answer.body().strip()).get("code"));
    shelf.down(SinkException.Kind.UNREACHABLE);
    assertRefused(Reason.STORE_UNAVAILABLE, ask("POST", "/sinks/mongo%20Asia/rebuild"));
  }

  @Test
  void rebuildWritesEverythingAgain() throws InterruptedException {
    shelf.lose(ChainId.of("Europe"));
    HttpResponse<String> answer = ask("POST", "/sinks/mongo%20Asia/rebuild");
    assertEquals(200, answer.statusCode(), answer::body);
    assertEquals("{\"rebuilding\":\"mongo Asia\",\"set_aside\":[]}", answer.body());
    until(() ->
        chains.chains().stream()
            .allMatch(chain -> shelf.progress(chain).equals(shelf.goal(chain))));
  }

  @Test
  void whatIsNotThereIsNotFound() {
    assertRefused(Reason.NOT_FOUND, ask("POST", "/sinks/mongo/verify"));
    assertRefused(Reason.NOT_FOUND, ask("GET", "/nothing"));
    assertRefused(Reason.NOT_FOUND, ask("GET", "/webhooks/hook%20other/dead"));
    assertRefused(Reason.NOT_FOUND, ask("POST", "/webhooks/hook%20shop/dead/Asia-Komatsu:7/retry"));
    assertRefused(Reason.NOT_FOUND, ask("DELETE", "/webhooks/hook%20shop/dead/Asia-Komatsu:7"));
    assertRefused(Reason.MALFORMED, ask("DELETE", "/webhooks/hook%20shop/dead/nonsense"));
  }

  @Test
  void listsWebhooksAndTheirDeadLetters() {
    Map<String, @Nullable Object> all = json(ask("GET", "/webhooks").body());
    Map<?, ?> hook = first(all, "webhooks");
    assertEquals("hook shop", hook.get("name"));
    assertEquals("0", String.valueOf(hook.get("dead")));
    assertEquals("{\"dead\":[]}", ask("GET", "/webhooks/hook%20shop/dead").body());
  }
}
