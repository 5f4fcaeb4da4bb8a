package aika.node.cosign;

import aika.core.audit.PublishedLog;
import aika.core.audit.UnreadableLogException;
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
import org.jspecify.annotations.Nullable;

/** The gateway of the node that orders the chain. Nothing that it serves is believed. */
final class Desk implements AutoCloseable {
  private static final Duration WAIT = Duration.ofSeconds(15);
  private static final long ANSWER_BYTES_MAX = 16 * 1_024;
  private static final int OK = 200;

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(WAIT).build();
  private final URI gateway;
  private final ChainId chain;

  /**
   * @param gateway as {@code http://localhost:2001}
   */
  Desk(URI gateway, ChainId chain) {
    this.gateway = gateway;
    this.chain = chain;
  }

  /** What any chain publishes. */
  PublishedLog published(ChainId of) {
    return new HttpLog(http, gateway, of);
  }

  /** The chain's log up to its last seal, approved or not. */
  PublishedLog sealed() {
    HttpLog log = new HttpLog(http, gateway, chain);
    return path -> log.file("sealed/" + path);
  }

  /**
   * What is to be cosigned; waits for something that is larger than {@code after}, or that this
   * seat has not cosigned, and not for long.
   */
  @Nullable SignedCheckpoint candidate(long after, String seat) {
    String query = "?after=" + after + "&seat=" + URLEncoder.encode(seat, StandardCharsets.UTF_8);
    try {
      byte[] file = published(chain).file("candidate" + query);
      return file == null ? null : SignedCheckpoint.parse(file);
    } catch (UnreadableLogException | MalformedException away) {
      throw new LaterException(String.valueOf(away.getMessage()), away);
    }
  }

  /**
   * Brings the note with the cosignature.
   *
   * @throws LaterException when it was not counted, and why
   */
  void bring(SignedCheckpoint cosigned) {
    URI uri =
        URI.create(
            gateway.toString().replaceAll("/+$", "") + "/chains/" + chain + "/cosignatures");
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .timeout(WAIT)
            .header("Content-Type", "text/plain; charset=utf-8")
            .POST(HttpRequest.BodyPublishers.ofByteArray(cosigned.encode()))
            .build();
    try {
      HttpResponse<byte[]> answer = TimedHttp.send(http, request, ANSWER_BYTES_MAX, WAIT);
      if (answer.statusCode() != OK) {
        String said = new String(answer.body(), StandardCharsets.UTF_8);
        throw new LaterException("not counted (" + answer.statusCode() + "): " + said);
      }
    } catch (IOException failed) {
      throw new LaterException(uri + ": " + failed, failed);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new LaterException(uri + ": interrupted", stop);
    }
  }

  /** Ends what waits for an answer, too. */
  @Override
  public void close() {
    http.shutdownNow();
    http.close();
  }
}
