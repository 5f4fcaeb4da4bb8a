package aika.core.approval;

import aika.core.ledger.Leaf;
import aika.core.ledger.Offer;
import aika.core.log.Hash;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import org.jspecify.annotations.Nullable;

/**
 * [AUD-16] Histories that chains gave up, as their recovery quorums chose others: what another
 * chain did in good faith while they counted cannot be proven any more.
 */
public interface GivenUp {
  /** Who orders or signs takes nothing at its word. */
  GivenUp NONE =
      new GivenUp() {
        @Override
        public boolean records(long index, Leaf.Recorded leaf) {
          return false;
        }

        @Override
        public boolean covers(ChainId origin, long recorded) {
          return false;
        }

        @Override
        public @Nullable Offer send(TransferId transfer, Hash sendLeaf) {
          return null;
        }

        @Override
        public void taken(long index, Leaf leaf) {}
      };

  /** Whether this leaf records a checkpoint of such a history. */
  boolean records(long index, Leaf.Recorded leaf);

  /** Whether the checkpoint that was recorded with this size is of such a history. */
  boolean covers(ChainId origin, long recorded);

  /**
   * The send with this leaf hash, when the other history has it too or the one that was given up is
   * still published; otherwise null.
   */
  @Nullable Offer send(TransferId transfer, Hash sendLeaf);

  /** Hears of each leaf that was taken at its word, before the next one is executed. */
  void taken(long index, Leaf leaf);
}
