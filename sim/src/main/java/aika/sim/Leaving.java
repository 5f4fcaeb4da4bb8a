package aika.sim;

import aika.core.ledger.Key;
import aika.core.ledger.Order;
import aika.core.ledger.Row;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * A resident moves out: has all money redeemed or sends it on, as often as some comes back, and
 * closes the empty account.
 */
final class Leaving {
  private static final int STEP_MILLIS = 1_200;
  private static final int SENT_MINOR_MAX = 6_000;

  private final World world;
  private final Wallet wallet;
  private final AccountId account;
  private final AccountId to;
  private final boolean closes;
  private boolean ordering;

  /**
   * @param closes whether the account is closed; where the chain is, nothing depends on it
   */
  Leaving(World world, Wallet wallet, ChainId to, boolean closes) {
    this.world = world;
    this.wallet = wallet;
    this.account = wallet.account();
    this.to = Wallet.first(to);
    this.closes = closes;
  }

  void begin() {
    wallet.every(STEP_MILLIS, this::step);
  }

  private Row.@Nullable Account row() {
    return world.chain(account.chain()).state().get(new Key.OfAccount(account));
  }

  /** Whether nothing is left to do. */
  boolean over() {
    Row.Account row = row();
    return row == null
        || row.balance().minor() == 0
            && row.openHolds() == 0
            && (!closes || row.standing().closed());
  }

  private void step() {
    Row.Account row = row();
    if (ordering || row == null || over()) {
      return;
    }
    if (row.standing().autoReceive().isPositive()) {
      order(header -> wallet.signed(new Order.AutoReceive(header, account, Money.ZERO)));
    } else if (row.balance().isPositive()) {
      moveOut(row.balance().minor());
    } else if (row.openHolds() == 0) {
      order(header -> wallet.signed(new Order.Close(header, account)));
    }
  }

  private void moveOut(long balance) {
    ordering = true;
    if (wallet.random.nextInt(4) == 0) {
      Money some = Money.ofMinor(Math.min(balance, SENT_MINOR_MAX));
      wallet.send(to, some, accepted -> ordering = false);
    } else {
      wallet.errands().redeem(Money.ofMinor(balance), (job, accepted) -> ordering = false);
    }
  }

  private void order(Job.Maker maker) {
    ordering = true;
    wallet.start(maker, (job, accepted) -> ordering = false);
  }
}
