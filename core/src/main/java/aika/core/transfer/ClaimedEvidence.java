package aika.core.transfer;

import aika.core.ledger.Action;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.LedgerState;
import aika.core.ledger.Offer;
import aika.core.ledger.Posting;
import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.ledger.Row;
import aika.core.log.Hash;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import org.jspecify.annotations.Nullable;

/** What one leaf itself says of what it cites. */
final class ClaimedEvidence extends Evidence {
  private final Leaf leaf;
  private final @Nullable Offer known;

  ClaimedEvidence(ChainId chain, String federation, Leaf leaf, @Nullable Offer known) {
    super(chain, federation, Siblings.NONE);
    this.leaf = leaf;
    this.known = known;
  }

  @Override
  Found<Offer> offer(LedgerState state, TransferId transfer, Action.@Nullable Citation cites) {
    Leaf.Decision decision = leaf.decision();
    if (cites == null || decision == null || transfer.index() != cites.index()) {
      return Found.no(Reason.EVIDENCE_INVALID, "no send is cited");
    }
    Refusal uncovered = uncovered(state, transfer.origin(), cites);
    if (uncovered != null) {
      return new Found<>(null, uncovered);
    }
    return known != null ? possible(known) : claimed(transfer, decision.sendLeaf());
  }

  /** Nobody knows who sent it, nor until when it could be received. */
  private Found<Offer> claimed(TransferId transfer, Hash sendLeaf) {
    AccountId sender = Draft.issued(transfer.origin());
    Posting credit = leaf.postings().isEmpty() ? null : leaf.postings().getLast();
    AccountId to =
        leaf instanceof Leaf.Executed executed
            ? executed.order().order().account()
            : credit == null ? sender : credit.account();
    if (credit == null) { // it was declined: no money moves
      return Found.of(new Offer(transfer, sender, to, Money.ZERO, Long.MAX_VALUE, sendLeaf));
    }
    return possible(new Offer(transfer, sender, to, credit.amount(), Long.MAX_VALUE, sendLeaf));
  }

  /** The decision of this very send, as the leaf that settles says. */
  @Override
  Found<Leaf.Decision> decision(
      LedgerState state, ChainId from, TransferId transfer, Action.Citation cites) {
    Refusal uncovered = uncovered(state, from, cites);
    if (uncovered != null) {
      return new Found<>(null, uncovered);
    }
    Row.Hold hold = state.get(new Key.OfHold(transfer.index()));
    if (hold != null && leaf instanceof Leaf.Settled settled) {
      for (Leaf.Ended ended : settled.ended()) {
        if (ended.hold() == transfer.index() && ended.index() == cites.index()) {
          return Found.of(new Leaf.Decision(transfer, ended.kind(), hold.offer().sendLeaf()));
        }
      }
    }
    return Found.no(Reason.EVIDENCE_INVALID, "no decision is cited");
  }
}
