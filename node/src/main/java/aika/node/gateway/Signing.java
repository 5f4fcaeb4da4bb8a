package aika.node.gateway;

import aika.core.ledger.Key;
import aika.core.ledger.Order;
import aika.core.ledger.Reason;
import aika.core.ledger.Row;
import aika.core.ledger.SignedOrder;
import aika.core.money.AccountId;
import aika.node.order.Chain;
import aika.node.order.Shard;
import aika.node.wallet.CounterWallet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Has the counter wallet sign, with the key that the account has now (CW-12). */
final class Signing {
  private final Shard shard;
  private final CounterWallet wallet;
  private final LongSupplier clock;

  Signing(Shard shard, CounterWallet wallet, LongSupplier clock) {
    this.shard = shard;
    this.wallet = wallet;
    this.clock = clock;
  }

  /** The account now: a key that was announced and not stopped may be in force by itself. */
  Row.@Nullable Account account(AccountId id) {
    Chain chain = shard.find(id.chain());
    Row.Account row = chain == null ? null : chain.get(new Key.OfAccount(id));
    return row == null || chain == null
        ? null
        : row.at(Math.max(clock.getAsLong(), chain.head().time()));
  }

  /** Whether the key that the account has now is in the wallet. */
  boolean holds(AccountId id) {
    Row.Account account = account(id);
    return account == null ? wallet.holds(id) : wallet.holds(id, account.publicKey());
  }

  SignedOrder sign(Order order) {
    Row.Account account = account(order.account());
    if (account == null) {
      return wallet.sign(order); // its chain says that there is no such account
    }
    return wallet.sign(order, account.publicKey()).orElseThrow(Signing::elsewhere);
  }

  /**
   * An order that gives the account a new key of the wallet, signed by both. The new key is on disk
   * before anybody sees the order.
   */
  SignedOrder rotation(Order.Header header, AccountId id) {
    Row.Account account = account(id);
    if (account == null) {
      throw RefusedException.of(Reason.UNKNOWN_ACCOUNT, id.toString());
    }
    byte[] next = wallet.next(id, account.publicKey()).orElseThrow(Signing::elsewhere);
    return sign(new Order.RotateKey(header, id, next));
  }

  private static RefusedException elsewhere() {
    return RefusedException.of(
        Reason.UNSIGNED_REFUSED, "the account's key is not in the counter wallet");
  }
}
