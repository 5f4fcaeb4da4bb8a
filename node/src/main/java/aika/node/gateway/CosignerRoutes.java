package aika.node.gateway;

import aika.core.ledger.Reason;
import aika.core.log.AddCheckpoint;
import aika.core.log.SignedCheckpoint;
import aika.core.log.TilePath;
import aika.core.money.ChainId;
import aika.core.money.Decimal;
import aika.core.note.VerifierKey;
import aika.node.approve.Approver;
import aika.node.approve.Candidate;
import aika.node.approve.Candidates;
import aika.node.order.Chain;
import aika.node.order.Changes;
import aika.node.order.Shard;
import io.helidon.http.HeaderNames;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What representatives' own machines ask for: the checkpoint to cosign, the log below it, and where
 * to bring a cosignature. And the cosigner of the seats that this node holds.
 */
final class CosignerRoutes {
  /** How long a question waits for something to cosign. */
  private static final long CANDIDATE_MILLIS_MAX = 20_000;

  /** A checkpoint with the lines of its log and of all seats. */
  private static final int BROUGHT_BYTES_MAX = 32 * 1_024;

  private final Shard shard;
  private final Approver approver;
  private final Stopping stopping;

  CosignerRoutes(Shard shard, Approver approver, Stopping stopping) {
    this.shard = shard;
    this.approver = approver;
    this.stopping = stopping;
  }

  void add(Endpoints endpoints) {
    endpoints
        .get("/chains/{chain}/candidate", this::candidate)
        .post("/chains/{chain}/cosignatures", this::bring)
        .get("/chains/{chain}/sealed/tile/{+path}", this::file)
        .post("/add-checkpoint", this::addCheckpoint);
  }

  private void candidate(Exchange exchange) throws InterruptedException {
    exchange.onlyQueries(Set.of("after", "seat"));
    Chain chain = chain(exchange);
    String after = exchange.query("after");
    Candidate candidate =
        after == null
            ? approver.candidates().of(chain.id())
            : awaited(chain.id(), Decimal.parse(after), exchange.query("seat"));
    refuseForbidden(); // it may have come to that while the question waited
    if (candidate == null) {
      throw RefusedException.of(Reason.NOT_FOUND, "nothing is to be approved yet");
    }
    exchange.response().header(HeaderNames.CACHE_CONTROL, "no-store");
    exchange.send("text/plain; charset=utf-8", candidate.signed().encode());
  }

  private @Nullable Candidate awaited(ChainId chain, long size, @Nullable String seat)
      throws InterruptedException {
    Changes changes = shard.changes();
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CANDIDATE_MILLIS_MAX);
    while (true) {
      long seen = changes.version();
      Candidate now = approver.candidates().of(chain);
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (now != null && (now.size() > size || seat != null && now.awaits(seat))
          || left <= 0
          || shard.isForbidden()
          || stopping.isStopping()) {
        return now;
      }
      changes.await(seen, left);
    }
  }

  private void bring(Exchange exchange) {
    Chain chain = chain(exchange);
    SignedCheckpoint brought = SignedCheckpoint.parse(exchange.body(BROUGHT_BYTES_MAX));
    switch (approver.bring(chain.id(), brought, exchange.caller().machine())) {
      case Candidates.Brought.Refused refused -> throw new RefusedException(refused.refusal());
      case Candidates.Brought.Counted counted -> {
        Candidate now = counted.candidate();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("size", now.size());
        json.put("cosigned", now.cosigned().stream().map(VerifierKey::name).toList());
        json.put("quorum", now.seats().quorum());
        exchange.json(json);
      }
    }
  }

  /** Not for caches: what is not approved yet could be lost, and something else stand here. */
  private void file(Exchange exchange) {
    Chain chain = chain(exchange);
    TilePath path = exchange.path("path", rest -> TilePath.parse("tile/" + rest));
    byte[] file = chain.sealedFile(path);
    if (file == null) {
      throw RefusedException.of(Reason.NOT_FOUND, "the sealed log has no " + path.format());
    }
    exchange.response().header(HeaderNames.CACHE_CONTROL, "no-store");
    exchange.send("application/octet-stream", file);
  }

  private void refuseForbidden() {
    if (shard.isForbidden()) {
      throw RefusedException.of(Reason.CHAIN_HALTED, "what is here must not be approved");
    }
  }

  private Chain chain(Exchange exchange) {
    refuseForbidden();
    ChainId id = exchange.path("chain", ChainId::of);
    Chain chain = shard.find(id);
    if (chain == null) {
      throw RefusedException.of(Reason.UNKNOWN_CHAIN, id + " is not ordered here");
    }
    return chain;
  }

  private void addCheckpoint(Exchange exchange) {
    Approver.Reply reply = approver.addCheckpoint(exchange.body(AddCheckpoint.BODY_BYTES_MAX));
    exchange.response().status(reply.status());
    exchange.send(reply.contentType(), reply.body());
  }
}
