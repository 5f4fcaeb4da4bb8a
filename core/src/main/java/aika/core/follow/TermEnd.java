package aika.core.follow;

import aika.core.ledger.Key;
import aika.core.ledger.LedgerState;
import aika.core.ledger.Row;
import aika.core.log.SignedCheckpoint;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * How the seats of one term gave way to those of the next.
 *
 * @param approved the checkpoint that ends with it: approved by the seats that were replaced or,
 *     when the recovery quorum seated others, by these
 * @param index the leaf that seated them, the last but one below the checkpoint
 * @param next the term that began: the next one, or a later one when the recovery quorum decided
 * @param recovered whether it did
 */
public record TermEnd(SignedCheckpoint approved, long index, long next, boolean recovered) {
  /** A hand-over leaf is followed by its block's seal. */
  private static final int FROM_THE_END = 2;

  public long size() {
    return approved.checkpoint().size();
  }

  /**
   * The end of a term of a chain whose rows are at hand; null when it still sits, or its end is not
   * approved yet.
   *
   * @param sealAfter size of the first sealed tree that holds a leaf; 0 when there is none
   * @param approvals the approved checkpoint of exactly this size, or null
   */
  public static @Nullable TermEnd of(
      LedgerState state,
      long term,
      LongFunction<Long> sealAfter,
      LongFunction<@Nullable SignedCheckpoint> approvals) {
    Row.Term next = state.get(new Key.OfTerm(term + 1));
    while (next != null) {
      // an election ends the block before the term; what the quorum decided ends its first block
      long size = next.recovered() ? sealAfter.apply(next.first()) : next.first();
      SignedCheckpoint approved = size == 0 ? null : approvals.apply(size);
      boolean follows = next.recovered() || next.seats().term() == term + 1;
      if (approved != null && follows) {
        return new TermEnd(approved, size - FROM_THE_END, next.seats().term(), next.recovered());
      }
      // those who were elected may have been lost before anybody approved the election
      next = state.get(new Key.OfTerm(next.seats().term() + 1));
    }
    return null;
  }
}
