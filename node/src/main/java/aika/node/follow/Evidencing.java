package aika.node.follow;

import aika.core.follow.Relay;
import aika.core.ledger.Action;
import aika.core.ledger.Directory;
import aika.core.ledger.Key;
import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.ledger.Row;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import aika.node.order.Answer;
import aika.node.order.Chain;
import aika.node.order.Shard;

/**
 * Finds the evidence that a receive or a reject needs, and has the sender's approved checkpoint
 * recorded on the receiver's chain when a person's order needs it and nobody else has.
 */
public final class Evidencing {
  private final Shard shard;
  private final Directory directory;

  public Evidencing(Shard shard, Directory directory) {
    this.shard = shard;
    this.directory = directory;
  }

  /** The citation, or why there is none. */
  public sealed interface Found {
    record Citation(Action.Citation citation) implements Found {}

    record Missing(Refusal refusal) implements Found {}
  }

  /** What {@code receiver} must cite to decide the transfer. */
  public Found citation(Chain receiver, TransferId transfer) {
    ChainId origin = transfer.origin();
    Chain sender = shard.find(origin);
    if (sender == null || sender.get(new Key.OfHold(transfer.index())) == null) {
      return missing(Reason.UNKNOWN_TRANSFER, transfer.toString());
    }
    if (origin.equals(receiver.id())) {
      return found(transfer, 0);
    }
    Row.Latest latest = receiver.get(new Key.OfLatest(origin));
    if (latest != null && latest.size() > transfer.index()) {
      return found(transfer, latest.size());
    }
    SignedCheckpoint approved = sender.approved();
    if (approved == null || approved.checkpoint().size() <= transfer.index()) {
      return missing(Reason.NOT_LISTED_YET, transfer.toString());
    }
    Answer answer =
        Relay.record(
                origin,
                latest,
                transfer.index() + 1,
                approved.checkpoint(),
                directory.entry(origin).seats().term(),
                sender.nodes())
            .map(record -> shard.await(shard.submit(receiver.id(), record)))
            .orElseThrow();
    Row.Latest recorded = receiver.get(new Key.OfLatest(origin));
    if (recorded != null && recorded.size() > transfer.index()) {
      return found(transfer, recorded.size()); // by us, or by another order meanwhile
    }
    return answer instanceof Answer.Refused refused
        ? new Found.Missing(refused.refusal())
        : missing(Reason.EVIDENCE_MISSING, transfer.toString());
  }

  private static Found found(TransferId transfer, long recorded) {
    return new Found.Citation(new Action.Citation(transfer.index(), recorded, null));
  }

  private static Found missing(Reason reason, String detail) {
    return new Found.Missing(Refusal.of(reason, detail));
  }
}
