package aika.node.gateway;

import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import aika.sinks.EventJson;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** The events of a feed as JSON (docs/spec/feed.md, FEED-6 and FEED-7). */
final class FeedJson {
  private FeedJson() {}

  static Map<String, Object> leaf(ChainId chain, FeedItem.OfLeaf item) {
    return EventJson.of(chain, item.entry(), item.block());
  }

  static Map<String, Object> approval(ChainId chain, SignedCheckpoint approval) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("chain", chain);
    json.put("size", approval.checkpoint().size());
    json.put("checkpoint", new String(approval.encode(), StandardCharsets.UTF_8));
    return json;
  }
}
