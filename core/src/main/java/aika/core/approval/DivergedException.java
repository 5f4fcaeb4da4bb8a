package aika.core.approval;

import aika.core.ledger.Reason;

/**
 * A log holds a leaf that the rules do not allow or that execution writes differently. The cosigner
 * that finds it signs nothing more of that log.
 */
public final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  DivergedException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  DivergedException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** The rule that refuses the leaf; {@code INTERNAL} when execution writes other bytes. */
  public Reason reason() {
    return reason;
  }
}
