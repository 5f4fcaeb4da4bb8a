package aika.client;

import aika.core.ledger.Order;
import aika.core.ledger.SignedOrder;
import aika.core.money.AccountId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import aika.core.note.Ed25519;
import aika.core.note.SignedNote;
import aika.core.note.Signer;
import java.security.KeyPair;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * An account with its key: makes orders and signs them (docs/spec/orders.md). Every order gets an
 * id of its own here, before anything is sent: keep the signed order until its result is known, in
 * an {@link Outbox} for example, and send that one again, never a new one.
 */
public final class Wallet {
  /**
   * How long an order may be delivered, by this machine's clock. An order without an answer may
   * still come until the chain's own time is past its not-after.
   */
  public static final Duration DELIVERY = Duration.ofMinutes(5);

  /** How long a transfer waits for its receiver, unless it says so itself. */
  public static final Duration WAITING = Duration.ofDays(30);

  /** How long there is to bring a note to the counter, where an official signs it too. */
  public static final Duration AT_COUNTER = Duration.ofHours(12);

  private final String federation;
  private final AccountId account;
  private final Signer signer;
  private final InstantSource clock;
  private final Headers headers;

  /**
   * @param federation the federation's id, as in {@code aika.example}
   */
  public Wallet(String federation, AccountId account, Signer signer, InstantSource clock) {
    this.federation = federation;
    this.account = account;
    this.signer = signer;
    this.clock = clock;
    this.headers = new Headers(federation, clock);
  }

  /**
   * @param seed 32 bytes: the private key of RFC 8032
   */
  public static Wallet of(String federation, AccountId account, byte[] seed) {
    return new Wallet(federation, account, Ed25519.signer(seed), InstantSource.system());
  }

  /**
   * @param keys an Ed25519 pair of the JDK, or of any provider
   */
  public static Wallet of(String federation, AccountId account, KeyPair keys) {
    return new Wallet(federation, account, new JdkSigner(keys), InstantSource.system());
  }

  public AccountId account() {
    return account;
  }

  /** Sends; the receiver has 30 days to receive. */
  public SignedOrder send(AccountId to, Money amount) {
    return send(to, amount, WAITING);
  }

  /**
   * @param waiting how long the transfer waits for its receiver; at most what the federation allows
   */
  public SignedOrder send(AccountId to, Money amount, Duration waiting) {
    return signed(new Order.Send(header(), account, to, amount, headers.fromNow(waiting), null));
  }

  public SignedOrder receive(TransferId transfer) {
    return signed(new Order.Decide(header(), account, transfer, true));
  }

  /** Declines: the money goes back. */
  public SignedOrder reject(TransferId transfer) {
    return signed(new Order.Decide(header(), account, transfer, false));
  }

  /** Asks for a transfer back; the receiver's chain decides whether it came in time. */
  public SignedOrder cancel(TransferId transfer) {
    return signed(new Order.Cancel(header(), account, transfer));
  }

  /** Gives back a transfer that this chain received, with a transfer that says so. */
  public SignedOrder refund(TransferId received, AccountId to, Money amount) {
    return signed(
        new Order.Send(header(), account, to, amount, headers.fromNow(WAITING), null, received));
  }

  /**
   * Several payments in one order, all of them or none; each is a transfer of its own.
   *
   * @param payments 2 to 500
   */
  public SignedOrder sendBatch(List<Order.Payment> payments) {
    return sendBatch(payments, WAITING);
  }

  /**
   * @param waiting how long the transfers wait for their receivers
   */
  public SignedOrder sendBatch(List<Order.Payment> payments, Duration waiting) {
    return signed(new Order.SendBatch(header(), account, payments, headers.fromNow(waiting)));
  }

  /**
   * The account has the new key from now on, which signs too. From then on this wallet's orders are
   * refused: continue with {@link #withKey}.
   */
  public SignedOrder rotateKey(Signer newSigner) {
    Order order = new Order.RotateKey(header(), account, newSigner.publicKey());
    return SignedOrder.of(sign(order).signedBy(account.toString(), Ed25519.TYPE, newSigner));
  }

  /** The same account with another key. */
  public Wallet withKey(Signer newSigner) {
    return new Wallet(federation, account, newSigner, clock);
  }

  /**
   * Asks for this wallet's key in the place of the account's, which is lost. It is complete when a
   * registrar of the chain has signed it too, within {@link #AT_COUNTER}; the key counts seven days
   * after it was executed, unless the old one vetoes.
   */
  public SignedNote recovering() {
    return sign(new Order.RecoverKey(headers.within(AT_COUNTER), account, signer.publicKey()));
  }

  /** Says that the key is not lost, while another one that a registrar announced is waiting. */
  public SignedOrder vetoRecovery() {
    return signed(new Order.VetoRecovery(header(), account));
  }

  /** From now on nothing is ordered in the account's name, until it is unfrozen. */
  public SignedOrder freeze() {
    return signed(new Order.Freeze(header(), account, true));
  }

  /** It is complete when a registrar of the chain has signed it too, within {@link #AT_COUNTER}. */
  public SignedNote unfreezing() {
    return sign(new Order.Freeze(headers.within(AT_COUNTER), account, false));
  }

  /** Ends the account, which has to be empty, for good. */
  public SignedOrder closeAccount() {
    return signed(new Order.Close(header(), account));
  }

  /**
   * A standing order: transfers of at most this are received without an order of their own.
   *
   * @param limit zero ends it
   */
  public SignedOrder autoReceive(Money limit) {
    return signed(new Order.AutoReceive(header(), account, limit));
  }

  /**
   * Stands for the representatives of the next term.
   *
   * @param seat the new ML-DSA-44 key with which the holder would approve blocks
   */
  public SignedOrder stand(Signer seat) {
    Order.Header header = header();
    byte[] possession = seat.sign(Order.Stand.possessionMessage(header, account));
    return signed(new Order.Stand(header, account, seat.publicKey(), possession));
  }

  /**
   * Gives money back. It is complete when an issuer of the chain has signed it too, within {@link
   * #AT_COUNTER}.
   */
  public SignedNote redeeming(Money amount) {
    return sign(new Order.Redeem(headers.within(AT_COUNTER), account, amount));
  }

  /**
   * The order that opens this account with this key. It is complete when a registrar of the chain
   * has signed it too, within {@link #AT_COUNTER}.
   */
  public SignedNote opening() {
    return sign(new Order.Open(headers.within(AT_COUNTER), account, signer.publicKey()));
  }

  private SignedOrder signed(Order order) {
    return SignedOrder.of(sign(order));
  }

  private SignedNote sign(Order order) {
    return SignedNote.sign(order.text(), account.toString(), Ed25519.TYPE, signer);
  }

  private Order.Header header() {
    return headers.within(DELIVERY);
  }
}
