package aika.node.gateway;

import aika.core.follow.AccountLeaves;
import aika.core.ledger.Entry;
import aika.core.ledger.Leaf;
import aika.core.ledger.Offer;
import aika.core.ledger.Order;
import aika.core.money.AccountId;
import aika.core.money.TransferId;
import aika.node.order.Chain;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds the transfers by which an account gives back what it received. The chain compares no refund
 * with another (ORD-14), so whoever asks for one is told.
 */
final class Refunds {
  /** Leaves that are looked at: of the account since then, and of those that no index has yet. */
  private static final int LEAVES_MAX = 10_000;

  private final AccountLeaves index;

  Refunds(AccountLeaves index) {
    this.index = index;
  }

  /**
   * What was found, the oldest first.
   *
   * @param all whether there was no more to look at
   */
  record Found(List<TransferId> refunds, boolean all) {}

  /**
   * All that this account ordered so far in the name of that transfer.
   *
   * @param chain of the account
   * @param leaf by which the transfer was received
   */
  Found of(TransferId received, AccountId account, Chain chain, long leaf) {
    Search search = new Search(received, account, chain);
    long indexed = index.seen(chain.id());
    for (long next = Math.max(indexed, leaf); next < chain.size() && search.look(next); next++) {
      // one that is not approved yet
    }
    long from = chain.entry(leaf).leaf().time();
    index.visit(account, from, chain.head().time() + 1, search::look);
    return new Found(List.copyOf(search.found), search.looked <= LEAVES_MAX);
  }

  /** The transfer that a send gives back, as its sender says; null for none. */
  static @Nullable TransferId refundOf(Entry entry) {
    return entry.leaf() instanceof Leaf.Executed executed
            && executed.order().order() instanceof Order.Send send
        ? send.refundOf()
        : null;
  }

  private static final class Search {
    private final TransferId received;
    private final AccountId account;
    private final Chain chain;
    private final TreeSet<TransferId> found = new TreeSet<>();
    private int looked;

    Search(TransferId received, AccountId account, Chain chain) {
      this.received = received;
      this.account = account;
      this.chain = chain;
    }

    /** Whether there may be another look. */
    boolean look(long leaf) {
      looked++;
      if (looked > LEAVES_MAX) {
        return false;
      }
      Entry entry = chain.entry(leaf);
      TransferId here = new TransferId(chain.id(), leaf);
      Offer offer =
          received.equals(refundOf(entry)) ? entry.leaf().offer(here, entry.hash()) : null;
      if (offer != null && offer.from().equals(account)) {
        found.add(here);
      }
      return true;
    }
  }
}
