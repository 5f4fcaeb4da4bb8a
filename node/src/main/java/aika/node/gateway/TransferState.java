package aika.node.gateway;

import java.util.Locale;

/** Where a transfer stands; the first five are the source's words. */
public enum TransferState {
  SEND,
  SEND_PENDING,
  RECEIVE,
  RECEIVE_PENDING,
  COMPLETE,
  REJECTED,
  CANCELLED,
  EXPIRED;

  /** Whether the money goes back to its sender. */
  public boolean cameBack() {
    return this == REJECTED || this == CANCELLED || this == EXPIRED;
  }

  /** The word in answers: {@code send_pending}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
