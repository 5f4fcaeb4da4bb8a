package aika.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.note.MalformedException;
import aika.node.gateway.Json;
import aika.node.operate.OperatorFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The operator's channel of the node that runs with a data directory (docs/spec/operator.md). */
final class NodeChannel implements AutoCloseable {
  private static final Duration CONNECT_MAX = Duration.ofSeconds(5);

  /** For what changes nothing. An order may take as long as it takes: a backup of years, hours. */
  private static final Duration ANSWER_MAX = Duration.ofSeconds(20);

  private final Path data;
  private final Duration answerMax;
  private final OperatorFile node;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_MAX)
          .build();

  private NodeChannel(Path data, OperatorFile node, Duration answerMax) {
    this.data = data;
    this.node = node;
    this.answerMax = answerMax;
  }

  /**
   * @throws CommandException when no node runs with this directory
   */
  static NodeChannel of(Path data) {
    return of(data, ANSWER_MAX);
  }

  static NodeChannel of(Path data, Duration answerMax) {
    try {
      OperatorFile node = OperatorFile.read(data).orElseThrow(() -> notRunning(data));
      return new NodeChannel(data, node, answerMax);
    } catch (UncheckedIOException unreadable) {
      throw CommandException.of(
          data + " cannot be read (" + unreadable.getCause() + "). Run this as the node's user.",
          data + " を読めません。ノードと同じ利用者で実行してください。",
          unreadable);
    }
  }

  private static CommandException notRunning(Path data) {
    return CommandException.of(
        "No node runs with the data in " + data + ". Start it first, with aika node or aika demo.",
        data + " のデータで動いているノードがありません。先に aika node か aika demo で起動してください。",
        null);
  }

  /** Whether the node has been started again, with everything that it serves. */
  boolean isAgain() {
    return OperatorFile.read(data).filter(now -> !now.equals(node)).isPresent();
  }

  /** A path of names, each of which may have any character. */
  static String path(String... names) {
    StringBuilder path = new StringBuilder();
    for (String name : names) {
      path.append('/').append(encoded(name));
    }
    return path.toString();
  }

  /** A part of a path or of a query. */
  static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }

  Map<String, @Nullable Object> get(String path) {
    return object("GET", send("GET", path, ""));
  }

  Map<String, @Nullable Object> post(String path, String body) {
    return object("POST", send("POST", path, body));
  }

  Map<String, @Nullable Object> delete(String path) {
    return object("DELETE", send("DELETE", path, ""));
  }

  /**
   * Posts and passes on every line of a long answer as it comes.
   *
   * @return the last line
   */
  Map<String, @Nullable Object> lines(
      String path, String body, Consumer<Map<String, @Nullable Object>> each) {
    Map<String, @Nullable Object> last = Map.of();
    try (InputStream in = send("POST", path, body);
        BufferedReader reader = new BufferedReader(new InputStreamReader(in, UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        last = read(line.getBytes(UTF_8));
        if (last.containsKey("code")) {
          throw refused(last);
        }
        each.accept(last);
      }
    } catch (IOException ended) {
      throw gone("POST", ended);
    }
    return last;
  }

  private InputStream send(String method, String path, String body) {
    URI address = URI.create(node.address() + path);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .header("Authorization", "Bearer " + node.token())
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (method.equals("GET")) {
      request.timeout(answerMax);
    }
    try {
      HttpResponse<InputStream> answer = http.send(request.build(), BodyHandlers.ofInputStream());
      if (answer.statusCode() != 200) {
        throw refused(object(method, answer.body()));
      }
      return answer.body();
    } catch (ConnectException nobody) {
      throw notRunning(data); // it was killed, so its file is still there
    } catch (IOException failed) {
      throw gone(method, failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw gone(method, interrupted);
    }
  }

  /** What was to be changed may have been. */
  private static CommandException gone(String method, Exception failed) {
    String en = "The node ended before it had answered, or does not answer (" + failed + ").";
    String ja = "ノードが答える前に終了したか、答えません。";
    return method.equals("GET")
        ? CommandException.of(en, ja, failed)
        : CommandException.notKnown(
            en + " It may have been done. Look, or say it again.",
            ja + "行われたかもしれません。確かめるか、もう一度実行してください。",
            failed);
  }

  private static Map<String, @Nullable Object> object(String method, InputStream body) {
    try (body) {
      return read(body.readAllBytes());
    } catch (IOException ended) {
      throw gone(method, ended);
    }
  }

  static Map<String, @Nullable Object> read(byte[] json) {
    try {
      return Json.object(json);
    } catch (MalformedException none) {
      throw another(String.valueOf(none.getMessage()), none);
    }
  }

  private static CommandException another(String what, @Nullable Throwable cause) {
    return CommandException.of(
        "What answers there is no Aika node of this version (" + what + ").",
        "そこで答えたのは、この版の Aika のノードではありません。",
        cause);
  }

  private CommandException refused(Map<String, @Nullable Object> problem) {
    String code = String.valueOf(problem.get("code"));
    String detail = String.valueOf(problem.get("detail"));
    if (code.equals(Reason.OPERATOR_ONLY.name())) {
      return notRunning(data); // another node has the port now
    }
    return Arrays.stream(Reason.values())
        .filter(reason -> reason.name().equals(code))
        .findFirst()
        .map(reason -> CommandException.of(Refusal.of(reason, detail)))
        .orElseGet(() -> CommandException.of(code + ": " + detail, code + "：" + detail, null));
  }

  /**
   * Checks that a directory which the node has written is one for whoever typed the command, too: a
   * service has a {@code /tmp} of its own, and a container has nothing else.
   */
  static void checkThere(Path written) {
    if (!Files.exists(written)) {
      throw CommandException.of(
          "The node has written into "
              + written
              + ", but that is not there: as a service or in a container it sees other directories"
              + " than you. Name one that both see; for packaging/aika@.service that is one below"
              + " /var/backups/aika/NAME.",
          written
              + " に書いたとノードは答えましたが、ここにはありません。サービスやコンテナーのノードには別のフォルダーが見えて"
              + "います。どちらからも見える場所（packaging/aika@.service では /var/backups/aika/名前 の中）を指定してください。",
          null);
    }
  }

  /** The objects of a list in an answer. */
  static List<Map<String, @Nullable Object>> list(Map<String, @Nullable Object> json, String name) {
    if (json.get(name) instanceof List<?> objects) {
      return objects.stream().map(NodeChannel::members).toList();
    }
    throw another("no list of " + name, null);
  }

  @SuppressWarnings("unchecked") // Json makes nothing else of an object
  static Map<String, @Nullable Object> members(@Nullable Object object) {
    if (object instanceof Map<?, ?> members) {
      return (Map<String, @Nullable Object>) members;
    }
    throw another("no object", null);
  }

  static String text(Map<String, @Nullable Object> json, String name) {
    Object value = json.get(name);
    return value == null ? "" : value.toString();
  }

  static long number(Map<String, @Nullable Object> json, String name) {
    try {
      return Long.parseLong(text(json, name));
    } catch (NumberFormatException none) {
      throw another("no number " + name, none);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
