package aika.core.follow;

import aika.core.ledger.Entry;
import aika.core.ledger.Leaf;
import aika.core.ledger.Offer;
import aika.core.ledger.Order;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import java.util.ArrayList;
import java.util.List;

/**
 * What an approved leaf means to others. Every follower of a chain reads its leaves through this
 * one function.
 */
public sealed interface Consequence {
  /** A transfer waits for its receiver. */
  record Offered(Offer offer) implements Consequence {}

  /** A transfer to this chain was decided by leaf {@code index}; its origin must settle. */
  record Decided(TransferId transfer, long index) implements Consequence {}

  /** The sender asked for it back by leaf {@code index}; the receiver's chain must conclude. */
  record CancelAsked(TransferId transfer, long index) implements Consequence {}

  /** A transfer from this chain has ended for good. */
  record Ended(TransferId transfer) implements Consequence {}

  static List<Consequence> of(ChainId chain, Entry entry) {
    Leaf leaf = entry.leaf();
    List<Consequence> found = new ArrayList<>(1);
    Offer offer = leaf.offer(new TransferId(chain, entry.index()), entry.hash());
    if (offer != null) {
      found.add(new Offered(offer));
    }
    Leaf.Decision decision = leaf.decision();
    if (decision != null) {
      found.add(new Decided(decision.transfer(), entry.index()));
    }
    if (leaf instanceof Leaf.Executed e && e.order().order() instanceof Order.Cancel cancel) {
      found.add(new CancelAsked(cancel.transfer(), entry.index()));
    }
    if (leaf instanceof Leaf.Settled settled) {
      for (Leaf.Ended ended : settled.ended()) {
        found.add(new Ended(new TransferId(chain, ended.hold())));
      }
    }
    return found;
  }
}
