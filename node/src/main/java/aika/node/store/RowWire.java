package aika.node.store;

import aika.core.ledger.Entry;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.Offer;
import aika.core.ledger.Policy;
import aika.core.ledger.Row;
import aika.core.ledger.SignedOrder;
import aika.core.ledger.Wire;
import aika.core.log.Hash;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.TransferId;

/**
 * Stored bytes of rows. What their keys say ({@link RowId}) is not repeated, and neither is what
 * stands in a leaf: holds, outcomes and orders, by far the most rows, only say where.
 */
final class RowWire {
  /** Of what is below; a store with another one is not read. */
  static final int FORMAT = 2;

  private RowWire() {}

  /** The leaves of the rows' chain. */
  @FunctionalInterface
  interface Leaves {
    Entry entry(long index);
  }

  static byte[] value(Row row) {
    Wire out = new Wire(16);
    switch (row) {
      case Row.Head r -> head(out, r);
      case Row.Account r -> out.blob(r.publicKey()).i64(r.balance().minor()).i32(r.openHolds());
      case Row.Clearing r -> out.i64(r.balance().minor());
      case Row.Hold r -> out.u8(status(r.status())).i64(r.cancelIndex());
      case Row.Outcome r -> out.i64(r.index());
      case Row.Recorded r -> out.hash(r.root());
      case Row.Latest r -> out.i64(r.size()).hash(r.root()).i64(r.index());
      case Row.Ordered r -> out.i64(r.index());
    }
    return out.toBytes();
  }

  private static void head(Wire out, Row.Head r) {
    Policy policy = r.policy();
    out.text(r.chain().value())
        .hash(r.federationFile())
        .i32(policy.blockEntries())
        .i32(policy.openHoldsMax())
        .i64(policy.validMillisMax())
        .i64(policy.crossChainMin().minor())
        .i64(policy.exposureMax().minor())
        .i64(policy.exposureSumMax().minor())
        .hash(r.seats())
        .i64(r.term())
        .i64(r.size())
        .i64(r.time())
        .i64(r.height())
        .i64(r.blockStart())
        .i64(r.issued().minor())
        .i64(r.balances().minor())
        .i64(r.holds().minor())
        .i64(r.clearing().minor())
        .i64(r.exposure().minor());
  }

  @SuppressWarnings("unchecked") // the key's kind decides the row's
  static <R extends Row> R row(ChainId chain, Key<R> key, byte[] value, Leaves leaves) {
    Wire.Reader in = new Wire.Reader(value);
    Row row =
        switch (key) {
          case Key.OfHead k -> head(in);
          case Key.OfAccount k -> new Row.Account(k.account(), in.blob(), money(in), in.i32());
          case Key.OfClearing k -> new Row.Clearing(k.counterpart(), money(in));
          case Key.OfHold k -> hold(new TransferId(chain, k.index()), in, leaves);
          case Key.OfOutcome k -> outcome(k.transfer(), in.i64(), leaves);
          case Key.OfRecorded k -> new Row.Recorded(k.origin(), k.size(), in.hash());
          case Key.OfLatest k -> new Row.Latest(k.origin(), in.i64(), in.hash(), in.i64());
          case Key.OfOrder k -> ordered(k, in.i64(), leaves);
        };
    return (R) row;
  }

  private static Row.Head head(Wire.Reader in) {
    ChainId chain = ChainId.of(in.text());
    Hash file = in.hash();
    Policy policy = new Policy(in.i32(), in.i32(), in.i64(), money(in), money(in), money(in));
    return new Row.Head(
        chain, file, policy, in.hash(), in.i64(), in.i64(), in.i64(), in.i64(), in.i64(), money(in),
        money(in), money(in), money(in), money(in));
  }

  private static Row.Hold hold(TransferId transfer, Wire.Reader in, Leaves leaves) {
    Entry send = leaves.entry(transfer.index());
    Offer offer = send.leaf().offer(transfer, send.hash());
    if (offer == null) {
      throw misplaced(send.index(), "no send");
    }
    return new Row.Hold(offer, status(in.u8()), in.i64());
  }

  private static Row.Outcome outcome(TransferId transfer, long index, Leaves leaves) {
    Leaf.Decision decision = leaves.entry(index).leaf().decision();
    if (decision == null || !decision.transfer().equals(transfer)) {
      throw misplaced(index, "no decision about " + transfer);
    }
    return new Row.Outcome(transfer, decision.kind(), index, decision.sendLeaf());
  }

  private static Row.Ordered ordered(Key.OfOrder key, long index, Leaves leaves) {
    if (!(leaves.entry(index).leaf() instanceof Leaf.Executed executed)) {
      throw misplaced(index, "no order");
    }
    SignedOrder order = executed.order();
    long notAfter = order.order().header().notAfter();
    return new Row.Ordered(key.account(), key.id(), order.content(), index, notAfter);
  }

  private static StoreException misplaced(long index, String what) {
    return new StoreException("a row names leaf " + index + ", which is " + what);
  }

  /** Numbers of their own: an enum's order may change. */
  private static int status(Row.Hold.Status status) {
    return switch (status) {
      case HELD -> 0;
      case SETTLED -> 1;
      case REFUNDED -> 2;
    };
  }

  private static Row.Hold.Status status(int number) {
    return switch (number) {
      case 0 -> Row.Hold.Status.HELD;
      case 1 -> Row.Hold.Status.SETTLED;
      case 2 -> Row.Hold.Status.REFUNDED;
      default -> throw new StoreException("a hold's status is " + number);
    };
  }

  private static Money money(Wire.Reader in) {
    return Money.ofMinor(in.i64());
  }
}
