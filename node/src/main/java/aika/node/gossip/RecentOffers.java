package aika.node.gossip;

import aika.core.follow.Partners;
import aika.core.money.ChainId;
import aika.node.mirror.OfferLine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * To whom the chains that are served here have made offers of late. A receiver's chain is told when
 * it is new, and in each round until nothing was sent there for a while: whoever has heard it once
 * copies the sender's chain, and sees the next ones by themselves.
 */
final class RecentOffers {
  private final Duration kept;
  private final LongSupplier nanos;

  /** By sender and receiver, the one that was sent something last is the last. */
  private final Map<ChainId, Map<ChainId, Recent>> recent = new HashMap<>();

  private record Recent(long size, long since, boolean told) {}

  /**
   * @param kept how long it is told again that something was sent to a chain
   */
  RecentOffers(Duration kept, LongSupplier nanos) {
    this.kept = kept;
    this.nanos = nanos;
  }

  /**
   * @return whether it is to be told at once
   */
  synchronized boolean add(Partners.Head head) {
    Map<ChainId, Recent> receivers =
        recent.computeIfAbsent(head.from(), any -> new LinkedHashMap<>());
    long now = nanos.getAsLong();
    forgetOld(receivers, now);
    Recent before = receivers.remove(head.to());
    boolean told = before != null && before.told;
    receivers.put(head.to(), new Recent(head.size(), now, told));
    if (receivers.size() > OfferLine.LINES_MAX) {
      receivers.remove(receivers.keySet().iterator().next());
    }
    return !told;
  }

  private void forgetOld(Map<ChainId, Recent> receivers, long now) {
    receivers.values().removeIf(one -> now - one.since > kept.toNanos());
  }

  /** Everything is to be told again. */
  synchronized void again() {
    long now = nanos.getAsLong();
    recent
        .values()
        .forEach(receivers -> {
          forgetOld(receivers, now);
          receivers.replaceAll((_, one) -> new Recent(one.size, one.since, false));
        });
  }

  /** What is to be told, by sender; it is told then. */
  synchronized Map<ChainId, List<OfferLine>> untold() {
    Map<ChainId, List<OfferLine>> found = new HashMap<>();
    recent.forEach((sender, receivers) -> {
      List<OfferLine> lines = new ArrayList<>();
      receivers.replaceAll((receiver, one) -> {
        if (!one.told) {
          lines.add(new OfferLine(receiver, one.size));
        }
        return new Recent(one.size, one.since, true);
      });
      if (!lines.isEmpty()) {
        lines.sort(Comparator.comparing(OfferLine::chain));
        found.put(sender, lines);
      }
    });
    return found;
  }
}
