package aika.node.gateway;

import aika.core.ledger.Offer;
import aika.core.ledger.Reason;
import aika.core.ledger.Row;
import aika.core.log.Proofs;
import aika.core.log.SignedCheckpoint;
import aika.core.log.TlogProof;
import aika.core.money.TransferId;
import aika.core.note.MalformedException;
import aika.node.order.Chain;
import aika.node.order.Changes;
import io.helidon.http.HeaderNames;
import io.helidon.http.sse.SseEvent;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.sse.SseSink;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** What is known of a transfer: now, as it goes on, and for good. */
final class TransferRoutes {
  static final int WATCHERS_MAX = 2_000;

  private static final long QUIET_MILLIS_MAX = 15_000;

  /** Between two looks at a transfer, so that a busy node is not busy with watchers. */
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final Payments payments;
  private final Transfers transfers;
  private final Changes changes;
  private final Meters meters;
  private final Stopping stopping;
  private final Semaphore watchers = new Semaphore(WATCHERS_MAX);

  TransferRoutes(Payments payments, Meters meters, Stopping stopping) {
    this.meters = meters;
    this.payments = payments;
    this.transfers = payments.transfers();
    this.changes = payments.shard().changes();
    this.stopping = stopping;
  }

  void add(Endpoints endpoints) {
    endpoints
        .get("/transfers/{transfer}", this::transfer)
        .get("/transfers/{transfer}/events", this::events)
        .get("/transfers/{transfer}/receipt", this::receipt);
  }

  private void transfer(Exchange exchange) {
    TransferId id = exchange.path("transfer", TransferId::of);
    exchange.json(Answers.whole(payments.transfer(id, exchange.caller())));
  }

  /** Server-sent events: the whole transfer, now and after each change, until it has ended. */
  private void events(Exchange exchange) throws InterruptedException {
    TransferId id = exchange.path("transfer", TransferId::of);
    if (transfers.lacks(id.origin())) { // a stream is not passed on
      throw RefusedException.of(Reason.UNKNOWN_CHAIN, id.origin() + " is not copied here");
    }
    long seen = changes.version();
    TransferView view = payments.transfer(id, exchange.caller());
    exchange.response().header(HeaderNames.CACHE_CONTROL, "no-store");
    if (exchange.isHead()) {
      exchange.response().header(HeaderNames.CONTENT_TYPE, "text/event-stream").send();
      return;
    }
    if (!watchers.tryAcquire()) {
      throw RefusedException.of(Reason.BUSY, "too many watch transfers already");
    }
    meters.watching(1);
    try (SseSink sink = exchange.response().sink(SseSink.TYPE)) {
      String told = "";
      while (!stopping.isStopping()) {
        String now = new String(Json.write(Answers.whole(view)), StandardCharsets.UTF_8);
        if (!now.equals(told)) {
          sink.emit(SseEvent.builder().name("transfer").data(now).build());
          told = now;
        }
        if (view.ended()) {
          return;
        }
        if (!changes.await(seen, QUIET_MILLIS_MAX)) {
          sink.emit(SseEvent.builder().comment("still here").build());
        }
        stopping.await(PAUSE);
        seen = changes.version();
        view = payments.transfer(id, exchange.caller());
      }
    } catch (UncheckedIOException | ServerConnectionException gone) {
      Stopping.LOG.debug("a watcher of {} left: {}", id, gone.getMessage());
    } finally {
      watchers.release();
      meters.watching(-1);
    }
  }

  /** A proof for offline use (C2SP tlog-proof) with the leaf as its extra data. */
  private void receipt(Exchange exchange) {
    TransferId id = exchange.path("transfer", TransferId::of);
    String half = exchange.query("half");
    if (transfers.lacks(id.origin())) {
      throw new ElsewhereException(id.origin());
    }
    Offer offer = transfers.hold(id).offer();
    byte[] proof =
        switch (half) {
          case "send" -> proof(transfers.readable(id.origin()), id.index());
          case "receive" -> decision(offer);
          case null, default -> throw new MalformedException("half must be send or receive");
        };
    exchange
        .response()
        .header(
            HeaderNames.CONTENT_DISPOSITION,
            "attachment; filename=\""
                + id.origin()
                + '-'
                + id.index()
                + '-'
                + half
                + ".tlog-proof\"");
    exchange.send("text/plain; charset=utf-8", proof);
  }

  private byte[] decision(Offer offer) {
    Row.Outcome outcome = transfers.outcome(offer);
    if (outcome == null && transfers.lacks(offer.to().chain())) {
      throw new ElsewhereException(offer.to().chain());
    }
    if (outcome == null) {
      throw RefusedException.of(Reason.NOT_LISTED_YET, "the transfer is not decided yet");
    }
    return proof(transfers.readable(offer.to().chain()), outcome.index());
  }

  private static byte[] proof(Chain chain, long index) {
    SignedCheckpoint approval = chain.approvalOf(index);
    if (approval == null) {
      throw RefusedException.of(
          Reason.NOT_LISTED_YET, "leaf " + index + " of " + chain.id() + " is not approved yet");
    }
    long size = approval.checkpoint().size();
    return new TlogProof(
            Optional.of(chain.entry(index).bytes()),
            index,
            Proofs.inclusion(index, size, chain.nodes()),
            approval)
        .encode();
  }
}
