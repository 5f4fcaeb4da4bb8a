package aika.core.transfer;

import aika.core.ledger.Action;
import aika.core.ledger.Applied;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.LedgerState;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Reason;
import aika.core.ledger.Row;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Ends holds on the receiver's chain's decisions: {@code received} moves the money to that chain's
 * clearing account, everything else gives it back. Evidence that is late, repeated or wrong ends
 * nothing; the other outcomes of its batch are settled all the same.
 */
final class Settlement {
  private final ChainId chain;
  private final Evidence evidence;

  Settlement(ChainId chain, Evidence evidence) {
    this.chain = chain;
    this.evidence = evidence;
  }

  Applied apply(Turn turn, Action.Settle settle) {
    LedgerState state = turn.state();
    if (!chain.municipal()) {
      return Applied.refused(Reason.WRONG_CHAIN, chain.value());
    }
    ChainId from = settle.from();
    if (from.equals(chain) && settle.recorded() != 0) { // [E-3]
      return Applied.refused(Reason.EVIDENCE_INVALID, "the own chain is cited with size 0");
    }
    if (!from.equals(chain) && state.get(new Key.OfRecorded(from, settle.recorded())) == null) {
      return Applied.refused(Reason.EVIDENCE_MISSING, "no recorded checkpoint covers it");
    }
    Draft draft = new Draft(turn);
    List<Leaf.Ended> ended = new ArrayList<>(settle.items().size());
    Money settled = Money.ZERO;
    Money refunded = Money.ZERO;
    Map<AccountId, Money> refunds = new LinkedHashMap<>();
    for (Action.Item item : settle.items()) {
      Row.Hold hold = draft.get(new Key.OfHold(item.hold()));
      OutcomeKind kind = outcome(state, settle, item, hold);
      if (hold == null || kind == null) {
        continue;
      }
      Money amount = hold.offer().amount();
      AccountId sender = hold.offer().from();
      Row.Hold.Status status;
      if (kind == OutcomeKind.RECEIVED) {
        settled = settled.plus(amount);
        status = Row.Hold.Status.SETTLED;
      } else {
        refunded = refunded.plus(amount);
        refunds.merge(sender, amount, Money::plus);
        status = Row.Hold.Status.REFUNDED;
      }
      draft.put(draft.account(sender).withHolds(-1));
      if (kind == OutcomeKind.RECEIVED) {
        Terms.count(draft, sender, hold.offer().to(), amount);
      }
      draft.put(new Row.Hold(hold.offer(), status, hold.cancelIndex()));
      ended.add(new Leaf.Ended(item.hold(), kind, item.index()));
    }
    if (ended.isEmpty()) {
      return Applied.refused(Reason.NOTHING_TO_SETTLE, "from " + from);
    }
    draft.postHolds(settled.plus(refunded).negated());
    if (settled.isPositive()) {
      draft.postClearing(from, settled);
    }
    refunds.forEach(draft::postPerson);
    draft.add(
        new Leaf.Settled(
            turn.time(), from, settle.recorded(), List.copyOf(ended), draft.postings()));
    return draft.accept();
  }

  /** How this hold ends, or null when the item is no evidence of its end. */
  private @Nullable OutcomeKind outcome(
      LedgerState state, Action.Settle settle, Action.Item item, Row.@Nullable Hold hold) {
    if (hold == null
        || hold.status() != Row.Hold.Status.HELD
        || !hold.offer().to().chain().equals(settle.from())) {
      return null;
    }
    Action.Citation cites = new Action.Citation(item.index(), settle.recorded(), item.proof());
    TransferId transfer = new TransferId(chain, item.hold());
    Leaf.Decision decision = evidence.decision(state, settle.from(), transfer, cites).value();
    if (decision == null) {
      return null;
    }
    // [E-9] one that was decided about another history will never be decided about this one
    return decision.sendLeaf().equals(hold.offer().sendLeaf())
        ? decision.kind()
        : OutcomeKind.CANCELLED;
  }
}
