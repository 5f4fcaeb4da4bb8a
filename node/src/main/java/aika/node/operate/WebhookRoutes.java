package aika.node.operate;

import aika.core.ledger.Reason;
import aika.core.money.Timestamp;
import aika.node.gateway.RefusedException;
import aika.node.sink.Sinks;
import aika.sinks.Follower;
import aika.sinks.webhook.DeadLetter;
import aika.sinks.webhook.Webhook;
import aika.sinks.webhook.WebhookPace;
import aika.sinks.webhook.WebhookSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The webhooks and what they could not deliver [OPR-7]. */
final class WebhookRoutes {
  private final Sinks sinks;
  private final Map<String, Webhook> hooks = new LinkedHashMap<>();

  WebhookRoutes(Sinks sinks, List<WebhookSettings> settings, LongSupplier clock) {
    this.sinks = sinks;
    settings.forEach(one -> hooks.put(one.name(), new Webhook(one, WebhookPace.STANDARD, clock)));
  }

  void add(OperatorRules rules) {
    rules
        .get("/webhooks", this::list)
        .get("/webhooks/{name}/dead", this::dead)
        .post("/webhooks/{name}/dead/{id}/retry", this::retry)
        .delete("/webhooks/{name}/dead/{id}", this::drop)
        .post("/webhooks/{name}/enable", this::enable);
  }

  private void list(Call call) {
    List<Map<String, Object>> all = new ArrayList<>();
    hooks.forEach((name, hook) -> {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("name", name);
      one.put("disabled", hook.isDisabled());
      one.put("dead", hook.deadLetters().size());
      one.put("lost", hook.lost());
      all.add(one);
    });
    call.answer(Map.of("webhooks", all));
  }

  private void dead(Call call) {
    List<Map<String, Object>> all = new ArrayList<>();
    for (DeadLetter letter : named(call).deadLetters()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("id", letter.id());
      one.put("kind", letter.kind());
      one.put("time", Timestamp.millis(letter.time()));
      one.put("attempts", letter.attempts());
      one.put("since", Timestamp.millis(letter.since()));
      one.put("failure", letter.failure());
      all.add(one);
    }
    call.answer(Map.of("dead", all));
  }

  private void retry(Call call) {
    Webhook hook = named(call);
    String id = call.path("id");
    Webhook.Retried retried;
    try {
      retried = hook.retry(id);
    } catch (NoSuchElementException none) {
      throw unknown(id);
    }
    call.answer(
        switch (retried) {
          case Webhook.Retried.Delivered delivered -> Map.of("delivered", true);
          case Webhook.Retried.Failed failed -> Map.of("delivered", false, "failure", failed.why());
        });
  }

  private void drop(Call call) {
    String id = call.path("id");
    if (!named(call).drop(id)) {
      throw unknown(id);
    }
    call.answer(Map.of("dropped", id));
  }

  private void enable(Call call) {
    named(call).enable();
    sinks.find(call.path("name")).ifPresent(Follower::wake);
    call.answer(Map.of("enabled", call.path("name")));
  }

  private Webhook named(Call call) {
    String name = call.path("name");
    @Nullable Webhook hook = hooks.get(name);
    if (hook == null) {
      throw RefusedException.of(Reason.NOT_FOUND, "no webhook " + name);
    }
    return hook;
  }

  private static RefusedException unknown(String id) {
    return RefusedException.of(Reason.NOT_FOUND, "no dead letter " + id);
  }
}
