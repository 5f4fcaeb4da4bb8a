package aika.node.gateway;

import aika.core.ledger.Reason;
import aika.node.config.Chain;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Adds the paths of one gateway; each of them answers other methods with {@code METHOD}. What
 * answers GET answers HEAD too, and the exchange leaves the body out.
 */
final class Endpoints {
  private final Chain at;
  private final Faults faults;
  private final Forwarding forwarding;
  private final HttpRules rules;
  private final Map<String, List<String>> methods = new TreeMap<>();

  Endpoints(Chain at, Faults faults, Forwarding forwarding, HttpRules rules) {
    this.at = at;
    this.forwarding = forwarding;
    this.faults = faults;
    this.rules = rules;
  }

  /** What answers a request. */
  @FunctionalInterface
  interface Endpoint {
    void handle(Exchange exchange) throws InterruptedException;
  }

  Endpoints get(String path, Endpoint endpoint) {
    return only(List.of(Method.GET, Method.HEAD), path, endpoint);
  }

  Endpoints post(String path, Endpoint endpoint) {
    return only(List.of(Method.POST), path, endpoint);
  }

  private Endpoints only(List<Method> answered, String path, Endpoint endpoint) {
    for (Method method : answered) {
      rules.route(method, path, (request, response) -> run(endpoint, request, response));
    }
    List<String> names = answered.stream().map(Method::text).toList();
    methods.put(path, names);
    String allowed = String.join(", ", names);
    rules.any(
        path, (request, response) -> run(other -> notAllowed(allowed, other), request, response));
    return this;
  }

  /** The methods of each path that was added; a path is written as Helidon writes it. */
  Map<String, List<String>> methods() {
    return Collections.unmodifiableMap(methods);
  }

  private static void notAllowed(String allowed, Exchange exchange) {
    exchange.response().header(HeaderNames.ALLOW, allowed);
    throw RefusedException.of(Reason.METHOD, "only " + allowed);
  }

  /** Whatever no path answered. */
  void nothingElse() {
    rules.any((request, response) ->
        run(
            exchange -> {
              throw RefusedException.of(Reason.NOT_FOUND, "no such path");
            },
            request,
            response));
  }

  private void run(Endpoint endpoint, ServerRequest request, ServerResponse response) {
    Exchange exchange = new Exchange(at, request, response);
    try {
      endpoint.handle(exchange);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      faults.answer(exchange, stopping);
    } catch (CloseConnectionException closing) {
      throw closing;
    } catch (ElsewhereException elsewhere) {
      forward(exchange, elsewhere);
    } catch (RuntimeException fault) {
      faults.answer(exchange, fault);
    }
  }

  private void forward(Exchange exchange, ElsewhereException elsewhere) {
    try {
      forwarding.forward(exchange, elsewhere);
    } catch (RuntimeException fault) {
      faults.answer(exchange, fault);
    }
  }
}
