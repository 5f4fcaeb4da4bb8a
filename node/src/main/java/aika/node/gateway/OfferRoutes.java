package aika.node.gateway;

import aika.core.follow.Partners;
import aika.core.ledger.Reason;
import aika.core.money.ChainId;
import aika.node.config.Federation;
import aika.node.mirror.OfferLine;
import io.helidon.http.HeaderNames;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Which chains have made offers to a chain, for nodes that do not copy all of them [HTTP-63]. */
final class OfferRoutes {
  private final Partners partners;
  private final Federation federation;

  OfferRoutes(Partners partners, Federation federation) {
    this.partners = partners;
    this.federation = federation;
  }

  void add(Endpoints endpoints) {
    endpoints.get("/chains/{chain}/offers", this::offers);
  }

  private void offers(Exchange exchange) {
    ChainId receiver = exchange.path("chain", ChainId::of);
    String after = exchange.query("after");
    if (federation.chain(receiver).isEmpty()) {
      throw RefusedException.of(Reason.UNKNOWN_CHAIN, receiver.value());
    }
    List<OfferLine> lines =
        partners
            .to(receiver, after == null ? null : ChainId.of(after), OfferLine.LINES_MAX)
            .stream()
            .map(head -> new OfferLine(head.from(), head.size()))
            .toList();
    exchange.response().header(HeaderNames.CACHE_CONTROL, "no-store");
    exchange.send(
        "text/plain; charset=utf-8", OfferLine.text(lines).getBytes(StandardCharsets.US_ASCII));
  }
}
