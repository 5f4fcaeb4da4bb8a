package aika.node.gateway;

import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;

/**
 * A request was refused, and nothing changed; or its outcome is unknown, and the reason says so.
 */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Refusal refusal;

  public RefusedException(Refusal refusal) {
    super(refusal.reason() + ": " + refusal.detail());
    this.refusal = refusal;
  }

  static RefusedException of(Reason reason, String detail) {
    return new RefusedException(Refusal.of(reason, detail));
  }

  public Refusal refusal() {
    return refusal;
  }
}
