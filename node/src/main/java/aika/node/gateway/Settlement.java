package aika.node.gateway;

import aika.core.ledger.Leaf;
import aika.core.ledger.Offer;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Reason;
import aika.node.order.Chain;

/**
 * How the sender's own chain says that a transfer ended.
 *
 * @param leaf of that chain, which says it
 * @param time ms since 1970
 */
record Settlement(long leaf, long time, OutcomeKind kind) {
  /** Leaves after a send that are looked through for its end. */
  private static final int LEAVES_MAX = 20_000;

  /**
   * The end of a transfer that has one, for when its receiver's chain cannot be asked. Refused as
   * {@code EVIDENCE_MISSING} when it stands too far behind the send [HTTP-30].
   */
  static Settlement of(Offer offer, Chain origin) {
    long send = offer.transfer().index();
    long last = Math.min(origin.size() - 1, send + LEAVES_MAX);
    for (long leaf = send + 1; leaf <= last; leaf++) {
      if (origin.entry(leaf).leaf() instanceof Leaf.Settled settled) {
        for (Leaf.Ended one : settled.ended()) {
          if (one.hold() == send) {
            return new Settlement(leaf, settled.time(), one.kind());
          }
        }
      }
    }
    throw RefusedException.of(
        Reason.EVIDENCE_MISSING, "it has ended, and " + offer.to().chain() + " says how");
  }
}
