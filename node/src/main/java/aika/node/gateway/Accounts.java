package aika.node.gateway;

import aika.core.ledger.Offer;
import aika.core.ledger.Order;
import aika.core.ledger.Reason;
import aika.core.ledger.Row;
import aika.core.ledger.SignedOrder;
import aika.core.money.AccountId;
import aika.core.money.Money;
import aika.core.note.CanonicalBase64;
import aika.node.gateway.AccountRequest.Wish;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is told of accounts, and the orders about them that the counter wallet signs. */
final class Accounts {
  /** How often an account is read again because it changed meanwhile. */
  private static final int AGAIN_MAX = 3;

  private final Transfers transfers;
  private final People people;
  private final Signing signing;

  Accounts(Transfers transfers, People people, Signing signing) {
    this.transfers = transfers;
    this.people = people;
    this.signing = signing;
  }

  AccountView view(AccountId id, Caller caller) {
    var _ = transfers.served(id.chain());
    Row.Account account = account(id);
    List<Offer> held = transfers.holdsOf(account);
    for (int i = 0; i < AGAIN_MAX && hasMoved(account); i++) {
      account = account(id);
      held = transfers.holdsOf(account);
    }
    return view(account, held, caller);
  }

  private Row.Account account(AccountId id) {
    Row.Account account = signing.account(id);
    if (account == null) {
      throw RefusedException.of(Reason.UNKNOWN_ACCOUNT, id.toString());
    }
    return account;
  }

  /** Whether money moved since: the balance and what is held are to be of one moment. */
  private boolean hasMoved(Row.Account account) {
    Row.Account now = account(account.id());
    return !now.balance().equals(account.balance()) || now.openHolds() != account.openHolds();
  }

  private AccountView view(Row.Account account, List<Offer> offers, Caller caller) {
    AccountId id = account.id();
    People.Right right = people.rightToAsk(caller);
    List<AccountView.Hold> holds =
        offers.stream()
            .map(offer ->
                new AccountView.Hold(
                    offer.transfer(),
                    people.party(
                        offer.to(), right.sees(id, offer.to()), offer.transfer(), offer.from()),
                    offer.amount(),
                    offer.validUntil()))
            .toList();
    Money held = holds.stream().map(AccountView.Hold::amount).reduce(Money.ZERO, Money::plus);
    boolean own = right.sees(id, id);
    return new AccountView(
        people.party(id, own),
        account.balance(),
        held,
        account.openHolds(),
        holds,
        standing(account),
        own && signing.holds(id));
  }

  private static AccountView.Standing standing(Row.Account account) {
    Row.Standing standing = account.standing();
    return new AccountView.Standing(
        CanonicalBase64.encode(account.publicKey()),
        standing.frozen(),
        standing.closed(),
        standing.autoReceive(),
        announced(standing.recovery()));
  }

  private static AccountView.@Nullable Announced announced(Row.@Nullable NewKey key) {
    return key == null
        ? null
        : AccountView.Announced.on(CanonicalBase64.encode(key.publicKey()), key.due());
  }

  SignedOrder signed(AccountId account, Wish wish, Order.Header header) {
    return switch (wish) {
      case Wish.Veto() -> signing.sign(new Order.VetoRecovery(header, account));
      case Wish.Freeze() -> signing.sign(new Order.Freeze(header, account, true));
      case Wish.NewKey() -> signing.rotation(header, account);
      case Wish.AutoReceive(Money limit) ->
          signing.sign(new Order.AutoReceive(header, account, limit));
    };
  }
}
