package aika.node.cosign;

import aika.core.audit.PublishedLog;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import aika.core.note.MalformedException;
import aika.node.mirror.HttpLog;
import aika.node.mirror.TimedHttp;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The gateway of the node that orders the chain, on each of its machines. Nothing that it serves is
 * believed.
 */
final class Desk implements AutoCloseable {
  private static final Duration CONNECT_WAIT = Duration.ofSeconds(15);

  /** Longer than a gateway lets a question wait. */
  private static final Duration LONG_WAIT = Duration.ofSeconds(30);

  /** A checkpoint with the lines of all seats. */
  private static final long ANSWER_BYTES_MAX = 64 * 1_024;

  /** Of a refusal, which is told as JSON. */
  private static final Pattern CODE = Pattern.compile("\"code\" *: *\"([A-Z_]{1,40})\"");

  private static final int OK = 200;
  private static final int TOO_LATE = 409;

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT_WAIT).build();
  private final List<URI> gateways;
  private final ChainId chain;
  private int asked;

  /**
   * @param gateways as {@code http://localhost:2001}; one at least
   */
  Desk(List<URI> gateways, ChainId chain) {
    this.gateways = List.copyOf(gateways);
    this.chain = chain;
  }

  private URI gateway() {
    return gateways.get(asked);
  }

  /** From here on another machine is asked, if there is one. */
  void turn() {
    asked = (asked + 1) % gateways.size();
  }

  /** What any chain publishes. */
  PublishedLog published(ChainId of) {
    return path -> new HttpLog(http, gateway(), of).file(path);
  }

  /** The chain's log up to its last seal, approved or not. */
  PublishedLog sealed() {
    HttpLog log = new HttpLog(http, gateway(), chain);
    return path -> log.file("sealed/" + path);
  }

  /**
   * What is to be cosigned; waits for something that is larger than {@code after}, or that this
   * seat has not cosigned, and not for long.
   *
   * @throws LaterException when there is nothing, or no answer
   */
  SignedCheckpoint candidate(long after, String seat) {
    String query = "?after=" + after + "&seat=" + URLEncoder.encode(seat, StandardCharsets.UTF_8);
    try {
      return SignedCheckpoint.parse(
          taken(ask(HttpRequest.newBuilder(address("candidate" + query)))).body());
    } catch (MalformedException another) {
      throw new LaterException(gateway() + ": " + another.getMessage(), another);
    }
  }

  /**
   * Brings the note with the cosignature.
   *
   * @return false when it came too late to count: something else is to be cosigned by now
   * @throws LaterException when it was not taken, and why
   */
  boolean bring(SignedCheckpoint cosigned) {
    HttpResponse<byte[]> answer =
        ask(
            HttpRequest.newBuilder(address("cosignatures"))
                .header("Content-Type", "text/plain; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofByteArray(cosigned.encode())));
    return answer.statusCode() != TOO_LATE && taken(answer).statusCode() == OK;
  }

  private URI address(String path) {
    return URI.create(gateway().toString().replaceAll("/+$", "") + "/chains/" + chain + '/' + path);
  }

  private HttpResponse<byte[]> ask(HttpRequest.Builder question) {
    HttpRequest request = question.timeout(LONG_WAIT).build();
    try {
      return TimedHttp.send(http, request, ANSWER_BYTES_MAX, LONG_WAIT);
    } catch (IOException failed) {
      throw new LaterException(request.uri() + ": " + failed, failed);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new LaterException(request.uri() + ": interrupted", stop);
    }
  }

  private static HttpResponse<byte[]> taken(HttpResponse<byte[]> answer) {
    if (answer.statusCode() == OK) {
      return answer;
    }
    Matcher code = CODE.matcher(new String(answer.body(), StandardCharsets.UTF_8));
    String why = code.find() ? code.group(1) : "HTTP status " + answer.statusCode();
    throw new LaterException(answer.uri() + ": " + why);
  }

  /** Ends what waits for an answer, too. */
  @Override
  public void close() {
    http.shutdownNow();
    http.close();
  }
}
