package aika.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What waits for a receiver.
 *
 * @param transfers as far as the gateway's node knows
 * @param incomplete why there may be more, {@code LIST_INCOMPLETE}; null when all is known
 */
public record Waiting(List<Pending> transfers, @Nullable Problem incomplete) {
  public Waiting {
    transfers = List.copyOf(transfers);
  }
}
