package aika.node.cosign;

import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import org.jspecify.annotations.Nullable;

/** The cosigner signs nothing more of this log before a person has looked at it. */
public final class CosignException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Refusal refusal;

  CosignException(Reason reason, String detail) {
    this(reason, detail, null);
  }

  CosignException(Reason reason, String detail, @Nullable Throwable cause) {
    super(reason.name() + ": " + detail, cause);
    refusal = Refusal.of(reason, detail);
  }

  public Refusal refusal() {
    return refusal;
  }
}
