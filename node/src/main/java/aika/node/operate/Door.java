package aika.node.operate;

import static java.nio.charset.StandardCharsets.UTF_8;

import aika.core.ledger.Reason;
import aika.node.gateway.RefusedException;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.security.MessageDigest;

/**
 * Who may come in [OPR-2]: whoever knows the token, by the server's own name, and no page in a
 * browser, which could be sent here by anybody.
 */
final class Door {
  private static final String SCHEME = "Bearer ";

  private final byte[] token;

  Door(String token) {
    this.token = token.getBytes(UTF_8);
  }

  void check(ServerRequest request, int port) {
    String host = request.authority();
    if (!host.equals("127.0.0.1:" + port) && !host.equals("localhost:" + port)) {
      throw refused("this is not " + port + " of this machine");
    }
    if (request.headers().contains(HeaderNames.ORIGIN)) {
      throw refused("not from a page");
    }
    String given = request.headers().first(HeaderNames.AUTHORIZATION).orElse("");
    if (!given.startsWith(SCHEME)
        || !MessageDigest.isEqual(token, given.substring(SCHEME.length()).getBytes(UTF_8))) {
      throw refused("the token is missing or wrong");
    }
  }

  private static RefusedException refused(String detail) {
    return RefusedException.of(Reason.OPERATOR_ONLY, detail);
  }
}
