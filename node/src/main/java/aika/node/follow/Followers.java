package aika.node.follow;

import aika.core.money.ChainId;
import aika.node.order.Chain;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToLongFunction;

/** The node's own followers, and how far behind the approvals they are. */
public final class Followers {
  private final Map<String, ToLongFunction<ChainId>> seen = new LinkedHashMap<>();

  public Followers(PendingList pending, Outcomes outcomes, Anchors anchors) {
    seen.put("pending_list", pending::seen);
    seen.put("outcomes", outcomes::seen);
    seen.put("anchors", anchors::seen);
  }

  /** Their names, for metrics and health. */
  public Iterable<String> names() {
    return seen.keySet();
  }

  /** Approved leaves of this municipality's chain that the follower has not seen. */
  public long lag(String follower, Chain municipality) {
    ToLongFunction<ChainId> of = seen.get(follower);
    if (of == null) {
      throw new IllegalArgumentException("no follower " + follower);
    }
    return Math.max(0, municipality.approvedSize() - of.applyAsLong(municipality.id()));
  }
}
