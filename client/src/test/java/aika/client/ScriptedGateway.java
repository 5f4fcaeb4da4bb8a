package aika.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A gateway over real HTTP that answers what a test tells it to, by path. */
final class ScriptedGateway implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<byte[]> bodies = new CopyOnWriteArrayList<>();

  /** What one path answers. */
  @FunctionalInterface
  interface Answer {
    void to(Request request) throws IOException;
  }

  /** A request and its answer. */
  final class Request {
    private final HttpExchange exchange;

    private Request(HttpExchange exchange) {
      this.exchange = exchange;
    }

    String path() {
      return exchange.getRequestURI().toString();
    }

    void answer(int status, String body) throws IOException {
      answer(status, body.getBytes(UTF_8));
    }

    void answer(int status, byte[] body) throws IOException {
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }

    void problem(int status, String code) throws IOException {
      answer(
          status,
          """
          {"code":"%s","status":%d,"detail":"made up","ja":"だめです。","en":"No.","next":"直す。"}\
          """
              .formatted(code, status));
    }

    OutputStream stream() throws IOException {
      exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
      exchange.sendResponseHeaders(200, 0);
      return exchange.getResponseBody();
    }

    /** Keeps the client waiting until the gateway closes. */
    void hang() {
      try {
        closing.await();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  ScriptedGateway() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    server.createContext("/", this::take);
    server.setExecutor(threads);
    server.start();
  }

  private void take(HttpExchange exchange) throws IOException {
    bodies.add(exchange.getRequestBody().readAllBytes());
    asked.add(exchange.getRequestURI().toString());
    Request request = new Request(exchange);
    try {
      find(exchange.getRequestURI().getPath()).to(request);
    } finally {
      exchange.close();
    }
  }

  private Answer find(String path) {
    return answers.entrySet().stream()
        .filter(each ->
            each.getKey().endsWith("/")
                ? path.startsWith(each.getKey())
                : path.equals(each.getKey()))
        .findFirst()
        .map(Map.Entry::getValue)
        .orElse(none -> none.problem(404, "NOT_FOUND"));
  }

  /** From now on this path answers so; with a slash at its end, whatever is below. */
  void on(String path, Answer answer) {
    answers.put(path, answer);
  }

  /** The first answer once, then the next, the last for ever. */
  void on(String path, Answer first, Answer... then) {
    CopyOnWriteArrayList<Answer> script = new CopyOnWriteArrayList<>(then);
    script.addFirst(first);
    on(path, request -> (script.size() > 1 ? script.removeFirst() : script.getFirst()).to(request));
  }

  /** Publishes a log: its checkpoint and its tiles. */
  void publish(SignedLog log) {
    String base = "/chains/" + SignedLog.KOMATSU + "/";
    on(base + "checkpoint", request -> request.answer(200, log.checkpoint().encode()));
    for (String below : List.of("tile/", "term/")) {
      on(
          base + below,
          request -> {
            byte[] file = log.file(request.path().substring(base.length())).orElse(null);
            if (file == null) {
              request.problem(404, "NOT_FOUND");
            } else {
              request.answer(200, file);
            }
          });
    }
  }

  /** A leaf as the feed tells it, and an approval. */
  static String leaf(SignedLog log, long index) {
    String entry = Base64.getEncoder().encodeToString(log.entry(index).bytes());
    return """
    event: leaf
    id: %s:%d
    data: {"chain":"%s","index":%d,"entry":"%s"}

    """
        .formatted(SignedLog.KOMATSU, index + 1, SignedLog.KOMATSU, index, entry);
  }

  static String approval(SignedLog log) {
    String note = new String(log.checkpoint().encode(), UTF_8).replace("\n", "\\n");
    return """
    event: approval
    data: {"chain":"%s","size":1,"checkpoint":"%s"}

    """
        .formatted(SignedLog.KOMATSU, note);
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
  }

  /** A client that waits so long for an answer, and hardly before it tries again. */
  AikaClient client(Duration answerWait) {
    return new AikaClient(new ClientSettings(uri(), answerWait, 3, Duration.ofMillis(5)));
  }

  /** Paths with their queries, as they were asked. */
  List<String> asked() {
    return asked;
  }

  List<byte[]> bodies() {
    return bodies;
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.close();
  }
}
