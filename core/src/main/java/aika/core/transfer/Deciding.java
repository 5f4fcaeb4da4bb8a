package aika.core.transfer;

import aika.core.ledger.Action;
import aika.core.ledger.Applied;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.Offer;
import aika.core.ledger.Order;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Policy;
import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.ledger.Row;
import aika.core.log.Hash;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import org.jspecify.annotations.Nullable;

/** The receiver's half of a transfer: how it ends, decided once. */
final class Deciding {
  private final Evidence evidence;

  Deciding(Evidence evidence) {
    this.evidence = evidence;
  }

  /** */
  Applied decide(Turn turn, Action.Submit submit, Order.Decide order) {
    Row.Account account = turn.account(order.account());
    Refusal denied = turn.denied(account, order.account(), submit.key());
    if (denied != null || account == null) {
      return Accounts.refused(denied);
    }
    Applied decided = decided(turn, order.transfer());
    if (decided != null) {
      return decided;
    }
    Evidence.Found<Offer> found = evidence.offer(turn.state(), order.transfer(), submit.citation());
    Offer offer = found.value();
    if (offer == null) {
      return refused(found);
    }
    if (!offer.to().equals(order.account())) {
      return Applied.refused(Reason.NOT_YOURS, order.transfer().toString());
    }
    Refusal refusal = order.receive() ? unreceivable(turn, offer) : null;
    if (refusal != null) {
      return new Applied.Refused(refusal);
    }
    Draft draft = new Draft(turn);
    OutcomeKind kind = order.receive() ? OutcomeKind.RECEIVED : OutcomeKind.REJECTED;
    end(draft, offer, kind);
    draft.addOrder(submit, cited(submit.citation(), offer.sendLeaf()));
    return draft.accept();
  }

  private static @Nullable Applied decided(Turn turn, TransferId transfer) {
    Row.Outcome earlier = turn.get(new Key.OfOutcome(transfer));
    return earlier == null ? null : Applied.refused(Reason.ALREADY_DECIDED, earlier.kind().text());
  }

  /** Why the offer cannot be received now; null when it can. */
  private static @Nullable Refusal unreceivable(Turn turn, Offer offer) {
    if (turn.head().closed()) {
      return Refusal.of(Reason.CHAIN_CLOSED, turn.chain().value());
    }
    if (turn.time() >= offer.validUntil()) {
      return Refusal.of(Reason.EXPIRED, "valid-until has passed");
    }
    ChainId origin = offer.transfer().origin();
    return capped(turn, origin, offer.amount())
        ? Refusal.of(Reason.CAP_REACHED, "from " + origin)
        : null;
  }

  /** What one counterpart, and all together, may owe this chain. */
  private static boolean capped(Turn turn, ChainId origin, Money amount) {
    if (origin.equals(turn.chain())) {
      return false;
    }
    Row.Clearing row = turn.get(new Key.OfClearing(origin));
    Money now = row == null ? Money.ZERO : row.balance();
    Money owed = Draft.owed(now.minus(amount));
    Money sum = turn.head().exposure().minus(Draft.owed(now)).plus(owed);
    return owed.compareTo(turn.policy().exposureMax()) > 0
        || turn.head().balances().compareTo(Policy.BALANCES_MAX) > 0
        || sum.compareTo(turn.policy().exposureSumMax()) > 0;
  }

  /** Notes how the transfer ends with the next leaf; what was received is credited. */
  private static void end(Draft draft, Offer offer, OutcomeKind kind) {
    if (kind == OutcomeKind.RECEIVED) {
      draft.postClearing(offer.transfer().origin(), offer.amount().negated());
      draft.postPerson(offer.to(), offer.amount());
      Terms.count(draft, offer.to(), offer.from(), offer.amount());
    }
    draft.put(new Row.Outcome(offer.transfer(), kind, draft.index(), offer.sendLeaf()));
  }

  /** */
  Applied conclude(Turn turn, Action.Conclude conclude) {
    TransferId transfer = conclude.transfer();
    if (!turn.chain().municipal()) {
      return Applied.refused(Reason.WRONG_CHAIN, turn.chain().value());
    }
    Applied decided = decided(turn, transfer);
    if (decided != null) {
      return decided;
    }
    if (conclude.kind() == OutcomeKind.CANCELLED) {
      return cancelled(turn, conclude);
    }
    Evidence.Found<Offer> found = evidence.offer(turn.state(), transfer, conclude.citation());
    Offer offer = found.value();
    if (offer == null) {
      return refused(found);
    }
    if (!offer.to().chain().equals(turn.chain())) {
      return Applied.refused(Reason.WRONG_CHAIN, offer.to().chain().value());
    }
    Refusal refusal =
        switch (conclude.kind()) {
          case EXPIRED ->
              turn.time() < offer.validUntil()
                  ? Refusal.of(Reason.NOT_YET_EXPIRED, transfer.toString())
                  : null;
          case RECEIVED -> unasked(turn, offer);
          case REJECTED -> open(turn, offer);
          case CANCELLED -> throw new BrokenInvariantException("a cancel has evidence of its own");
        };
    if (refusal != null) {
      return new Applied.Refused(refusal);
    }
    Draft draft = new Draft(turn);
    end(draft, offer, conclude.kind());
    return concluded(draft, conclude, offer.sendLeaf());
  }

  private Applied cancelled(Turn turn, Action.Conclude conclude) {
    TransferId transfer = conclude.transfer();
    Evidence.Found<Hash> found = evidence.cancelled(turn.state(), transfer, conclude.citation());
    Hash sendLeaf = found.value();
    if (sendLeaf == null) {
      return refused(found);
    }
    Draft draft = new Draft(turn);
    draft.put(new Row.Outcome(transfer, conclude.kind(), draft.index(), sendLeaf));
    return concluded(draft, conclude, sendLeaf);
  }

  /** Taken at its word that it was so, when no money moves. */
  static Applied unproven(Turn turn, Leaf.Concluded leaf) {
    if (!turn.chain().municipal()) {
      return Applied.refused(Reason.WRONG_CHAIN, turn.chain().value());
    }
    Applied decided = decided(turn, leaf.transfer());
    if (decided != null) {
      return decided;
    }
    Draft draft = new Draft(turn);
    Hash sendLeaf = leaf.cited().sendLeaf();
    draft.put(new Row.Outcome(leaf.transfer(), leaf.kind(), draft.index(), sendLeaf));
    draft.add(new Leaf.Concluded(turn.time(), leaf.transfer(), leaf.kind(), leaf.cited()));
    return draft.accept();
  }

  private static Applied concluded(Draft draft, Action.Conclude conclude, Hash sendLeaf) {
    Leaf.Cited cited = cited(conclude.citation(), sendLeaf);
    draft.add(
        new Leaf.Concluded(
            draft.time(), conclude.transfer(), conclude.kind(), cited, draft.postings()));
    return draft.accept();
  }

  /** Why no standing order receives this; null when one does. */
  private static @Nullable Refusal unasked(Turn turn, Offer offer) {
    Row.Account account = turn.account(offer.to());
    if (account == null) {
      return Refusal.of(Reason.UNKNOWN_ACCOUNT, offer.to().toString());
    }
    if (account.standing().closed()) {
      return Refusal.of(Reason.ACCOUNT_CLOSED, offer.to().toString());
    }
    if (account.standing().autoReceive().compareTo(offer.amount()) < 0) {
      return Refusal.of(
          Reason.NO_STANDING_ORDER, "the limit is " + account.standing().autoReceive());
    }
    return unreceivable(turn, offer);
  }

  /** Why the chain itself does not decline this; null when nobody will ever receive it. */
  private static @Nullable Refusal open(Turn turn, Offer offer) {
    Row.Account account = turn.account(offer.to());
    return turn.head().closed() || account != null && account.standing().closed()
        ? null
        : Refusal.of(Reason.MALFORMED, "only the receiver declines it");
  }

  private static Leaf.Cited cited(Action.@Nullable Citation citation, Hash sendLeaf) {
    return citation == null
        ? new Leaf.Cited(0, 0, sendLeaf)
        : new Leaf.Cited(citation.index(), citation.recorded(), sendLeaf);
  }

  private static Applied refused(Evidence.Found<?> found) {
    return found.refusal() == null
        ? Applied.refused(Reason.EVIDENCE_INVALID, "no evidence")
        : new Applied.Refused(found.refusal());
  }
}
