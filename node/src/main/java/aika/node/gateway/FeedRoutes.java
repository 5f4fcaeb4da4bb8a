package aika.node.gateway;

import aika.core.ledger.Key;
import aika.core.ledger.Reason;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Decimal;
import aika.core.note.MalformedException;
import aika.node.mirror.ReadableChains;
import aika.node.order.Chain;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.CloseConnectionException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Feeds as server-sent events (docs/spec/feed.md). */
final class FeedRoutes {
  private static final String EVENTS = "text/event-stream; charset=utf-8";
  private static final String LAST_ID = "last-event-id";
  private static final Set<String> OF_CHAIN = Set.of("from", "account", "kind", "approved");
  private static final Set<String> OF_ACCOUNT = Set.of("from", "kind", "approved");

  /** After a break a browser waits so long before it asks again. */
  private static final byte[] HELLO = "retry: 2000\n".getBytes(StandardCharsets.US_ASCII);

  private final ReadableChains chains;
  private final FeedReaders readers;

  FeedRoutes(ReadableChains chains, FeedReaders readers) {
    this.chains = chains;
    this.readers = readers;
  }

  void add(Endpoints endpoints) {
    endpoints
        .get("/chains/{chain}/feed", this::ofChain)
        .get("/accounts/{chain}/{local}/feed", this::ofAccount);
  }

  private void ofChain(Exchange exchange) throws InterruptedException {
    exchange.onlyQueries(OF_CHAIN);
    Chain chain = LogRoutes.readable(chains, exchange.path("chain", ChainId::of));
    String account = exchange.query("account");
    follow(exchange, chain, account == null ? null : AccountId.of(account));
  }

  private void ofAccount(Exchange exchange) throws InterruptedException {
    exchange.onlyQueries(OF_ACCOUNT);
    String local = exchange.path("local");
    AccountId account = exchange.path("chain", chain -> AccountId.of(chain + '/' + local));
    Chain chain = LogRoutes.readable(chains, account.chain());
    if (!chains.serves(account.chain())) { // a copy has no accounts; a feed is not passed on
      throw RefusedException.of(Reason.UNKNOWN_CHAIN, account.chain() + " is not served here");
    }
    if (chain.get(new Key.OfAccount(account)) == null) {
      throw RefusedException.of(Reason.UNKNOWN_ACCOUNT, account.toString());
    }
    follow(exchange, chain, account);
  }

  private void follow(Exchange exchange, Chain chain, @Nullable AccountId account)
      throws InterruptedException {
    FeedReader reader =
        new FeedReader(
            new FeedQuery(
                chain,
                from(exchange, chain.id()),
                account,
                Set.copyOf(exchange.queries("kind")),
                approved(exchange.query("approved"))));
    exchange
        .response()
        .header(HeaderNames.CONTENT_TYPE, EVENTS)
        .header(HeaderNames.CACHE_CONTROL, "no-store")
        .header(HeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    if (exchange.isHead()) {
      exchange.response().send();
      return;
    }
    try (FeedReaders.Place place = readers.enter()) {
      write(exchange, place, reader);
    }
  }

  /** From here on the answer has begun: whatever happens can only end it. */
  private static void write(Exchange exchange, FeedReaders.Place place, FeedReader reader) {
    try (OutputStream out = exchange.response().outputStream()) {
      out.write(HELLO);
      place.follow(reader, new Sse(out, reader.chain().id()));
    } catch (InterruptedException | IOException | RuntimeException gone) {
      Stopping.LOG.debug("a reader of {} left: {}", reader.chain().id(), gone.toString());
      throw new CloseConnectionException("a reader of a feed left", gone);
    }
  }

  private static long from(Exchange exchange, ChainId chain) {
    String last = exchange.caller().header(LAST_ID);
    if (last == null || last.isEmpty()) {
      String from = exchange.query("from");
      return from == null ? 0 : Decimal.parse(from);
    }
    String start = chain.value() + ':';
    if (!last.startsWith(start)) {
      throw new MalformedException("Last-Event-ID is none of this feed");
    }
    return Decimal.parse(last.substring(start.length()));
  }

  private static boolean approved(@Nullable String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      case null -> false;
      default -> throw new MalformedException("approved is true or false");
    };
  }

  /** Writes each part at once; there is no other buffer than the socket's. */
  private record Sse(OutputStream out, ChainId chain) implements FeedReaders.Out {
    @Override
    public void write(List<FeedItem> items) {
      ByteArrayOutputStream part = new ByteArrayOutputStream(2 * FeedReader.PART_BYTES_MAX);
      for (FeedItem item : items) {
        switch (item) {
          case FeedItem.OfLeaf leaf -> {
            text(part, "event: leaf\nid: " + chain + ':' + (leaf.entry().index() + 1) + '\n');
            data(part, FeedJson.leaf(chain, leaf));
          }
          case FeedItem.OfApproval told -> {
            text(part, "event: approval\n");
            data(part, FeedJson.approval(chain, told.approval()));
          }
        }
      }
      send(part);
    }

    /** An event without data is none, but a browser keeps its id. */
    @Override
    public void quiet(long position) {
      ByteArrayOutputStream part = new ByteArrayOutputStream();
      text(part, ": still here\nid: " + chain + ':' + position + "\n\n");
      send(part);
    }

    private static void data(ByteArrayOutputStream part, Map<String, Object> json) {
      text(part, "data: ");
      part.writeBytes(Json.write(json));
      text(part, "\n\n");
    }

    private static void text(ByteArrayOutputStream part, String text) {
      part.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    private void send(ByteArrayOutputStream part) {
      try {
        part.writeTo(out);
        out.flush();
      } catch (IOException gone) {
        throw new UncheckedIOException(gone);
      }
    }
  }
}
