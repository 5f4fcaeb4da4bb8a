package aika.core.ledger;

import aika.core.log.Checkpoint;
import aika.core.log.ConflictProof;
import aika.core.log.Hash;
import aika.core.money.ChainId;
import aika.core.money.Timestamp;
import aika.core.money.TransferId;
import aika.core.note.MalformedException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What can be asked of a chain. Signatures (of orders, and of the seats behind a checkpoint) are
 * checked before an action is ordered, in parallel, and again by every cosigner; execution checks
 * everything else.
 */
public sealed interface Action {
  /** Most outcomes in one settle leaf. */
  int SETTLE_ITEMS_MAX = 250;

  /**
   * Starts the chain, from the directory that the node was given.
   *
   * @param federationFile the directory's file, or an earlier one when a chain is executed again
   */
  record Genesis(Hash federationFile) implements Action {}

  /**
   * A person's order.
   *
   * @param key the raw public key by which the account's signature was checked; execution compares
   *     it with the account's key, which may have changed in between
   * @param arrived when the order reached the node, ms
   * @param citation evidence of the send, for receive and reject
   */
  record Submit(SignedOrder order, byte[] key, long arrived, @Nullable Citation citation)
      implements Action {
    public Submit {
      if (key.length != Order.KEY_BYTES || !Timestamp.valid(arrived)) {
        throw new MalformedException("a key of 32 bytes and a time");
      }
    }
  }

  /**
   * Ends a transfer without a signature of its receiver: after its valid-until, on the sender's
   * cancel, by the receiver's standing order, or because the chain is closed.
   */
  record Conclude(TransferId transfer, OutcomeKind kind, Citation citation) implements Action {}

  /**
   * Records a checkpoint that the origin's seats of {@code term} approved.
   *
   * @param consistency RFC 6962 proof from the largest recorded checkpoint; empty for the first
   * @param handover the leaf by which the origin's seats change; null for none
   */
  record RecordCheckpoint(
      ChainId origin,
      long term,
      Checkpoint checkpoint,
      List<Hash> consistency,
      @Nullable Handover handover)
      implements Action {
    public RecordCheckpoint(
        ChainId origin, long term, Checkpoint checkpoint, List<Hash> consistency) {
      this(origin, term, checkpoint, consistency, null);
    }
  }

  /**
   * A leaf of another chain that seats representatives there, or closes it.
   *
   * @param proof under the checkpoint that is recorded; of an election whose term sits already,
   *     under the largest recorded one
   */
  record Handover(long index, Proof proof) {
    public Handover {
      notNegative(index);
    }
  }

  /** The recovery quorum's decision, which it has signed. */
  record Recover(SignedRecovery recovery) implements Action {}

  /** Another chain's seats of {@code term} have approved two histories. */
  record Convict(ChainId origin, long term, ConflictProof proof) implements Action {}

  /** Ends holds on decisions of {@code from}, all below its recorded size. */
  record Settle(ChainId from, long recorded, List<Item> items) implements Action {
    public Settle {
      items = List.copyOf(items);
      if (items.isEmpty() || items.size() > SETTLE_ITEMS_MAX) {
        throw new MalformedException("1 to " + SETTLE_ITEMS_MAX + " outcomes");
      }
      notNegative(recorded);
    }
  }

  /** Closes the open block, if it is still the one after {@code height - 1} others. */
  record Seal(long height) implements Action {}

  /**
   * Where the evidence of a leaf is.
   *
   * @param index the leaf, in the origin's log
   * @param recorded size of a checkpoint of the origin that this chain has recorded; 0 for the own
   *     chain
   * @param proof the leaf itself with its proof; null when the replicas execute the origin too and
   *     look it up themselves
   */
  record Citation(long index, long recorded, @Nullable Proof proof) {
    public Citation {
      notNegative(index);
      notNegative(recorded);
    }
  }

  /** A leaf with its RFC 6962 inclusion proof, which travels beside the order. */
  record Proof(byte[] leaf, List<Hash> path) {}

  /**
   * One outcome.
   *
   * @param hold index of the send leaf on the settling chain
   * @param index leaf of the deciding chain
   */
  record Item(long hold, long index, @Nullable Proof proof) {
    public Item {
      notNegative(hold);
      notNegative(index);
    }
  }

  /** Leaves and sizes are counted from 0; anything else would not be readable from a leaf. */
  private static void notNegative(long count) {
    if (count < 0) {
      throw new MalformedException("a leaf index or size is not negative: " + count);
    }
  }
}
