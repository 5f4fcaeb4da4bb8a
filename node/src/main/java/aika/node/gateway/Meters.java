package aika.node.gateway;

import aika.core.money.ChainId;
import aika.node.follow.PendingList;
import aika.node.order.Chain;
import aika.node.order.Shard;
import io.helidon.common.media.type.MediaTypes;
import io.helidon.metrics.api.Counter;
import io.helidon.metrics.api.Gauge;
import io.helidon.metrics.api.MeterRegistry;
import io.helidon.metrics.api.MeterRegistryFormatter;
import io.helidon.metrics.api.MetricsConfig;
import io.helidon.metrics.api.Tag;
import io.helidon.metrics.api.Timer;
import io.helidon.metrics.spi.MeterRegistryFormatterProvider;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** What the node counts, for Prometheus (docs/spec/http.md lists the names). */
public final class Meters implements AutoCloseable {
  private final MeterRegistry registry;
  private final MetricsConfig config = MetricsConfig.create();
  private final Map<String, Counter> counters = new ConcurrentHashMap<>();
  private final Map<String, Timer> timers = new ConcurrentHashMap<>();

  public Meters() {
    registry = MeterRegistry.create(config);
  }

  /** Watches the chains' sizes and how far the pending list has read them. */
  public void watch(Shard shard, PendingList pending) {
    for (Chain chain : shard.chains()) {
      gauge("aika.leaves", "Leaves executed.", chain, chain::size);
      gauge("aika.leaves.approved", "Leaves below an approval.", chain, chain::approvedSize);
      gauge(
          "aika.leaves.unapproved",
          "Leaves that wait for approval.",
          chain,
          () -> chain.size() - chain.approvedSize());
      gauge("aika.halted", "1 when the chain is halted.", chain, () -> chain.halted() ? 1L : 0L);
      if (chain.id().municipal()) {
        gauge(
            "aika.follower.lag",
            "Approved leaves that the pending list has not seen.",
            chain,
            () -> Math.max(0, chain.approvedSize() - pending.seen(chain.id())));
      }
    }
  }

  private void gauge(String name, String description, Chain chain, Supplier<Long> value) {
    registry.getOrCreate(
        Gauge.builder(name, value)
            .description(description)
            .addTag(Tag.create("chain", chain.id().value())));
  }

  /** A chain's approved part has grown. */
  public void approved(ChainId chain) {
    count("aika.approvals", "Checkpoints approved.", "chain", chain.value());
  }

  /**
   * An order got its answer.
   *
   * @param result accepted, repeated, refused, unknown or not-ordered
   * @param nanos from the order's submission to its answer
   */
  void order(String kind, String result, long nanos) {
    counters
        .computeIfAbsent(
            "orders " + kind + ' ' + result,
            key ->
                registry.getOrCreate(
                    Counter.builder("aika.orders")
                        .description("Orders by kind and result.")
                        .tags(List.of(Tag.create("kind", kind), Tag.create("result", result)))))
        .increment();
    if (result.equals("accepted")) {
      timers
          .computeIfAbsent(
              kind,
              key ->
                  registry.getOrCreate(
                      Timer.builder("aika.order.time")
                          .description("From submission to a durable answer.")
                          .addTag(Tag.create("kind", kind))))
          .record(nanos, TimeUnit.NANOSECONDS);
    }
  }

  /** A request was refused. */
  void refused(String code) {
    count("aika.refusals", "Requests refused, by code.", "code", code);
  }

  private void count(String name, String description, String tag, String value) {
    counters
        .computeIfAbsent(
            name + ' ' + value,
            key ->
                registry.getOrCreate(
                    Counter.builder(name).description(description).addTag(Tag.create(tag, value))))
        .increment();
  }

  /** The exposition in Prometheus's text format. */
  String prometheus() {
    for (MeterRegistryFormatterProvider provider :
        ServiceLoader.load(MeterRegistryFormatterProvider.class)) {
      Optional<MeterRegistryFormatter> formatter =
          provider.formatter(
              MediaTypes.TEXT_PLAIN, config, registry, Optional.empty(), List.of(), List.of());
      if (formatter.isPresent()) {
        return formatter.get().format().map(Object::toString).orElse("");
      }
    }
    throw new IllegalStateException("no formatter for metrics on the class path");
  }

  @Override
  public void close() {
    registry.close();
  }
}
