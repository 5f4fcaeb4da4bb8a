package aika.core.follow;

import aika.core.ledger.Entry;
import aika.core.ledger.Leaf;
import aika.core.ledger.LeafText;
import aika.core.ledger.Order;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Posting;
import aika.core.ledger.Recovery;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.OrderId;
import aika.core.money.TransferId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a leaf tells those who keep a picture of the federation elsewhere: stores, statistics, other
 * programs. All of them read leaves through {@link #of}. Times are ms since 1970.
 */
public sealed interface Event {
  /** When the leaf was ordered. */
  long time();

  /** A resident's account was opened. */
  record Opened(long time, AccountId account) implements Event {}

  /**
   * Something else changed that is no transfer: an account, the money that was issued, what
   * municipalities owe each other, or who sits.
   *
   * @param what the leaf's kind, such as {@code rotate-key}, {@code redeem} or {@code elected}
   * @param account whose
   * @param amount of a {@code redeem} or a {@code clear}
   * @param other the counterpart of a {@code clear}, the successor of a closed chain, or the chain
   *     that is in conflict
   * @param term that sits next, or whose seats are in conflict; 0 for none
   */
  record Changed(
      long time,
      String what,
      @Nullable AccountId account,
      @Nullable Money amount,
      @Nullable ChainId other,
      long term)
      implements Event {}

  /** Money was created in this account. */
  record Issued(long time, AccountId account, Money amount) implements Event {}

  /**
   * A transfer began: its amount is held.
   *
   * @param order the id that the sender gave the order
   * @param arrived when the order reached the node
   */
  record Sent(
      long time,
      TransferId transfer,
      OrderId order,
      AccountId from,
      AccountId to,
      Money amount,
      long arrived,
      long validUntil)
      implements Event {}

  /** The sender asked for a transfer back; the receiver's chain will say whether in time. */
  record CancelAsked(long time, TransferId transfer, long arrived) implements Event {}

  /**
   * The receiver's chain decided how a transfer ends.
   *
   * @param arrived when the receiver's order reached the node; the leaf's time when the chain
   *     itself decided
   * @param by the account whose order, or standing order, decided; null when the chain itself did
   */
  record Decided(
      long time, TransferId transfer, OutcomeKind kind, long arrived, @Nullable AccountId by)
      implements Event {}

  /** The sender's chain settled the hold, or gave the money back. */
  record Ended(long time, TransferId transfer, OutcomeKind kind) implements Event {}

  /**
   * A chain recorded another chain's approved checkpoint. On a continental chain this is an anchor:
   * it lists the sends below on the pending list.
   */
  record Recorded(long time, ChainId origin, long size) implements Event {}

  /** A block ends with this leaf. */
  record Sealed(long time, long height, long first) implements Event {}

  /** What this leaf of the chain tells; most tell one thing, a settlement up to 250. */
  static List<Event> of(ChainId chain, Entry entry) {
    return switch (entry.leaf()) {
      case Leaf.Genesis genesis -> List.of();
      case Leaf.Executed executed -> executed(new TransferId(chain, entry.index()), executed);
      case Leaf.Concluded c ->
          List.of(new Decided(c.time(), c.transfer(), c.kind(), c.time(), credited(c)));
      case Leaf.Paid p -> List.of(paid(chain, entry, p));
      case Leaf.Elected e ->
          List.of(new Changed(e.time(), LeafText.kind(e), null, null, null, e.term()));
      case Leaf.Recovered r -> List.of(recovered(r));
      case Leaf.Conflicting c ->
          List.of(new Changed(c.time(), LeafText.kind(c), null, null, c.origin(), c.term()));
      case Leaf.Recorded r -> List.of(new Recorded(r.time(), r.origin(), r.size()));
      case Leaf.Settled settled -> ended(chain, settled);
      case Leaf.Sealed s -> List.of(new Sealed(s.time(), s.height(), s.first()));
    };
  }

  private static List<Event> executed(TransferId here, Leaf.Executed leaf) {
    long time = leaf.time();
    // A node's clock may be set back between the two; nobody should see a transfer begin after
    // that.
    long arrived = Math.min(leaf.arrived(), time);
    return List.of(
        switch (leaf.order().order()) {
          case Order.Open open -> new Opened(time, open.account());
          case Order.Issue issue -> new Issued(time, issue.to(), issue.amount());
          case Order.Send send ->
              new Sent(
                  time,
                  here,
                  send.header().id(),
                  send.from(),
                  send.to(),
                  send.amount(),
                  arrived,
                  send.validUntil());
          case Order.SendBatch batch ->
              new Sent(
                  time,
                  here,
                  batch.header().id(),
                  batch.from(),
                  batch.payments().getFirst().to(),
                  batch.payments().getFirst().amount(),
                  arrived,
                  batch.validUntil());
          case Order.Redeem redeem ->
              new Changed(time, redeem.kind(), redeem.from(), redeem.amount(), null, 0);
          case Order.Clear clear ->
              new Changed(time, clear.kind(), null, clear.amount(), clear.counterpart(), 0);
          case Order.Cancel cancel -> new CancelAsked(time, cancel.transfer(), arrived);
          case Order.RotateKey order -> changed(time, order);
          case Order.RecoverKey order -> changed(time, order);
          case Order.VetoRecovery order -> changed(time, order);
          case Order.Freeze order -> changed(time, order);
          case Order.Close order -> changed(time, order);
          case Order.AutoReceive order -> changed(time, order);
          case Order.Stand order -> changed(time, order);
          case Order.Decide decide ->
              new Decided(
                  time,
                  decide.transfer(),
                  decide.receive() ? OutcomeKind.RECEIVED : OutcomeKind.REJECTED,
                  arrived,
                  decide.account());
        });
  }

  private static Event recovered(Leaf.Recovered leaf) {
    String what = LeafText.kind(leaf);
    return switch (leaf.recovery().recovery()) {
      case Recovery.Seat seat ->
          new Changed(leaf.time(), what, null, null, null, seat.set().term());
      case Recovery.Close close -> new Changed(leaf.time(), what, null, null, close.successor(), 0);
    };
  }

  private static Event changed(long time, Order order) {
    return new Changed(time, order.kind(), order.account(), null, null, 0);
  }

  /** Whose standing order received it; null when the chain ended it otherwise. */
  private static @Nullable AccountId credited(Leaf.Concluded leaf) {
    return leaf.postings().stream()
        .map(Posting::account)
        .filter(account -> !account.isOwn())
        .findFirst()
        .orElse(null);
  }

  private static Event paid(ChainId chain, Entry entry, Leaf.Paid p) {
    return new Sent(
        p.time(),
        new TransferId(chain, entry.index()),
        p.order(),
        p.from(),
        p.to(),
        p.amount(),
        p.time(),
        p.validUntil());
  }

  private static List<Event> ended(ChainId chain, Leaf.Settled leaf) {
    List<Event> events = new ArrayList<>(leaf.ended().size());
    for (Leaf.Ended one : leaf.ended()) {
      events.add(new Ended(leaf.time(), new TransferId(chain, one.hold()), one.kind()));
    }
    return events;
  }
}
