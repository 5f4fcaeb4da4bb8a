package aika.sim;

import aika.core.ledger.Order;
import aika.core.ledger.Row;
import aika.core.ledger.SignedOrder;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import aika.core.note.Ed25519;
import aika.core.note.SignedNote;
import aika.core.note.Signer;
import java.util.ArrayList;
import java.util.List;

/**
 * What residents and their town hall do now and then besides sending: batches, giving back, keys,
 * standing orders, redeeming, freezing, and what two treasuries settle with each other.
 */
final class Errands {
  private static final int SOON_MILLIS = 6_000;
  private static final int STANDING_ORDER_MINOR_MAX = 4_000;
  private static final int PAYMENTS_MAX = 6;

  private final World world;
  private final Wallet wallet;
  private final AccountId account;
  private long stoodIn;
  private boolean rotating;
  private boolean announced;

  Errands(World world, Wallet wallet) {
    this.world = world;
    this.wallet = wallet;
    this.account = wallet.account();
  }

  /** Runs one of them. */
  void one() {
    switch (wallet.random.nextInt(12)) {
      case 0, 1 -> rotateKey();
      case 2 -> announceKey();
      case 3 -> freeze();
      case 4, 5, 6 -> redeem();
      case 7, 8 -> clear();
      default -> standingOrder();
    }
  }

  /** Stands for the next term, when few do so far. */
  void stand() {
    Chain chain = world.chain(account.chain());
    long term = chain.term();
    if (term == stoodIn || chain.candidates() >= 2 * world.settings().seats()) {
      return;
    }
    stoodIn = term;
    Signer seat = world.keys().seat("seat of " + account + " after term " + term);
    wallet.start(
        header -> {
          byte[] key = seat.publicKey();
          byte[] message = Order.Stand.possessionMessage(header, account);
          byte[] possession = world.keys().possession(key, message);
          return wallet.signed(new Order.Stand(header, account, key, possession));
        },
        (job, accepted) -> {});
  }

  /** Several payments in one order. */
  void batch(List<AccountId> receivers, Job.Ended ended) {
    List<Order.Payment> payments = new ArrayList<>();
    for (AccountId to : receivers) {
      payments.add(new Order.Payment(to, Money.ofMinor(1 + wallet.random.nextInt(1_500))));
    }
    wallet.start(
        header -> wallet.signed(new Order.SendBatch(header, account, payments, validUntil())),
        (job, accepted) -> {
          ended.ended(job, accepted);
          if (accepted && wallet.random.nextInt(4) == 0) {
            int which = wallet.random.nextInt(payments.size());
            wallet.cancelSoon(new TransferId(account.chain(), job.index + which));
          }
        });
  }

  static int payments(Wallet of) {
    return Order.SendBatch.PAYMENTS_MIN + of.random.nextInt(PAYMENTS_MAX - 1);
  }

  private long validUntil() {
    return (world.now() + 15_000 + wallet.random.nextInt(60_000)) / 1000 * 1000;
  }

  /** Gives a received transfer back, or a part of it. */
  void giveBack(TransferId received, AccountId to, Money amount) {
    Money back = Money.ofMinor(1 + wallet.random.nextLong(amount.minor()));
    wallet.start(
        header ->
            wallet.signed(new Order.Send(header, account, to, back, validUntil(), null, received)),
        (job, accepted) -> {});
  }

  /** Changes what is received without being asked about. */
  void standingOrder() {
    int most = wallet.random.nextInt(3) == 0 ? 0 : STANDING_ORDER_MINOR_MAX;
    wallet.start(
        header -> wallet.signed(new Order.AutoReceive(header, account, Money.ofMinor(most))),
        (job, accepted) -> {});
  }

  private void rotateKey() {
    if (rotating) {
      return;
    }
    rotating = true;
    Signer next = wallet.nextKey();
    wallet.start(
        header -> {
          Order.RotateKey order = new Order.RotateKey(header, account, next.publicKey());
          return SignedOrder.of(
              wallet.signed(order).note().signedBy(account.toString(), Ed25519.TYPE, next));
        },
        (job, accepted) -> {
          rotating = false;
          if (accepted) {
            wallet.uses(next);
          }
        });
  }

  /** Somebody claims at the town hall that the key is lost; mostly the holder objects. */
  private void announceKey() {
    if (announced) {
      return;
    }
    announced = true;
    Signer claimed = world.keys().signer("claimed " + account);
    wallet.start(
        header -> {
          Order order = new Order.RecoverKey(header, account, claimed.publicKey());
          return SignedOrder.of(
              SignedNote.sign(order.text(), account.toString(), Ed25519.TYPE, claimed)
                  .signedBy(registrarName(), Ed25519.TYPE, registrar()));
        },
        (job, accepted) -> {
          if (wallet.random.nextInt(4) != 0) {
            soon(this::veto);
          }
        });
  }

  private void veto() {
    wallet.start(
        header -> wallet.signed(new Order.VetoRecovery(header, account)),
        (job, accepted) -> announced = false);
  }

  /** Frozen by the town hall or by the holder, and unfrozen by both a little later. */
  private void freeze() {
    boolean official = wallet.random.nextBoolean();
    wallet.start(
        header -> {
          Order order = new Order.Freeze(header, account, true);
          return official
              ? SignedOrder.of(
                  SignedNote.sign(order.text(), registrarName(), Ed25519.TYPE, registrar()))
              : wallet.signed(order);
        },
        (job, accepted) -> soon(this::unfreeze));
  }

  private void unfreeze() {
    wallet.start(
        header ->
            SignedOrder.of(
                wallet
                    .signed(new Order.Freeze(header, account, false))
                    .note()
                    .signedBy(registrarName(), Ed25519.TYPE, registrar())),
        (job, accepted) -> {});
  }

  private void redeem() {
    redeem(Money.ofMinor(1 + wallet.random.nextInt(500)), (job, accepted) -> {});
  }

  /** The town hall takes money back. */
  void redeem(Money amount, Job.Ended ended) {
    ChainId chain = account.chain();
    wallet.start(
        header ->
            SignedOrder.of(
                wallet
                    .signed(new Order.Redeem(header, account, amount))
                    .note()
                    .signedBy(
                        Federation.issuerName(chain, 0),
                        Ed25519.TYPE,
                        world.federation().issuer(chain, 0))),
        ended);
  }

  /** The treasuries settle half of what one owes the other; each side records it for itself. */
  private void clear() {
    List<ChainId> towns = world.federation().municipalities();
    clear(towns.get(wallet.random.nextInt(towns.size())), 2);
  }

  /** One part of so many of what is open between the two. */
  void clear(ChainId other, int parts) {
    Row.Clearing row = world.chain(account.chain()).clearing(other);
    if (row != null && !other.equals(account.chain()) && Math.abs(row.balance().minor()) >= parts) {
      Money amount = Money.ofMinor(Math.abs(row.balance().minor()) / parts);
      boolean paid = row.balance().isPositive();
      clear(account.chain(), other, amount, paid);
    }
  }

  private void clear(ChainId chain, ChainId other, Money amount, boolean paid) {
    wallet.start(
        header ->
            SignedOrder.of(
                SignedNote.sign(
                        new Order.Clear(header, chain, other, amount, paid).text(),
                        Federation.issuerName(chain, 0),
                        Ed25519.TYPE,
                        world.federation().issuer(chain, 0))
                    .signedBy(
                        Federation.issuerName(other, 0),
                        Ed25519.TYPE,
                        world.federation().issuer(other, 0))),
        (job, accepted) -> {});
  }

  private void soon(Runnable what) {
    wallet.after(wallet.random.nextInt(SOON_MILLIS), what);
  }

  private Signer registrar() {
    return world.federation().registrar(account.chain());
  }

  private String registrarName() {
    return Federation.registrarName(account.chain());
  }
}
