package aika.node.gateway;

import aika.core.log.AddCheckpoint;
import aika.node.follow.PendingList;
import aika.node.order.Chain;
import aika.node.order.Shard;
import io.helidon.http.Status;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** How the node is, what it counts, and its cosigner. */
final class NodeRoutes {
  private final Shard shard;
  private final PendingList pending;
  private final Meters meters;
  private final AddCheckpointHandler cosigner;
  private final long unapprovedMax;

  NodeRoutes(
      Shard shard,
      PendingList pending,
      Meters meters,
      AddCheckpointHandler cosigner,
      long unapprovedMax) {
    this.shard = shard;
    this.pending = pending;
    this.meters = meters;
    this.cosigner = cosigner;
    this.unapprovedMax = unapprovedMax;
  }

  void add(Endpoints endpoints) {
    endpoints
        .get("/health", this::health)
        .get("/metrics", this::metrics)
        .post("/add-checkpoint", this::addCheckpoint);
  }

  /** 503 when something cannot be accepted: a halted chain, too little approved, no ordering. */
  private void health(Exchange exchange) {
    boolean well = shard.failure() == null;
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
        one.put("pending_list_lag", Math.max(0, approved - pending.seen(chain.id())));
      }
      chains.put(chain.id().value(), one);
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("status", well ? "up" : "down");
    json.put("ordering", shard.failure() == null ? "up" : "down");
    json.put("chains", chains);
    exchange.response().status(well ? Status.OK_200 : Status.SERVICE_UNAVAILABLE_503);
    exchange.json(json);
  }

  private void metrics(Exchange exchange) {
    exchange.send(
        "text/plain; version=0.0.4; charset=utf-8",
        meters.prometheus().getBytes(StandardCharsets.UTF_8));
  }

  private void addCheckpoint(Exchange exchange) {
    AddCheckpointHandler.Reply reply =
        cosigner.addCheckpoint(exchange.body(AddCheckpoint.BODY_BYTES_MAX));
    exchange.response().status(reply.status());
    exchange.send(reply.contentType(), reply.body());
  }
}
