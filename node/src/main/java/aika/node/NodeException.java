package aika.node;

import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;

/** The node cannot start; the reason is one of the table, the detail says what to look at. */
public final class NodeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Refusal refusal;

  public NodeException(Reason reason, String detail) {
    super(reason.name() + ": " + detail);
    refusal = Refusal.of(reason, detail);
  }

  public Refusal refusal() {
    return refusal;
  }
}
