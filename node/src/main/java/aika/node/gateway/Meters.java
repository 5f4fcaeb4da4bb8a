package aika.node.gateway;

import aika.core.ledger.Key;
import aika.core.ledger.Row;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.node.approve.Candidates;
import aika.node.follow.Exposure;
import aika.node.follow.Followers;
import aika.node.mirror.Mirrors;
import aika.node.order.Chain;
import aika.node.order.PeerState;
import aika.node.order.Shard;
import aika.node.sink.Sinks;
import aika.node.tls.Expiry;
import aika.node.tls.NodeTls;
import aika.sinks.Follower;
import aika.sinks.SinkStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** What the node counts, for Prometheus (docs/spec/http.md lists the names). */
public final class Meters implements AutoCloseable {
  private static final int MINOR_OF_ONE = 100;
  private static final double MILLIS_OF_SECOND = 1_000;

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  private final AtomicInteger watchers = new AtomicInteger();
  private final MultiGauge owed =
      owed("aika.exposure.owed", "What this counterpart owes the chain.");
  private final MultiGauge cap =
      owed("aika.exposure.cap", "What one counterpart may owe the chain.");
  private final MultiGauge sum =
      owed("aika.exposure.sum", "What all counterparts owe the chain together.");
  private final MultiGauge sumCap =
      owed("aika.exposure.sum.cap", "What all counterparts may owe the chain together.");

  private final MultiGauge silent =
      MultiGauge.builder("aika.seat.silent.seconds")
          .description("For how long something has waited that the seat has not cosigned.")
          .register(registry);

  private volatile Supplier<List<MultiGauge.Row<?>>> seats = List::of;

  private volatile Runnable peers = () -> {};
  private volatile Runnable copies = () -> {};

  public Meters() {
    Gauge.builder("aika.watchers", watchers::get)
        .description("Open streams of a transfer's events.")
        .register(registry);
  }

  /**
   * Watches the chains' sizes and how far the node's own followers have read them.
   *
   * @param all chains of the federation
   */
  public void watch(Shard shard, Followers followers, Collection<ChainId> all) {
    Gauge.builder("aika.clock.apart.seconds", () -> shard.clock().apartMillis() / 1_000.0)
        .description("How far this machine's clock is ahead of the others' median.")
        .register(registry);
    for (Chain chain : shard.chains()) {
      gauge("aika.leaves", "Leaves executed.", chain, chain::size);
      gauge("aika.leaves.approved", "Leaves below an approval.", chain, chain::approvedSize);
      gauge(
          "aika.leaves.unapproved",
          "Leaves that wait for approval.",
          chain,
          () -> Math.max(0, chain.size() - chain.approvedSize()));
      gauge("aika.halted", "1 when the chain is halted.", chain, () -> chain.halted() ? 1 : 0);
      gauge(
          "aika.conflicts",
          "Other chains whose representatives are proven to have approved two histories.",
          chain,
          () -> all.stream().filter(other -> isFrozen(chain, other)).count());
      if (!chain.id().municipal()) {
        gauge(
            "aika.anchors.aside",
            "Anchors whose leaves the municipality's log does not show.",
            chain,
            () -> followers.pending().aside(chain.id()));
      } else {
        for (String follower : Followers.names()) {
          Gauge.builder("aika.follower.lag", () -> followers.lag(follower, chain))
              .description("Approved leaves that a follower has not seen.")
              .tags("chain", chain.id().value(), "follower", follower)
              .register(registry);
        }
        for (String what : Followers.waiting()) {
          Gauge.builder(
                  "aika.follower.waiting.seconds", () -> followers.waitingSeconds(what, chain.id()))
              .description("For how long rows wait although they are due.")
              .tags("chain", chain.id().value(), "rows", what)
              .register(registry);
        }
      }
    }
  }

  private static boolean isFrozen(Chain chain, ChainId other) {
    Row.Sitting sitting = chain.get(new Key.OfSitting(other));
    return sitting != null && sitting.conflict();
  }

  /** Watches how much the disk of the data directory still takes. */
  public void watchDisk(Path data) {
    Gauge.builder("aika.disk.free.bytes", data.toFile()::getUsableSpace)
        .description("What this node can still write to the disk of its data directory.")
        .register(registry);
  }

  /** Watches the peers of a shard that has several; those that are away have no row. */
  public void watchPeers(Shard shard) {
    Gauge.builder("aika.peer.leads", () -> shard.leads() ? 1 : 0)
        .description("1 on the peer that leads.")
        .register(registry);
    Gauge.builder("aika.peer.applied", shard::applied)
        .description("Entries that this peer has executed.")
        .register(registry);
    Gauge.builder("aika.peers", () -> shard.peers().size())
        .description("Peers of the shard that have a vote.")
        .register(registry);
    MultiGauge behind =
        MultiGauge.builder("aika.peer.behind")
            .description("Entries that are ordered and that a peer does not know of yet.")
            .register(registry);
    peers =
        () -> {
          List<MultiGauge.Row<?>> rows = new ArrayList<>();
          for (PeerState peer : shard.peers()) {
            if (peer.behind().isPresent()) {
              rows.add(MultiGauge.Row.of(Tags.of("peer", peer.id()), peer.behind().getAsLong()));
            }
          }
          behind.register(rows, true);
        };
  }

  /** Watches the chains' seats, which change from term to term. */
  public void watch(Shard shard, Candidates candidates) {
    seats =
        () ->
            shard.chains().stream()
                .flatMap(chain ->
                    candidates.silentSeconds(chain.id()).entrySet().stream()
                        .<MultiGauge.Row<?>>map(seat ->
                            MultiGauge.Row.of(
                                Tags.of("chain", chain.id().value(), "seat", seat.getKey()),
                                seat.getValue())))
                .toList();
  }

  /** Watches the copies of chains that other nodes serve, which may become more. */
  public void watch(Mirrors mirrors) {
    MultiGauge leaves =
        MultiGauge.builder("aika.copy.leaves")
            .description("Leaves of another node's chain that are here.")
            .register(registry);
    MultiGauge up =
        MultiGauge.builder("aika.copy.up")
            .description("1 while nothing keeps the newest of another node's chain away.")
            .register(registry);
    copies =
        () -> {
          Collection<Chain> now = mirrors.chains();
          leaves.register(rows(now, Chain::size), true);
          up.register(rows(now, copy -> mirrors.failure(copy.id()) == null ? 1 : 0), true);
        };
  }

  private static List<MultiGauge.Row<?>> rows(
      Collection<Chain> chains, Function<Chain, Number> value) {
    return chains.stream()
        .<MultiGauge.Row<?>>map(
            chain -> MultiGauge.Row.of(Tags.of("chain", chain.id().value()), value.apply(chain)))
        .toList();
  }

  /**
   * Watches how many nodes are seen by gossip.
   *
   * @param members this node included; 0 when it could not start
   */
  public void members(Supplier<Number> members) {
    Gauge.builder("aika.gossip.members", members)
        .description("Nodes that are seen by gossip, this one included.")
        .register(registry);
  }

  /** A rumour was told or heard. */
  public void rumour(String kind, String result) {
    Counter.builder("aika.gossip.rumours")
        .description("What was told and heard by gossip, by kind and what came of it.")
        .tags("kind", kind, "result", result)
        .register(registry)
        .increment();
  }

  /** Watches until when the node's certificate counts, and the CA that signed it. */
  public void watch(NodeTls tls, LongSupplier clock) {
    for (Expiry one : tls.expiries()) {
      String file = one.file();
      Gauge.builder(
              "aika.certificate.seconds",
              () -> (tls.expiry(file).end() - clock.getAsLong()) / MILLIS_OF_SECOND)
          .description("Until a certificate ends; negative afterwards.")
          .tag("file", file)
          .register(registry);
    }
  }

  private MultiGauge owed(String name, String description) {
    return MultiGauge.builder(name).description(description).register(registry);
  }

  /** What counterparts owe now; those that are not named any more owe nothing. */
  public void owed(List<Exposure.Owed> now) {
    List<Exposure.Owed> each = now.stream().filter(one -> !one.all()).toList();
    List<Exposure.Owed> all = now.stream().filter(Exposure.Owed::all).toList();
    owed.register(each.stream().map(one -> row(one, one.owed())).toList(), true);
    cap.register(each.stream().map(one -> row(one, one.cap())).toList(), true);
    sum.register(all.stream().map(one -> row(one, one.owed())).toList(), true);
    sumCap.register(all.stream().map(one -> row(one, one.cap())).toList(), true);
  }

  private static MultiGauge.Row<?> row(Exposure.Owed one, Money money) {
    Tags tags = Tags.of("chain", one.name().chain().value());
    return MultiGauge.Row.of(
        one.all() ? tags : tags.and("counterpart", one.name().counterpart()),
        money.minor() / (double) MINOR_OF_ONE);
  }

  /** Watches how far the stores are that follow the chains. */
  public void watch(Sinks sinks) {
    for (Follower follower : sinks.followers()) {
      String name = follower.sink().name();
      Gauge.builder("aika.sink.lag", () -> follower.status().lag())
          .description("Leaves that are not in the store yet, or whose approval is not.")
          .tag("sink", name)
          .register(registry);
      Gauge.builder("aika.sink.up", () -> isUp(follower) ? 1 : 0)
          .description("1 while the store follows.")
          .tag("sink", name)
          .register(registry);
    }
  }

  private static boolean isUp(Follower follower) {
    return follower.status().state() == SinkStatus.State.FOLLOWING;
  }

  /** How many read feeds at this gateway. */
  void watch(ChainId gateway, FeedReaders readers) {
    Gauge.builder("aika.feed.readers", readers, FeedReaders::count)
        .description("Readers of feeds, by the gateway that they are connected to.")
        .tag("gateway", gateway.value())
        .register(registry);
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
    silent.register(seats.get(), true);
    peers.run();
    copies.run();
    return registry.scrape();
  }

  @Override
  public void close() {
    registry.close();
  }
}
