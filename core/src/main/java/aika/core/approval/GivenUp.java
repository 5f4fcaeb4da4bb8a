package aika.core.approval;

import aika.core.ledger.Leaf;
import aika.core.ledger.Offer;
import aika.core.ledger.Row;
import aika.core.log.Hash;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import java.util.List;
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
        public @Nullable Leaf handover(Leaf.Recorded leaf) {
          return null;
        }

        @Override
        public boolean handedOver(ChainId origin) {
          return false;
        }

        @Override
        public boolean convicts(Leaf.Conflicting leaf) {
          return false;
        }

        @Override
        public List<Row.Candidate> counted(Leaf.Elected leaf) {
          return List.of();
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

  /**
   * The leaf that this record of such a history names as its hand-over: of that history where it is
   * still published, otherwise of the one that the origin goes on with, which need not be the same;
   * null when neither has it.
   */
  @Nullable Leaf handover(Leaf.Recorded leaf);

  /**
   * Whether a record of such a history came with a hand-over, perhaps to seats that nobody knows.
   */
  boolean handedOver(ChainId origin);

  /** Whether the origin's own log key has signed both histories, whoever else has. */
  boolean convicts(Leaf.Conflicting leaf);

  /**
   * The candidates whom this leaf counts otherwise than those can who do not know who sent what was
   * received on such a history, with the leaf's count, as far as that can be so.
   */
  List<Row.Candidate> counted(Leaf.Elected leaf);

  /** Hears of each leaf that was taken at its word, before the next one is executed. */
  void taken(long index, Leaf leaf);
}
