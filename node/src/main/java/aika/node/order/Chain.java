package aika.node.order;

import aika.core.follow.TermEnd;
import aika.core.ledger.Entry;
import aika.core.ledger.Key;
import aika.core.ledger.Row;
import aika.core.ledger.Seats;
import aika.core.log.Nodes;
import aika.core.log.Proofs;
import aika.core.log.SignedCheckpoint;
import aika.core.log.TilePath;
import aika.core.log.TlogProof;
import aika.core.money.ChainId;
import aika.node.store.Approvals;
import aika.node.store.ChainLog;
import aika.node.store.Seal;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What anybody in the node may read of a chain, at any time. */
public final class Chain {
  private final ChainLog log;
  private final Approvals approvals;
  private final BooleanSupplier halted;

  /**
   * @param halted see {@link #halted}
   */
  public Chain(ChainLog log, Approvals approvals, BooleanSupplier halted) {
    this.log = log;
    this.approvals = approvals;
    this.halted = halted;
  }

  public ChainId id() {
    return log.chain();
  }

  /** Leaves executed so far. */
  public long size() {
    return log.size();
  }

  /** The chain's head; a chain that a node serves has started. */
  public Row.Head head() {
    Row.Head head = log.get(new Key.OfHead());
    if (head == null) {
      throw new IllegalStateException(id() + " has not started");
    }
    return head;
  }

  public <R extends Row> @Nullable R get(Key<R> key) {
    return log.get(key);
  }

  /** A leaf below {@link #size}. */
  public Entry entry(long index) {
    return log.entry(index);
  }

  public Nodes nodes() {
    return log;
  }

  /** The block that holds this leaf, or null while it is open. */
  public @Nullable Seal sealAfter(long index) {
    return log.sealAfter(index);
  }

  /** The block that ends at this size, or null. */
  public @Nullable Seal sealAt(long size) {
    return log.sealAt(size);
  }

  public @Nullable Seal lastSeal() {
    return log.lastSeal();
  }

  /** The largest approved checkpoint whose leaves are here, or null. */
  public @Nullable SignedCheckpoint approved() {
    SignedCheckpoint latest = approvals.latest(id());
    long size = size();
    // approvals are on disk at once; leaves may be replayed or pulled again after a crash
    return latest == null || latest.checkpoint().size() <= size
        ? latest
        : approvals.upTo(id(), size);
  }

  /** The first approved checkpoint whose tree holds this leaf, or null. */
  public @Nullable SignedCheckpoint approvalOf(long index) {
    return index < approvedSize() ? approvals.covering(id(), index) : null;
  }

  /** The approved checkpoint of exactly this size, or null. */
  public @Nullable SignedCheckpoint approvedAt(long size) {
    return approvals.at(id(), size);
  }

  /** Leaves below the largest approved checkpoint. */
  public long approvedSize() {
    SignedCheckpoint latest = approved();
    return latest == null ? 0 : latest.checkpoint().size();
  }

  /** Who approves the tree of this size. */
  public Seats seatsOf(long size) {
    return termOf(size).seats();
  }

  /** The term whose seats approve the tree of this size. */
  public Row.Term termOf(long size) {
    Row.Term term = term(head().term());
    while (term.first() > 0 && size <= term.first()) {
      term = term(term.seats().term() - 1);
    }
    return term;
  }

  private Row.Term term(long number) {
    Row.Term term = log.get(new Key.OfTerm(number));
    if (term == null) {
      throw new IllegalStateException("nobody sits in term " + number + " of " + id());
    }
    return term;
  }

  /**
   * The block that is to be approved next: the newest, but before it the last one of each elected
   * term, by those who were replaced, and the first one of each that was seated otherwise, by
   * these; null when all are approved. Others believe the seats of a term for these blocks only.
   */
  public @Nullable Seal sealToApprove() {
    Seal next = log.lastSeal();
    long approved = approvedSize();
    if (next == null || next.size() <= approved) {
      return null;
    }
    for (Row.Term term = term(head().term());
        term.seats().term() > 1;
        term = term(term.seats().term() - 1)) {
      Seal handover = term.recovered() ? log.sealAfter(term.first()) : log.sealAt(term.first());
      if (handover == null || handover.size() <= approved) {
        break;
      }
      next = handover;
      if (term.recovered()) {
        break; // those before it may be lost
      }
    }
    return next;
  }

  /** The size just after the block with which a term's seats were seated; 0 for the first term. */
  public long handoverTo(Row.Term term) {
    return term.recovered() ? sizeWith(term.first()) : term.first();
  }

  /** How a term ended; null while it sits, or when its end is not approved yet. */
  public @Nullable TermEnd termEnd(long term) {
    return TermEnd.of(log::get, term, this::sizeWith, this::approvedAt);
  }

  /** The published proof of how a term handed over; null when it has not. */
  public @Nullable TlogProof handover(long term) {
    TermEnd end = termEnd(term);
    return end == null
        ? null
        : new TlogProof(
            Optional.of(entry(end.index()).bytes()),
            end.index(),
            Proofs.inclusion(end.index(), end.size(), log),
            end.approved());
  }

  private long sizeWith(long index) {
    Seal seal = log.sealAfter(index);
    return seal == null ? 0 : seal.size();
  }

  /** A file of the published log (C2SP tlog-tiles), or null when there is none of that path. */
  public byte @Nullable [] file(TilePath path) {
    return file(path, approvedSize());
  }

  /** The same of the log as it was with so many leaves. */
  public byte @Nullable [] file(TilePath path, long size) {
    return log.file(path, size);
  }

  /** The same of the log up to its last seal, for those who are to approve it. */
  public byte @Nullable [] sealedFile(TilePath path) {
    Seal last = lastSeal();
    return last == null ? null : log.file(path, last.size());
  }

  /** Whether the chain stopped because a rule that always holds would have been broken. */
  public boolean halted() {
    return halted.getAsBoolean();
  }
}
