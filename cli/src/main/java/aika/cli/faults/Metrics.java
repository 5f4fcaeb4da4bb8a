package aika.cli.faults;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.stream.DoubleStream;

/** Asks nodes what they tell of themselves at {@code /metrics}. */
final class Metrics implements AutoCloseable {
  private static final Duration ANSWER_MAX = Duration.ofSeconds(1);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(ANSWER_MAX)
          .build();

  /** What the node at this gateway tells; nothing when it does not answer. */
  String of(URI gateway) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(gateway + "/metrics")).timeout(ANSWER_MAX).build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException away) {
      return "";
    }
  }

  /** The values of the lines that begin so. */
  static DoubleStream figures(String metrics, String begin) {
    return metrics
        .lines()
        .filter(line -> line.startsWith(begin))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)));
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
