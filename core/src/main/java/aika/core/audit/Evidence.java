package aika.core.audit;

import aika.core.approval.OriginUnreachableException;
import aika.core.approval.Origins;
import aika.core.ledger.Action;
import aika.core.ledger.Entry;
import aika.core.ledger.Leaf;
import aika.core.ledger.LeafText;
import aika.core.ledger.Offer;
import aika.core.ledger.Row;
import aika.core.ledger.Seats;
import aika.core.log.Checkpoint;
import aika.core.log.Hash;
import aika.core.log.Merkle;
import aika.core.log.Proofs;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import aika.core.note.MalformedException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What chains cite of each other, looked up in the origins' own published logs. */
final class Evidence implements Origins {
  private final Map<ChainId, LogReader> logs;
  private final Consumer<Finding> found;

  /**
   * @param found hears what is wrong with an origin's files, which whoever cites it cannot go on
   *     without; perhaps several times
   */
  Evidence(Map<ChainId, LogReader> logs, Consumer<Finding> found) {
    this.logs = logs;
    this.found = found;
  }

  private OriginUnreachableException unreadable(ChainId origin, FindingException why) {
    found.accept(why.finding());
    return new OriginUnreachableException(origin + ": " + why.getMessage(), why);
  }

  @Override
  public Action.@Nullable Proof proof(Row.Recorded tree, long index) {
    LogReader log = logs.get(tree.origin());
    try {
      return log == null ? null : proof(log, index, tree.size());
    } catch (FindingException damaged) {
      throw unreadable(tree.origin(), damaged);
    }
  }

  static Action.@Nullable Proof proof(LogReader log, long index, long size) {
    return index < size && size <= log.approvedBeyond(size).checkpoint().size()
        ? new Action.Proof(log.leaf(index, size), log.inclusion(index, size))
        : null; // a corrupt leaf may cite anything
  }

  @Override
  public List<Hash> consistency(long oldSize, Row.Recorded tree) {
    LogReader log = logs.get(tree.origin());
    try {
      return log == null ? List.of() : log.consistency(oldSize, tree.size());
    } catch (FindingException damaged) {
      throw unreadable(tree.origin(), damaged);
    }
  }

  @Override
  public boolean approved(ChainId origin, Checkpoint checkpoint, Seats seats) {
    LogReader log = logs.get(origin);
    try {
      return log != null && approved(log, checkpoint);
    } catch (FindingException damaged) {
      throw unreadable(origin, damaged);
    }
  }

  /**
   * Representatives sign consistent growth only, so the approved checkpoint vouches for every
   * earlier one that it contains and that ends a block.
   */
  static boolean approved(LogReader log, Checkpoint checkpoint) {
    long size = checkpoint.size();
    Checkpoint latest = log.approvedBeyond(size).checkpoint();
    return size > 0
        && size <= latest.size()
        && Proofs.verifyConsistency(
            size,
            latest.size(),
            log.consistency(size, latest.size()),
            checkpoint.root(),
            latest.root())
        && endsBlock(log, checkpoint);
  }

  private static boolean endsBlock(LogReader log, Checkpoint checkpoint) {
    long last = checkpoint.size() - 1;
    byte[] leaf = log.leaf(last, checkpoint.size());
    List<Hash> proof = log.inclusion(last, checkpoint.size());
    Hash hash = Merkle.leafHash(leaf);
    try {
      return Proofs.verifyInclusion(hash, last, checkpoint.size(), proof, checkpoint.root())
          && LeafText.parse(leaf) instanceof Leaf.Sealed;
    } catch (MalformedException notALeaf) {
      return false;
    }
  }

  /** The offer of a transfer, of the approved tree; null when it makes none. */
  @Nullable Offer proven(TransferId transfer) {
    Entry entry = proven(transfer.origin(), transfer.index());
    return entry == null ? null : entry.leaf().offer(transfer, entry.hash());
  }

  /** What this leaf of the approved tree decides; null when it decides nothing. */
  Leaf.@Nullable Decision decision(ChainId chain, long index) {
    Entry entry = proven(chain, index);
    return entry == null ? null : entry.leaf().decision();
  }

  private @Nullable Entry proven(ChainId chain, long index) {
    LogReader log = logs.get(chain);
    try {
      return log == null || index >= log.approvedBeyond(index + 1).checkpoint().size()
          ? null
          : log.proven(index);
    } catch (FindingException damaged) {
      throw unreadable(chain, damaged);
    } catch (MalformedException notALeaf) {
      return null;
    }
  }

  /** Whether this chain's recovery quorum has decided anything, as far as is approved. */
  boolean isRecovered(ChainId chain) {
    LogReader log = logs.get(chain);
    try {
      return log != null && !log.recoveries().isEmpty();
    } catch (FindingException damaged) {
      throw unreadable(chain, damaged);
    }
  }

  /** The send with this leaf hash, from a history that its chain gave up; null when none has it. */
  @Nullable Offer givenUp(TransferId transfer, Hash sendLeaf) {
    LogReader log = logs.get(transfer.origin());
    if (log == null) {
      return null;
    }
    for (LogReader history : kept(log)) {
      try {
        long size = history.approved().checkpoint().size();
        if (transfer.index() < size) {
          byte[] bytes = history.leaf(transfer.index(), size);
          if (Merkle.leafHash(bytes).equals(sendLeaf)) {
            return LeafText.parse(bytes).offer(transfer, sendLeaf);
          }
        }
      } catch (FindingException | MalformedException | UnreadableLogException useless) {
        // it shows nothing; the send stays unknown, which is noted
      }
    }
    return null;
  }

  /**
   * A leaf of a recorded tree, from a history that its chain gave up; when none that is published
   * has that tree, the leaf that stands there in the approved one. Null when neither has it.
   */
  @Nullable Leaf leaf(Row.Recorded tree, long index) {
    LogReader log = logs.get(tree.origin());
    if (log == null) {
      return null;
    }
    for (LogReader history : kept(log)) {
      try {
        if (history.shows(tree.size(), tree.root())) {
          history.checkEnded();
          Action.Proof proof = proof(history, index, tree.size());
          if (proof != null && isIn(tree, index, proof)) {
            return LeafText.parse(proof.leaf());
          }
        }
      } catch (FindingException | MalformedException | UnreadableLogException useless) {
        // it shows nothing; another one may
      }
    }
    Entry entry = proven(tree.origin(), index);
    return entry == null ? null : entry.leaf();
  }

  private static boolean isIn(Row.Recorded tree, long index, Action.Proof proof) {
    Hash hash = Merkle.leafHash(proof.leaf());
    return Proofs.verifyInclusion(hash, index, tree.size(), proof.path(), tree.root());
  }

  private static List<LogReader> kept(LogReader log) {
    try {
      return log.givenUp();
    } catch (UnreadableLogException away) {
      return List.of();
    }
  }

  /** The offer of a transfer, from the tree of {@code size} leaves; null when it makes none. */
  @Nullable Offer offer(TransferId transfer, long size) {
    LogReader log = logs.get(transfer.origin());
    if (log == null || transfer.index() >= size) {
      return null;
    }
    try {
      byte[] bytes = log.leaf(transfer.index(), size);
      return LeafText.parse(bytes).offer(transfer, Merkle.leafHash(bytes));
    } catch (FindingException damaged) {
      throw unreadable(transfer.origin(), damaged);
    } catch (MalformedException notALeaf) {
      return null;
    }
  }
}
