package aika.core.follow;

import aika.core.ledger.Action;
import aika.core.ledger.Entry;
import aika.core.ledger.Offer;
import aika.core.log.Nodes;
import aika.core.log.SignedCheckpoint;
import org.jspecify.annotations.Nullable;

/** A chain's log as its followers see it. */
public interface Log {
  /** The largest approved checkpoint that is known here, or null. */
  @Nullable SignedCheckpoint approved();

  /** Approved leaves that are here: all of them, or fewer while others are on their way. */
  long readable();

  /** A leaf from the follower's cursor on, below {@link #readable}. */
  Entry entry(long index);

  /** What the leaf offers; null when it is no send, is not there, or ended and was dropped. */
  @Nullable Offer offer(long index);

  Nodes nodes();

  /** How a term of this chain ended; null while it sits, or when that is not known here. */
  @Nullable TermEnd termEnd(long term);

  /** The leaf with its inclusion proof. */
  Action.Proof evidence(long index, long size);

  /**
   * What must travel with a citation of this leaf; null when the replicas of the chains served here
   * execute this one too.
   */
  Action.@Nullable Proof proof(long index, long size);
}
