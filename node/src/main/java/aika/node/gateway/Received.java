package aika.node.gateway;

import aika.core.ledger.Refusal;
import aika.core.money.AccountId;
import aika.core.money.TransferId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of everything that waited for a receiver, each transfer for itself.
 *
 * @param receiver whose transfers these are
 * @param results empty when nothing waited
 * @param more whether still more waits than one answer holds
 * @param incomplete why more may wait than is known here; null when all is known
 */
public record Received(
    AccountId receiver, List<Result> results, boolean more, @Nullable Refusal incomplete) {
  public Received {
    results = List.copyOf(results);
  }

  /** Of one transfer that was named. */
  public static Received one(TransferView taken) {
    return new Received(taken.receiver().account(), List.of(new Taken(taken)), false, null);
  }

  /** What became of one transfer. */
  public sealed interface Result {
    TransferId transfer();
  }

  public record Taken(TransferView view) implements Result {
    @Override
    public TransferId transfer() {
      return view.id();
    }
  }

  public record Refused(TransferId transfer, Refusal refusal) implements Result {}
}
