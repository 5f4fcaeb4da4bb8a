package aika.sim;

import aika.core.ledger.Refusal;

/** What a chain says to a request. */
sealed interface Answer {
  record Accepted(long index) implements Answer {}

  /** Accepted before, as leaf {@code index}. */
  record Repeated(long index) implements Answer {}

  record Refused(Refusal refusal) implements Answer {}
}
