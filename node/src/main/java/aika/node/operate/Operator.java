package aika.node.operate;

import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/**
 * The operator's channel of a node: HTTP on a free port of 127.0.0.1, whose address and token are
 * in the data directory as long as it listens [OPR-1]. The {@code aika} command uses it; programs
 * of others have the gateway.
 */
public final class Operator implements AutoCloseable {
  private static final String HOST = "127.0.0.1";
  private static final int TOKEN_BYTES = 32;
  private static final int CONNECTIONS_MAX = 32;
  private static final Duration IDLE_MAX = Duration.ofMinutes(2);
  private static final Duration GRACE = Duration.ofMillis(500);

  private final Path data;
  private final WebServer server;

  /** Some of the channel's paths. */
  @FunctionalInterface
  interface Routes {
    void add(OperatorRules rules);
  }

  private Operator(Path data, String token, List<Routes> routes) {
    this.data = data;
    server =
        WebServer.builder()
            .host(HOST)
            .port(0)
            .shutdownHook(false)
            .shutdownGracePeriod(GRACE)
            .maxTcpConnections(CONNECTIONS_MAX)
            .idleConnectionTimeout(IDLE_MAX)
            .routing(routing -> route(routing, new Door(token), routes))
            .build();
  }

  /** Starts listening and says where, in the data directory. */
  public static Operator start(Path data, OperatorParts parts, SecureRandom random) {
    return start(data, parts.routes(), random);
  }

  /** Of a peer that does not lead: nothing but its peers can be worked on there. */
  public static Operator standby(Path data, PeerRoutes peers, SecureRandom random) {
    return start(data, List.of(peers::add), random);
  }

  private static Operator start(Path data, List<Routes> routes, SecureRandom random) {
    byte[] bytes = new byte[TOKEN_BYTES];
    random.nextBytes(bytes);
    String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    Operator operator = new Operator(data, token, routes);
    operator.server.start();
    if (!operator.server.isRunning()) { // the server logs why and throws nothing
      throw new IllegalStateException("the operator's channel did not start");
    }
    URI address = URI.create("http://" + HOST + ":" + operator.server.port());
    new OperatorFile(address, token).write(data);
    return operator;
  }

  private static void route(HttpRouting.Builder routing, Door door, List<Routes> routes) {
    OperatorRules rules = new OperatorRules(routing, door);
    routes.forEach(one -> one.add(rules));
    rules.nothingElse();
  }

  @Override
  public void close() {
    OperatorFile.remove(data);
    server.stop();
  }
}
