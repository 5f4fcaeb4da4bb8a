package aika.core.follow;

import aika.core.ledger.Action;
import aika.core.ledger.Directory;
import aika.core.ledger.Key;
import aika.core.ledger.LedgerState;
import aika.core.ledger.Row;
import aika.core.log.Checkpoint;
import aika.core.log.Hash;
import aika.core.log.Proofs;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builds the actions by which one chain learns from another's log. A relay has no power: what it
 * brings is checked by the chain that executes it.
 */
public final class Relay {
  private final Chains chains;
  private final Directory directory;

  public Relay(Chains chains, Directory directory) {
    this.chains = chains;
    this.directory = directory;
  }

  /**
   * How a chain can check leaves of another.
   *
   * @param first what it must record before, in this order; usually nothing or one checkpoint
   * @param size what its citations name: a recorded size, 0 for its own leaves
   */
  public record Cover(List<Action.RecordCheckpoint> first, long size) {
    public Cover {
      first = List.copyOf(first);
    }
  }

  /**
   * Covers leaves of {@code origin} below {@code needed} for a chain that is served here; null when
   * they are not approved yet or the origin cannot be read. Nothing is recorded that nobody waits
   * for.
   */
  public @Nullable Cover cover(ChainId to, ChainId origin, long needed) {
    if (to.equals(origin)) {
      return new Cover(List.of(), 0);
    }
    LedgerState state = chains.served(to);
    Row.Latest latest = state == null ? null : state.get(new Key.OfLatest(origin));
    Row.Sitting row = state == null ? null : state.get(new Key.OfSitting(origin));
    boolean conflict = row != null && row.conflict();
    long known = latest == null ? 0 : latest.size();
    Log log = chains.log(origin);
    if (known >= needed && !conflict) {
      // what was recorded may have to be pulled again before it can be proven
      return log == null || log.readable() < known ? null : new Cover(List.of(), known);
    }
    SignedCheckpoint approved = log == null ? null : log.approved();
    if (state == null || log == null || approved == null || approved.checkpoint().size() < needed) {
      return null;
    }
    Row.Sitting sitting = Row.Sitting.of(row, directory.entry(origin));
    Walk walk =
        conflict // the branch that was given up may have terms of its own
            ? new Walk(origin, log, sitting.line(), 0)
            : new Walk(origin, log, sitting.seats().term(), known);
    if (conflict && !walk.toRecovery()) {
      boolean there = needed <= known && known <= approved.checkpoint().size();
      return there ? new Cover(List.of(), known) : null;
    }
    walk.toTermOf(approved.checkpoint());
    return new Cover(walk.records, walk.known);
  }

  /**
   * Records an origin's checkpoints up to its newest: each term's last one first, since those who
   * sat then are believed no more afterwards.
   */
  private static final class Walk {
    private final ChainId origin;
    private final Log log;
    private final List<Action.RecordCheckpoint> records = new ArrayList<>();
    private long term;
    private long known;
    private @Nullable TermEnd late;

    /**
     * @param term whose seats the recording chain believes
     * @param known the largest size that it has recorded
     */
    Walk(ChainId origin, Log log, long term, long known) {
      this.origin = origin;
      this.log = log;
      this.term = term;
      this.known = known;
    }

    /**
     * Who is in conflict is believed in nothing, but the recovery quorum is. The branch that it
     * chose need not continue what was recorded, and may be shorter.
     */
    boolean toRecovery() {
      for (TermEnd end = log.termEnd(term); end != null; end = log.termEnd(term)) {
        term = end.next();
        if (end.recovered()) {
          record(term, end.approved().checkpoint(), end);
          return true;
        }
      }
      return false;
    }

    void toTermOf(Checkpoint newest) {
      for (TermEnd end = log.termEnd(term); end != null; end = log.termEnd(term)) {
        if (known >= end.size()) {
          late = end; // somebody recorded its last block without saying that it was
        } else if (end.recovered()) {
          record(end.next(), end.approved().checkpoint(), end);
        } else if (late == null) {
          record(term, end.approved().checkpoint(), end);
        } else { // one hand-over at a time
          record(term, end.approved().checkpoint(), null);
          late = end;
        }
        term = end.next();
      }
      if (known < newest.size()) {
        record(term, newest, null);
      }
    }

    private void record(long approvedBy, Checkpoint checkpoint, @Nullable TermEnd now) {
      List<Hash> consistency =
          known == 0 ? List.of() : Proofs.consistency(known, checkpoint.size(), log.nodes());
      TermEnd end = now == null ? late : now;
      Action.Handover handover = null;
      if (end != null) {
        boolean later = now == null && !end.recovered(); // proven below what was recorded last
        long size = later ? known : checkpoint.size();
        handover = new Action.Handover(end.index(), log.evidence(end.index(), size));
      }
      records.add(
          new Action.RecordCheckpoint(origin, approvedBy, checkpoint, consistency, handover));
      late = null;
      known = checkpoint.size();
    }
  }

  /** Settles decisions of one chain in as few leaves as possible, in order. */
  public static List<Action.Settle> settle(ChainId from, long recorded, List<Action.Item> decided) {
    List<Action.Settle> actions = new ArrayList<>();
    for (int i = 0; i < decided.size(); i += Action.SETTLE_ITEMS_MAX) {
      int end = Math.min(decided.size(), i + Action.SETTLE_ITEMS_MAX);
      actions.add(new Action.Settle(from, recorded, decided.subList(i, end)));
    }
    return actions;
  }
}
