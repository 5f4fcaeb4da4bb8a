package aika.core.ledger;

import aika.core.note.MalformedException;

/** How a transfer ends; decided once, by the receiver's chain. */
public enum OutcomeKind {
  /** The receiver took it: the money is in the receiver's account. */
  RECEIVED("received"),
  /** The receiver declined: the money goes back. */
  REJECTED("rejected"),
  /** The sender took it back before it was received. */
  CANCELLED("cancelled"),
  /** Nobody received it before its valid-until: the money goes back. */
  EXPIRED("expired");

  private final String text;

  OutcomeKind(String text) {
    this.text = text;
  }

  /** The word in leaves and in answers. */
  public String text() {
    return text;
  }

  public static OutcomeKind of(String text) {
    for (OutcomeKind kind : values()) {
      if (kind.text.equals(text)) {
        return kind;
      }
    }
    throw new MalformedException("not an outcome: " + text);
  }
}
