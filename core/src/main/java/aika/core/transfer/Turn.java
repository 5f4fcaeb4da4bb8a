package aika.core.transfer;

import aika.core.ledger.Key;
import aika.core.ledger.LedgerState;
import aika.core.ledger.Policy;
import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.ledger.Row;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import org.jspecify.annotations.Nullable;

/** One command at work: the chain as it is, and the time at which the command executes, ms. */
record Turn(LedgerState state, Row.Head head, long time) {
  <R extends Row> @Nullable R get(Key<R> key) {
    return state.get(key);
  }

  ChainId chain() {
    return head.chain();
  }

  Policy policy() {
    return head.policy();
  }

  /** The account as it is at this time. */
  Row.@Nullable Account account(AccountId id) {
    Row.Account account = state.get(new Key.OfAccount(id));
    return account == null ? null : account.at(time);
  }

  /**
   * Why nothing can be ordered in this account's name; null when it can.
   *
   * @param key by which the order's signature was checked
   */
  @Nullable Refusal denied(Row.@Nullable Account account, AccountId id, byte[] key) {
    Refusal foreign = foreign(account, id, key);
    if (foreign != null || account == null) {
      return foreign;
    }
    if (account.standing().closed()) {
      return Refusal.of(Reason.ACCOUNT_CLOSED, id.toString());
    }
    return account.standing().frozen() ? Refusal.of(Reason.ACCOUNT_FROZEN, id.toString()) : null;
  }

  /** Why the order is not one of the account's holder; null when it is. */
  @Nullable Refusal foreign(Row.@Nullable Account account, AccountId id, byte[] key) {
    if (account == null) {
      return Refusal.of(Reason.UNKNOWN_ACCOUNT, id.toString());
    }
    return account.hasKey(key)
        ? null
        : Refusal.of(Reason.BAD_SIGNATURE, "the account's key has changed");
  }
}
