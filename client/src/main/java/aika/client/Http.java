package aika.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * One attempt each, over HTTP; redirects are not followed. The machine that answered last is asked
 * first; after one that did not answer, or has a fault of its own, the next one.
 */
final class Http implements AutoCloseable {
  /** Larger than any answer: a tile has 8 KiB, 1,000 offers half a megabyte. */
  private static final long BYTES_MAX = 4_000_000;

  private static final int UNAVAILABLE = 503;

  /** From here on another machine may know better. */
  private static final int SERVER_FAULT = 500;

  private final ClientSettings settings;
  private final HttpClient client;
  private final List<URI> machines;
  private final AtomicInteger asked = new AtomicInteger();

  Http(ClientSettings settings) {
    this.settings = settings;
    List<URI> all = new ArrayList<>(settings.others());
    all.addFirst(settings.gateway());
    machines = List.copyOf(all);
    client = HttpClient.newBuilder().connectTimeout(settings.connectWait()).build();
  }

  /** What came of an attempt. */
  sealed interface Attempt {
    record Answered(int status, byte[] body) implements Attempt {
      boolean isOk() {
        return status == 200;
      }

      /** Whether another machine of the node is to be asked. */
      boolean isElsewhere() {
        return status == UNAVAILABLE
            && Answers.problem(status, body).code().equals(Problem.NOT_LEADING);
      }
    }

    /**
     * @param sent whether the request may have reached the gateway
     */
    record Lost(boolean sent, IOException cause) implements Attempt {
      ClientException unreachable() {
        return new ClientException(
            ClientException.UNREACHABLE, String.valueOf(cause.getMessage()), cause);
      }
    }
  }

  Attempt get(String path) {
    return exchange(path, HttpRequest.Builder::GET);
  }

  Attempt post(String path, String contentType, byte[] body) {
    return exchange(
        path,
        request ->
            request.header("Content-Type", contentType).POST(BodyPublishers.ofByteArray(body)));
  }

  /** Asks again, and others, while nobody answers or another machine is to be asked. */
  Attempt ask(String path) {
    for (int failed = 1; ; failed++) {
      Attempt attempt = get(path);
      if (attempt instanceof Attempt.Answered answered && !answered.isElsewhere()
          || failed >= settings.attemptsInAll()
          || Thread.currentThread().isInterrupted()) {
        return attempt;
      }
      pause(failed);
    }
  }

  private Attempt exchange(String path, UnaryOperator<HttpRequest.Builder> filled) {
    int at = asked.get();
    Attempt attempt = exchange(filled.apply(request(at, path)).build());
    if (attempt instanceof Attempt.Lost
        || attempt instanceof Attempt.Answered answered && answered.status() >= SERVER_FAULT) {
      next(at);
    }
    return attempt;
  }

  /** Others may have found out meanwhile. */
  private void next(int at) {
    boolean _ = asked.compareAndSet(at, (at + 1) % machines.size());
  }

  /** Waits before the next attempt, the longer the more have failed; not when interrupted. */
  void pause(int failed) {
    try {
      Thread.sleep(settings.pause(failed));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private HttpRequest.Builder request(int machine, String path) {
    return HttpRequest.newBuilder(ClientSettings.at(machines.get(machine), path))
        .timeout(settings.answerWait());
  }

  private Attempt exchange(HttpRequest request) {
    CompletableFuture<HttpResponse<byte[]>> answer;
    try {
      answer =
          client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), BYTES_MAX));
    } catch (RejectedExecutionException closing) { // shut down in this moment
      return new Attempt.Lost(false, new IOException("closed", closing));
    }
    // The request's own timeout ends with the answer's headers.
    try {
      HttpResponse<byte[]> in = answer.get(settings.answerWait().toMillis(), TimeUnit.MILLISECONDS);
      return new Attempt.Answered(in.statusCode(), in.body());
    } catch (TimeoutException late) {
      return new Attempt.Lost(true, new IOException("no answer in time", late));
    } catch (ExecutionException failed) {
      return lost(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return new Attempt.Lost(true, new IOException("interrupted", interrupted));
    } finally {
      answer.cancel(true);
    }
  }

  private static Attempt lost(ExecutionException failed) {
    if (failed.getCause() instanceof IOException cause) {
      boolean sent =
          !(cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException);
      return new Attempt.Lost(sent, cause);
    }
    return new Attempt.Lost(true, new IOException(failed));
  }

  /** A stream of server-sent events, open for as long as the server likes. */
  HttpResponse<InputStream> stream(String path) throws IOException, InterruptedException {
    int at = asked.get();
    HttpRequest request = request(at, path).header("Accept", "text/event-stream").GET().build();
    try {
      HttpResponse<InputStream> answer = client.send(request, BodyHandlers.ofInputStream());
      if (answer.statusCode() == UNAVAILABLE) {
        next(at);
      }
      return answer;
    } catch (RejectedExecutionException closing) { // shut down in this moment
      throw new IOException("closed", closing);
    } catch (IOException away) {
      next(at);
      throw away;
    }
  }

  boolean isClosed() {
    return client.isTerminated();
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
