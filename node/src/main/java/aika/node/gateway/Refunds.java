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
  /** The account's leaves since then that are looked at. */
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
    long size = chain.size();
    long unindexed = Math.max(index.seen(chain.id()), leaf); // indexed meanwhile, it is in both
    long first = Math.max(unindexed, size - Holds.UNINDEXED_MAX);
    for (long next = first; next < size; next++) {
      search.look(next);
    }
    int[] looked = {0};
    index.visit(
        account,
        chain.entry(leaf).leaf().time(),
        chain.head().time() + 1,
        one -> {
          looked[0]++;
          if (looked[0] <= LEAVES_MAX) {
            search.look(one);
          }
          return looked[0] <= LEAVES_MAX;
        });
    return new Found(List.copyOf(search.found), looked[0] <= LEAVES_MAX && first == unindexed);
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

    Search(TransferId received, AccountId account, Chain chain) {
      this.received = received;
      this.account = account;
      this.chain = chain;
    }

    void look(long leaf) {
      Entry entry = chain.entry(leaf);
      TransferId here = new TransferId(chain.id(), leaf);
      Offer offer =
          received.equals(refundOf(entry)) ? entry.leaf().offer(here, entry.hash()) : null;
      if (offer != null && offer.from().equals(account)) {
        found.add(here);
      }
    }
  }
}
