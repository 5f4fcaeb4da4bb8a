package aika.node.operate;

import aika.core.ledger.Reason;
import aika.node.gateway.RefusedException;
import io.helidon.http.Method;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.function.Consumer;

/** Adds paths, each of which looks first who comes. */
final class OperatorRules {
  private final HttpRules rules;
  private final Door door;

  OperatorRules(HttpRules rules, Door door) {
    this.rules = rules;
    this.door = door;
  }

  OperatorRules get(String path, Consumer<Call> endpoint) {
    return add(Method.GET, path, endpoint);
  }

  OperatorRules post(String path, Consumer<Call> endpoint) {
    return add(Method.POST, path, endpoint);
  }

  OperatorRules delete(String path, Consumer<Call> endpoint) {
    return add(Method.DELETE, path, endpoint);
  }

  private OperatorRules add(Method method, String path, Consumer<Call> endpoint) {
    rules.route(method, path, (request, response) -> run(endpoint, request, response));
    return this;
  }

  /** Whatever no path answered; who may not come in does not learn which paths there are. */
  void nothingElse() {
    rules.any((request, response) ->
        run(
            call -> {
              throw RefusedException.of(Reason.NOT_FOUND, "no such path");
            },
            request,
            response));
  }

  private void run(Consumer<Call> endpoint, ServerRequest request, ServerResponse response) {
    Call call = new Call(request, response);
    try {
      door.check(request, request.localPeer().port());
      endpoint.accept(call);
    } catch (RuntimeException failed) {
      call.refuse(failed);
    }
  }
}
