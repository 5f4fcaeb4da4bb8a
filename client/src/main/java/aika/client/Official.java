package aika.client;

import aika.core.ledger.Order;
import aika.core.ledger.SignedOrder;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.note.Ed25519;
import aika.core.note.SignedNote;
import aika.core.note.Signer;
import java.time.InstantSource;

/**
 * A registrar or an issuer of a municipality with the key that the federation file names: signs
 * what people bring to the counter, and makes the orders that need nobody else
 * (docs/spec/orders.md, ORD-9).
 */
public final class Official {
  private final String name;
  private final Signer signer;
  private final Headers headers;

  /**
   * @param federation the federation's id, as in {@code aika.example}
   * @param name the key's in the federation file, as in {@code aika.example/Asia-Komatsu/issuer-1}
   */
  public Official(String federation, String name, Signer signer, InstantSource clock) {
    this.name = name;
    this.signer = signer;
    this.headers = new Headers(federation, clock);
  }

  /** With the clock of this machine; see {@link #Official}. */
  public static Official of(String federation, String name, Signer signer) {
    return new Official(federation, name, signer, InstantSource.system());
  }

  /**
   * Completes what a {@link Wallet} or another official has begun, with the second signature. The
   * same note gives the same order.
   *
   * @throws aika.core.note.MalformedException when it is no order, or this key has signed it
   */
  public SignedOrder complete(SignedNote begun) {
    return SignedOrder.of(begun.signedBy(name, Ed25519.TYPE, signer));
  }

  /** As a registrar: from now on nothing is ordered in the account's name. */
  public SignedOrder freeze(AccountId account) {
    return SignedOrder.of(sign(new Order.Freeze(headers.within(Wallet.DELIVERY), account, true)));
  }

  /**
   * As an issuer: new money for this account. It is complete when another issuer of the chain has
   * signed it too, within {@link Wallet#AT_COUNTER}.
   */
  public SignedNote issuing(AccountId to, Money amount) {
    return sign(new Order.Issue(headers.within(Wallet.AT_COUNTER), to, amount));
  }

  /**
   * As an issuer: {@code chain} has paid this outside the federation, for the chain of {@code
   * chain}. It is complete when an issuer of the other municipality has signed it too, within
   * {@link Wallet#AT_COUNTER}. The other chain needs {@link #paidBy} of its own.
   *
   * @param amount at most what the chain owes the counterpart
   */
  public SignedNote paidTo(ChainId chain, ChainId counterpart, Money amount) {
    return cleared(chain, counterpart, amount, true);
  }

  /** The other side of {@link #paidTo}: {@code chain} was paid by the counterpart. */
  public SignedNote paidBy(ChainId chain, ChainId counterpart, Money amount) {
    return cleared(chain, counterpart, amount, false);
  }

  private SignedNote cleared(ChainId chain, ChainId counterpart, Money amount, boolean paid) {
    Order.Header header = headers.within(Wallet.AT_COUNTER);
    return sign(new Order.Clear(header, chain, counterpart, amount, paid));
  }

  private SignedNote sign(Order order) {
    return SignedNote.sign(order.text(), name, Ed25519.TYPE, signer);
  }
}
