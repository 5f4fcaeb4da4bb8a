package aika.node.gateway;

import io.helidon.http.HeaderValues;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;

/**
 * Closes a connection whose client asked for it (RFC 9112, section 9.6). Helidon says that it will
 * and leaves it to the client.
 */
final class ClosingWhenAsked implements Filter {
  @Override
  public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    chain.proceed();
    if (request.headers().containsToken(HeaderValues.CONNECTION_CLOSE) && response.isSent()) {
      // A body that nobody read would reset the connection before the answer has arrived.
      request.content().consume();
      throw new CloseConnectionException("the client asked for it");
    }
  }
}
