package aika.node.store;

import aika.core.ledger.Key;
import aika.core.ledger.Offer;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Policy;
import aika.core.ledger.Row;
import aika.core.ledger.Wire;
import aika.core.log.Hash;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.TransferId;

/** Stored bytes of rows; what their keys say ({@link RowId}) is not repeated. */
final class RowWire {
  private RowWire() {}

  static byte[] value(Row row) {
    Wire out = new Wire(192);
    switch (row) {
      case Row.Head r -> head(out, r);
      case Row.Account r -> out.blob(r.publicKey()).i64(r.balance().minor()).i32(r.openHolds());
      case Row.Clearing r -> out.i64(r.balance().minor());
      case Row.Hold r -> {
        Offer offer = r.offer();
        out.text(offer.transfer().origin().value());
        account(out, offer.from());
        account(out, offer.to());
        out.i64(offer.amount().minor())
            .i64(offer.validUntil())
            .hash(offer.sendLeaf())
            .text(r.status().name())
            .i64(r.cancelIndex());
      }
      case Row.Outcome r -> out.text(r.kind().text()).i64(r.index()).hash(r.sendLeaf());
      case Row.Recorded r -> out.hash(r.root());
      case Row.Latest r -> out.i64(r.size()).hash(r.root()).i64(r.index());
      case Row.Ordered r -> out.hash(r.content()).i64(r.index()).i64(r.notAfter());
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
  static <R extends Row> R row(Key<R> key, byte[] value) {
    Wire.Reader in = new Wire.Reader(value);
    Row row =
        switch (key) {
          case Key.OfHead k -> head(in);
          case Key.OfAccount k -> new Row.Account(k.account(), in.blob(), money(in), in.i32());
          case Key.OfClearing k -> new Row.Clearing(k.counterpart(), money(in));
          case Key.OfHold k -> hold(k.index(), in);
          case Key.OfOutcome k ->
              new Row.Outcome(k.transfer(), OutcomeKind.of(in.text()), in.i64(), in.hash());
          case Key.OfRecorded k -> new Row.Recorded(k.origin(), k.size(), in.hash());
          case Key.OfLatest k -> new Row.Latest(k.origin(), in.i64(), in.hash(), in.i64());
          case Key.OfOrder k -> new Row.Ordered(k.account(), k.id(), in.hash(), in.i64(), in.i64());
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

  private static Row.Hold hold(long index, Wire.Reader in) {
    Offer offer =
        new Offer(
            new TransferId(ChainId.of(in.text()), index),
            account(in),
            account(in),
            money(in),
            in.i64(),
            in.hash());
    return new Row.Hold(offer, Row.Hold.Status.valueOf(in.text()), in.i64());
  }

  private static void account(Wire out, AccountId id) {
    out.text(id.chain().value()).text(id.local());
  }

  private static AccountId account(Wire.Reader in) {
    return new AccountId(ChainId.of(in.text()), in.text());
  }

  private static Money money(Wire.Reader in) {
    return Money.ofMinor(in.i64());
  }
}
