package aika.node.gateway;

import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.money.AccountId;
import aika.core.money.OrderId;
import org.jspecify.annotations.Nullable;

/**
 * A request was refused, and nothing changed; or its outcome is unknown, and the reason says so.
 */
public sealed class RefusedException extends RuntimeException permits ElsewhereException {
  private static final long serialVersionUID = 1L;

  private final transient Refusal refusal;
  private final transient @Nullable Lookup lookup;

  /** Where the outcome of an order can be looked up later. */
  public record Lookup(AccountId account, OrderId order) {}

  public RefusedException(Refusal refusal) {
    this(refusal, null);
  }

  RefusedException(Refusal refusal, @Nullable Lookup lookup) {
    super(refusal.reason() + ": " + refusal.detail());
    this.refusal = refusal;
    this.lookup = lookup;
  }

  public static RefusedException of(Reason reason, String detail) {
    return new RefusedException(Refusal.of(reason, detail));
  }

  public Refusal refusal() {
    return refusal;
  }

  /** The order that was made or given; null when there was none yet. */
  public @Nullable Lookup lookup() {
    return lookup;
  }
}
