package aika.core.transfer;

import aika.core.ledger.Directory;
import aika.core.ledger.Order;
import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.ledger.Row;
import aika.core.ledger.SignedOrder;
import aika.core.note.Ed25519;
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
  private final Directory directory;
  private final SignatureScheme scheme;

  public Authorization(Directory directory, SignatureScheme scheme) {
    this.directory = directory;
    this.scheme = scheme;
  }

  /** The verdict on an order's signatures. */
  public sealed interface Verdict {
    /**
     * @param key the account's key that was used
     */
    record Valid(byte[] key) implements Verdict {}

    record Invalid(Refusal refusal) implements Verdict {}
  }

  /**
   * @param account the ordering account as it is now; null when there is none
   */
  public Verdict check(SignedOrder signed, Row.@Nullable Account account) {
    Order order = signed.order();
    Directory.Entry chain = directory.find(order.chain());
    if (chain == null || !order.chain().municipal()) {
      return invalid(Reason.UNKNOWN_CHAIN, order.chain().value());
    }
    return switch (order) {
      case Order.Open open -> opened(signed, open, chain.registrars());
      case Order.Issue issue -> issued(signed, chain.issuers());
      case Order.Send send -> byAccount(signed, account);
      case Order.Decide decide -> byAccount(signed, account);
      case Order.Cancel cancel -> byAccount(signed, account);
    };
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
            && registrars.stream().anyMatch(r -> signed.note().isSignedBy(r, scheme));
    return valid
        ? new Verdict.Valid(open.publicKey())
        : invalid(Reason.BAD_SIGNATURE, "two signatures, by the account's key and a registrar");
  }

  private Verdict issued(SignedOrder signed, List<VerifierKey> issuers) {
    long valid = issuers.stream().filter(i -> signed.note().isSignedBy(i, scheme)).count();
    return signed.note().signatures().size() == 2 && valid == 2
        ? new Verdict.Valid(new byte[Order.KEY_BYTES])
        : invalid(Reason.BAD_SIGNATURE, "two signatures, by two issuers");
  }

  private static VerifierKey key(Order order, byte[] publicKey) {
    return new VerifierKey(order.account().toString(), Ed25519.TYPE, publicKey);
  }

  private static Verdict invalid(Reason reason, String detail) {
    return new Verdict.Invalid(Refusal.of(reason, detail));
  }
}
