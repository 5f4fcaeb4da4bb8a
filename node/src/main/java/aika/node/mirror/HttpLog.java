package aika.node.mirror;

import aika.core.audit.PublishedLog;
import aika.core.audit.UnreadableLogException;
import aika.core.money.ChainId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A log as a gateway serves it, below {@code /chains/<chain>/}. One attempt for each file. */
public final class HttpLog implements PublishedLog {
  /** 256 entries of 65,535 bytes, each behind its length. */
  private static final long BUNDLE_BYTES_MAX = 256L * (65_535 + 2);

  private static final long TILE_BYTES_MAX = 8_192;

  /** A leaf, its proof and a checkpoint with a quorum's cosignatures. */
  private static final long OTHER_BYTES_MAX = 256 * 1_024;

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
      HttpResponse<byte[]> answer = TimedHttp.send(http, request, bytesMax(path), wait);
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

  private static long bytesMax(String path) {
    return path.contains("tile/entries/")
        ? BUNDLE_BYTES_MAX
        : path.contains("tile/") ? TILE_BYTES_MAX : OTHER_BYTES_MAX;
  }

  @Override
  public String toString() {
    return base;
  }
}
