package aika.node.gossip;

import aika.core.follow.Partners;
import aika.core.money.ChainId;
import aika.node.mirror.OfferLine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * To whom the chains that are served here have made offers since the start, as far as others have
 * to be told: each receiver's chain when it is new, and in some rounds more. Whoever has heard it
 * once copies the sender's chain and sees the next ones there; whoever has not, asks.
 */
final class OffersTold {
  /** How often each is told. */
  static final int TIMES = 4;

  /** By sender and receiver; there are no more than the federation has chains. */
  private final Map<ChainId, Map<ChainId, Offered>> all = new HashMap<>();

  /**
   * @param left how often it is still to be told
   * @param due whether it is to be told now
   */
  private record Offered(long size, int left, boolean due) {}

  /**
   * @return whether there is something to be told now
   */
  synchronized boolean add(Partners.Head head) {
    Map<ChainId, Offered> receivers =
        all.computeIfAbsent(head.from(), any -> new TreeMap<>()); // as the lines are
    Offered before = receivers.get(head.to());
    if (before != null) {
      receivers.put(head.to(), new Offered(head.size(), before.left, before.due));
      return false;
    }
    receivers.put(head.to(), new Offered(head.size(), TIMES, true));
    return true;
  }

  /** A round begins. */
  synchronized void again() {
    all.values()
        .forEach(receivers ->
            receivers.replaceAll((_, one) -> new Offered(one.size, one.left, one.left > 0)));
  }

  /** What is to be told now, by sender, as much as goes into one rumour; it is told then. */
  synchronized Map<ChainId, List<OfferLine>> next() {
    Map<ChainId, List<OfferLine>> found = new HashMap<>();
    all.forEach((sender, receivers) -> {
      List<OfferLine> lines = new ArrayList<>();
      receivers.replaceAll((receiver, one) -> {
        if (!one.due || lines.size() == OfferLine.LINES_MAX) {
          return one;
        }
        lines.add(new OfferLine(receiver, one.size));
        return new Offered(one.size, one.left - 1, false);
      });
      if (!lines.isEmpty()) {
        found.put(sender, lines);
      }
    });
    return found;
  }
}
