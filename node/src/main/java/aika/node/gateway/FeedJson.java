package aika.node.gateway;

import aika.core.follow.Event;
import aika.core.ledger.Entry;
import aika.core.ledger.LeafText;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import aika.core.money.Timestamp;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The events of a feed as JSON (docs/spec/feed.md, FEED-6 and FEED-7). */
final class FeedJson {
  private FeedJson() {}

  static Map<String, Object> leaf(ChainId chain, FeedItem.OfLeaf item) {
    Entry entry = item.entry();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("chain", chain);
    json.put("index", entry.index());
    json.put("kind", LeafText.kind(entry.leaf()));
    json.put("time", Timestamp.millis(entry.leaf().time()));
    if (item.block() != null) {
      json.put("block", item.block());
    }
    json.put("facts", Event.of(chain, entry).stream().map(FeedJson::fact).toList());
    json.put("entry", Base64.getEncoder().encodeToString(entry.bytes()));
    return json;
  }

  static Map<String, Object> approval(ChainId chain, SignedCheckpoint approval) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("chain", chain);
    json.put("size", approval.checkpoint().size());
    json.put("checkpoint", new String(approval.encode(), StandardCharsets.UTF_8));
    return json;
  }

  private static Map<String, Object> fact(Event event) {
    return switch (event) {
      case Event.Opened e -> facts("opened", List.of("account", e.account()));
      case Event.Issued e -> facts("issued", List.of("account", e.account(), "amount", e.amount()));
      case Event.Sent e -> sent(e);
      case Event.CancelAsked e ->
          facts(
              "cancel_asked",
              List.of("transfer", e.transfer(), "arrived", Timestamp.millis(e.arrived())));
      case Event.Decided e -> decided(e);
      case Event.Ended e ->
          facts("ended", List.of("transfer", e.transfer(), "outcome", e.kind().text()));
      case Event.Recorded e -> facts("recorded", List.of("origin", e.origin(), "size", e.size()));
      case Event.Sealed e -> facts("sealed", List.of("height", e.height(), "first", e.first()));
    };
  }

  private static Map<String, Object> sent(Event.Sent e) {
    Map<String, Object> json = facts("sent", List.of("transfer", e.transfer()));
    json.put("order", e.order());
    json.put("from", e.from());
    json.put("to", e.to());
    json.put("amount", e.amount());
    json.put("arrived", Timestamp.millis(e.arrived()));
    json.put("valid_until", Timestamp.seconds(e.validUntil()));
    return json;
  }

  private static Map<String, Object> decided(Event.Decided e) {
    Map<String, Object> json = facts("decided", List.of("transfer", e.transfer()));
    json.put("outcome", e.kind().text());
    json.put("arrived", Timestamp.millis(e.arrived()));
    if (e.by() != null) {
      json.put("by", e.by());
    }
    return json;
  }

  /**
   * @param members names and values in turn
   */
  private static Map<String, Object> facts(String what, List<Object> members) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("fact", what);
    for (int i = 0; i < members.size(); i += 2) {
      json.put(members.get(i).toString(), members.get(i + 1));
    }
    return json;
  }
}
