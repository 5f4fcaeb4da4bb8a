package aika.sinks;

import aika.core.follow.Event;
import aika.core.ledger.Entry;
import aika.core.ledger.LeafText;
import aika.core.money.ChainId;
import aika.core.money.Timestamp;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A leaf as other programs get it, in webhooks and in the feed (docs/spec/webhooks.md, WH-10 ff.).
 * Everything is a text, a number, a list or a map, in the order in which it is to be written.
 */
public final class EventJson {
  private EventJson() {}

  /**
   * @param block height of the leaf's block; null while it is open
   */
  public static Map<String, Object> of(ChainId chain, Entry entry, @Nullable Long block) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("chain", chain.value());
    json.put("index", entry.index());
    json.put("kind", LeafText.kind(entry.leaf()));
    json.put("time", Timestamp.millis(entry.leaf().time()));
    if (block != null) {
      json.put("block", block);
    }
    List<Map<String, Object>> facts = new ArrayList<>();
    for (Event event : Event.of(chain, entry)) {
      facts.add(fact(event));
    }
    json.put("facts", facts);
    json.put("entry", Base64.getEncoder().encodeToString(entry.bytes()));
    return json;
  }

  private static Map<String, Object> fact(Event event) {
    Map<String, Object> json = new LinkedHashMap<>();
    switch (event) {
      case Event.Opened opened -> {
        json.put("fact", "opened");
        json.put("account", opened.account().toString());
      }
      case Event.Issued issued -> {
        json.put("fact", "issued");
        json.put("account", issued.account().toString());
        json.put("amount", issued.amount().toString());
      }
      case Event.Sent sent -> sent(json, sent);
      case Event.CancelAsked asked -> {
        json.put("fact", "cancel_asked");
        json.put("transfer", asked.transfer().toString());
        json.put("arrived", Timestamp.millis(asked.arrived()));
      }
      case Event.Decided decided -> {
        json.put("fact", "decided");
        json.put("transfer", decided.transfer().toString());
        json.put("outcome", decided.kind().text());
        json.put("arrived", Timestamp.millis(decided.arrived()));
        if (decided.by() != null) {
          json.put("by", decided.by().toString());
        }
      }
      case Event.Ended ended -> {
        json.put("fact", "ended");
        json.put("transfer", ended.transfer().toString());
        json.put("outcome", ended.kind().text());
      }
      case Event.Changed changed -> changed(json, changed);
      case Event.Recorded recorded -> {
        json.put("fact", "recorded");
        json.put("origin", recorded.origin().value());
        json.put("size", recorded.size());
      }
      case Event.Sealed sealed -> {
        json.put("fact", "sealed");
        json.put("height", sealed.height());
        json.put("first", sealed.first());
      }
    }
    return json;
  }

  private static void changed(Map<String, Object> json, Event.Changed changed) {
    json.put("fact", "changed");
    json.put("what", changed.what());
    if (changed.account() != null) {
      json.put("account", changed.account().toString());
    }
    if (changed.amount() != null) {
      json.put("amount", changed.amount().toString());
    }
    if (changed.other() != null) {
      json.put("other", changed.other().value());
    }
    if (changed.term() > 0) {
      json.put("term", changed.term());
    }
  }

  private static void sent(Map<String, Object> json, Event.Sent sent) {
    json.put("fact", "sent");
    json.put("transfer", sent.transfer().toString());
    json.put("order", sent.order().toString());
    json.put("from", sent.from().toString());
    json.put("to", sent.to().toString());
    json.put("amount", sent.amount().toString());
    json.put("arrived", Timestamp.millis(sent.arrived()));
    json.put("valid_until", Timestamp.seconds(sent.validUntil()));
  }
}
