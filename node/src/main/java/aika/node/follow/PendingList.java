package aika.node.follow;

import aika.core.follow.Consequence;
import aika.core.ledger.Entry;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.Offer;
import aika.core.ledger.Row;
import aika.core.ledger.Wire;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import aika.node.order.Chain;
import aika.node.order.Shard;
import aika.node.order.Worker;
import aika.node.store.ByteKey;
import aika.node.store.Database;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The pending list (保留リスト): transfers that stand on a continental main chain and wait for their
 * receivers. A view, not consensus: it follows the continental chains' anchors and, below each
 * anchor, the municipality's leaves. All continents that this node serves share it.
 */
public final class PendingList implements AutoCloseable {
  private static final String NAME = "pending";

  private final Shard shard;
  private final Views views;
  private final Worker<ChainId> worker = new Worker<>("pending-list", this::follow);

  public PendingList(Shard shard, Views views) {
    this.shard = shard;
    this.views = views;
  }

  public void start() {
    shard.onSeal(this::sealed);
    shard.chains().forEach(chain -> sealed(chain.id()));
    worker.start();
  }

  private void sealed(ChainId chain) {
    if (!chain.municipal()) {
      worker.due(chain);
    }
  }

  /** Anchors are looked at when their block is sealed. */
  private void follow(List<ChainId> continents) {
    for (ChainId id : continents) {
      Chain continent = shard.chain(id);
      long to = continent.size();
      for (long i = views.cursor(NAME, id); i < to; i++) {
        Entry entry = continent.entry(i);
        try (Database.Batch batch = views.db().batch()) {
          if (entry.leaf() instanceof Leaf.Recorded anchor) {
            list(batch, anchor, entry.index());
          }
          views.cursor(batch, NAME, id, i + 1);
          batch.write();
        }
      }
    }
    shard.changes().happened();
  }

  private void list(Database.Batch batch, Leaf.Recorded anchor, long index) {
    ChainId id = anchor.origin();
    Chain municipality = shard.chain(id);
    byte[] when = new Wire(16).i64(index).i64(anchor.time()).toBytes();
    batch.put(Views.ANCHORS, ByteKey.of(id, anchor.size()), when);
    for (long i = views.cursor(NAME, id); i < anchor.size(); i++) {
      for (Consequence consequence : Consequence.of(id, municipality.entry(i))) {
        switch (consequence) {
          case Consequence.Offered offered -> {
            Offer offer = offered.offer();
            byte[] key = offerKey(offer.to(), offer.transfer());
            batch.put(Views.OFFERS, key, bytes(offer));
            batch.put(Views.SENT, offerKey(offer.from(), offer.transfer()), key);
          }
          case Consequence.Ended ended -> drop(batch, municipality, ended.transfer());
          case Consequence.Decided decided -> {}
          case Consequence.CancelAsked asked -> {}
        }
      }
    }
    views.cursor(batch, NAME, id, anchor.size());
  }

  private static void drop(Database.Batch batch, Chain origin, TransferId transfer) {
    Row.Hold hold = origin.get(new Key.OfHold(transfer.index()));
    if (hold != null) {
      batch.delete(Views.OFFERS, offerKey(hold.offer().to(), transfer));
      batch.delete(Views.SENT, offerKey(hold.offer().from(), transfer));
    }
  }

  /**
   * Offers to this account that can still be received at {@code time}, ms since 1970; the oldest of
   * each origin first.
   */
  public List<Offer> receivable(AccountId receiver, long time, int limit) {
    return scan(ByteKey.text(receiver.toString()), limit, offer -> offer.validUntil() > time);
  }

  /** The same, to all accounts of a municipality or a continent. */
  public List<Offer> receivable(ChainId place, long time, int limit) {
    byte[] prefix = prefix(place.value() + (place.municipal() ? '/' : '-'));
    return scan(prefix, limit, offer -> offer.validUntil() > time);
  }

  /** Open offers of one account, the oldest first. */
  public List<Offer> from(AccountId sender, int limit) {
    List<Offer> found = new ArrayList<>();
    byte[] prefix = ByteKey.text(sender.toString());
    views
        .db()
        .scan(
            Views.SENT,
            prefix,
            prefix,
            (key, offerKey) -> {
              byte[] value = views.db().get(Views.OFFERS, offerKey);
              if (value != null && !decided(offer(value))) { // dropped together with its entry here
                found.add(offer(value));
              }
              return found.size() < limit;
            });
    return found;
  }

  private static byte[] prefix(String text) {
    byte[] ended = ByteKey.text(text);
    return Arrays.copyOf(ended, ended.length - 1);
  }

  private List<Offer> scan(byte[] prefix, int limit, Predicate<Offer> wanted) {
    List<Offer> found = new ArrayList<>();
    views
        .db()
        .scan(
            Views.OFFERS,
            prefix,
            prefix,
            (key, value) -> {
              Offer offer = offer(value);
              if (wanted.test(offer) && !decided(offer)) {
                found.add(offer);
              }
              return found.size() < limit;
            });
    return found;
  }

  /** The receiver's chain may have decided already while the origin has not settled yet. */
  private boolean decided(Offer offer) {
    Chain receiver = shard.find(offer.to().chain());
    return receiver != null && receiver.get(new Key.OfOutcome(offer.transfer())) != null;
  }

  /** Where and when a transfer came on the list. */
  public record Listed(ChainId continent, long index, long time) {}

  /** When the block of this send was anchored on its continental main chain; empty before. */
  public Optional<Listed> listed(TransferId transfer) {
    ChainId origin = transfer.origin();
    Database.Cell anchor =
        views
            .db()
            .atOrAfter(Views.ANCHORS, ByteKey.of(origin, transfer.index() + 1), ByteKey.of(origin));
    if (anchor == null) {
      return Optional.empty();
    }
    Wire.Reader in = new Wire.Reader(anchor.value());
    return Optional.of(new Listed(origin.continent(), in.i64(), in.i64()));
  }

  /** Leaves of this municipality that the list has seen. */
  public long seen(ChainId municipality) {
    return views.cursor(NAME, municipality);
  }

  private static byte[] offerKey(AccountId account, TransferId transfer) {
    return ByteKey.of(account, transfer.origin(), transfer.index());
  }

  private static byte[] bytes(Offer offer) {
    return new Wire(160)
        .text(offer.transfer().toString())
        .text(offer.from().toString())
        .text(offer.to().toString())
        .i64(offer.amount().minor())
        .i64(offer.validUntil())
        .hash(offer.sendLeaf())
        .toBytes();
  }

  private static Offer offer(byte[] bytes) {
    Wire.Reader in = new Wire.Reader(bytes);
    return new Offer(
        TransferId.of(in.text()),
        AccountId.of(in.text()),
        AccountId.of(in.text()),
        Money.ofMinor(in.i64()),
        in.i64(),
        in.hash());
  }

  @Override
  public void close() {
    worker.close();
  }
}
