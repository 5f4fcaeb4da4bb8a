package aika.core.transfer;

import aika.core.ledger.Directory;
import aika.core.ledger.Order;
import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.ledger.Row;
import aika.core.ledger.Seats;
import aika.core.ledger.SignedOrder;
import aika.core.ledger.SignedRecovery;
import aika.core.log.ConflictProof;
import aika.core.note.Ed25519;
import aika.core.note.MlDsa44;
import aika.core.note.SignatureScheme;
import aika.core.note.VerifierKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks who signed an order: before it is ordered, and again by every cosigner that executes it.
 * An order carries exactly the signatures that it needs; a further one would let anybody change a
 * leaf's bytes without changing its meaning. Specified in docs/spec/orders.md, ORD-6 to ORD-11.
 */
public final class Authorization {
  private static final byte[] NO_KEY = new byte[Order.KEY_BYTES];

  private final Directory directory;
  private final SignatureScheme scheme;
  private final SignatureScheme cosignatures;

  /** Checks seats' keys with the JDK's ML-DSA-44. */
  public Authorization(Directory directory, SignatureScheme scheme) {
    this(directory, scheme, new MlDsa44());
  }

  /**
   * @param cosignatures by which a candidate's key shows that it is the candidate's
   */
  public Authorization(Directory directory, SignatureScheme scheme, SignatureScheme cosignatures) {
    this.directory = directory;
    this.scheme = scheme;
    this.cosignatures = cosignatures;
  }

  /** The verdict on an order's signatures. */
  public sealed interface Verdict {
    /**
     * @param key the account's key that was used; zeros when officials ordered
     */
    record Valid(byte[] key) implements Verdict {}

    record Invalid(Refusal refusal) implements Verdict {}
  }

  /**
   * @param account the ordering account as it is {@linkplain Row.Account#at now}; null when there
   *     is none
   */
  public Verdict check(SignedOrder signed, Row.@Nullable Account account) {
    Order order = signed.order();
    Directory.Entry chain = directory.find(order.chain());
    if (chain == null || !order.chain().municipal()) {
      return invalid(Reason.UNKNOWN_CHAIN, order.chain().value());
    }
    return switch (order) {
      case Order.Open open -> opened(signed, open, chain.registrars());
      case Order.RotateKey rotate -> rotated(signed, rotate, account);
      case Order.RecoverKey recover -> recovered(signed, recover, chain.registrars());
      case Order.Freeze freeze when freeze.frozen() -> frozen(signed, account, chain.registrars());
      case Order.Freeze unfreeze -> withOfficial(signed, account, chain.registrars());
      case Order.Redeem redeem -> withOfficial(signed, account, chain.issuers());
      case Order.Issue issue -> issued(signed, chain.issuers());
      case Order.Clear clear -> cleared(signed, clear, chain.issuers());
      case Order.Stand stand -> stood(signed, stand, account);
      case Order.VetoRecovery veto -> byAccount(signed, account);
      case Order.Close close -> byAccount(signed, account);
      case Order.AutoReceive auto -> byAccount(signed, account);
      case Order.Send send -> byAccount(signed, account);
      case Order.SendBatch batch -> byAccount(signed, account);
      case Order.Decide decide -> byAccount(signed, account);
      case Order.Cancel cancel -> byAccount(signed, account);
    };
  }

  /** Whether a chain's recovery quorum has signed this decision. */
  public boolean recovered(SignedRecovery signed) {
    Directory.Entry chain = directory.find(signed.recovery().chain());
    Directory.Quorum quorum = chain == null ? null : chain.recovery();
    return quorum != null && signed.isSignedBy(quorum, scheme);
  }

  /** Whether these seats have approved both histories. */
  public boolean convicted(ConflictProof proof, Seats seats) {
    return seats.approvedAt(proof.first(), cosignatures).isPresent()
        && seats.approvedAt(proof.second(), cosignatures).isPresent();
  }

  private Verdict rotated(
      SignedOrder signed, Order.RotateKey rotate, Row.@Nullable Account account) {
    if (account == null) {
      return invalid(Reason.UNKNOWN_ACCOUNT, rotate.account().toString());
    }
    boolean valid =
        signed.note().signatures().size() == 2
            && signed.note().isSignedBy(key(rotate, account.publicKey()), scheme)
            && signed.note().isSignedBy(key(rotate, rotate.publicKey()), scheme);
    return valid
        ? new Verdict.Valid(account.publicKey())
        : invalid(Reason.BAD_SIGNATURE, "two signatures, by the account's old and new keys");
  }

  private Verdict recovered(
      SignedOrder signed, Order.RecoverKey recover, List<VerifierKey> registrars) {
    boolean valid =
        signed.note().signatures().size() == 2
            && signed.note().isSignedBy(key(recover, recover.publicKey()), scheme)
            && byOneOf(signed, registrars);
    return valid
        ? new Verdict.Valid(NO_KEY)
        : invalid(Reason.BAD_SIGNATURE, "two signatures, by the new key and a registrar");
  }

  private Verdict frozen(
      SignedOrder signed, Row.@Nullable Account account, List<VerifierKey> registrars) {
    return signed.note().signatures().size() == 1 && byOneOf(signed, registrars)
        ? new Verdict.Valid(NO_KEY)
        : byAccount(signed, account);
  }

  private Verdict withOfficial(
      SignedOrder signed, Row.@Nullable Account account, List<VerifierKey> officials) {
    if (account == null) {
      return invalid(Reason.UNKNOWN_ACCOUNT, signed.order().account().toString());
    }
    boolean valid =
        signed.note().signatures().size() == 2
            && signed.note().isSignedBy(key(signed.order(), account.publicKey()), scheme)
            && byOneOf(signed, officials);
    return valid
        ? new Verdict.Valid(account.publicKey())
        : invalid(Reason.BAD_SIGNATURE, "two signatures, by the account's key and an official");
  }

  /** An issuer of each side: both municipalities say the same. */
  private Verdict cleared(SignedOrder signed, Order.Clear clear, List<VerifierKey> issuers) {
    Directory.Entry counterpart = directory.find(clear.counterpart());
    boolean valid =
        counterpart != null
            && signed.note().signatures().size() == 2
            && byOneOf(signed, issuers)
            && byOneOf(signed, counterpart.issuers());
    return valid
        ? new Verdict.Valid(NO_KEY)
        : invalid(Reason.BAD_SIGNATURE, "two signatures, by an issuer of each municipality");
  }

  private Verdict stood(SignedOrder signed, Order.Stand stand, Row.@Nullable Account account) {
    byte[] message = Order.Stand.possessionMessage(stand.header(), stand.account());
    return cosignatures.verify(stand.publicKey(), message, stand.possession())
        ? byAccount(signed, account)
        : invalid(Reason.BAD_SIGNATURE, "the seat's key did not sign");
  }

  private boolean byOneOf(SignedOrder signed, List<VerifierKey> officials) {
    return officials.stream().anyMatch(official -> signed.note().isSignedBy(official, scheme));
  }

  private Verdict byAccount(SignedOrder signed, Row.@Nullable Account account) {
    if (account == null) {
      return invalid(Reason.UNKNOWN_ACCOUNT, signed.order().account().toString());
    }
    VerifierKey key = key(signed.order(), account.publicKey());
    return signed.note().signatures().size() == 1 && signed.note().isSignedBy(key, scheme)
        ? new Verdict.Valid(account.publicKey())
        : invalid(Reason.BAD_SIGNATURE, "one signature, by the account's key");
  }

  private Verdict opened(SignedOrder signed, Order.Open open, List<VerifierKey> registrars) {
    boolean valid =
        signed.note().signatures().size() == 2
            && signed.note().isSignedBy(key(open, open.publicKey()), scheme)
            && byOneOf(signed, registrars);
    return valid
        ? new Verdict.Valid(open.publicKey())
        : invalid(Reason.BAD_SIGNATURE, "two signatures, by the account's key and a registrar");
  }

  private Verdict issued(SignedOrder signed, List<VerifierKey> issuers) {
    long valid = issuers.stream().filter(i -> signed.note().isSignedBy(i, scheme)).count();
    return signed.note().signatures().size() == 2 && valid == 2
        ? new Verdict.Valid(NO_KEY)
        : invalid(Reason.BAD_SIGNATURE, "two signatures, by two issuers");
  }

  private static VerifierKey key(Order order, byte[] publicKey) {
    return new VerifierKey(order.account().toString(), Ed25519.TYPE, publicKey);
  }

  private static Verdict invalid(Reason reason, String detail) {
    return new Verdict.Invalid(Refusal.of(reason, detail));
  }
}
