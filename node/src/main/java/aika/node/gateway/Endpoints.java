package aika.node.gateway;

import aika.core.ledger.Reason;
import aika.node.config.Chain;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/** Adds the paths of one gateway; each of them answers other methods with {@code METHOD}. */
final class Endpoints {
  private final Chain at;
  private final Faults faults;
  private final HttpRules rules;

  Endpoints(Chain at, Faults faults, HttpRules rules) {
    this.at = at;
    this.faults = faults;
    this.rules = rules;
  }

  /** What answers a request. */
  @FunctionalInterface
  interface Endpoint {
    void handle(Exchange exchange) throws InterruptedException;
  }

  Endpoints get(String path, Endpoint endpoint) {
    return only(Method.GET, path, endpoint);
  }

  Endpoints post(String path, Endpoint endpoint) {
    return only(Method.POST, path, endpoint);
  }

  private Endpoints only(Method method, String path, Endpoint endpoint) {
    rules.route(method, path, (request, response) -> run(endpoint, request, response));
    rules.any(
        path, (request, response) -> run(other -> notAllowed(method, other), request, response));
    return this;
  }

  private static void notAllowed(Method method, Exchange exchange) {
    exchange.response().header(HeaderNames.ALLOW, method.text());
    throw RefusedException.of(Reason.METHOD, "only " + method.text());
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
    } catch (RuntimeException fault) {
      faults.answer(exchange, fault);
    }
  }
}
