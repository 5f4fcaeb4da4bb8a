package aika.node.gateway;

import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.money.ChainId;
import aika.node.config.Chain;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What listens on the gateways' ports of a peer that does not lead: it says so, and where the
 * leader's gateway is (docs/spec/peers.md). Nothing of a request is read.
 */
public final class Standby implements AutoCloseable {
  private static final Duration GRACE = Duration.ofMillis(100);
  private static final int CONNECTIONS_MAX = 4_096;
  private static final Gateway.Bounds BOUNDS = Gateway.Bounds.USUAL;
  private static final double MILLIS_OF_SECOND = 1_000;
  private static final String RETRY_SECONDS = "1";

  private final List<WebServer> servers = new ArrayList<>();

  /**
   * What a peer that does not lead tells of its node.
   *
   * @param leader the id of the peer that leads; empty while none is known
   * @param gateway the leader's gateway of a chain; empty when it is not known
   * @param applied entries that this peer has executed
   * @param apartMillis how far this machine's clock is ahead of the others' median
   * @param diskFree bytes that can still be written to the disk of its data directory
   * @param certificates how long each of its certificates counts, in seconds, by its file
   */
  public record Told(
      Supplier<Optional<String>> leader,
      Function<ChainId, Optional<URI>> gateway,
      LongSupplier applied,
      LongSupplier apartMillis,
      LongSupplier diskFree,
      Supplier<Map<String, Double>> certificates) {}

  private Standby() {}

  /**
   * Listens at the ports of these chains.
   *
   * @throws RefusedException {@code PORT_TAKEN}, with the port
   */
  public static Standby start(String host, List<Chain> chains, Told told) {
    Standby standby = new Standby();
    try {
      for (Chain chain : chains) {
        standby.listen(host, chain, told);
      }
    } catch (RuntimeException failed) {
      standby.close();
      throw failed;
    }
    return standby;
  }

  private void listen(String host, Chain chain, Told told) {
    Gateway.checkFree(host, chain, chain.http());
    WebServer server =
        WebServer.builder()
            .host(host)
            .port(chain.http())
            .shutdownHook(false)
            .shutdownGracePeriod(GRACE)
            .maxTcpConnections(CONNECTIONS_MAX)
            .idleConnectionTimeout(BOUNDS.idleMax())
            .idleConnectionPeriod(BOUNDS.idleMax())
            .protocolsDiscoverServices(false)
            .addConnectionSelector(
                new Protocols(BOUNDS.requestMax(), BOUNDS.feeds().writeMax(), null))
            .routing(routing ->
                routing
                    .get("/metrics", (request, response) -> metrics(response, told))
                    .any((request, response) -> refuse(chain.id(), request, response, told)))
            .build();
    servers.add(server);
    server.start();
    if (!server.isRunning()) { // the server logs why and throws nothing
      throw Gateway.taken(chain, chain.http(), "the server did not start");
    }
  }

  private static void refuse(
      ChainId chain, ServerRequest request, ServerResponse response, Told told) {
    Optional<String> leader = told.leader.get();
    Refusal refusal =
        Refusal.of(
            Reason.NOT_LEADING,
            leader.map(id -> "peer " + id + " leads").orElse("no peer leads at the moment"));
    Map<String, Object> json =
        new LinkedHashMap<>(
            Problems.json(
                refusal, request.headers().first(HeaderNames.ACCEPT_LANGUAGE).orElse(null)));
    leader.ifPresent(id -> json.put("leader", id));
    told.gateway.apply(chain).ifPresent(gateway -> json.put("gateway", gateway.toString()));
    response.status(refusal.reason().httpStatus());
    response.header(HeaderNames.CACHE_CONTROL, "no-store");
    response.header(HeaderNames.RETRY_AFTER, RETRY_SECONDS);
    response.header(HeaderNames.CONTENT_TYPE, Problems.CONTENT_TYPE);
    response.send(Json.write(json));
  }

  /** What can fail on a machine that stands by, under the names of {@link Meters}. */
  private static void metrics(ServerResponse response, Told told) {
    String text =
        """
        # HELP aika_clock_apart_seconds How far this machine's clock is ahead of the others' median.
        # TYPE aika_clock_apart_seconds gauge
        aika_clock_apart_seconds %s
        # HELP aika_disk_free_bytes What this node can still write to the disk of its data directory.
        # TYPE aika_disk_free_bytes gauge
        aika_disk_free_bytes %d
        # HELP aika_certificate_seconds Until a certificate ends; negative afterwards.
        # TYPE aika_certificate_seconds gauge
        %s\
        # HELP aika_peer_leads 1 on the peer that leads.
        # TYPE aika_peer_leads gauge
        aika_peer_leads 0
        # HELP aika_peer_applied Entries that this peer has executed.
        # TYPE aika_peer_applied gauge
        aika_peer_applied %d
        """
            .formatted(
                told.apartMillis.getAsLong() / MILLIS_OF_SECOND,
                told.diskFree.getAsLong(),
                certificates(told),
                told.applied.getAsLong());
    response.header(HeaderNames.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8");
    response.send(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String certificates(Told told) {
    StringBuilder lines = new StringBuilder();
    told.certificates
        .get()
        .forEach((file, seconds) ->
            lines.append("aika_certificate_seconds{file=\"%s\"} %s\n".formatted(file, seconds)));
    return lines.toString();
  }

  @Override
  public void close() {
    servers.forEach(WebServer::stop);
  }
}
