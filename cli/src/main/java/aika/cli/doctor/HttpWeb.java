package aika.cli.doctor;

import aika.node.tls.NodeTls;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asks real gateways. */
final class HttpWeb implements Web, AutoCloseable {
  private static final Duration CONNECT_MAX = Duration.ofSeconds(3);
  private static final Duration ANSWER_MAX = Duration.ofSeconds(4);

  /** Larger than any file of a log: 256 entries of 65,535 bytes. */
  private static final long BYTES_MAX = 17_000_000;

  private final HttpClient http;

  /**
   * @param tls of the node that is looked at; null for none
   */
  HttpWeb(@Nullable NodeTls tls) {
    http = NodeTls.http(tls).connectTimeout(CONNECT_MAX).build();
  }

  @Override
  public Reply get(URI address) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(address).timeout(ANSWER_MAX).build();
    HttpResponse<byte[]> answer =
        http.send(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), BYTES_MAX));
    return new Reply(
        answer.statusCode(),
        answer.body(),
        answer.headers().firstValue("Date").flatMap(HttpWeb::instant));
  }

  private static Optional<Instant> instant(String date) {
    try {
      return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from));
    } catch (DateTimeParseException none) {
      return Optional.empty(); // without a date there is no clock to compare with
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
