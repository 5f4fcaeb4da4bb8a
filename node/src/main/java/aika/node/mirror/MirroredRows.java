package aika.node.mirror;

import aika.core.ledger.Entry;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.Offer;
import aika.core.ledger.Order;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Recovery;
import aika.core.ledger.Row;
import aika.core.money.TransferId;
import aika.node.store.ChainLog;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of another node's chain that its leaves tell without executing them: who sits, what was
 * sent, and how transfers ended. Its accounts and balances are not among them.
 */
final class MirroredRows {
  private MirroredRows() {}

  /** What the next leaf of this log changes. */
  static List<Row> of(ChainLog log, Entry entry) {
    List<Row> rows = new ArrayList<>();
    Leaf leaf = entry.leaf();
    TransferId transfer = new TransferId(log.chain(), entry.index());
    Offer offer = leaf.offer(transfer, entry.hash());
    if (offer != null) {
      rows.add(new Row.Hold(offer, Row.Hold.Status.HELD, Row.Hold.NOT_CANCELLED));
    }
    Leaf.Decision decision = leaf.decision();
    if (decision != null) {
      rows.add(
          new Row.Outcome(
              decision.transfer(), decision.kind(), entry.index(), decision.sendLeaf()));
    }
    switch (leaf) {
      case Leaf.Executed executed when executed.order().order() instanceof Order.Cancel cancel -> {
        Row.Hold hold = log.get(new Key.OfHold(cancel.transfer().index()));
        if (hold != null) {
          rows.add(new Row.Hold(hold.offer(), hold.status(), entry.index()));
        }
      }
      case Leaf.Settled settled -> settled.ended().forEach(one -> ended(log, one, rows));
      case Leaf.Sealed sealed -> {
        Row.Term term = entry.index() == 0 ? null : seated(log.entry(entry.index() - 1), sealed);
        if (term != null) {
          rows.add(term);
        }
      }
      default -> {}
    }
    return rows;
  }

  private static void ended(ChainLog log, Leaf.Ended ended, List<Row> rows) {
    Row.Hold hold = log.get(new Key.OfHold(ended.hold()));
    if (hold != null) {
      Row.Hold.Status status =
          ended.kind() == OutcomeKind.RECEIVED ? Row.Hold.Status.SETTLED : Row.Hold.Status.REFUNDED;
      rows.add(new Row.Hold(hold.offer(), status, hold.cancelIndex()));
    }
  }

  /** Whom the leaf before a seal seated; null when it seated nobody. */
  private static Row.@Nullable Term seated(Entry before, Leaf.Sealed seal) {
    return switch (before.leaf()) {
      case Leaf.Elected elected -> new Row.Term(elected.seats(), before.index() + 2, false);
      case Leaf.Recovered recovered
          when recovered.recovery().recovery() instanceof Recovery.Seat seat ->
          new Row.Term(seat.set(), seal.first(), true);
      default -> null;
    };
  }
}
