package aika.client;

import aika.core.ledger.SignedOrder;

/** What became of an order. */
public sealed interface Result {
  /**
   * It is durable and executed.
   *
   * @param transfer as it was just after, or as it is now when the order was repeated
   * @param repeated whether it had been accepted before
   */
  record Accepted(Transfer transfer, boolean repeated) implements Result {}

  /**
   * It changed nothing. The same order may be submitted later when the problem {@linkplain
   * Problem#isPassing passes}; else make a new one.
   */
  record Refused(Problem problem) implements Result {}

  /**
   * Nobody can say yet. Keep the order and {@linkplain AikaClient#submit(SignedOrder, Outbox)
   * submit} it again, or {@linkplain AikaClient#lookUp look it up}: it is executed at most once.
   * From its not-after on, submitting it again from its outbox answers {@link Accepted}, or {@link
   * Refused} with {@code STALE}.
   *
   * @param why in English
   */
  record Unknown(SignedOrder order, String why) implements Result {}
}
