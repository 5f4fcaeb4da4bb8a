package aika.sim;

import aika.core.ledger.Leaf;
import aika.core.ledger.Offer;
import aika.core.ledger.Order;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Recovery;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import java.util.HashSet;
import java.util.Set;

/** Which chains and accounts are closed, and what must not happen there any more. */
final class Closures {
  private final Counts counts;
  private final Set<ChainId> chains = new HashSet<>();
  private final Set<AccountId> accounts = new HashSet<>();

  Closures(Counts counts) {
    this.counts = counts;
  }

  /** A recovery quorum has decided. */
  void decided(Leaf.Recovered leaf) {
    if (leaf.recovery().recovery() instanceof Recovery.Close close) {
      Violation.unless(chains.add(close.chain()), () -> close.chain() + " is closed twice");
    }
  }

  /** An order is executed. */
  void ordered(ChainId chain, Order order) {
    Violation.unless(
        !accounts.contains(order.account()),
        () -> order.kind() + " in the name of " + order.account() + ", which is closed");
    boolean opens =
        switch (order) {
          case Order.Open open -> true;
          case Order.Stand stand -> true;
          case Order.Issue issue -> {
            Violation.unless(
                !accounts.contains(issue.to()), () -> issue.to() + " is closed and gets money");
            yield true;
          }
          default -> false;
        };
    Violation.unless(
        !opens || !chains.contains(chain),
        () -> order.kind() + " on " + chain + ", a closed chain");
  }

  /** An account is closed. */
  void closed(AccountId account, long balance, boolean hasOpenTransfers) {
    Violation.unless(
        balance == 0 && !hasOpenTransfers, () -> account + " is closed and not empty: " + balance);
    accounts.add(account);
  }

  /** A transfer is decided by the receiver's chain. */
  void decided(Leaf leaf, Offer offer, OutcomeKind kind) {
    AccountId to = offer.to();
    boolean closed = chains.contains(to.chain()) || accounts.contains(to);
    Violation.unless(
        kind != OutcomeKind.RECEIVED || !closed,
        () -> offer.transfer() + " is received where all is closed, by " + to);
    if (leaf instanceof Leaf.Concluded && kind == OutcomeKind.REJECTED) {
      Violation.unless(closed, () -> offer.transfer() + " is declined by a chain that is open");
      String where = chains.contains(to.chain()) ? "a chain" : "an account";
      counts.did("closed: declined for " + where);
    }
  }
}
