package aika.core.transfer;

import aika.core.ledger.Action;
import aika.core.ledger.Applied;
import aika.core.ledger.Directory;
import aika.core.ledger.Key;
import aika.core.ledger.Order;
import aika.core.ledger.Policy;
import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.ledger.Row;
import aika.core.money.Money;

/** What a municipality's treasury does: it issues money, takes it back, and settles with others. */
final class Treasury {
  private final Directory directory;

  Treasury(Directory directory) {
    this.directory = directory;
  }

  /** */
  Applied issue(Turn turn, Action.Submit submit, Order.Issue order) {
    if (turn.head().closed()) {
      return Applied.refused(Reason.CHAIN_CLOSED, turn.chain().value());
    }
    Money amount = order.amount();
    if (!amount.isPositive() || amount.compareTo(Policy.MONEY_MAX) > 0) {
      return Applied.refused(Reason.AMOUNT_INVALID, amount.toString());
    }
    Row.Account to = turn.account(order.to());
    if (to == null) {
      return Applied.refused(Reason.UNKNOWN_ACCOUNT, order.to().toString());
    }
    if (to.standing().closed()) {
      return Applied.refused(Reason.ACCOUNT_CLOSED, order.to().toString());
    }
    Money issued = turn.head().issued().negated();
    if (issued.compareTo(turn.policy().issuedMax().minus(amount)) > 0) {
      return Applied.refused(
          Reason.ISSUE_CAP, issued + " of " + turn.policy().issuedMax() + " are issued");
    }
    Draft draft = new Draft(turn);
    draft.postIssued(amount.negated());
    draft.postPerson(order.to(), amount);
    draft.addOrder(submit, null);
    return draft.accept();
  }

  /** */
  Applied redeem(Turn turn, Action.Submit submit, Order.Redeem order) {
    Row.Account from = turn.account(order.from());
    Refusal denied = turn.denied(from, order.from(), submit.key());
    if (denied != null || from == null) {
      return Accounts.refused(denied);
    }
    Money amount = order.amount();
    if (!amount.isPositive()) {
      return Applied.refused(Reason.AMOUNT_INVALID, amount.toString());
    }
    if (from.balance().compareTo(amount) < 0) {
      return Applied.refused(Reason.INSUFFICIENT_FUNDS, "the balance is " + from.balance());
    }
    if (turn.head().issued().negated().compareTo(amount) < 0) {
      return Applied.refused(Reason.AMOUNT_INVALID, "less than that is issued here");
    }
    Draft draft = new Draft(turn);
    draft.postPerson(order.from(), amount.negated());
    draft.postIssued(amount);
    draft.addOrder(submit, null);
    return draft.accept();
  }

  /** What is settled outside moves from the clearing to the cleared account. */
  Applied clear(Turn turn, Action.Submit submit, Order.Clear order) {
    if (directory.find(order.counterpart()) == null) {
      return Applied.refused(Reason.UNKNOWN_CHAIN, order.counterpart().value());
    }
    Money amount = order.amount();
    if (!amount.isPositive()) {
      return Applied.refused(Reason.AMOUNT_INVALID, amount.toString());
    }
    Row.Clearing row = turn.get(new Key.OfClearing(order.counterpart()));
    Money balance = row == null ? Money.ZERO : row.balance();
    Money owed = order.paid() ? balance : balance.negated();
    if (owed.compareTo(amount) < 0) {
      return Applied.refused(Reason.CLEARS_TOO_MUCH, "the clearing balance is " + balance);
    }
    Money change = order.paid() ? amount.negated() : amount;
    Draft draft = new Draft(turn);
    draft.postClearing(order.counterpart(), change);
    draft.postCleared(order.counterpart(), change.negated());
    draft.addOrder(submit, null);
    return draft.accept();
  }
}
