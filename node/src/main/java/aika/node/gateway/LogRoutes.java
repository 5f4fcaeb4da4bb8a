package aika.node.gateway;

import aika.core.audit.GivenUpFiles;
import aika.core.ledger.Reason;
import aika.core.log.SignedCheckpoint;
import aika.core.log.TilePath;
import aika.core.log.TlogProof;
import aika.core.money.ChainId;
import aika.core.money.Decimal;
import aika.core.note.MalformedException;
import aika.node.mirror.ReadableChains;
import aika.node.order.Chain;
import aika.node.order.Changes;
import aika.node.order.Shard;
import io.helidon.http.HeaderNames;
import java.util.concurrent.TimeUnit;

/** The published log of each chain (C2SP tlog-tiles), below {@code /chains/<chain>/}. */
final class LogRoutes {
  /** How long a question for a newer checkpoint waits for one. */
  private static final long NEWER_MILLIS_MAX = 20_000;

  private static final String TERM = "term/";

  private final ReadableChains chains;
  private final Stopping stopping;

  LogRoutes(ReadableChains chains, Stopping stopping) {
    this.chains = chains;
    this.stopping = stopping;
  }

  void add(Endpoints endpoints) {
    endpoints
        .get("/chains/{chain}/checkpoint", this::checkpoint)
        .get("/chains/{chain}/term/{term}", this::term)
        .get("/chains/{chain}/tile/{+path}", this::file)
        .get("/chains/{chain}/given-up/list", this::histories)
        .get("/chains/{chain}/given-up/{name}/{+path}", this::history);
  }

  /** [NBR-19] */
  private void histories(Exchange exchange) {
    byte[] list = kept(exchange, GivenUpFiles.LIST);
    mutable(exchange);
    exchange.send("text/plain; charset=utf-8", list);
  }

  private void history(Exchange exchange) {
    String name = exchange.path("name", LogRoutes::history);
    String path = exchange.path("path", LogRoutes::published);
    byte[] file = kept(exchange, GivenUpFiles.path(name, path));
    immutable(exchange);
    exchange.send("application/octet-stream", file);
  }

  private static String history(String name) {
    if (!GivenUpFiles.isName(name)) {
      throw new MalformedException("no history is called " + name);
    }
    return name;
  }

  /** A file of a published log. */
  private static String published(String path) {
    return path.equals("checkpoint")
        ? path
        : path.startsWith(TERM)
            ? TERM + Decimal.parse(path.substring(TERM.length()))
            : TilePath.parse(path).format();
  }

  private byte[] kept(Exchange exchange, String path) {
    ChainId chain = exchange.path("chain", ChainId::of);
    byte[] file = chains.histories().file(chain, path);
    if (file == null) {
      throw RefusedException.of(Reason.NOT_FOUND, "nothing of that is kept here");
    }
    return file;
  }

  /** How a term handed over to the next; none while it sits. */
  private void term(Exchange exchange) {
    Chain chain = chain(exchange);
    long term = exchange.path("term", Decimal::parse);
    TlogProof proof = chain.handover(term);
    if (proof == null) {
      throw RefusedException.of(Reason.NOT_FOUND, "term " + term + " has not handed over");
    }
    immutable(exchange);
    exchange.send("text/plain; charset=utf-8", proof.encode());
  }

  /** What was approved never changes, a partial file neither. */
  private static void immutable(Exchange exchange) {
    exchange
        .response()
        .header(HeaderNames.CACHE_CONTROL, "public, max-age=31536000, immutable")
        .header(HeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
  }

  private static void mutable(Exchange exchange) {
    exchange
        .response()
        .header(HeaderNames.CACHE_CONTROL, "no-cache")
        .header(HeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
  }

  private void checkpoint(Exchange exchange) throws InterruptedException {
    Chain chain = chain(exchange);
    String after = exchange.query("after");
    if (after != null) {
      awaitMore(chain, Decimal.parse(after));
    }
    SignedCheckpoint approved = chain.approved();
    if (approved == null) {
      throw RefusedException.of(Reason.NOT_FOUND, "no checkpoint is approved yet");
    }
    mutable(exchange);
    exchange.send("text/plain; charset=utf-8", approved.encode());
  }

  private void awaitMore(Chain chain, long size) throws InterruptedException {
    Changes changes = chains.shard().changes();
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(NEWER_MILLIS_MAX);
    for (long seen = changes.version();
        chain.approvedSize() <= size && !stopping.isStopping();
        seen = changes.version()) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        return;
      }
      changes.await(seen, left);
    }
  }

  private void file(Exchange exchange) {
    Chain chain = chain(exchange);
    TilePath path = exchange.path("path", rest -> TilePath.parse("tile/" + rest));
    byte[] file = chain.file(path);
    if (file == null) {
      throw RefusedException.of(Reason.NOT_FOUND, "the approved log has no " + path.format());
    }
    immutable(exchange);
    exchange.send("application/octet-stream", file);
  }

  private Chain chain(Exchange exchange) {
    return readable(chains, exchange.path("chain", ChainId::of));
  }

  /** A chain whose log is here, its own or a copy. */
  static Chain readable(ReadableChains chains, ChainId id) {
    Chain chain = chains.find(id);
    if (chain == null) {
      throw RefusedException.of(Reason.UNKNOWN_CHAIN, id + " is not served here");
    }
    return chain;
  }

  /** A chain that is served here. */
  static Chain find(Shard shard, ChainId id) {
    Chain chain = shard.find(id);
    if (chain == null) {
      throw new ElsewhereException(id);
    }
    return chain;
  }
}
