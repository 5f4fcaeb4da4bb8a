package aika.node.gateway;

import aika.core.money.ChainId;
import aika.node.follow.PendingList;
import aika.node.order.Chain;
import aika.node.order.Shard;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** What the node counts, for Prometheus (docs/spec/http.md lists the names). */
public final class Meters implements AutoCloseable {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  private final AtomicInteger watchers = new AtomicInteger();

  public Meters() {
    Gauge.builder("aika.watchers", watchers::get)
        .description("Open streams of a transfer's events.")
        .register(registry);
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
          () -> Math.max(0, chain.size() - chain.approvedSize()));
      gauge("aika.halted", "1 when the chain is halted.", chain, () -> chain.halted() ? 1 : 0);
      if (chain.id().municipal()) {
        gauge(
            "aika.follower.lag",
            "Approved leaves that the pending list has not seen.",
            chain,
            () -> Math.max(0, chain.approvedSize() - pending.seen(chain.id())));
      }
    }
  }

  private void gauge(String name, String description, Chain chain, Supplier<Number> value) {
    Gauge.builder(name, value)
        .description(description)
        .tag("chain", chain.id().value())
        .register(registry);
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
    Timer.builder("aika.orders")
        .description("Orders by kind and result, from submission to a durable answer.")
        .tags("kind", kind, "result", result)
        .publishPercentileHistogram(false)
        .register(registry)
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  /** So many more watch a transfer now. */
  void watching(int change) {
    watchers.addAndGet(change);
  }

  /** A request was refused. */
  void refused(String code) {
    count("aika.refusals", "Requests refused, by code.", "code", code);
  }

  private void count(String name, String description, String tag, String value) {
    Counter.builder(name).description(description).tag(tag, value).register(registry).increment();
  }

  /** The exposition in Prometheus's text format. */
  String prometheus() {
    return registry.scrape();
  }

  @Override
  public void close() {
    registry.close();
  }
}
