package aika.node.web;

import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.note.MalformedException;
import aika.node.gateway.RefusedException;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether an order was given before, by the same form, and nobody knows what came of it. The form
 * that asks again says so itself, so that no answer in between makes anybody forget it.
 *
 * @param before whether an earlier attempt has no outcome
 */
record Doubt(boolean before) {
  private static final String FIELD = "doubt";

  private static final Logger LOG = LoggerFactory.getLogger(Doubt.class);

  /** What is refused for these was not accepted before either, and never will be. */
  private static final Set<Reason> FINAL =
      Set.of(
          Reason.STALE,
          Reason.MALFORMED,
          Reason.TOO_LARGE,
          Reason.WRONG_FEDERATION,
          Reason.WRONG_CHAIN,
          Reason.ID_REUSED);

  static Doubt of(FormData form) {
    return new Doubt(!form.get(FIELD).isEmpty());
  }

  /** For the form that asks again. */
  static Tag field() {
    return Parts.hidden(FIELD, "yes");
  }

  /**
   * Whether it is still open what became of an order that could be given a second time. A refusal
   * of this attempt tells nothing of the one before, which may still be accepted.
   */
  boolean remains(Reason reason) {
    return reason.isDoubtful() || before && !FINAL.contains(reason);
  }

  /** The same of an order that cannot be done twice, whoever gives it again: a decision. */
  boolean remainsOfDecision(Reason reason) {
    return reason.isDoubtful() || before && reason.retryable();
  }

  /** Gives an order. What breaks on the way leaves open whether it was accepted. */
  static <T> T attempt(Supplier<T> order) {
    try {
      return order.get();
    } catch (RefusedException | MalformedException answered) {
      throw answered;
    } catch (RuntimeException broken) {
      LOG.error("an order from a page broke", broken);
      throw new RefusedException(Refusal.of(Reason.INTERNAL, ""));
    }
  }
}
