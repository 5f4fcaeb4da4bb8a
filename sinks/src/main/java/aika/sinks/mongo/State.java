package aika.sinks.mongo;

import aika.core.ledger.OutcomeKind;

/**
 * The states of a transfer, each with its rank: a document is in the highest state that any chain
 * has told of.
 *
 * <p>Of the states that a document can be in, a higher one is earlier in the alphabet. So the
 * smallest text is the highest state, and {@code $min} moves a state only up [MONGO-6]. {@code
 * send} and {@code receive} are steps of the history only: an order is executed in the step in
 * which it is stored.
 */
enum State {
  SEND("send", 1),
  SEND_PENDING("send_pending", 2),
  RECEIVE("receive", 3),
  RECEIVE_PENDING("receive_pending", 4),
  COMPLETE("complete", 5),
  REJECTED("rejected", 5),
  CANCELLED("cancelled", 5),
  EXPIRED("expired", 5);

  private final String text;
  private final int rank;

  State(String text, int rank) {
    this.text = text;
    this.rank = rank;
  }

  String text() {
    return text;
  }

  int rank() {
    return rank;
  }

  /** Where a decision leads as soon as it is executed. */
  static State decided(OutcomeKind kind) {
    return switch (kind) {
      case RECEIVED -> RECEIVE_PENDING;
      case REJECTED -> REJECTED;
      case CANCELLED -> CANCELLED;
      case EXPIRED -> EXPIRED;
    };
  }
}
