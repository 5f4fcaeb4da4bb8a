package aika.node.gateway;

import aika.core.money.ChainId;
import aika.core.money.Timestamp;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code GET /chains/{chain}/representatives}: who approves, and who may be next. */
final class RepresentativeRoutes {
  private final Payments payments;

  RepresentativeRoutes(Payments payments) {
    this.payments = payments;
  }

  void add(Endpoints endpoints) {
    endpoints.get(
        "/chains/{chain}/representatives",
        exchange ->
            exchange.json(json(payments.representatives(exchange.path("chain", ChainId::of)))));
  }

  private static Map<String, Object> json(RepresentativesView view) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("chain", view.chain());
    json.put("term", view.term());
    json.put("by", view.by().text());
    json.put("since", Timestamp.millis(view.since()));
    if (view.until() != null) {
      json.put("until", Timestamp.millis(view.until()));
    }
    if (view.blocksLeft() != null) {
      json.put("blocks_left", view.blocksLeft());
    }
    json.put("elects", view.elects());
    json.put("quorum", view.quorum());
    json.put(
        "seats",
        view.seats().stream()
            .map(key -> members("name", key.name(), "key", key.format()))
            .toList());
    json.put("standings", standings(view));
    json.put("elections", view.elections().stream().map(RepresentativeRoutes::election).toList());
    return json;
  }

  private static List<Map<String, Object>> standings(RepresentativesView view) {
    List<Map<String, Object>> all = new ArrayList<>();
    for (RepresentativesView.Standing one : view.standings()) {
      int rank = all.size() + 1;
      all.add(
          view.chain().municipal()
              ? members(
                  "rank",
                  rank,
                  "account",
                  one.who(),
                  "counterparties",
                  one.counted(),
                  "total",
                  one.total())
              : members("rank", rank, "municipality", one.who(), "leaves", one.counted()));
    }
    return all;
  }

  private static Map<String, Object> election(RepresentativesView.Election election) {
    Map<String, Object> json =
        members(
            "term",
            election.term(),
            "by",
            election.by().text(),
            "leaf",
            election.leaf(),
            "time",
            Timestamp.millis(election.time()),
            "seats",
            election.seats());
    if (!election.reason().isEmpty()) {
      json.put("reason", election.reason());
    }
    json.put(
        "standings",
        election.standings().stream()
            .map(one -> members("seat", one.seat(), "counted", one.counted(), "total", one.total()))
            .toList());
    return json;
  }

  /** An object of names and their values, in this order. */
  private static Map<String, Object> members(Object... namesAndValues) {
    Map<String, Object> json = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      json.put(namesAndValues[i].toString(), namesAndValues[i + 1]);
    }
    return json;
  }
}
