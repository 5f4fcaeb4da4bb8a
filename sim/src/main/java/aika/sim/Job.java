package aika.sim;

import aika.core.ledger.Order;
import aika.core.ledger.SignedOrder;

/** Something that a wallet wants done once, however often it has to ask. */
final class Job {
  final long intent;
  final Maker maker;
  final Ended ended;
  final Way way;
  SignedOrder order;
  int attempt;
  int asked;

  /** The accepted order's leaf. */
  long index = -1;

  boolean closed;

  /** Makes the order; asked again, with another id, only when the last one is void for good. */
  interface Maker {
    SignedOrder order(Order.Header header);
  }

  /** Hears how it ended. */
  interface Ended {
    void ended(Job job, boolean accepted);
  }

  /** Sends the current order to whoever executes it. */
  interface Way {
    void ask(Job job);
  }

  Job(long intent, Maker maker, Ended ended, Way way, SignedOrder order) {
    this.intent = intent;
    this.maker = maker;
    this.ended = ended;
    this.way = way;
    this.order = order;
  }

  /** Whether this is still open and its current order is this one. */
  boolean isAbout(SignedOrder other) {
    return !closed && order.order().header().id().equals(other.order().header().id());
  }
}
