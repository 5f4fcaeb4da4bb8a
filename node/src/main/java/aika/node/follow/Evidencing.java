package aika.node.follow;

import aika.core.follow.Log;
import aika.core.follow.Relay;
import aika.core.ledger.Action;
import aika.core.ledger.Directory;
import aika.core.ledger.Key;
import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.ledger.Row;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import aika.node.mirror.ReadableChains;
import aika.node.order.Answer;
import aika.node.order.Chain;
import aika.node.order.Shard;

/**
 * Finds the evidence that a receive or a reject needs, and has the sender's approved checkpoint
 * recorded on the receiver's chain when a person's order needs it and nobody else has.
 */
public final class Evidencing {
  private final ReadableChains readable;
  private final Shard shard;
  private final FollowedChains chains;
  private final Relay relay;

  Evidencing(ReadableChains readable, FollowedChains chains, Directory directory) {
    this.readable = readable;
    shard = readable.shard();
    this.chains = chains;
    this.relay = new Relay(chains, directory);
  }

  /** The citation, or why there is none. */
  public sealed interface Found {
    record Citation(Action.Citation citation) implements Found {}

    record Missing(Refusal refusal) implements Found {}
  }

  /** What {@code receiver} must cite to decide the transfer. */
  public Found citation(Chain receiver, TransferId transfer) {
    ChainId origin = transfer.origin();
    Log sender = chains.log(origin);
    if (sender == null) {
      boolean lacks = readable.lacks(origin) && origin.municipal();
      return missing(lacks ? Reason.NOT_LISTED_YET : Reason.UNKNOWN_TRANSFER, transfer.toString());
    }
    if (sender.offer(transfer.index()) == null) {
      return missing(
          isBehind(sender, transfer) ? Reason.NOT_LISTED_YET : Reason.UNKNOWN_TRANSFER,
          transfer.toString());
    }
    long needed = transfer.index() + 1;
    Relay.Cover cover = relay.cover(receiver.id(), origin, needed);
    if (cover == null) {
      return isFrozen(receiver, origin)
          ? missing(Reason.CHAIN_FROZEN, origin.value())
          : missing(Reason.NOT_LISTED_YET, transfer.toString());
    }
    if (cover.first().isEmpty()) {
      return found(transfer, receiver, sender, cover.size());
    }
    Answer answer = null;
    for (Action.RecordCheckpoint first : cover.first()) {
      answer = shard.await(shard.submit(receiver.id(), first));
    }
    Row.Latest recorded = receiver.get(new Key.OfLatest(origin));
    if (recorded != null && recorded.size() >= needed) {
      return found(
          transfer, receiver, sender, recorded.size()); // by us, or by another order meanwhile
    }
    return answer instanceof Answer.Refused refused
        ? new Found.Missing(refused.refusal())
        : missing(Reason.EVIDENCE_MISSING, transfer.toString());
  }

  /** Whether the transfer may be there although the copy of its chain does not have it yet. */
  private boolean isBehind(Log sender, TransferId transfer) {
    ChainId origin = transfer.origin();
    return origin.municipal()
        && chains.served(origin) == null
        && transfer.index() >= sender.readable();
  }

  /** Whether this chain records nothing of the origin, until its recovery quorum has decided. */
  private static boolean isFrozen(Chain receiver, ChainId origin) {
    Row.Sitting sitting = receiver.get(new Key.OfSitting(origin));
    return sitting != null && sitting.conflict();
  }

  private static Found found(TransferId transfer, Chain receiver, Log sender, long recorded) {
    boolean own = receiver.id().equals(transfer.origin());
    Action.Proof proof = own ? null : sender.proof(transfer.index(), recorded);
    return new Found.Citation(new Action.Citation(transfer.index(), recorded, proof));
  }

  private static Found missing(Reason reason, String detail) {
    return new Found.Missing(Refusal.of(reason, detail));
  }
}
