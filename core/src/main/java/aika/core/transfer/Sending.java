package aika.core.transfer;

import aika.core.ledger.Action;
import aika.core.ledger.Applied;
import aika.core.ledger.Directory;
import aika.core.ledger.Entry;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.Offer;
import aika.core.ledger.Order;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Policy;
import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.ledger.Row;
import aika.core.log.Hash;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sender's half of a transfer: the hold, and the wish to have it back. */
final class Sending {
  private final Directory directory;

  Sending(Directory directory) {
    this.directory = directory;
  }

  /** */
  Applied send(Turn turn, Action.Submit submit, Order.Send order) {
    Row.Account from = turn.account(order.from());
    Order.Payment payment = new Order.Payment(order.to(), order.amount());
    Refusal refusal =
        refusal(turn, submit, from, order.from(), List.of(payment), order.validUntil());
    if (refusal == null && order.refundOf() != null) {
      refusal = notReceived(turn, order.refundOf());
    }
    if (refusal != null) {
      return new Applied.Refused(refusal);
    }
    Draft draft = new Draft(turn);
    take(draft, order.from(), payment);
    hold(draft, draft.addOrder(submit, null));
    return draft.accept();
  }

  /** */
  Applied batch(Turn turn, Action.Submit submit, Order.SendBatch order) {
    Row.Account from = turn.account(order.from());
    List<Order.Payment> payments = order.payments();
    Refusal refusal = refusal(turn, submit, from, order.from(), payments, order.validUntil());
    if (refusal != null) {
      return new Applied.Refused(refusal);
    }
    if (turn.head().blockLeaves() + payments.size() > Policy.BLOCK_ENTRIES_MAX) {
      return Applied.refused(Reason.BUSY, "the open block has no room for the batch");
    }
    Draft draft = new Draft(turn);
    take(draft, order.from(), payments.getFirst());
    Entry first = draft.addOrder(submit, null);
    hold(draft, first);
    for (int number = 2; number <= payments.size(); number++) {
      Order.Payment payment = payments.get(number - 1);
      take(draft, order.from(), payment);
      Leaf leaf =
          new Leaf.Paid(
              turn.time(),
              first.index(),
              number,
              order.header().id(),
              order.from(),
              payment.to(),
              payment.amount(),
              order.validUntil(),
              draft.postings());
      hold(draft, draft.add(leaf));
    }
    return draft.accept();
  }

  private @Nullable Refusal refusal(
      Turn turn,
      Action.Submit submit,
      Row.@Nullable Account from,
      AccountId sender,
      List<Order.Payment> payments,
      long validUntil) {
    Refusal denied = turn.denied(from, sender, submit.key());
    if (denied != null || from == null) {
      return denied;
    }
    Policy policy = turn.policy();
    Money rest = from.balance();
    for (Order.Payment payment : payments) {
      Refusal refusal = refusal(turn, sender, payment);
      if (refusal != null) {
        return refusal;
      }
      if (!rest.isNegative()) { // below, the sum of many large amounts could overflow
        rest = rest.minus(payment.amount());
      }
    }
    if (validUntil <= turn.time() || validUntil - turn.time() > policy.validMillisMax()) {
      return Refusal.of(Reason.VALID_UNTIL_INVALID, "valid-until is out of range");
    }
    int holdsMax = holdsMax(policy, payments.size());
    if (from.openHolds() + payments.size() > holdsMax) {
      return Refusal.of(Reason.TOO_MANY_HOLDS, "at most " + holdsMax);
    }
    return rest.isNegative()
        ? Refusal.of(Reason.INSUFFICIENT_FUNDS, "the balance is " + from.balance())
        : null;
  }

  /** With a batch an account may have as many open holds as a batch can have payments. */
  private static int holdsMax(Policy policy, int payments) {
    return payments == 1
        ? policy.openHoldsMax()
        : Math.max(policy.openHoldsMax(), Order.SendBatch.PAYMENTS_MAX);
  }

  private @Nullable Refusal refusal(Turn turn, AccountId sender, Order.Payment payment) {
    ChainId to = payment.to().chain();
    Money amount = payment.amount();
    if (!amount.isPositive()) {
      return Refusal.of(Reason.AMOUNT_INVALID, amount.toString());
    }
    if (!to.municipal() || directory.find(to) == null) {
      return Refusal.of(Reason.UNKNOWN_CHAIN, to.value());
    }
    if (payment.to().equals(sender)) {
      return Refusal.of(Reason.SAME_ACCOUNT, payment.to().toString());
    }
    Money least = turn.policy().crossChainMin();
    return !to.equals(turn.chain()) && amount.compareTo(least) < 0
        ? Refusal.of(Reason.AMOUNT_TOO_SMALL, "at least " + least)
        : null;
  }

  /** What is given back must have been received here. */
  private static @Nullable Refusal notReceived(Turn turn, TransferId transfer) {
    Row.Outcome outcome = turn.get(new Key.OfOutcome(transfer));
    return outcome == null || outcome.kind() != OutcomeKind.RECEIVED
        ? Refusal.of(Reason.UNKNOWN_TRANSFER, transfer + " was not received here")
        : null;
  }

  private static void take(Draft draft, AccountId from, Order.Payment payment) {
    draft.put(draft.account(from).withHolds(1));
    draft.postPerson(from, payment.amount().negated());
    draft.postHolds(payment.amount());
  }

  private static void hold(Draft draft, Entry entry) {
    TransferId id = new TransferId(draft.chain(), entry.index());
    Offer offer = entry.leaf().offer(id, entry.hash());
    if (offer == null) {
      throw new BrokenInvariantException("leaf " + entry.index() + " offers nothing");
    }
    draft.put(new Row.Hold(offer, Row.Hold.Status.HELD, Row.Hold.NOT_CANCELLED));
  }

  /** */
  Applied cancel(Turn turn, Action.Submit submit, Order.Cancel order) {
    Row.Account account = turn.account(order.account());
    Refusal denied = turn.denied(account, order.account(), submit.key());
    if (denied != null || account == null) {
      return Accounts.refused(denied);
    }
    Row.Hold hold =
        order.transfer().origin().equals(turn.chain())
            ? turn.get(new Key.OfHold(order.transfer().index()))
            : null;
    if (hold == null) {
      return Applied.refused(Reason.UNKNOWN_TRANSFER, order.transfer().toString());
    }
    if (!hold.offer().from().equals(order.account())) {
      return Applied.refused(Reason.NOT_YOURS, order.transfer().toString());
    }
    if (hold.status() != Row.Hold.Status.HELD || hold.cancelAsked()) {
      return Applied.refused(Reason.ALREADY_DECIDED, order.transfer().toString());
    }
    Draft draft = new Draft(turn);
    draft.put(new Row.Hold(hold.offer(), hold.status(), draft.index()));
    Hash sendLeaf = hold.offer().sendLeaf();
    draft.addOrder(submit, new Leaf.Cited(order.transfer().index(), 0, sendLeaf));
    return draft.accept();
  }
}
