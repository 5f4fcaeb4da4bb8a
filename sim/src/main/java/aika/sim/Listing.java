package aika.sim;

import aika.core.ledger.Offer;
import aika.core.money.AccountId;
import aika.core.money.TransferId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Open offers as one continent shows them, and the changes from which others copy them. */
final class Listing {
  private static final int CHANGES_MAX = 20_000;

  private final Map<TransferId, Offer> offers = new LinkedHashMap<>();
  private final Map<AccountId, Map<TransferId, Offer>> byReceiver = new LinkedHashMap<>();
  private final List<Change> changes = new ArrayList<>();
  private long firstChange;

  /** An offer appeared, or is gone. */
  record Change(Offer offer, boolean listed) {}

  long nextChange() {
    return firstChange + changes.size();
  }

  void add(Offer offer) {
    if (offers.put(offer.transfer(), offer) == null) {
      byReceiver
          .computeIfAbsent(offer.to(), to -> new LinkedHashMap<>())
          .put(offer.transfer(), offer);
      note(new Change(offer, true));
    }
  }

  void remove(TransferId transfer) {
    Offer offer = offers.remove(transfer);
    if (offer != null) {
      Map<TransferId, Offer> of = byReceiver.get(offer.to());
      if (of != null) {
        of.remove(transfer);
      }
      note(new Change(offer, false));
    }
  }

  List<Offer> of(AccountId receiver) {
    return List.copyOf(byReceiver.getOrDefault(receiver, Map.of()).values());
  }

  List<Offer> all() {
    return List.copyOf(offers.values());
  }

  boolean remembers(long change) {
    return change >= firstChange && change <= nextChange();
  }

  List<Change> since(long change) {
    return List.copyOf(changes.subList((int) (change - firstChange), changes.size()));
  }

  private void note(Change change) {
    changes.add(change);
    if (changes.size() > 2 * CHANGES_MAX) {
      changes.subList(0, CHANGES_MAX).clear();
      firstChange += CHANGES_MAX;
    }
  }
}
