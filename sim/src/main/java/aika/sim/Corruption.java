package aika.sim;

import aika.core.ledger.Action;
import aika.core.ledger.Applied;
import aika.core.ledger.Command;
import aika.core.ledger.Key;
import aika.core.ledger.LedgerState;
import aika.core.ledger.Order;
import aika.core.ledger.Reason;
import aika.core.ledger.Row;
import aika.core.money.AccountId;
import aika.core.money.Money;
import aika.core.transfer.Protocol;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a corrupt leader executes, and its whole quorum with it: who belongs to it may send what it
 * does not have. Everything else is as it must be, so that nothing else gives it away.
 */
final class Corruption {
  private final long from;
  private final Set<AccountId> accomplices;
  private final Mint mint;

  /** Hears of money that was made from nothing, before its leaf is written. */
  interface Mint {
    void made(long leaf, AccountId account, Money amount);
  }

  /**
   * @param from leaves before are honest, also when they are executed again
   */
  Corruption(long from, Set<AccountId> accomplices, Mint mint) {
    this.from = from;
    this.accomplices = accomplices;
    this.mint = mint;
  }

  /**
   * @param honest what the rules make of the command
   * @param written leaves that are written already; executed again, they are no news
   */
  Applied execute(
      Protocol protocol, LedgerState state, Command command, Applied honest, long written) {
    boolean lacksMoney =
        honest instanceof Applied.Refused refused
            && refused.refusal().reason() == Reason.INSUFFICIENT_FUNDS;
    Row.Head head = state.head();
    if (!lacksMoney
        || head == null
        || head.size() < from
        || !(command.action() instanceof Action.Submit submit)
        || !(submit.order().order() instanceof Order.Send send)
        || !accomplices.contains(send.from())) {
      return honest;
    }
    Row.Account account = state.get(new Key.OfAccount(send.from()));
    Money missing = account == null ? Money.ZERO : send.amount().minus(account.balance());
    Applied corrupt = protocol.apply(richer(state, send.from(), missing), command);
    if (corrupt instanceof Applied.Accepted accepted && accepted.first().index() >= written) {
      mint.made(accepted.first().index(), send.from(), missing);
    }
    return corrupt;
  }

  private static LedgerState richer(LedgerState state, AccountId id, Money by) {
    return new LedgerState() {
      @Override
      @SuppressWarnings("unchecked") // an account's row is replaced by one of the same account
      public <R extends Row> @Nullable R get(Key<R> key) {
        R row = state.get(key);
        return row instanceof Row.Account account && account.id().equals(id)
            ? (R) account.with(account.balance().plus(by))
            : row;
      }
    };
  }
}
