package aika.node.gateway;

import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.node.approve.Approver;
import aika.node.config.Chain;
import aika.node.config.Federation;
import aika.node.follow.Followers;
import aika.node.gossip.GossipDoor;
import aika.node.mirror.ReadableChains;
import aika.node.neighbour.Answering;
import aika.node.order.Changes;
import aika.node.sink.Sinks;
import aika.node.tls.NodeTls;
import io.helidon.common.tls.Tls;
import io.helidon.common.tls.TlsClientAuth;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.ListenerConfig;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.grpc.GrpcReflectionFeature;
import io.helidon.webserver.grpc.GrpcRouting;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.HttpService;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The HTTP server of one continent or municipality: this API and whatever pages are added. */
public final class Gateway implements AutoCloseable {
  private static final int CONNECTIONS_MAX = 4_096;

  /**
   * What is read of a body, though most of it be refused. Longer ones are cut off unread, which may
   * cost their sender the answer too.
   */
  private static final long PAYLOAD_BYTES_MAX = 1 << 20;

  /** What a client that does not read holds of this machine's memory. */
  private static final int SEND_BYTES_MAX = 256 * 1024;

  private static final Duration GRACE = Duration.ofMillis(500);
  private static final String NODES = "nodes";
  private static final int PORT_MAX = 65_535;

  private final Stopping stopping = new Stopping();
  private final Chain at;
  private final Changes changes;
  private final Forwarding forwarding;
  private final FeedReaders readers;
  private final WebServer server;

  /**
   * What all gateways of a node share.
   *
   * @param host address to listen on, {@code 127.0.0.1} or {@code 0.0.0.0}
   * @param pages what a gateway serves beside this API; asked before it, and may pass a request on
   * @param unknown asked about an address that nothing else serves, and may pass it on; then the
   *     answer is {@code NOT_FOUND}
   * @param nodes null when other nodes come to the gateway's own port
   */
  public record Parts(
      String host,
      Federation federation,
      ReadableChains chains,
      Followers followers,
      Sinks sinks,
      Payments payments,
      Meters meters,
      Approver approver,
      Answering answering,
      Function<Chain, List<HttpService>> pages,
      Function<Chain, List<HttpService>> unknown,
      @Nullable Nodes nodes) {}

  /**
   * What it takes to listen for other nodes by TLS, at the chain's node port: this API without
   * pages, and gossip (docs/spec/tls.md).
   */
  public record Nodes(NodeTls tls, GossipDoor gossip) {}

  /**
   * @param idleMax after which a connection without a request is closed
   * @param requestMax after which one is closed whose request has not arrived whole
   */
  record Bounds(FeedReaders.Bounds feeds, Duration idleMax, Duration requestMax) {
    static final Bounds USUAL =
        new Bounds(FeedReaders.Bounds.USUAL, Duration.ofMinutes(2), Duration.ofSeconds(30));
  }

  private Gateway(Parts parts, Chain at, Bounds bounds) {
    this.at = at;
    Nodes nodes = parts.nodes;
    forwarding =
        new Forwarding(
            parts.payments.neighbours(),
            parts.payments.people()::isToken,
            nodes == null ? null : nodes.tls);
    changes = parts.chains.shard().changes();
    readers = new FeedReaders(changes, stopping, bounds.feeds);
    parts.meters.watch(at.id(), readers);
    WebServerConfig.Builder builder =
        WebServer.builder()
            .host(parts.host)
            .port(at.http())
            .shutdownHook(false)
            .shutdownGracePeriod(GRACE)
            .maxPayloadSize(PAYLOAD_BYTES_MAX)
            .maxTcpConnections(CONNECTIONS_MAX)
            .connectionOptions(options -> options.socketSendBufferSize(SEND_BYTES_MAX))
            .idleConnectionTimeout(bounds.idleMax)
            .idleConnectionPeriod(bounds.idleMax)
            .directHandlers(Gateway::addProblems)
            .protocolsDiscoverServices(false)
            .addConnectionSelector(new Protocols(bounds.requestMax, bounds.feeds.writeMax(), null))
            .addRouting(
                GrpcRouting.builder().service(new FeedService(parts.chains, readers, parts.meters)))
            .addFeature(
                GrpcReflectionFeature.create(reflection ->
                    reflection.enabled(true).addSocket(WebServer.DEFAULT_SOCKET_NAME)))
            .routing(routing -> route(parts, routing));
    if (nodes != null) {
      builder.putSocket(NODES, socket -> listen(parts, nodes, bounds, socket));
    }
    server = builder.build();
  }

  /** By sockets, not by channels: Helidon's TLS over channels looks up the names of strangers. */
  private void listen(Parts parts, Nodes nodes, Bounds bounds, ListenerConfig.Builder socket) {
    Tls tls =
        Tls.builder()
            .sslContext(nodes.tls.answering())
            .clientAuth(TlsClientAuth.REQUIRED)
            .enabledProtocols(List.of("TLSv1.3"))
            .build();
    socket
        .host(parts.host)
        .port(at.nodePort())
        .useNio(false)
        .tls(tls)
        .maxPayloadSize(PAYLOAD_BYTES_MAX)
        .maxTcpConnections(CONNECTIONS_MAX)
        .shutdownGracePeriod(GRACE)
        .connectionOptions(options -> options.socketSendBufferSize(SEND_BYTES_MAX))
        .idleConnectionTimeout(bounds.idleMax)
        .idleConnectionPeriod(bounds.idleMax)
        .directHandlers(Gateway::addProblems)
        .protocolsDiscoverServices(false)
        .addConnectionSelector(
            new Protocols(bounds.requestMax, bounds.feeds.writeMax(), nodes.gossip))
        .routing(routing -> {
          routing.addFilter(new ClosingWhenAsked());
          Endpoints endpoints = new Endpoints(at, new Faults(parts.meters), forwarding, routing);
          addRoutes(parts, stopping, readers, endpoints);
          endpoints.nothingElse();
        });
  }

  /**
   * Starts listening.
   *
   * @throws RefusedException {@code PORT_TAKEN}, with the port
   */
  public static Gateway start(Parts parts, Chain at) {
    return start(parts, at, Bounds.USUAL);
  }

  static Gateway start(Parts parts, Chain at, Bounds bounds) {
    checkFree(parts.host, at, at.http());
    if (parts.nodes != null) {
      checkFree(parts.host, at, at.nodePort());
    }
    Gateway gateway = new Gateway(parts, at, bounds);
    gateway.server.start();
    if (!gateway.server.isRunning()) { // the server logs why and throws nothing
      gateway.close();
      throw taken(at, at.http(), "the server did not start");
    }
    return gateway;
  }

  static void checkFree(String host, Chain at, int port) {
    if (port > PORT_MAX) {
      throw taken(at, port, "there is no such port; give " + at.id() + " a node port");
    }
    try (ServerSocket probe = new ServerSocket()) {
      probe.bind(new InetSocketAddress(host, port));
    } catch (IOException taken) {
      throw taken(at, port, String.valueOf(taken.getMessage()));
    }
  }

  static RefusedException taken(Chain at, int port, String why) {
    return RefusedException.of(Reason.PORT_TAKEN, "port " + port + " of " + at.id() + ": " + why);
  }

  private void route(Parts parts, HttpRouting.Builder routing) {
    routing.addFilter(new ClosingWhenAsked());
    parts.pages.apply(at).forEach(routing::register);
    Endpoints endpoints = new Endpoints(at, new Faults(parts.meters), forwarding, routing);
    addRoutes(parts, stopping, readers, endpoints);
    parts.unknown.apply(at).forEach(routing::register);
    endpoints.nothingElse();
  }

  /** Everything that openapi.yaml describes. */
  static void addRoutes(Parts parts, Stopping stopping, FeedReaders readers, Endpoints endpoints) {
    new PaymentRoutes(parts.payments).add(endpoints);
    new TransferRoutes(parts.payments, parts.meters, stopping).add(endpoints);
    Statements statements =
        new Statements(parts.chains, parts.followers.accountLeaves(), parts.payments.people());
    new AccountRoutes(parts.payments, statements, parts.federation).add(endpoints);
    new LogRoutes(parts.chains, stopping).add(endpoints);
    new OfferRoutes(parts.followers.partnering().partners(), parts.federation).add(endpoints);
    new CosignerRoutes(parts.chains.shard(), parts.approver, stopping).add(endpoints);
    new RepresentativeRoutes(parts.payments).add(endpoints);
    new FeedRoutes(parts.chains, readers).add(endpoints);
    new ApiRoutes().add(endpoints);
    new NodeRoutes(
            parts.chains.shard(),
            parts.followers,
            parts.sinks,
            parts.meters,
            parts.answering,
            parts.federation.limits().unapprovedLeaves())
        .add(endpoints);
  }

  /** What the server refuses by itself, before any route, is a problem like all others. */
  private static void addProblems(DirectHandlers.Builder handlers) {
    DirectHandler problem =
        (request, event, status, headers, message) -> {
          Reason reason =
              switch (status.code()) {
                case 404 -> Reason.NOT_FOUND;
                case 413 -> Reason.TOO_LARGE;
                case 503 -> Reason.BUSY;
                default -> status.code() < 500 ? Reason.MALFORMED : Reason.INTERNAL;
              };
          Refusal refusal = Refusal.of(reason, "refused before it was read");
          return DirectHandler.TransportResponse.builder()
              .status(io.helidon.http.Status.create(reason.httpStatus()))
              .headers(headers)
              .header(HeaderNames.CONTENT_TYPE, Problems.CONTENT_TYPE)
              .entity(
                  Json.write(
                      Problems.json(
                          refusal,
                          null,
                          Languages.of(
                              request.headers().first(HeaderNames.ACCEPT_LANGUAGE).orElse(null)))))
              .keepAlive(event.keepAlive())
              .build();
        };
    for (DirectHandler.EventType event : DirectHandler.EventType.values()) {
      handlers.addHandler(event, problem);
    }
  }

  FeedReaders readers() {
    return readers;
  }

  /** The port on which this listens. */
  public int port() {
    return server.port();
  }

  /** Stops listening and ends long answers. */
  @Override
  public void close() {
    stopping.stop();
    changes.happened(); // wakes who waits for more
    readers.close();
    server.stop();
    forwarding.close();
  }
}
