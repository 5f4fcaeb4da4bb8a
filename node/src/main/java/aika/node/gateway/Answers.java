package aika.node.gateway;

import aika.core.ledger.Refusal;
import aika.core.money.Timestamp;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The JSON of answers (docs/spec/http.md). */
final class Answers {
  private Answers() {}

  /** What a send answers: where the transfer stands. */
  static Map<String, Object> brief(TransferView view) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("transfer", view.id());
    json.put("id", view.order());
    json.put("status", view.state().text());
    json.put("sender", party(view.sender()));
    json.put("receiver", party(view.receiver()));
    json.put("amount", view.amount());
    json.put("next", next(view.next()));
    json.put("valid_until", Timestamp.seconds(view.validUntil()));
    putIfThere(json, "refund_of", view.refundOf());
    if (view.overdue()) {
      json.put("overdue", true);
    }
    if (view.cancelAsked()) {
      json.put("cancel_asked", true);
    }
    TransferView.Decider by = view.decidedBy();
    if (by != null) {
      json.put("decided_by", by.text());
    }
    if (view.repeated()) {
      json.put("repeated", true);
    }
    json.put("links", view.links());
    return json;
  }

  /** What the transfer's own address answers: the whole story. */
  static Map<String, Object> whole(TransferView view) {
    Map<String, Object> json = brief(view);
    json.remove("links");
    json.put("hold", view.hold().name().toLowerCase(Locale.ROOT));
    if (view.memo() != null) {
      json.put("memo", view.memo());
    }
    json.put("history", view.history().stream().map(Answers::step).toList());
    json.put("links", view.links());
    return json;
  }

  static Map<String, Object> party(Party party) {
    Map<String, Object> json = new LinkedHashMap<>();
    if (party.name() != null) {
      json.put("name", party.name());
    }
    json.put("account", party.account());
    json.put("municipality", party.account().chain());
    return json;
  }

  private static Map<String, Object> next(TransferView.Next next) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("who", next.who().name().toLowerCase(Locale.ROOT));
    if (next.chain() != null) {
      json.put("chain", next.chain());
    }
    if (next.until() != null) {
      json.put("until", Timestamp.seconds(next.until()));
    }
    return json;
  }

  private static Map<String, Object> step(TransferView.Step step) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("state", step.what());
    json.put("time", Timestamp.millis(step.time()));
    json.put("chain", step.chain());
    putIfThere(json, "block", step.height());
    putIfThere(json, "leaf", step.index());
    if (step.approvedAt() != null) {
      json.put("approved_at", Timestamp.seconds(step.approvedAt()));
      json.put("approved_by", step.approvers());
    }
    putIfThere(json, "by", step.by() == null ? null : step.by().text());
    return json;
  }

  private static void putIfThere(Map<String, Object> json, String name, @Nullable Object value) {
    if (value != null) {
      json.put(name, value);
    }
  }

  static Map<String, Object> received(Received received, Languages language) {
    List<Map<String, Object>> results = new ArrayList<>();
    for (Received.Result result : received.results()) {
      switch (result) {
        case Received.Taken taken -> results.add(brief(taken.view()));
        case Received.Refused refused -> {
          Map<String, Object> one = new LinkedHashMap<>();
          one.put("transfer", refused.transfer());
          one.put("error", Problems.json(refused.refusal(), null, language));
          one.put("links", Map.of("self", Links.transfer(refused.transfer())));
          results.add(one);
        }
      }
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("receiver", received.receiver());
    json.put("results", results);
    json.put("more", received.more());
    putIncomplete(json, received.incomplete(), language);
    return json;
  }

  private static void putIncomplete(
      Map<String, Object> json, @Nullable Refusal incomplete, Languages language) {
    if (incomplete != null) {
      json.put("incomplete", Problems.json(incomplete, null, language));
    }
  }

  static Map<String, Object> account(AccountView view) {
    Map<String, Object> json = party(view.owner());
    json.put("balance", view.balance());
    json.put("held", view.held());
    List<Map<String, Object>> holds = new ArrayList<>();
    for (AccountView.Hold hold : view.holds()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("transfer", hold.transfer());
      one.put("receiver", party(hold.receiver()));
      one.put("amount", hold.amount());
      one.put("valid_until", Timestamp.seconds(hold.validUntil()));
      one.put("links", Map.of("self", Links.transfer(hold.transfer())));
      holds.add(one);
    }
    json.put("holds", holds);
    AccountView.Standing standing = view.standing();
    json.put("key", standing.key());
    json.put("frozen", standing.frozen());
    json.put("closed", standing.closed());
    json.put("auto_receive", standing.autoReceive());
    AccountView.Announced announced = standing.announced();
    if (announced != null) {
      Map<String, Object> key = new LinkedHashMap<>();
      key.put("key", announced.key());
      key.put("since", Timestamp.millis(announced.since()));
      key.put("due", Timestamp.millis(announced.due()));
      json.put("announced_key", key);
    }
    return json;
  }

  static Map<String, Object> order(OrderView view) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("account", view.account());
    json.put("id", view.id());
    json.put("kind", view.kind());
    json.put("chain", view.chain());
    json.put("leaf", view.index());
    json.put("time", Timestamp.millis(view.time()));
    if (view.isBatch()) {
      json.put("transfers", view.transfers().stream().map(Answers::brief).toList());
    } else if (!view.transfers().isEmpty()) {
      json.put("transfer", whole(view.transfers().getFirst()));
    }
    if (view.repeated()) {
      json.put("repeated", true);
    }
    return json;
  }

  static Map<String, Object> pending(PendingViews views, int limit, Languages language) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("pending", views.offers().stream().limit(limit).map(Answers::pending).toList());
    json.put("more", views.offers().size() > limit);
    putIncomplete(json, views.incomplete(), language);
    return json;
  }

  private static Map<String, Object> pending(PendingView view) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("transfer", view.transfer());
    json.put("sender", party(view.sender()));
    json.put("receiver", party(view.receiver()));
    json.put("amount", view.amount());
    json.put("valid_until", Timestamp.seconds(view.validUntil()));
    if (view.listedAt() != null) {
      json.put("listed_at", Timestamp.millis(view.listedAt()));
    }
    json.put("links", Map.of("self", Links.transfer(view.transfer())));
    return json;
  }
}
