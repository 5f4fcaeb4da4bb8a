package aika.node.gateway;

import aika.core.follow.AccountLeaves;
import aika.core.follow.OfferList;
import aika.core.ledger.Key;
import aika.core.ledger.Offer;
import aika.core.ledger.Reason;
import aika.core.ledger.Row;
import aika.core.money.AccountId;
import aika.core.money.TransferId;
import aika.node.config.Limits;
import aika.node.order.Chain;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an account has sent and its chain still holds. The chain's own rows say that of each
 * transfer, and the account's row how many there are; lists and indexes are only asked where to
 * look.
 */
final class Holds {
  /**
   * Newest leaves that are looked at one by one. It is more than the chain has without approval,
   * which the index of approved leaves cannot have.
   */
  static final int UNINDEXED_MAX = 50_000;

  private static final long FIRST_SPAN_MILLIS = 24L * 60 * 60 * 1000;

  private final OfferList pending;
  private final AccountLeaves index;

  Holds(OfferList pending, AccountLeaves index) {
    this.pending = pending;
    this.index = index;
  }

  /**
   * All of them, the oldest first. Refused as {@code BUSY} when the index of the account's leaves
   * is so far behind that some are not found: a sum without them would be wrong.
   */
  List<Offer> of(Row.Account account, Chain chain) {
    Search search = new Search(account, chain);
    if (search.goesOn()) {
      search.listed();
    }
    if (search.goesOn()) {
      search.newest();
    }
    if (search.goesOn()) {
      search.earlier();
    }
    if (search.goesOn()) {
      throw RefusedException.of(
          Reason.BUSY,
          "%s has %d holds, and the index of its leaves has %d"
              .formatted(account.id(), account.openHolds(), search.found.size()));
    }
    return List.copyOf(search.found.values());
  }

  private final class Search {
    private final AccountId account;
    private final int all;
    private final Chain chain;
    private final Map<Long, Offer> found = new TreeMap<>();

    Search(Row.Account account, Chain chain) {
      this.account = account.id();
      this.all = account.openHolds();
      this.chain = chain;
    }

    boolean goesOn() {
      return found.size() < all;
    }

    private boolean look(long leaf) {
      Row.Hold hold = chain.get(new Key.OfHold(leaf));
      if (hold != null
          && hold.status() == Row.Hold.Status.HELD
          && hold.offer().from().equals(account)) {
        found.put(leaf, hold.offer());
      }
      return goesOn();
    }

    /** Most wait for their receivers, who can see them. */
    void listed() {
      for (Offer offer : pending.from(account, Limits.OPEN_HOLDS_PER_ACCOUNT_MAX)) {
        TransferId transfer = offer.transfer();
        boolean _ = look(transfer.index());
      }
    }

    /** What is not approved yet, or not in the index. */
    void newest() {
      long last = Math.max(index.seen(chain.id()), chain.size() - UNINDEXED_MAX);
      for (long leaf = chain.size() - 1; leaf >= last && look(leaf); leaf--) {
        // one more
      }
    }

    /** What was decided, or dropped from the list because nobody decided it: backwards in time. */
    void earlier() {
      long to = chain.head().time() + 1;
      for (long span = FIRST_SPAN_MILLIS; to > 0 && goesOn(); span *= 2) {
        long from = Math.max(0, to - span);
        index.visit(account, from, to, this::look);
        to = from;
      }
    }
  }
}
