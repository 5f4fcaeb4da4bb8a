package aika.core.transfer;

import aika.core.ledger.Action;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.LeafText;
import aika.core.ledger.LedgerState;
import aika.core.ledger.Offer;
import aika.core.ledger.Order;
import aika.core.ledger.Policy;
import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.ledger.Row;
import aika.core.log.Hash;
import aika.core.log.Merkle;
import aika.core.log.Proofs;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import aika.core.note.MalformedException;
import org.jspecify.annotations.Nullable;

/**
 * Looks up what another chain's log says: in a proof that travels along, checked against a recorded
 * checkpoint, or in the state of a sibling, or in the own state.
 */
class Evidence {
  private final ChainId chain;
  private final String federation;
  private final Siblings siblings;

  Evidence(ChainId chain, String federation, Siblings siblings) {
    this.chain = chain;
    this.federation = federation;
    this.siblings = siblings;
  }

  /** What was found, or why it is not evidence. */
  record Found<T>(@Nullable T value, @Nullable Refusal refusal) {
    static <T> Found<T> of(T value) {
      return new Found<>(value, null);
    }

    static <T> Found<T> no(Reason reason, String detail) {
      return new Found<>(null, Refusal.of(reason, detail));
    }
  }

  /** The offer of a transfer's send leaf. */
  Found<Offer> offer(LedgerState state, TransferId transfer, Action.@Nullable Citation cites) {
    if (cites == null) {
      return Found.no(Reason.EVIDENCE_MISSING, "no evidence came with the order");
    }
    if (cites.index() != transfer.index()) {
      return Found.no(Reason.EVIDENCE_INVALID, "the evidence is of leaf " + cites.index());
    }
    LedgerState executed = executed(state, transfer.origin(), cites.proof());
    if (executed != null) {
      Refusal uncovered = uncovered(state, transfer.origin(), cites);
      Row.Hold hold = executed.get(new Key.OfHold(transfer.index()));
      return uncovered != null
          ? new Found<>(null, uncovered)
          : hold == null
              ? Found.no(Reason.UNKNOWN_TRANSFER, transfer.toString())
              : Found.of(hold.offer());
    }
    Found<Proven> found = proven(state, transfer.origin(), cites);
    if (found.value == null) {
      return new Found<>(null, found.refusal);
    }
    Offer offer = found.value.leaf.offer(transfer, found.value.hash);
    if (offer == null) {
      return Found.no(Reason.EVIDENCE_INVALID, "leaf " + cites.index() + " is not a send");
    }
    return possible(offer);
  }

  /** [E-5] No chain may execute other sends; a corrupt one must not take or break anything here. */
  static Found<Offer> possible(Offer offer) {
    return !offer.amount().isPositive() || offer.amount().compareTo(Policy.MONEY_MAX) > 0
        ? Found.no(Reason.EVIDENCE_INVALID, "an amount of " + offer.amount())
        : Found.of(offer);
  }

  /** The hash of the send leaf whose sender asked for it back, by the cancel order's leaf. */
  Found<Hash> cancelled(LedgerState state, TransferId transfer, Action.Citation cites) {
    LedgerState executed = executed(state, transfer.origin(), cites.proof());
    if (executed != null) {
      Refusal uncovered = uncovered(state, transfer.origin(), cites);
      Row.Hold hold = executed.get(new Key.OfHold(transfer.index()));
      if (uncovered != null) {
        return new Found<>(null, uncovered);
      }
      if (hold == null || hold.cancelIndex() != cites.index()) {
        return Found.no(Reason.EVIDENCE_INVALID, "no such cancel order");
      }
      ChainId receiver = hold.offer().to().chain();
      return receiver.equals(chain)
          ? Found.of(hold.offer().sendLeaf())
          : Found.no(Reason.WRONG_CHAIN, receiver.value());
    }
    Found<Proven> found = proven(state, transfer.origin(), cites);
    if (found.value == null) {
      return new Found<>(null, found.refusal);
    }
    return found.value.leaf instanceof Leaf.Executed e
            && e.order().order() instanceof Order.Cancel cancel
            && cancel.transfer().equals(transfer)
            && e.cited() != null
        ? Found.of(e.cited().sendLeaf())
        : Found.no(Reason.EVIDENCE_INVALID, "leaf " + cites.index() + " does not cancel it");
  }

  /** How {@code from} decided the transfer, by leaf {@code cites.index()} of its log. */
  Found<Leaf.Decision> decision(
      LedgerState state, ChainId from, TransferId transfer, Action.Citation cites) {
    LedgerState executed = executed(state, from, cites.proof());
    if (executed != null) {
      Refusal uncovered = uncovered(state, from, cites);
      Row.Outcome outcome = executed.get(new Key.OfOutcome(transfer));
      return uncovered != null
          ? new Found<>(null, uncovered)
          : outcome == null || outcome.index() != cites.index()
              ? Found.no(Reason.EVIDENCE_INVALID, "no such decision")
              : Found.of(new Leaf.Decision(transfer, outcome.kind(), outcome.sendLeaf()));
    }
    Found<Proven> found = proven(state, from, cites);
    if (found.value == null) {
      return new Found<>(null, found.refusal);
    }
    Leaf.Decision decision = found.value.leaf.decision();
    return decision != null && decision.transfer().equals(transfer)
        ? Found.of(decision)
        : Found.no(Reason.EVIDENCE_INVALID, "leaf " + cites.index() + " does not decide it");
  }

  private @Nullable LedgerState executed(
      LedgerState own, ChainId origin, Action.@Nullable Proof proof) {
    if (origin.equals(chain)) {
      return own;
    }
    return proof == null ? siblings.state(origin) : null;
  }

  /** Why the cited leaf is not below a recorded checkpoint; null when it is. */
  final @Nullable Refusal uncovered(LedgerState own, ChainId origin, Action.Citation cites) {
    if (origin.equals(chain)) { // [E-3] one form only, since it stands in the leaf
      return cites.recorded() == 0
          ? null
          : Refusal.of(Reason.EVIDENCE_INVALID, "the own chain is cited with size 0");
    }
    Row.Recorded recorded = own.get(new Key.OfRecorded(origin, cites.recorded()));
    return recorded == null || cites.index() >= recorded.size()
        ? Refusal.of(Reason.EVIDENCE_MISSING, "no recorded checkpoint covers it")
        : null;
  }

  /** A leaf that stands under a recorded checkpoint. */
  private record Proven(Leaf leaf, Hash hash) {}

  private Found<Proven> proven(LedgerState own, ChainId origin, Action.Citation cites) {
    Row.Recorded recorded = own.get(new Key.OfRecorded(origin, cites.recorded()));
    Action.Proof proof = cites.proof();
    if (recorded == null || cites.index() >= recorded.size()) {
      return Found.no(Reason.EVIDENCE_MISSING, "no recorded checkpoint covers it");
    }
    if (proof == null) {
      return Found.no(Reason.EVIDENCE_MISSING, "no proof came with the order");
    }
    Hash hash = Merkle.leafHash(proof.leaf());
    if (!Proofs.verifyInclusion(
        hash, cites.index(), recorded.size(), proof.path(), recorded.root())) {
      return Found.no(Reason.EVIDENCE_INVALID, "the inclusion proof does not hold");
    }
    try {
      Leaf leaf = LeafText.parse(proof.leaf());
      return leaf instanceof Leaf.Executed executed && foreign(executed.order().order(), origin)
              || leaf instanceof Leaf.Paid paid && !paid.from().chain().equals(origin)
          ? Found.no(Reason.EVIDENCE_INVALID, "the order is not of " + origin)
          : Found.of(new Proven(leaf, hash));
    } catch (MalformedException notALeaf) {
      return Found.no(Reason.EVIDENCE_INVALID, "not a leaf: " + notALeaf.getMessage());
    }
  }

  /** [E-5] A chain speaks for its own accounts and for this federation only. */
  private boolean foreign(Order order, ChainId origin) {
    return !order.chain().equals(origin) || !order.header().federation().equals(federation);
  }
}
