package aika.core.transfer;

import aika.core.ledger.Action;
import aika.core.ledger.Applied;
import aika.core.ledger.Directory;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.LeafText;
import aika.core.ledger.Reason;
import aika.core.ledger.Recovery;
import aika.core.ledger.Row;
import aika.core.ledger.Seats;
import aika.core.log.Checkpoint;
import aika.core.log.Hash;
import aika.core.log.Merkle;
import aika.core.log.Proofs;
import aika.core.money.ChainId;
import aika.core.note.MalformedException;
import org.jspecify.annotations.Nullable;

/** Records what other chains' representatives approved, and who they are. */
final class Recording {
  private final Directory directory;

  Recording(Directory directory) {
    this.directory = directory;
  }

  /** */
  Applied record(Turn turn, Action.RecordCheckpoint record) {
    ChainId origin = record.origin();
    Directory.Entry other = recordable(turn, origin);
    if (other == null) {
      return Applied.refused(Reason.UNKNOWN_CHAIN, origin.value());
    }
    if (!record.checkpoint().origin().equals(directory.origin(origin))) {
      return Applied.refused(Reason.MALFORMED, "the checkpoint is of another log");
    }
    Row.Sitting sitting = sitting(turn, other);
    Row.Latest latest = turn.get(new Key.OfLatest(origin));
    Change change = null;
    if (record.handover() != null) {
      change = change(turn, record, sitting, latest);
      if (change == null) {
        return Applied.refused(Reason.EVIDENCE_INVALID, "the hand-over is not proven");
      }
    }
    Seats approving = approving(record.term(), sitting, change);
    if (approving == null) {
      return Applied.refused(Reason.NOT_APPROVED, "term " + record.term() + " is not in force");
    }
    // the given-up branch may have been recorded with any size, also with this one
    boolean branchChosen =
        sitting.conflict()
            && change != null
            && change.recovered
            && approving.equals(change.sitting.seats());
    if (sitting.conflict() && !branchChosen) {
      return Applied.refused(Reason.CHAIN_FROZEN, "term " + record.term() + " of " + origin);
    }
    long size = record.checkpoint().size();
    Hash root = record.checkpoint().root();
    boolean old = !branchChosen && latest != null && size <= latest.size();
    if (size == 0 || old) {
      return Applied.refused(Reason.CHECKPOINT_NOT_LARGER, "size " + size);
    }
    if (!branchChosen && !extended(record, latest)) {
      return Applied.refused(Reason.CHECKPOINT_INCONSISTENT, origin + " at size " + size);
    }
    Draft draft = new Draft(turn);
    Row.Recorded recorded = new Row.Recorded(origin, size, root);
    draft.put(recorded);
    draft.put(latest(turn, draft, recorded, latest));
    if (change != null) {
      draft.put(change.sitting);
    }
    long handover =
        record.handover() == null ? Leaf.Recorded.NO_HANDOVER : record.handover().index();
    draft.add(
        new Leaf.Recorded(
            turn.time(), origin, size, root, record.term(), approving.hash(), handover));
    return draft.accept();
  }

  /** The chain, if this one may record it; otherwise null. */
  private Directory.@Nullable Entry recordable(Turn turn, ChainId origin) {
    Directory.Entry other = directory.find(origin);
    boolean anchor = !turn.chain().municipal();
    return other == null
            || !origin.municipal()
            || origin.equals(turn.chain())
            || anchor && !origin.continent().equals(turn.chain())
        ? null
        : other;
  }

  /**
   * Taken at its word about whose approval it had. A hand-over that came with it is of the history
   * that was given up: when it is not known, it seats nobody, and the recovery quorum ends them
   * all.
   */
  Applied unproven(Turn turn, Leaf.Recorded leaf, @Nullable Leaf handover) {
    ChainId origin = leaf.origin();
    Directory.Entry other = recordable(turn, origin);
    if (other == null) {
      return Applied.refused(Reason.UNKNOWN_CHAIN, origin.value());
    }
    Row.Sitting sitting = sitting(turn, other);
    if (sitting.conflict()) {
      return Applied.refused(Reason.CHAIN_FROZEN, "term " + leaf.term() + " of " + origin);
    }
    Row.Latest latest = turn.get(new Key.OfLatest(origin));
    if (leaf.size() <= (latest == null ? 0 : latest.size())) {
      return Applied.refused(Reason.CHECKPOINT_NOT_LARGER, "size " + leaf.size());
    }
    Draft draft = new Draft(turn);
    Row.Recorded recorded = new Row.Recorded(origin, leaf.size(), leaf.root());
    draft.put(recorded);
    draft.put(latest(turn, draft, recorded, latest));
    Change change = handover == null ? null : claimed(turn, leaf, sitting, handover);
    if (change != null) {
      draft.put(change.sitting);
    }
    draft.add(
        new Leaf.Recorded(
            turn.time(),
            origin,
            leaf.size(),
            leaf.root(),
            leaf.term(),
            leaf.seats(),
            leaf.handover()));
    return draft.accept();
  }

  /** Whom this hand-over seats, when those are who approved the record or were to follow them. */
  private @Nullable Change claimed(
      Turn turn, Leaf.Recorded leaf, Row.Sitting sitting, Leaf handover) {
    Change change =
        switch (handover) {
          case Leaf.Elected elected -> elected(turn, elected, sitting);
          case Leaf.Recovered recovered -> recovered(recovered, leaf.origin(), sitting);
          default -> null;
        };
    Seats next = change == null ? sitting.seats() : change.sitting.seats();
    return leaf.term() == next.term() && !leaf.seats().equals(next.hash()) ? null : change;
  }

  private static boolean extended(Action.RecordCheckpoint record, Row.@Nullable Latest latest) {
    Checkpoint now = record.checkpoint();
    return latest == null
        ? record.consistency().isEmpty()
        : Proofs.verifyConsistency(
            latest.size(), now.size(), record.consistency(), latest.root(), now.root());
  }

  /**
   * What is recorded now; the leaves that were recorded in this term count at its end. Of a
   * chosen branch that ends before what was recorded when the term began, those behind its end do.
   */
  private static Row.Latest latest(
      Turn turn, Draft draft, Row.Recorded now, Row.@Nullable Latest before) {
    long term = turn.head().term();
    long from = before == null ? 0 : before.size();
    if (before != null && before.countedTerm() == term) {
      from = before.countedFrom();
    }
    long counted = Math.min(from, now.size());
    return new Row.Latest(now.origin(), now.size(), now.root(), draft.index(), term, counted);
  }

  private static Row.Sitting sitting(Turn turn, Directory.Entry origin) {
    return Row.Sitting.of(turn.get(new Key.OfSitting(origin.id())), origin);
  }

  /** A recovery may seat a term of a number that a branch which is given up has as well. */
  private static @Nullable Seats approving(
      long term, Row.Sitting sitting, @Nullable Change change) {
    if (change != null && term == change.sitting.seats().term()) {
      return change.sitting.seats();
    }
    return term == sitting.seats().term() ? sitting.seats() : null;
  }

  /**
   * What a leaf of the origin changes about whom to believe.
   *
   * @param recovered whether its recovery quorum decided so
   */
  private record Change(Row.Sitting sitting, boolean recovered) {}

  /**
   * Reads the hand-over; null when it is not proven. An election counts below a checkpoint
   * of the seats that it replaces: the one that is recorded now, or the last one recorded. What the
   * recovery quorum decided needs no approval but its own. Once a set is in conflict, it may choose
   * among all branches of the line of elections to which that set belongs.
   */
  private @Nullable Change change(
      Turn turn, Action.RecordCheckpoint record, Row.Sitting sitting, Row.@Nullable Latest latest) {
    Action.Handover handover = record.handover();
    if (handover == null) {
      return null;
    }
    Leaf leaf;
    try {
      leaf = LeafText.parse(handover.proof().leaf());
    } catch (MalformedException notALeaf) {
      return null;
    }
    return switch (leaf) {
      case Leaf.Elected elected -> {
        boolean later = record.term() == sitting.seats().term() + 1;
        boolean proven =
            later
                ? latest != null && included(handover, latest.size(), latest.root())
                : included(handover, record.checkpoint());
        yield proven ? elected(turn, elected, sitting) : null;
      }
      case Leaf.Recovered recovered when included(handover, record.checkpoint()) ->
          recovered(recovered, record.origin(), sitting);
      default -> null;
    };
  }

  /** An election skips no term. */
  private static @Nullable Change elected(Turn turn, Leaf.Elected leaf, Row.Sitting sitting) {
    return leaf.term() == sitting.seats().term() + 1
        ? new Change(sitting.elected(leaf.seats(), turn.time()), false)
        : null;
  }

  private @Nullable Change recovered(Leaf.Recovered leaf, ChainId origin, Row.Sitting sitting) {
    return leaf.recovery().recovery() instanceof Recovery.Seat seat
            && seat.chain().equals(origin)
            && seat.federation().equals(directory.federation())
            && seat.term() >= (sitting.conflict() ? sitting.line() : sitting.seats().term())
        ? new Change(Row.Sitting.of(origin, seat.set()), true)
        : null;
  }

  private static boolean included(Action.Handover handover, Checkpoint checkpoint) {
    return included(handover, checkpoint.size(), checkpoint.root());
  }

  private static boolean included(Action.Handover handover, long size, Hash root) {
    Hash leaf = Merkle.leafHash(handover.proof().leaf());
    return handover.index() < size
        && Proofs.verifyInclusion(leaf, handover.index(), size, handover.proof().path(), root);
  }

  /** */
  Applied convict(Turn turn, Action.Convict convict) {
    return convict(turn, convict, false);
  }

  /** A term of a history that was given up is taken at its word. */
  Applied unproven(Turn turn, Leaf.Conflicting leaf) {
    return convict(turn, new Action.Convict(leaf.origin(), leaf.term(), leaf.proof()), true);
  }

  private Applied convict(Turn turn, Action.Convict convict, boolean anyTerm) {
    Directory.Entry other = directory.find(convict.origin());
    if (other == null || convict.origin().equals(turn.chain())) {
      return Applied.refused(Reason.UNKNOWN_CHAIN, convict.origin().value());
    }
    if (!convict.proof().origin().equals(directory.origin(convict.origin()))) {
      return Applied.refused(Reason.MALFORMED, "the checkpoints are of another log");
    }
    Row.Sitting sitting = sitting(turn, other);
    if (!anyTerm && sitting.convictable(convict.term(), turn.time()) == null) {
      return Applied.refused(Reason.TERM_OVER, "term " + sitting.seats().term() + " sits");
    }
    if (sitting.conflict()) {
      return Applied.refused(Reason.CHAIN_FROZEN, convict.origin().value());
    }
    Draft draft = new Draft(turn);
    draft.put(sitting.inConflict());
    draft.add(new Leaf.Conflicting(turn.time(), convict.origin(), convict.term(), convict.proof()));
    return draft.accept();
  }
}
