package aika.core.transfer;

import aika.core.ledger.Action;
import aika.core.ledger.Applied;
import aika.core.ledger.Order;
import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.ledger.Row;
import aika.core.money.Money;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Opens and closes accounts, and decides which key counts for them. */
final class Accounts {
  /** What {@link Action.Submit#key} is when an official ordered, not the holder. */
  private static final byte[] NO_KEY = new byte[Order.KEY_BYTES];

  /** */
  Applied open(Turn turn, Action.Submit submit, Order.Open order) {
    if (turn.head().closed()) {
      return Applied.refused(Reason.CHAIN_CLOSED, turn.chain().value());
    }
    if (turn.account(order.account()) != null) {
      return Applied.refused(Reason.ACCOUNT_EXISTS, order.account().toString());
    }
    return write(turn, submit, new Row.Account(order.account(), order.publicKey(), Money.ZERO, 0));
  }

  /** */
  Applied rotate(Turn turn, Action.Submit submit, Order.RotateKey order) {
    Row.Account account = turn.account(order.account());
    Refusal denied = turn.denied(account, order.account(), submit.key());
    if (denied != null || account == null) {
      return refused(denied);
    }
    return account.hasKey(order.publicKey())
        ? Applied.refused(Reason.KEY_UNCHANGED, order.account().toString())
        : write(
            turn,
            submit,
            account
                .withKey(order.publicKey())
                .with(account.standing().recovering(null))); // whoever has the key has not lost it
  }

  /** */
  Applied recover(Turn turn, Action.Submit submit, Order.RecoverKey order) {
    Row.Account account = turn.account(order.account());
    if (account == null) {
      return Applied.refused(Reason.UNKNOWN_ACCOUNT, order.account().toString());
    }
    if (account.standing().closed()) {
      return Applied.refused(Reason.ACCOUNT_CLOSED, order.account().toString());
    }
    if (account.hasKey(order.publicKey())) {
      return Applied.refused(Reason.KEY_UNCHANGED, order.account().toString());
    }
    if (account.standing().recovery() != null) {
      return Applied.refused(Reason.RECOVERY_RUNS, order.account().toString());
    }
    Row.NewKey announced =
        new Row.NewKey(order.publicKey(), turn.time() + Row.Account.RECOVERY_MILLIS);
    return write(turn, submit, account.with(account.standing().recovering(announced)));
  }

  /** A frozen account's holder may veto too: freezing must not help to take an account. */
  Applied veto(Turn turn, Action.Submit submit, Order.VetoRecovery order) {
    Row.Account account = turn.account(order.account());
    Refusal foreign = turn.foreign(account, order.account(), submit.key());
    if (foreign != null || account == null) {
      return refused(foreign);
    }
    return account.standing().recovery() == null
        ? Applied.refused(Reason.NO_RECOVERY, order.account().toString())
        : write(turn, submit, account.with(account.standing().recovering(null)));
  }

  /** */
  Applied freeze(Turn turn, Action.Submit submit, Order.Freeze order) {
    Row.Account account = turn.account(order.account());
    boolean official = order.frozen() && Arrays.equals(submit.key(), NO_KEY);
    Refusal foreign =
        official && account != null ? null : turn.foreign(account, order.account(), submit.key());
    if (foreign != null || account == null) {
      return refused(foreign);
    }
    if (account.standing().closed()) {
      return Applied.refused(Reason.ACCOUNT_CLOSED, order.account().toString());
    }
    if (account.standing().frozen() == order.frozen()) {
      return order.frozen()
          ? Applied.refused(Reason.ACCOUNT_FROZEN, order.account().toString())
          : Applied.refused(Reason.NOT_FROZEN, order.account().toString());
    }
    return write(turn, submit, account.with(account.standing().frozen(order.frozen())));
  }

  /** */
  Applied close(Turn turn, Action.Submit submit, Order.Close order) {
    Row.Account account = turn.account(order.account());
    Refusal denied = turn.denied(account, order.account(), submit.key());
    if (denied != null || account == null) {
      return refused(denied);
    }
    return account.balance().isPositive() || account.openHolds() > 0
        ? Applied.refused(Reason.ACCOUNT_NOT_EMPTY, "the balance is " + account.balance())
        : write(turn, submit, account.with(account.standing().ended()));
  }

  /** */
  Applied autoReceive(Turn turn, Action.Submit submit, Order.AutoReceive order) {
    Row.Account account = turn.account(order.account());
    Refusal denied = turn.denied(account, order.account(), submit.key());
    if (denied != null || account == null) {
      return refused(denied);
    }
    return order.limit().isNegative()
        ? Applied.refused(Reason.AMOUNT_INVALID, order.limit().toString())
        : write(turn, submit, account.with(account.standing().receiving(order.limit())));
  }

  private static Applied write(Turn turn, Action.Submit submit, Row.Account account) {
    Draft draft = new Draft(turn);
    draft.put(account);
    draft.addOrder(submit, null);
    return draft.accept();
  }

  /** A refusal that stands; a missing account has one. */
  static Applied refused(@Nullable Refusal refusal) {
    if (refusal == null) {
      throw new BrokenInvariantException("refused without a reason");
    }
    return new Applied.Refused(refusal);
  }
}
