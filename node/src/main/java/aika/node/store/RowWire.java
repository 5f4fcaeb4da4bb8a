package aika.node.store;

import aika.core.ledger.Entry;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.Offer;
import aika.core.ledger.Order;
import aika.core.ledger.Policy;
import aika.core.ledger.Row;
import aika.core.ledger.Seats;
import aika.core.ledger.SignedOrder;
import aika.core.ledger.Wire;
import aika.core.log.Hash;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import aika.core.note.VerifierKey;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Stored bytes of rows. What their keys say ({@link RowId}) is not repeated, and neither is what
 * stands in a leaf: holds, outcomes and orders, by far the most rows, only say where.
 */
final class RowWire {
  /** Of what is below; a store with another one is not read. */
  static final int FORMAT = 6;

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
      case Row.Account r -> account(out, r);
      case Row.Clearing r -> out.i64(r.balance().minor()).i64(r.cleared().minor());
      case Row.Hold r -> out.u8(status(r.status())).i64(r.cancelIndex());
      case Row.Outcome r -> out.i64(r.index());
      case Row.Recorded r -> out.hash(r.root());
      case Row.Latest r ->
          out.i64(r.size()).hash(r.root()).i64(r.index()).i64(r.countedTerm()).i64(r.countedFrom());
      case Row.Term r -> seats(out, r.seats()).i64(r.first()).u8(r.recovered() ? 1 : 0);
      case Row.Sitting r -> {
        seats(out, r.seats()).u8(r.conflict() ? 1 : 0).i64(r.line()).i32(r.earlier().size());
        r.earlier().forEach(one -> seats(out, one.seats()).i64(one.until()));
      }
      case Row.Candidates r -> {
        out.i64(r.term()).i32(r.accounts().size());
        r.accounts().forEach(account -> out.text(account.local()));
      }
      case Row.Candidate r ->
          out.i64(r.term()).i64(r.index()).i64(r.counterparties()).i64(r.total().minor());
      case Row.Met r -> out.i64(r.term());
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
        .i64(policy.issuedMax().minor())
        .i32(policy.term().seats())
        .i64(policy.term().blocks())
        .i64(policy.term().millis())
        .i64(r.incumbency().term())
        .hash(r.incumbency().seats())
        .i64(r.incumbency().height())
        .i64(r.incumbency().since())
        .i64(r.size())
        .i64(r.time())
        .i64(r.height())
        .i64(r.blockStart())
        .i64(r.issued().minor())
        .i64(r.balances().minor())
        .i64(r.holds().minor())
        .i64(r.clearing().minor())
        .i64(r.exposure().minor())
        .u8(r.closed() ? 1 : 0);
  }

  private static final int USUAL = 0;
  private static final int FROZEN = 1;
  private static final int CLOSED = 2;
  private static final int RECOVERING = 4;
  private static final int MORE = 8;

  private static void account(Wire out, Row.Account r) {
    out.blob(r.publicKey()).i64(r.balance().minor()).i32(r.openHolds());
    Row.Standing standing = r.standing();
    Row.NewKey recovery = standing.recovery();
    if (standing.equals(Row.Standing.USUAL)) {
      out.u8(USUAL);
      return;
    }
    out.u8(
        MORE
            | (standing.frozen() ? FROZEN : 0)
            | (standing.closed() ? CLOSED : 0)
            | (recovery == null ? 0 : RECOVERING));
    out.i64(standing.autoReceive().minor()).i64(standing.candidacy());
    if (recovery != null) {
      out.blob(recovery.publicKey()).i64(recovery.due());
    }
  }

  private static Row.Account account(AccountId id, Wire.Reader in) {
    byte[] key = in.blob();
    Money balance = money(in);
    int openHolds = in.i32();
    int flags = in.u8();
    if (flags == USUAL) {
      return new Row.Account(id, key, balance, openHolds);
    }
    Money autoReceive = money(in);
    long candidacy = in.i64();
    Row.NewKey recovery = (flags & RECOVERING) == 0 ? null : new Row.NewKey(in.blob(), in.i64());
    boolean frozen = (flags & FROZEN) != 0;
    boolean closed = (flags & CLOSED) != 0;
    return new Row.Account(
        id,
        key,
        balance,
        openHolds,
        new Row.Standing(frozen, closed, autoReceive, candidacy, recovery));
  }

  private static Wire seats(Wire out, Seats seats) {
    out.i64(seats.term()).i32(seats.keys().size());
    seats.keys().forEach(key -> out.text(key.format()));
    return out;
  }

  private static Seats seats(Wire.Reader in) {
    long term = in.i64();
    return new Seats(term, list(in, () -> VerifierKey.parse(in.text())));
  }

  private static <T> List<T> list(Wire.Reader in, Supplier<T> one) {
    int count = in.i32();
    List<T> found = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      found.add(one.get());
    }
    return found;
  }

  private static Row.Candidate candidate(AccountId account, Wire.Reader in, Leaves leaves) {
    long term = in.i64();
    long index = in.i64();
    if (leaves.entry(index).leaf() instanceof Leaf.Executed executed
        && executed.order().order() instanceof Order.Stand stand) {
      return new Row.Candidate(account, term, stand.seat(), index, in.i64(), money(in));
    }
    throw misplaced(index, "nobody's candidacy");
  }

  @SuppressWarnings("unchecked") // the key's kind decides the row's
  static <R extends Row> R row(ChainId chain, Key<R> key, byte[] value, Leaves leaves) {
    Wire.Reader in = new Wire.Reader(value);
    Row row =
        switch (key) {
          case Key.OfHead k -> head(in);
          case Key.OfAccount k -> account(k.account(), in);
          case Key.OfClearing k -> new Row.Clearing(k.counterpart(), money(in), money(in));
          case Key.OfHold k -> hold(new TransferId(chain, k.index()), in, leaves);
          case Key.OfOutcome k -> outcome(k.transfer(), in.i64(), leaves);
          case Key.OfRecorded k -> new Row.Recorded(k.origin(), k.size(), in.hash());
          case Key.OfLatest k ->
              new Row.Latest(k.origin(), in.i64(), in.hash(), in.i64(), in.i64(), in.i64());
          case Key.OfTerm k -> new Row.Term(seats(in), in.i64(), in.u8() == 1);
          case Key.OfSitting k ->
              new Row.Sitting(
                  k.origin(),
                  seats(in),
                  in.u8() == 1,
                  in.i64(),
                  list(in, () -> new Row.Replaced(seats(in), in.i64())));
          case Key.OfCandidates k ->
              new Row.Candidates(in.i64(), list(in, () -> new AccountId(chain, in.text())));
          case Key.OfCandidate k -> candidate(k.account(), in, leaves);
          case Key.OfMet k -> new Row.Met(k.candidate(), k.other(), in.i64());
          case Key.OfOrder k -> ordered(k, in.i64(), leaves);
        };
    return (R) row;
  }

  private static Row.Head head(Wire.Reader in) {
    ChainId chain = ChainId.of(in.text());
    Hash file = in.hash();
    Policy policy =
        new Policy(
            in.i32(),
            in.i32(),
            in.i64(),
            money(in),
            money(in),
            money(in),
            money(in),
            new Policy.Term(in.i32(), in.i64(), in.i64()));
    Row.Incumbency incumbency = new Row.Incumbency(in.i64(), in.hash(), in.i64(), in.i64());
    long size = in.i64();
    long time = in.i64();
    long height = in.i64();
    long blockStart = in.i64();
    Row.Totals totals = new Row.Totals(money(in), money(in), money(in), money(in), money(in));
    return new Row.Head(
        chain, file, policy, incumbency, size, time, height, blockStart, totals, in.u8() == 1);
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
