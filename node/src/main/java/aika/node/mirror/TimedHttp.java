package aika.node.mirror;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One exchange that ends in time, whatever the other side does: a request's own timeout ends with
 * the answer's headers.
 */
public final class TimedHttp {
  private TimedHttp() {}

  /**
   * @param bytesMax of the answer's body
   * @throws IOException also for a longer body, when the time is over, or the client is closed
   */
  public static HttpResponse<byte[]> send(
      HttpClient http, HttpRequest request, long bytesMax, Duration most)
      throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<byte[]>> answer = sent(http, request, bytesMax);
    try {
      return answer.get(most.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      HttpTimeoutException timeout = new HttpTimeoutException("no whole answer in " + most);
      timeout.initCause(late);
      throw timeout;
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof IOException io ? io : new IOException(failed.getCause());
    } finally {
      answer.cancel(true);
    }
  }

  private static CompletableFuture<HttpResponse<byte[]>> sent(
      HttpClient http, HttpRequest request, long bytesMax) throws IOException {
    try {
      return http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), bytesMax));
    } catch (RejectedExecutionException closing) {
      // A client that is shut down in this moment says it so, a moment later by an IOException.
      throw new IOException("closed", closing);
    }
  }
}
