package aika.cli;

import aika.core.money.Money;
import aika.core.money.OrderId;
import aika.core.money.TransferId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Sends from A to B over HTTP, one after the other, each under an id of its own that it repeats
 * until it has an answer; now and then B receives what waits.
 */
final class SendingClient implements Runnable {
  static final Money AMOUNT = Money.of("0.01");

  private static final int RECEIVE_EVERY = 10;
  private static final long PAUSE_MILLIS = 20;
  private static final Duration ANSWER_WAIT = Duration.ofSeconds(20);
  private static final Pattern TRANSFER = Pattern.compile("\"transfer\":\"([^\"]+)\"");
  private static final Pattern STATUS = Pattern.compile("\"status\":\"([^\"]+)\"");
  private static final Pattern CODE = Pattern.compile("\"code\":\"([^\"]+)\"");

  /** While the federation is being made, and when there is too much at once. */
  private static final Set<String> PASSING =
      Set.of(
          "UNKNOWN_PERSON",
          "UNKNOWN_ACCOUNT",
          "INSUFFICIENT_FUNDS",
          "UNSIGNED_REFUSED",
          "TOO_MANY_HOLDS",
          "TOO_MANY_REQUESTS",
          "OUTCOME_UNKNOWN",
          "REGISTER_UNREACHABLE",
          "NODE_UNREACHABLE",
          "CHAIN_MOVED",
          "BUSY");

  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<OrderId, TransferId> acknowledged = new ConcurrentHashMap<>();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final String komatsu;
  private final String kanazawa;
  private final Random random;
  private volatile boolean finishing;
  private volatile String failure = "";
  private final AtomicInteger retries = new AtomicInteger();

  SendingClient(int portOffset, long seed) {
    komatsu = "http://127.0.0.1:" + (2001 + portOffset);
    kanazawa = "http://127.0.0.1:" + (2000 + portOffset);
    random = new Random(seed);
  }

  /** The answered sends by the ids that this client gave them. */
  Map<OrderId, TransferId> acknowledged() {
    return acknowledged;
  }

  int retries() {
    return retries.get();
  }

  /** What was refused and should not have been; empty while all is well. */
  String failure() {
    return failure;
  }

  /** Begins nothing new. */
  void finish() {
    finishing = true;
  }

  void stop() {
    finishing = true;
    stopped.countDown();
  }

  @Override
  public void run() {
    try {
      for (int i = 1; !finishing && failure.isEmpty(); i++) {
        send(new OrderId(new UUID(random.nextLong(), random.nextLong())));
        if (i % RECEIVE_EVERY == 0) {
          receive();
        }
        pause(); // otherwise the processors are busy with it, and every start lasts longer
      }
      while (stopped.getCount() > 0 && failure.isEmpty() && !receive()) {
        pause();
      }
    } catch (InterruptedException interrupted) {
      failure = "interrupted";
    }
  }

  /** Asks until it is answered: at most once it is done, however often it is asked. */
  private void send(OrderId id) throws InterruptedException {
    String body =
        """
        {"sender":"A","sender_municipality":"Asia-Komatsu","receiver":"B",\
        "receiver_municipality":"Asia-Kanazawa","amount":"%s","continent":"Asia","id":"%s"}\
        """
            .formatted(AMOUNT, id);
    while (stopped.getCount() > 0 && failure.isEmpty()) {
      HttpResponse<String> answer = post(komatsu + "/send", body);
      if (answer != null && answer.statusCode() == 200) {
        acknowledged.put(id, TransferId.of(found(TRANSFER, answer.body())));
        return;
      }
      if (answer != null && !passing(answer)) {
        failure = id + ": " + answer.body();
      }
      if (answer != null && found(CODE, answer.body()).equals("TOO_MANY_HOLDS")) {
        boolean _ = receive();
      }
      retries.incrementAndGet();
      pause();
    }
  }

  /**
   * B takes what waits.
   *
   * @return whether nothing waits any more
   */
  boolean receive() throws InterruptedException {
    HttpResponse<String> answer =
        post(
            kanazawa + "/receive",
            "{\"receiver\":\"B\",\"receiver_municipality\":\"Asia-Kanazawa\"}");
    return answer != null && answer.statusCode() == 200 && !TRANSFER.matcher(answer.body()).find();
  }

  boolean isComplete(TransferId transfer) {
    HttpResponse<String> answer =
        exchange(request(komatsu + "/transfers/" + transfer).GET().build());
    return answer != null
        && answer.statusCode() == 200
        && found(STATUS, answer.body()).equals("complete");
  }

  private static boolean passing(HttpResponse<String> answer) {
    return PASSING.contains(found(CODE, answer.body()));
  }

  private static String found(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? matcher.group(1) : "";
  }

  private @Nullable HttpResponse<String> post(String uri, String json) {
    return exchange(
        request(uri)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json))
            .build());
  }

  private static HttpRequest.Builder request(String uri) {
    return HttpRequest.newBuilder(URI.create(uri)).timeout(ANSWER_WAIT);
  }

  /** Null when nobody answered: the node may or may not have done it. */
  private @Nullable HttpResponse<String> exchange(HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (IOException nobody) {
      return null;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  private void pause() throws InterruptedException {
    boolean _ = stopped.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
  }
}
