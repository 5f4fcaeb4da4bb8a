package aika.node.gateway;

import aika.core.ledger.Reason;
import aika.core.money.ChainId;
import aika.node.mirror.TimedHttp;
import aika.node.neighbour.Neighbours;
import aika.node.tls.NodeTls;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes requests on to the node that serves their chain, and its answers back. They are marked as
 * forwarded, so that nobody at a distance passes for the counter over there; and nothing comes back
 * that a browser would take for a page of this gateway, which the counter trusts (HTTP-15).
 */
final class Forwarding implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Forwarding.class);
  private static final Duration CONNECT_MAX = Duration.ofSeconds(5);
  private static final Duration ANSWER_MAX = Duration.ofSeconds(30);

  /** Larger than any answer. */
  private static final long BYTES_MAX = 17_000_000;

  /** Of a request; what else there is concerns the connection, or is nobody's business. */
  private static final List<String> THERE = List.of("accept", "accept-language", "content-type");

  private static final Set<String> TYPES =
      Set.of(
          "application/json",
          "application/problem+json",
          "application/octet-stream",
          "text/csv",
          "text/plain");

  private static final List<String> BACK =
      List.of("Cache-Control", "Content-Disposition", "Retry-After", "Access-Control-Allow-Origin");

  private static final String MARK = "Forwarded";

  private final Neighbours neighbours;
  private final Predicate<String> isOurs;
  private final HttpClient http;

  /**
   * @param isOurs whether an {@code Authorization} is a token of an account that is served here
   * @param tls null for none of one's own
   */
  Forwarding(Neighbours neighbours, Predicate<String> isOurs, @Nullable NodeTls tls) {
    http = NodeTls.http(tls).connectTimeout(CONNECT_MAX).build();
    this.neighbours = neighbours;
    this.isOurs = isOurs;
  }

  void forward(Exchange exchange, ElsewhereException elsewhere) {
    ChainId chain = elsewhere.chain();
    List<URI> gateways = neighbours.gateways(chain);
    if (gateways.isEmpty() || exchange.caller().header(MARK.toLowerCase(Locale.ROOT)) != null) {
      throw elsewhere; // two nodes that each take the other for the right one
    }
    for (URI gateway : gateways) {
      boolean last = gateway.equals(gateways.getLast());
      Optional<HttpResponse<byte[]>> answer =
          sent(exchange, chain, request(gateway, exchange), last);
      if (answer.isPresent()) {
        neighbours.answered(chain, gateway);
        answer(exchange, chain, answer.get());
        return;
      }
    }
  }

  private HttpRequest request(URI gateway, Exchange exchange) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(over(gateway, exchange))
            .timeout(ANSWER_MAX)
            .header(MARK, "by=_" + exchange.caller().at().id())
            .method(exchange.method(), BodyPublishers.ofByteArray(exchange.bodyRead()));
    for (String name : THERE) {
      String value = exchange.caller().header(name);
      if (value != null) {
        request.header(name, value);
      }
    }
    String token = exchange.caller().header("authorization");
    if (token != null && !isOurs.test(token)) {
      request.header("authorization", token); // a token of this node opens nothing over there
    }
    return request.build();
  }

  /** This path at another gateway; null when it cannot be one. */
  private static @Nullable URI at(URI gateway, String path) {
    try {
      return path.startsWith("//") ? null : gateway.resolve(path);
    } catch (IllegalArgumentException noPath) {
      return null;
    }
  }

  /** The same path over there: what would name another host is no path of ours. */
  private static URI over(URI gateway, Exchange exchange) {
    URI there = at(gateway, exchange.pathAndQuery());
    if (there == null
        || !Objects.equals(there.getRawAuthority(), gateway.getRawAuthority())
        || there.getRawPath().contains("/.")) {
      throw RefusedException.of(Reason.NOT_FOUND, "no such path");
    }
    return there;
  }

  /**
   * @param last whether nobody else is asked
   * @return empty when nothing was done there and somebody else may do it
   */
  private Optional<HttpResponse<byte[]>> sent(
      Exchange exchange, ChainId chain, HttpRequest request, boolean last) {
    try {
      HttpResponse<byte[]> answer = TimedHttp.send(http, request, BYTES_MAX, ANSWER_MAX);
      return last || !Problems.isNotLeading(answer.statusCode(), answer.body())
          ? Optional.of(answer)
          : Optional.empty();
    } catch (IOException lost) {
      LOG.info(
          "{} does not answer at {}: {}", chain, request.uri().getAuthority(), lost.toString());
      boolean sent =
          !(lost instanceof ConnectException || lost instanceof HttpConnectTimeoutException);
      if (!last && (!sent || !changes(exchange))) {
        return Optional.empty();
      }
      throw sent ? unanswered(exchange, chain) : unreachable(chain);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw RefusedException.of(Reason.OUTCOME_UNKNOWN, "the node is stopping");
    }
  }

  /** It may have been done over there, which for a question does not matter. */
  private static RefusedException unanswered(Exchange exchange, ChainId chain) {
    return changes(exchange)
        ? RefusedException.of(Reason.OUTCOME_UNKNOWN, "the node of " + chain)
        : unreachable(chain);
  }

  private static boolean changes(Exchange exchange) {
    return !exchange.method().equals("GET") && !exchange.isHead();
  }

  private static RefusedException unreachable(ChainId chain) {
    return RefusedException.of(Reason.NODE_UNREACHABLE, "the node of " + chain);
  }

  private static void answer(Exchange exchange, ChainId chain, HttpResponse<byte[]> answer) {
    String type = answer.headers().firstValue("Content-Type").orElse("");
    String bare = type.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
    boolean redirects = answer.statusCode() / 100 == 3;
    if (redirects || !TYPES.contains(bare)) {
      LOG.warn("{} answers a request with {} {}", chain, answer.statusCode(), bare);
      throw unanswered(exchange, chain);
    }
    exchange.response().status(Status.create(answer.statusCode()));
    exchange.response().header("Content-Security-Policy", "sandbox; default-src 'none'");
    for (String name : BACK) {
      answer
          .headers()
          .firstValue(name)
          .ifPresent(value -> exchange.response().header(HeaderNames.create(name), value));
    }
    exchange.send(type, answer.body());
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
