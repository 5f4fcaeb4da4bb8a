package aika.node.gateway;

import aika.core.ledger.Refusal;
import aika.core.money.Timestamp;
import aika.node.follow.Followers;
import aika.node.neighbour.Answering;
import aika.node.neighbour.Neighbours;
import aika.node.order.Chain;
import aika.node.order.Shard;
import aika.node.sink.Sinks;
import aika.sinks.SinkException;
import aika.sinks.SinkStatus;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** How the node is, what it counts, and what it tells other nodes. */
final class NodeRoutes {
  private static final int QUESTION_BYTES_MAX = 4_096;

  private final Shard shard;
  private final Followers followers;
  private final Sinks sinks;
  private final Meters meters;
  private final Answering answering;
  private final long unapprovedMax;

  NodeRoutes(
      Shard shard,
      Followers followers,
      Sinks sinks,
      Meters meters,
      Answering answering,
      long unapprovedMax) {
    this.shard = shard;
    this.followers = followers;
    this.sinks = sinks;
    this.meters = meters;
    this.answering = answering;
    this.unapprovedMax = unapprovedMax;
  }

  void add(Endpoints endpoints) {
    endpoints
        .get("/health", this::health)
        .get("/metrics", this::metrics)
        .post(Neighbours.PATH, this::neighbour);
  }

  /** 503 when something cannot be accepted: a halted chain, too little approved, no ordering. */
  private void health(Exchange exchange) {
    Refusal failure = shard.failure();
    boolean well = failure == null;
    Map<String, Object> chains = new LinkedHashMap<>();
    for (Chain chain : shard.chains()) {
      long size = chain.size();
      long approved = chain.approvedSize();
      boolean taken = !chain.halted() && size - approved <= unapprovedMax;
      well &= taken;
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("status", taken ? "up" : chain.halted() ? "halted" : "busy");
      one.put("leaves", size);
      one.put("approved", approved);
      one.put("halted", chain.halted());
      if (chain.id().municipal()) {
        for (String follower : Followers.names()) {
          one.put(follower + "_lag", followers.lag(follower, chain));
        }
      }
      chains.put(chain.id().value(), one);
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("status", well ? "up" : "down");
    json.put("ordering", failure == null ? "up" : "down");
    if (failure != null) { // its words may name hosts, and health is public
      json.put("reason", failure.reason().name());
    }
    json.put("chains", chains);
    json.put("sinks", sinks());
    exchange.response().status(well ? Status.OK_200 : Status.SERVICE_UNAVAILABLE_503);
    exchange.json(json);
  }

  /** A store that is down costs lag only, so it does not make the node unwell. */
  private Map<String, Object> sinks() {
    Map<String, Object> json = new LinkedHashMap<>();
    for (SinkStatus status : sinks.statuses()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("status", status.state().name().toLowerCase(Locale.ROOT));
      one.put("lag", status.lag());
      one.put("since", Timestamp.millis(status.since()));
      SinkException.Kind kind = status.kind();
      if (kind != null) { // its words may name hosts, and health is public
        one.put("failure", kind.name());
      }
      json.put(status.name(), one);
    }
    return json;
  }

  private void metrics(Exchange exchange) {
    exchange.send(
        "text/plain; version=0.0.4; charset=utf-8",
        meters.prometheus().getBytes(StandardCharsets.UTF_8));
  }

  /** What another node of the federation asks. */
  private void neighbour(Exchange exchange) {
    byte[] told = answering.answer(exchange.body(QUESTION_BYTES_MAX));
    exchange.response().header(HeaderNames.CACHE_CONTROL, "no-store");
    exchange.send("text/plain; charset=utf-8", told);
  }
}
