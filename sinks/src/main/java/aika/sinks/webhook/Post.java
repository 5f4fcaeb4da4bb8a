package aika.sinks.webhook;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/** Posts one event once. Safe for use by several threads. */
final class Post implements AutoCloseable {
  private static final int GONE = 410;
  private static final int WHY_CHARS_MAX = 200;

  private final WebhookSettings settings;
  private final WebhookPace pace;
  private final Signing signing;
  private final LongSupplier clock;
  private final HttpClient http;

  Post(WebhookSettings settings, WebhookPace pace, LongSupplier clock) {
    this.settings = settings;
    this.pace = pace;
    this.clock = clock;
    signing = new Signing(settings.secret());
    http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(pace.answerWait())
            .build();
  }

  /** What came of it. */
  sealed interface Outcome {
    record Delivered() implements Outcome {}

    /** The receiver wants no more events (410). */
    record Gone() implements Outcome {}

    /**
     * @param why for operators
     */
    record Failed(String why) implements Outcome {}
  }

  Outcome send(String id, byte[] body) {
    long seconds = clock.getAsLong() / 1_000;
    HttpRequest request =
        HttpRequest.newBuilder(settings.url())
            .timeout(pace.answerWait())
            .header("Content-Type", "application/json")
            .header("User-Agent", "aika-webhook")
            .header("webhook-id", id)
            .header("webhook-timestamp", Long.toString(seconds))
            .header("webhook-signature", signing.of(id, seconds, body))
            .POST(BodyPublishers.ofByteArray(body))
            .build();
    CompletableFuture<HttpResponse<Void>> answer;
    try {
      answer = http.sendAsync(request, BodyHandlers.discarding());
    } catch (RejectedExecutionException closing) { // shut down in this moment
      return failed(closing);
    }
    // The request's own timeout ends with the answer's headers; its body may hang as well.
    try {
      return outcome(answer.get(pace.answerWait().toMillis(), TimeUnit.MILLISECONDS).statusCode());
    } catch (TimeoutException late) {
      return late();
    } catch (ExecutionException failed) {
      Throwable cause = failed.getCause() == null ? failed : failed.getCause();
      return cause instanceof HttpTimeoutException ? late() : failed(cause);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return new Outcome.Failed("interrupted");
    } finally {
      answer.cancel(true);
    }
  }

  private static Outcome outcome(int status) {
    if (status >= 200 && status < 300) {
      return new Outcome.Delivered();
    }
    if (status == GONE) {
      return new Outcome.Gone();
    }
    String redirect = status >= 300 && status < 400 ? "; redirects are not followed" : "";
    return new Outcome.Failed("it answered " + status + redirect);
  }

  private Outcome late() {
    return new Outcome.Failed("no answer within " + pace.answerWait().toMillis() + " ms");
  }

  /** Whoever answers can put anything into the message, of any length. */
  private static Outcome failed(Throwable cause) {
    String name = cause.getClass().getSimpleName();
    String message = cause.getMessage() == null ? "" : ": " + cause.getMessage();
    String why = name + message.replaceAll("\\p{Cntrl}", " ");
    return new Outcome.Failed(why.substring(0, Math.min(why.length(), WHY_CHARS_MAX)));
  }

  /** Cuts short what is on its way. */
  @Override
  public void close() {
    http.shutdownNow();
  }
}
