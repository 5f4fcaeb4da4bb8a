package aika.node.operate;

import aika.core.ledger.Reason;
import aika.core.money.Timestamp;
import aika.node.gateway.RefusedException;
import aika.node.sink.Sinks;
import aika.sinks.Follower;
import aika.sinks.SinkException;
import aika.sinks.SinkStatus;
import aika.sinks.Verification;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** How the stores are, and what an operator does with them [OPR-4]. */
final class SinkRoutes {
  private final Sinks sinks;

  /** Sinks that are compared or dropped right now. */
  private final Set<String> busy = ConcurrentHashMap.newKeySet();

  SinkRoutes(Sinks sinks) {
    this.sinks = sinks;
  }

  void add(OperatorRules rules) {
    rules
        .get("/sinks", this::list)
        .post("/sinks/{name}/verify", this::verify)
        .post("/sinks/{name}/rebuild", this::rebuild);
  }

  private void list(Call call) {
    List<Map<String, Object>> all = new ArrayList<>();
    sinks.statuses().forEach(status -> all.add(json(status)));
    call.answer(Map.of("sinks", all));
  }

  private static Map<String, Object> json(SinkStatus status) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", status.name());
    json.put("status", status.state().name().toLowerCase(Locale.ROOT));
    json.put("since", Timestamp.millis(status.since()));
    json.put("lag", status.lag());
    SinkException.Kind kind = status.kind();
    String failure = status.failure();
    if (kind != null && failure != null) {
      json.put("kind", kind.name());
      json.put("failure", failure);
    }
    Map<String, Object> chains = new TreeMap<>();
    status
        .chains()
        .forEach((chain, position) -> {
          Map<String, Object> one = new LinkedHashMap<>();
          one.put("leaves", position.at().leaves());
          one.put("approved", position.at().approved());
          one.put("goal_leaves", position.goal().leaves());
          one.put("goal_approved", position.goal().approved());
          chains.put(chain.value(), one);
        });
    json.put("chains", chains);
    return json;
  }

  private Follower named(Call call) {
    String name = call.path("name");
    return sinks
        .find(name)
        .orElseThrow(() -> RefusedException.of(Reason.NOT_FOUND, "no sink " + name));
  }

  private void verify(Call call) {
    Follower follower = named(call);
    alone(
        follower.sink().name(),
        () ->
            call.stream(out -> {
              Telling telling = new Telling(out);
              String sink = follower.sink().name();
              Verification found =
                  follower.sink().verify((done, total) -> telling.tell(done, total, "sink", sink));
              Map<String, Object> end = new LinkedHashMap<>();
              end.put("compared", found.compared());
              end.put("faults", found.faults());
              end.put("examples", found.examples());
              out.put(end);
            }));
  }

  private void rebuild(Call call) {
    Follower follower = named(call);
    String name = follower.sink().name();
    List<Path> aside = new ArrayList<>();
    alone(name, () -> aside.addAll(follower.rebuild()));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("rebuilding", name);
    json.put("set_aside", aside.stream().map(Path::toString).toList());
    call.answer(json);
  }

  private void alone(String sink, Runnable work) {
    if (!busy.add(sink)) {
      throw RefusedException.of(Reason.BUSY, sink + " is being compared or dropped");
    }
    try {
      work.run();
    } finally {
      busy.remove(sink);
    }
  }
}
