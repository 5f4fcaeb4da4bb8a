package aika.node.mirror;

import aika.core.audit.PublishedLog;
import aika.core.audit.UnreadableLogException;
import aika.core.money.ChainId;
import aika.node.order.MedianClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A log as a gateway serves it, below {@code /chains/<chain>/}. One attempt for each file. */
public final class HttpLog implements PublishedLog {
  private static final Logger LOG = LoggerFactory.getLogger(HttpLog.class);

  /** 256 entries of 65,535 bytes, each behind its length. */
  private static final long BUNDLE_BYTES_MAX = 256L * (65_535 + 2);

  private static final long TILE_BYTES_MAX = 8_192;

  /** A leaf, its proof and a checkpoint with a quorum's cosignatures. */
  private static final long OTHER_BYTES_MAX = 256 * 1_024;

  private static final long HALF_SECOND_MILLIS = 500;

  /** Longer than a gateway lets a question for a newer checkpoint wait. */
  static final Duration WAIT = Duration.ofSeconds(30);

  private static final int OK = 200;
  private static final int NOT_FOUND = 404;

  private final HttpClient http;
  private final String base;
  private final Duration wait;
  private final String chain;
  private final @Nullable MedianClock clock;

  /**
   * @param gateway as {@code http://localhost:2001}
   */
  public HttpLog(HttpClient http, URI gateway, ChainId chain) {
    this(http, gateway, chain, WAIT, null);
  }

  /**
   * @param clock is told the time of the machine that answers
   */
  HttpLog(HttpClient http, URI gateway, ChainId chain, Duration wait, @Nullable MedianClock clock) {
    this.http = http;
    this.wait = wait;
    this.clock = clock;
    this.chain = chain.value();
    base = gateway.toString().replaceAll("/+$", "") + "/chains/" + chain + '/';
  }

  @Override
  public byte @Nullable [] file(String path) {
    URI uri = URI.create(base + path);
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(wait).build();
    try {
      HttpResponse<byte[]> answer = TimedHttp.send(http, request, bytesMax(path), wait);
      // longer bodies come long after their date
      if (clock != null && answer.statusCode() == OK && path.startsWith("checkpoint")) {
        hear(clock, answer);
      }
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

  /** RFC 9110, section 6.6.1: when the answer was made; in whole seconds, half of one is added. */
  private void hear(MedianClock clock, HttpResponse<?> answer) {
    String machine = machine(answer.uri().getHost());
    if (machine.isEmpty() || answer.headers().firstValue("age").isPresent()) {
      return; // a cache tells when it got the answer
    }
    String date = answer.headers().firstValue("date").orElse("");
    try {
      Instant told = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date));
      clock.heard(chain, machine, told.toEpochMilli() + HALF_SECOND_MILLIS);
    } catch (DateTimeException none) {
      LOG.debug("{} does not tell its time: {}", answer.uri(), none.getMessage());
    }
  }

  private static String machine(String host) {
    try {
      return MedianClock.machine(InetAddress.getByName(host));
    } catch (UnknownHostException unnamed) {
      return host; // it has answered, so its name was known a moment ago
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
