package aika.node.operate;

import aika.core.ledger.Key;
import aika.core.ledger.Order;
import aika.core.ledger.Reason;
import aika.core.ledger.Row;
import aika.core.ledger.SignedOrder;
import aika.core.money.AccountId;
import aika.core.money.OrderId;
import aika.core.note.SignedNote;
import aika.node.gateway.RefusedException;
import aika.node.order.Chain;
import aika.node.order.Shard;
import aika.node.wallet.CounterWallet;
import java.time.Duration;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * What somebody whose key is in the counter wallet signs, so that their frozen account goes on
 * [CW-14]. It is only given out: no chain takes it before a registrar has signed it too.
 */
final class Unfreezing {
  /** How long there is to have a registrar sign. */
  private static final Duration AT_COUNTER = Duration.ofHours(12);

  private final String federation;
  private final Shard shard;
  private final CounterWallet wallet;
  private final LongSupplier clock;

  /**
   * @param federation its id
   * @param clock ms since 1970
   */
  Unfreezing(String federation, Shard shard, CounterWallet wallet, LongSupplier clock) {
    this.federation = federation;
    this.shard = shard;
    this.wallet = wallet;
    this.clock = clock;
  }

  /**
   * @throws RefusedException when the account is not frozen, or has a key that the wallet has not
   */
  SignedNote note(AccountId id) {
    Row.Account account = account(id);
    if (account.standing().closed()) {
      throw RefusedException.of(Reason.ACCOUNT_CLOSED, id.toString());
    }
    if (!account.standing().frozen()) {
      throw RefusedException.of(Reason.NOT_FROZEN, id.toString());
    }
    return wallet
        .sign(new Order.Freeze(header(), id, false), account.publicKey())
        .map(SignedOrder::note)
        .orElseThrow(() ->
            RefusedException.of(
                Reason.UNSIGNED_REFUSED, "the account's key is not in the counter wallet"));
  }

  /** As it is now: a key that was announced and not stopped may be in force by itself. */
  private Row.Account account(AccountId id) {
    Chain chain = shard.find(id.chain());
    if (chain == null) {
      throw RefusedException.of(Reason.UNKNOWN_CHAIN, id.chain() + " is not served here");
    }
    Row.Account row = chain.get(new Key.OfAccount(id));
    if (row == null) {
      throw RefusedException.of(Reason.UNKNOWN_ACCOUNT, id.toString());
    }
    return row.at(Math.max(clock.getAsLong(), chain.head().time()));
  }

  private Order.Header header() {
    long notAfter = clock.getAsLong() + AT_COUNTER.toMillis();
    return new Order.Header(federation, new OrderId(UUID.randomUUID()), notAfter / 1_000 * 1_000);
  }
}
