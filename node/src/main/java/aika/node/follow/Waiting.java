package aika.node.follow;

import aika.core.follow.Partners;
import aika.core.ledger.Entry;
import aika.core.ledger.Key;
import aika.core.ledger.Offer;
import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.ledger.Row;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import aika.node.mirror.ReadableChains;
import aika.node.order.Chain;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one account, also while its senders' continents are away: the pending list, and
 * offers in leaves that are here and that the list has not seen.
 */
public final class Waiting {
  /** Newest leaves that are searched for one answer; no more are new while continents record. */
  private static final long SEARCHED_MAX = 5_000;

  /** Searches at a time: anybody may ask, and one takes some hundredths of a second. */
  private static final int SEARCHES_MAX = 2;

  private static final int NAMED_MAX = 5;

  private final ReadableChains chains;
  private final PendingList list;
  private final Partners partners;
  private final long searchedMax;
  private final Semaphore searches;

  Waiting(ReadableChains chains, PendingList list, Partners partners) {
    this(chains, list, partners, SEARCHED_MAX, SEARCHES_MAX);
  }

  Waiting(
      ReadableChains chains, PendingList list, Partners partners, long searchedMax, int searches) {
    this.chains = chains;
    this.list = list;
    this.partners = partners;
    this.searchedMax = searchedMax;
    this.searches = new Semaphore(searches);
  }

  /**
   * What was found.
   *
   * @param offers in the order of their transfers
   * @param incomplete why there may be more; null when all is known
   */
  public record Found(List<Offer> offers, @Nullable Refusal incomplete) {
    public Found {
      offers = List.copyOf(offers);
    }
  }

  /** Leaves of a chain that the list has not seen. */
  private record Unseen(Chain chain, long from, long to) {}

  /** What is approved and can be received at {@code time}, ms. */
  public Found approved(AccountId receiver, long time, int limit) {
    return find(receiver, time, limit, true);
  }

  /** The same, with what chains that are served here have not approved yet. */
  public Found sent(AccountId receiver, long time, int limit) {
    return find(receiver, time, limit, false);
  }

  private Found find(AccountId receiver, long time, int limit, boolean approved) {
    Set<ChainId> unheard = new LinkedHashSet<>(chains.unheard(receiver.chain()));
    SortedMap<TransferId, Offer> found = new TreeMap<>();
    // first, since meanwhile the list may take up what is found here
    List<Unseen> all = unseen(receiver.chain(), approved);
    if (!all.isEmpty()) {
      unheard.addAll(search(all, receiver, time, found));
    }
    for (Offer offer : list.receivable(receiver, time, limit)) {
      found.put(offer.transfer(), offer);
    }
    return new Found(found.values().stream().limit(limit).toList(), incomplete(unheard));
  }

  /** The chains that are not searched whole. */
  private List<ChainId> search(
      List<Unseen> all, AccountId receiver, long time, Map<TransferId, Offer> found) {
    if (!searches.tryAcquire()) {
      return all.stream().map(unseen -> unseen.chain.id()).toList();
    }
    try {
      List<ChainId> partly = new ArrayList<>();
      for (Unseen unseen : all) {
        long from = Math.max(unseen.from, unseen.to - searchedMax / all.size());
        for (long index = from; index < unseen.to; index++) {
          Offer offer = offer(unseen.chain, index);
          if (offer != null && offer.to().equals(receiver) && isOpen(unseen.chain, offer, time)) {
            found.put(offer.transfer(), offer);
          }
        }
        if (from > unseen.from) {
          partly.add(unseen.chain.id());
        }
      }
      return partly;
    } finally {
      searches.release();
    }
  }

  private List<Unseen> unseen(ChainId receiver, boolean approved) {
    List<Unseen> all = new ArrayList<>();
    for (Chain chain : chains.shard().chains()) {
      if (chain.id().municipal()) {
        add(all, chain, approved ? chain.approvedSize() : chain.size());
      }
    }
    for (Partners.Head head : partners.to(receiver, null, Integer.MAX_VALUE)) {
      Chain copy = chains.serves(head.from()) ? null : chains.find(head.from());
      if (copy != null) {
        add(all, copy, Math.min(head.size(), copy.size()));
      }
    }
    return all;
  }

  private void add(List<Unseen> all, Chain chain, long to) {
    long from = list.seen(chain.id());
    if (from < to) {
      all.add(new Unseen(chain, from, to));
    }
  }

  private static @Nullable Offer offer(Chain chain, long index) {
    Entry entry = chain.entry(index);
    return entry.leaf().offer(new TransferId(chain.id(), index), entry.hash());
  }

  private boolean isOpen(Chain origin, Offer offer, long time) {
    Row.Hold hold = origin.get(new Key.OfHold(offer.transfer().index()));
    Chain receiver = chains.find(offer.to().chain());
    return offer.validUntil() > time
        && hold != null
        && hold.status() == Row.Hold.Status.HELD
        && (receiver == null || receiver.get(new Key.OfOutcome(offer.transfer())) == null);
  }

  private static @Nullable Refusal incomplete(Collection<ChainId> unheard) {
    if (unheard.isEmpty()) {
      return null;
    }
    String names =
        unheard.stream().limit(NAMED_MAX).map(ChainId::value).collect(Collectors.joining(", "));
    int more = unheard.size() - NAMED_MAX;
    return Refusal.of(
        Reason.LIST_INCOMPLETE,
        "nothing new is heard of " + names + (more > 0 ? " and " + more + " more" : ""));
  }
}
