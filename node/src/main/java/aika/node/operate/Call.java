package aika.node.operate;

import static java.nio.charset.StandardCharsets.UTF_8;

import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.note.MalformedException;
import aika.node.gateway.Json;
import aika.node.gateway.Problems;
import aika.node.gateway.RefusedException;
import aika.sinks.SinkException;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request of the operator's and its answer: an object, or an object on each line. */
final class Call {
  /** A statement or a list of options. */
  static final int BODY_BYTES_MAX = 64 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(Call.class);

  private final ServerRequest request;
  private final ServerResponse response;

  Call(ServerRequest request, ServerResponse response) {
    this.request = request;
    this.response = response;
  }

  String path(String name) {
    return request.path().pathParameters().get(name);
  }

  /** Parameters of the query; of those that are given twice, the first. */
  Map<String, String> query() {
    Map<String, String> found = new LinkedHashMap<>();
    for (String name : request.query().names()) {
      found.put(name, request.query().first(name).orElse(""));
    }
    return found;
  }

  /** A number from 1 to {@code max}, which is also what it is when it is not given. */
  int number(String name, int max) {
    String text = query().get(name);
    if (text == null) {
      return max;
    }
    try {
      return Math.clamp(Long.parseLong(text), 1, max);
    } catch (NumberFormatException notOne) {
      throw RefusedException.of(Reason.MALFORMED, name + " is not a number");
    }
  }

  /** The body as text; {@code TOO_LARGE} beyond {@link #BODY_BYTES_MAX}. */
  String body() {
    if (!request.content().hasEntity()) {
      return "";
    }
    try (InputStream in = request.content().inputStream()) {
      byte[] bytes = in.readNBytes(BODY_BYTES_MAX + 1);
      if (bytes.length > BODY_BYTES_MAX) {
        throw RefusedException.of(Reason.TOO_LARGE, "at most " + BODY_BYTES_MAX + " bytes");
      }
      return new String(bytes, UTF_8);
    } catch (IOException broken) {
      throw RefusedException.of(Reason.MALFORMED, "the body ended early");
    }
  }

  /**
   * The directory that the body names.
   *
   * @throws RefusedException {@code MALFORMED}: it is none, or not absolute
   */
  Path directory() {
    return directory(body());
  }

  static Path directory(String text) {
    try {
      Path directory = Path.of(text);
      if (directory.isAbsolute()) {
        return directory;
      }
    } catch (InvalidPathException none) {
      throw RefusedException.of(Reason.MALFORMED, "not a directory's name");
    }
    throw RefusedException.of(Reason.MALFORMED, "the directory is not absolute");
  }

  void answer(Map<String, ?> json) {
    response.header(HeaderNames.CACHE_CONTROL, "no-store");
    response.header(HeaderNames.CONTENT_TYPE, "application/json");
    response.send(Json.write(json));
  }

  /** What writes the lines of a long answer. */
  @FunctionalInterface
  interface Lines {
    void write(Line out);
  }

  /** Takes one object at a time; fails when nobody reads any more. */
  @FunctionalInterface
  interface Line {
    void put(Map<String, ?> json);
  }

  /** A fault after the first line is the last line, as the same object as elsewhere. */
  void stream(Lines lines) {
    response.header(HeaderNames.CACHE_CONTROL, "no-store");
    response.header(HeaderNames.CONTENT_TYPE, "application/x-ndjson");
    try (OutputStream out = response.outputStream()) {
      Line line = json -> put(out, json);
      try {
        lines.write(line);
      } catch (ReaderGone gone) {
        throw gone;
      } catch (RuntimeException failed) {
        line.put(Problems.json(refusal(failed), language()));
      }
    } catch (IOException gone) {
      throw new ReaderGone(gone);
    }
  }

  private static void put(OutputStream out, Map<String, ?> json) {
    try {
      out.write(Json.write(json));
      out.write('\n');
      out.flush();
    } catch (IOException gone) {
      throw new ReaderGone(gone);
    }
  }

  /** Nobody reads the answer any more; everything else that fails is told. */
  private static final class ReaderGone extends UncheckedIOException {
    private static final long serialVersionUID = 1L;

    ReaderGone(IOException cause) {
      super(cause);
    }
  }

  void refuse(RuntimeException failed) {
    Refusal refusal = refusal(failed);
    if (response.isSent()) {
      return;
    }
    response.status(refusal.reason().httpStatus());
    response.header(HeaderNames.CACHE_CONTROL, "no-store");
    response.header(HeaderNames.CONTENT_TYPE, Problems.CONTENT_TYPE);
    response.send(Json.write(Problems.json(refusal, language())));
  }

  private String language() {
    return request.headers().first(HeaderNames.ACCEPT_LANGUAGE).orElse("");
  }

  private static Refusal refusal(RuntimeException failed) {
    return switch (failed) {
      case RefusedException refused -> refused.refusal();
      case MalformedException malformed ->
          Refusal.of(Reason.MALFORMED, String.valueOf(malformed.getMessage()));
      case SinkException sink -> Refusal.of(reason(sink.kind()), String.valueOf(sink.getMessage()));
      case HttpException http when http.status().code() < 500 ->
          Refusal.of(Reason.MALFORMED, String.valueOf(http.getMessage()));
      case ReaderGone gone -> {
        LOG.debug("the operator is gone: {}", gone.getMessage());
        yield Refusal.of(Reason.MALFORMED, "the connection ended");
      }
      case UncheckedIOException io -> {
        LOG.error("an operator's request failed", io);
        yield Refusal.of(Reason.INTERNAL, io.getMessage() + ": " + io.getCause());
      }
      default -> {
        LOG.error("an operator's request failed inside the node", failed);
        yield Refusal.of(Reason.INTERNAL, "see the node's log");
      }
    };
  }

  private static Reason reason(SinkException.Kind kind) {
    return switch (kind) {
      case UNREACHABLE, REFUSED, FAILED -> Reason.STORE_UNAVAILABLE;
      case TAMPERED -> Reason.STORE_TAMPERED;
    };
  }
}
