package aika.core.follow;

import aika.core.ledger.Entry;
import aika.core.ledger.Leaf;
import aika.core.ledger.Offer;
import aika.core.ledger.Order;
import aika.core.ledger.Recovery;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an approved leaf means to others. Every follower of a chain reads its leaves through this
 * one function.
 */
public sealed interface Consequence {
  /** A transfer waits for its receiver. */
  record Offered(Offer offer) implements Consequence {}

  /** A transfer to this chain was decided by leaf {@code index}; its origin must settle. */
  record Decided(ChainId by, TransferId transfer, long index) implements Consequence {}

  /** The sender asked for it back by leaf {@code index}; the receiver's chain must conclude. */
  record CancelAsked(TransferId transfer, long index) implements Consequence {}

  /** A transfer from this chain has ended for good. */
  record Ended(TransferId transfer) implements Consequence {}

  /**
   * Nothing is received here any more: what waits must be declined.
   *
   * @param account null for the whole chain
   */
  record Closed(ChainId chain, @Nullable AccountId account) implements Consequence {}

  static List<Consequence> of(ChainId chain, Entry entry) {
    Leaf leaf = entry.leaf();
    List<Consequence> found = new ArrayList<>(1);
    Offer offer = leaf.offer(new TransferId(chain, entry.index()), entry.hash());
    if (offer != null) {
      found.add(new Offered(offer));
    }
    Leaf.Decision decision = leaf.decision();
    if (decision != null) {
      found.add(new Decided(chain, decision.transfer(), entry.index()));
    }
    switch (leaf) {
      case Leaf.Executed executed -> {
        switch (executed.order().order()) {
          case Order.Cancel cancel -> found.add(new CancelAsked(cancel.transfer(), entry.index()));
          case Order.Close close -> found.add(new Closed(chain, close.account()));
          default -> {}
        }
      }
      case Leaf.Recovered recovered -> {
        if (recovered.recovery().recovery() instanceof Recovery.Close) {
          found.add(new Closed(chain, null));
        }
      }
      case Leaf.Settled settled -> {
        for (Leaf.Ended ended : settled.ended()) {
          found.add(new Ended(new TransferId(chain, ended.hold())));
        }
      }
      default -> {}
    }
    return found;
  }
}
