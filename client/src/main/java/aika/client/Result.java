package aika.client;

import aika.core.ledger.SignedOrder;
import java.util.List;

/** What became of an order. */
public sealed interface Result {
  /**
   * It is durable and executed.
   *
   * @param transfers that the order is about, as they were just after, or as they are now when the
   *     order was repeated: one, of a batch one for each payment, of other kinds none
   * @param repeated whether it had been accepted before
   */
  record Accepted(List<Transfer> transfers, boolean repeated) implements Result {
    public Accepted {
      transfers = List.copyOf(transfers);
    }

    /**
     * The transfer of an order that is about one.
     *
     * @throws IllegalStateException when it is about none or about several
     */
    public Transfer transfer() {
      if (transfers.size() != 1) {
        throw new IllegalStateException("the order is about " + transfers.size() + " transfers");
      }
      return transfers.getFirst();
    }
  }

  /**
   * It changed nothing. The same order may be submitted later when the problem {@linkplain
   * Problem#isPassing passes}; else make a new one.
   */
  record Refused(Problem problem) implements Result {}

  /**
   * Nobody can say yet. Keep the order and {@linkplain AikaClient#submit(SignedOrder, Outbox)
   * submit} it again, or {@linkplain AikaClient#lookUp look it up}: it is executed at most once.
   * Once the chain's own time is past its not-after, submitting it again from its outbox answers
   * {@link Accepted}, or {@link Refused} with {@code STALE}. By the clock of this machine nobody
   * can tell: the chain's may be hours behind.
   *
   * @param why in English
   */
  record Unknown(SignedOrder order, String why) implements Result {}
}
