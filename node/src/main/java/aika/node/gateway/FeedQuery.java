package aika.node.gateway;

import aika.core.ledger.Entry;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.LeafText;
import aika.core.ledger.Offer;
import aika.core.ledger.Order;
import aika.core.ledger.Row;
import aika.core.money.AccountId;
import aika.core.money.TransferId;
import aika.core.note.MalformedException;
import aika.node.order.Chain;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a reader of a feed asks for (docs/spec/feed.md, FEED-2 and FEED-3).
 *
 * @param from first leaf that is wanted
 * @param account only what concerns this account; null: everything
 * @param kinds only leaves of these kinds; empty: all kinds
 * @param approved only what is approved, after its approval
 */
record FeedQuery(
    Chain chain, long from, @Nullable AccountId account, Set<String> kinds, boolean approved) {
  /** The words of docs/spec/leaves.md. */
  static final Set<String> KINDS =
      Set.of(
          "genesis",
          "open-account",
          "rotate-key",
          "recover-key",
          "veto-recovery",
          "freeze",
          "unfreeze",
          "close-account",
          "auto-receive",
          "issue",
          "redeem",
          "clear",
          "send",
          "send-batch",
          "payment",
          "receive",
          "reject",
          "cancel",
          "stand",
          "received",
          "rejected",
          "cancelled",
          "expired",
          "record",
          "settle",
          "elected",
          "recovered",
          "conflict",
          "seal");

  FeedQuery {
    kinds = Set.copyOf(kinds);
    for (String kind : kinds) {
      if (!KINDS.contains(kind)) {
        throw new MalformedException("no leaf is of kind " + Shown.of(kind));
      }
    }
    long size = chain.size();
    if (from < 0 || from > size) {
      throw new MalformedException("from is 0 to " + size + ", the leaves of " + chain.id());
    }
  }

  boolean wants(Entry entry) {
    Leaf leaf = entry.leaf();
    return (kinds.isEmpty() || kinds.contains(LeafText.kind(leaf)))
        && (account == null || concerns(account, leaf));
  }

  private boolean concerns(AccountId who, Leaf leaf) {
    if (leaf.postings().stream().anyMatch(posting -> posting.account().equals(who))) {
      return true;
    }
    return switch (leaf) {
      case Leaf.Executed executed -> concerns(who, executed.order().order());
      case Leaf.Concluded concluded -> isParty(who, concluded.transfer());
      case Leaf.Settled settled ->
          settled.ended().stream()
              .anyMatch(ended -> isParty(who, new TransferId(chain.id(), ended.hold())));
      case Leaf.Paid paid -> paid.to().equals(who);
      default -> false;
    };
  }

  private boolean concerns(AccountId who, Order order) {
    return order.account().equals(who)
        || switch (order) {
          case Order.Issue issue -> issue.to().equals(who);
          case Order.Send send -> send.to().equals(who);
          case Order.SendBatch batch -> batch.payments().getFirst().to().equals(who);
          case Order.Decide decide -> isParty(who, decide.transfer());
          case Order.Cancel cancel -> isParty(who, cancel.transfer());
          default -> false;
        };
  }

  /** A chain knows the parties of the transfers that began on it. */
  private boolean isParty(AccountId who, TransferId transfer) {
    if (!transfer.origin().equals(chain.id())) {
      return false;
    }
    Row.Hold hold = chain.get(new Key.OfHold(transfer.index()));
    if (hold == null) {
      return false;
    }
    Offer offer = hold.offer();
    return offer.from().equals(who) || offer.to().equals(who);
  }
}
