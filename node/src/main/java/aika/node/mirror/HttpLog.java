package aika.node.mirror;

import aika.core.audit.PublishedLog;
import aika.core.audit.UnreadableLogException;
import aika.core.money.ChainId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A log as a gateway serves it, below {@code /chains/<chain>/}. One attempt for each file. */
public final class HttpLog implements PublishedLog {
  /** Larger than any file: 256 entries of 65,535 bytes. */
  private static final long FILE_BYTES_MAX = 17_000_000;

  /** Longer than a gateway lets a question for a newer checkpoint wait. */
  private static final Duration WAIT = Duration.ofSeconds(30);

  private static final int OK = 200;
  private static final int NOT_FOUND = 404;

  private final HttpClient http;
  private final String base;
  private final Duration wait;

  /**
   * @param gateway as {@code http://localhost:2001}
   */
  public HttpLog(HttpClient http, URI gateway, ChainId chain) {
    this(http, gateway, chain, WAIT);
  }

  HttpLog(HttpClient http, URI gateway, ChainId chain, Duration wait) {
    this.http = http;
    this.wait = wait;
    base = gateway.toString().replaceAll("/+$", "") + "/chains/" + chain + '/';
  }

  @Override
  public byte @Nullable [] file(String path) {
    URI uri = URI.create(base + path);
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(wait).build();
    try {
      HttpResponse<byte[]> answer =
          http.send(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), FILE_BYTES_MAX));
      return switch (answer.statusCode()) {
        case OK -> answer.body();
        case NOT_FOUND -> null;
        default -> throw new IOException("HTTP status " + answer.statusCode());
      };
    } catch (IOException failed) {
      throw new UnreadableLogException(uri + ": " + failed, failed);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new UnreadableLogException(uri + ": interrupted", stop);
    }
  }

  @Override
  public String toString() {
    return base;
  }
}
