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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings decisions back to the chains where the money is held. Decisions of approved blocks go into
 * an outbox, in one batch with the cursor; from there each origin's are settled and removed once
 * the origin has answered. A decision that is delivered twice settles nothing twice.
 */
public final class Outcomes implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Outcomes.class);
  private static final String NAME = "outcomes";

  private final Shard shard;
  private final Directory directory;
  private final Views views;
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

  private void read(List<ChainId> deciders) {
    Set<ChainId> origins = new LinkedHashSet<>();
    for (ChainId id : deciders) {
      Chain decider = shard.chain(id);
      long to = decider.approvedSize();
      try (Database.Batch batch = views.db().batch()) {
        for (long i = views.cursor(NAME, id); i < to; i++) {
          for (Consequence consequence : Consequence.of(id, decider.entry(i))) {
            if (consequence instanceof Consequence.Decided decided) {
              ChainId origin = decided.transfer().origin();
              byte[] hold = ByteKey.with(new byte[0], decided.transfer().index());
              batch.put(Views.OUTBOX, outboxKey(origin, id, decided.index()), hold);
              origins.add(origin);
            }
          }
        }
        views.cursor(batch, NAME, id, to);
        batch.write();
      }
    }
    origins.stream().filter(origin -> shard.find(origin) != null).forEach(settler::due);
  }

  private static byte[] outboxKey(ChainId origin, ChainId decider, long index) {
    return ByteKey.with(ByteKey.of(origin), ByteKey.of(decider, index));
  }

  /** Decisions of one chain about transfers of one origin, with their outbox keys. */
  private record Parcel(ChainId from, List<Action.Item> items, List<byte[]> keys) {}

  private void settle(List<ChainId> origins) {
    for (ChainId origin : origins) {
      for (Parcel parcel = next(origin); parcel != null; parcel = next(origin)) {
        if (!deliver(origin, parcel)) {
          break;
        }
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
    Answer answer =
        shard.await(shard.submit(originId, new Action.Settle(parcel.from, recorded, parcel.items)));
    boolean done =
        switch (answer) {
          case Answer.Accepted accepted -> true;
          case Answer.Repeated repeated -> true;
          case Answer.Refused refused -> {
            LOG.debug("{} settles nothing: {}", originId, refused.refusal());
            yield refused.refusal().reason() == Reason.NOTHING_TO_SETTLE;
          }
        };
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
    Chain decider = shard.chain(parcel.from);
    SignedCheckpoint approved = decider.approved();
    long needed = parcel.items.getLast().index() + 1;
    Row.Latest latest = origin.get(new Key.OfLatest(parcel.from));
    if (approved != null && (latest == null || latest.size() < needed)) {
      Relay.record(
              parcel.from,
              latest,
              needed,
              approved.checkpoint(),
              directory.entry(parcel.from).seats().term(),
              decider.nodes())
          .ifPresent(record -> shard.await(shard.submit(origin.id(), record)));
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
