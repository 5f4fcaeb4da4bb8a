package aika.node.order;

import aika.core.ledger.Refusal;

/** What a submitter learns of its action once it is durable and executed. */
public sealed interface Answer {
  /**
   * It became leaf {@code index} (its first, when several).
   *
   * @param time the leaf's time, ms since 1970
   */
  record Accepted(long index, long time) implements Answer {}

  /** The same order was accepted before, as leaf {@code index}. */
  record Repeated(long index) implements Answer {}

  /** Nothing changed. */
  record Refused(Refusal refusal) implements Answer {}
}
