package aika.node.follow;

import aika.core.follow.Consequence;
import aika.core.follow.Relay;
import aika.core.ledger.Action;
import aika.core.ledger.Directory;
import aika.core.ledger.Key;
import aika.core.ledger.Reason;
import aika.core.ledger.Row;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import aika.node.order.Answer;
import aika.node.order.Chain;
import aika.node.order.Shard;
import aika.node.order.Worker;
import aika.node.store.ByteKey;
import aika.node.store.Database;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings decisions back to the chains where the money is held. Decisions of approved blocks are
 * settled as they are read; what an origin does not take goes into an outbox, in one batch with the
 * cursor, and is tried again with the next approvals, so that a backlog never delays what is fresh.
 * A decision that is delivered twice settles nothing twice.
 */
public final class Outcomes implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Outcomes.class);
  private static final String NAME = "outcomes";
  private static final int LEAVES_MAX = 20_000;
  private static final long ANSWER_WAIT_SECONDS = 20;

  private final Shard shard;
  private final Directory directory;
  private final Views views;
  private final Set<ChainId> backlog = ConcurrentHashMap.newKeySet();
  private final Worker<ChainId> reader = new Worker<>("outcomes-reader", this::read);
  private final Worker<ChainId> settler = new Worker<>("outcomes-settler", this::settle);

  public Outcomes(Shard shard, Directory directory, Views views) {
    this.shard = shard;
    this.directory = directory;
    this.views = views;
  }

  public void start() {
    for (Chain chain : shard.chains()) {
      approved(chain.id());
      if (chain.id().municipal()) {
        backlog.add(chain.id());
        settler.due(chain.id());
      }
    }
    reader.start();
    settler.start();
  }

  /** A chain's approved part has grown. */
  public void approved(ChainId chain) {
    if (chain.municipal()) {
      reader.due(chain);
    }
  }

  /** Leaves of this municipality that were read for decisions. */
  public long seen(ChainId municipality) {
    return views.cursor(NAME, municipality);
  }

  /** What was read of one chain, its decisions on their way to their origins. */
  private record Reading(ChainId decider, long to, List<Delivery> deliveries) {}

  /** Decisions about transfers of one origin, and whether it has settled them. */
  private record Delivery(
      ChainId origin, Action.Settle settle, CompletableFuture<Boolean> settled) {}

  private void read(List<ChainId> deciders) {
    List<Reading> readings = deciders.stream().map(this::read).toList();
    Set<ChainId> refused = new LinkedHashSet<>();
    try (Database.Batch batch = views.db().batch()) {
      for (Reading reading : readings) {
        for (Delivery delivery : reading.deliveries) {
          if (!delivery.settled.join()) {
            keep(batch, delivery);
            refused.add(delivery.origin);
          }
        }
        views.cursor(batch, NAME, reading.decider, reading.to);
      }
      batch.write();
    }
    for (Reading reading : readings) {
      if (reading.to < shard.chain(reading.decider).approvedSize()) {
        reader.due(reading.decider);
      }
    }
    refused.stream().filter(origin -> shard.find(origin) != null).forEach(backlog::add);
    backlog.forEach(settler::due);
  }

  private Reading read(ChainId id) {
    Chain decider = shard.chain(id);
    long from = views.cursor(NAME, id);
    long to = Math.min(decider.approvedSize(), from + LEAVES_MAX);
    Map<ChainId, List<Action.Item>> decided = new LinkedHashMap<>();
    for (long i = from; i < to; i++) {
      for (Consequence consequence : Consequence.of(id, decider.entry(i))) {
        if (consequence instanceof Consequence.Decided d) {
          decided
              .computeIfAbsent(d.transfer().origin(), any -> new ArrayList<>())
              .add(new Action.Item(d.transfer().index(), d.index(), null));
        }
      }
    }
    List<Delivery> deliveries = new ArrayList<>();
    decided.forEach((origin, items) -> send(origin, id, items, deliveries));
    return new Reading(id, Math.max(from, to), deliveries);
  }

  /** Does not wait: what one thread submits is ordered in that order, the record first. */
  private void send(
      ChainId originId, ChainId from, List<Action.Item> items, List<Delivery> deliveries) {
    Chain origin = shard.find(originId);
    long recorded = 0;
    if (origin != null && !from.equals(originId)) {
      long needed = items.getLast().index() + 1;
      Row.Latest latest = origin.get(new Key.OfLatest(from));
      Optional<Action.RecordCheckpoint> record = record(from, needed, latest);
      if (record.isPresent()) {
        var _ = shard.submit(originId, record.get());
      }
      recorded =
          record
              .map(action -> action.checkpoint().size())
              .orElse(latest == null ? 0 : latest.size());
    }
    for (Action.Settle settle : Relay.settle(from, recorded, items)) {
      CompletableFuture<Boolean> settled =
          origin == null
              ? CompletableFuture.completedFuture(false)
              : shard
                  .submit(originId, settle)
                  .orTimeout(ANSWER_WAIT_SECONDS, TimeUnit.SECONDS)
                  .handle((answer, failed) -> failed == null && done(originId, answer));
      deliveries.add(new Delivery(originId, settle, settled));
    }
  }

  private Optional<Action.RecordCheckpoint> record(
      ChainId from, long needed, Row.@Nullable Latest latest) {
    Chain decider = shard.chain(from);
    SignedCheckpoint approved = decider.approved();
    return approved == null
        ? Optional.empty()
        : Relay.record(
            from,
            latest,
            needed,
            approved.checkpoint(),
            directory.entry(from).seats().term(),
            decider.nodes());
  }

  /** What the origin has not settled waits in the outbox, beside what comes fresh. */
  private void keep(Database.Batch batch, Delivery delivery) {
    for (Action.Item item : delivery.settle.items()) {
      byte[] hold = ByteKey.with(new byte[0], item.hold());
      ChainId from = delivery.settle.from();
      batch.put(Views.OUTBOX, outboxKey(delivery.origin, from, item.index()), hold);
    }
  }

  private static boolean done(ChainId origin, Answer answer) {
    return switch (answer) {
      case Answer.Accepted accepted -> true;
      case Answer.Repeated repeated -> true;
      case Answer.Refused refused -> {
        LOG.debug("{} settles nothing: {}", origin, refused.refusal());
        yield refused.refusal().reason() == Reason.NOTHING_TO_SETTLE;
      }
    };
  }

  private static byte[] outboxKey(ChainId origin, ChainId decider, long index) {
    return ByteKey.with(ByteKey.of(origin), ByteKey.of(decider, index));
  }

  /** Decisions of one chain about transfers of one origin, with their outbox keys. */
  private record Parcel(ChainId from, List<Action.Item> items, List<byte[]> keys) {}

  private void settle(List<ChainId> origins) {
    for (ChainId origin : origins) {
      backlog.remove(origin);
      Parcel parcel = next(origin);
      while (parcel != null && deliver(origin, parcel)) {
        parcel = next(origin);
      }
      if (parcel != null) {
        backlog.add(origin);
        settler.dueLater(origin);
      }
    }
  }

  /** The origin's first waiting decisions that come from one chain. */
  private @Nullable Parcel next(ChainId origin) {
    byte[] prefix = ByteKey.of(origin);
    Database.Cell first = views.db().atOrAfter(Views.OUTBOX, prefix, prefix);
    if (first == null) {
      return null;
    }
    ChainId from = decider(first.key(), prefix.length);
    byte[] same = ByteKey.with(prefix, ByteKey.of(from));
    List<Action.Item> items = new ArrayList<>();
    List<byte[]> keys = new ArrayList<>();
    views
        .db()
        .scan(
            Views.OUTBOX,
            same,
            same,
            (key, value) -> {
              keys.add(key);
              items.add(new Action.Item(ByteKey.number(value), ByteKey.number(key), null));
              return items.size() < Action.SETTLE_ITEMS_MAX;
            });
    return new Parcel(from, items, keys);
  }

  private static ChainId decider(byte[] key, int start) {
    int length = key.length - Long.BYTES - 1 - start;
    return ChainId.of(new String(key, start, length, StandardCharsets.UTF_8));
  }

  /** Whether the parcel has been dealt with; otherwise it stays for the next approval. */
  private boolean deliver(ChainId originId, Parcel parcel) {
    Chain origin = shard.chain(originId);
    long recorded = 0;
    if (!parcel.from.equals(originId)) {
      recorded = record(origin, parcel);
      if (recorded == 0) {
        return false;
      }
    }
    boolean done =
        done(
            originId,
            shard.await(
                shard.submit(originId, new Action.Settle(parcel.from, recorded, parcel.items))));
    if (done) {
      try (Database.Batch batch = views.db().batch()) {
        parcel.keys.forEach(key -> batch.delete(Views.OUTBOX, key));
        batch.write();
      }
    }
    return done;
  }

  /** A recorded size of the decider's log that covers the parcel; 0 when there is none yet. */
  private long record(Chain origin, Parcel parcel) {
    long needed = parcel.items.getLast().index() + 1;
    Row.Latest latest = origin.get(new Key.OfLatest(parcel.from));
    Optional<Action.RecordCheckpoint> record = record(parcel.from, needed, latest);
    if (record.isPresent()) {
      shard.await(shard.submit(origin.id(), record.get()));
      latest = origin.get(new Key.OfLatest(parcel.from));
    }
    return latest == null || latest.size() < needed ? 0 : latest.size();
  }

  @Override
  public void close() {
    reader.close();
    settler.close();
  }
}
