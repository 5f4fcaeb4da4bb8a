package aika.node.gateway;

import aika.core.ledger.Refusal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What waits for receivers.
 *
 * @param offers by receiver and then by the sender's chain
 * @param incomplete why more may wait than is known here; null when all is known
 */
public record PendingViews(List<PendingView> offers, @Nullable Refusal incomplete) {
  public PendingViews {
    offers = List.copyOf(offers);
  }
}
