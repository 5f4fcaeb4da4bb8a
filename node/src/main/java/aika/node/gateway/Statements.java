package aika.node.gateway;

import aika.core.follow.AccountLeaves;
import aika.core.ledger.Entry;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.LeafText;
import aika.core.ledger.Offer;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Posting;
import aika.core.ledger.Reason;
import aika.core.money.AccountId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import aika.node.mirror.ReadableChains;
import aika.node.order.Chain;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What moved an account's money, as far as it is approved. */
final class Statements {
  /** Lines in one answer. */
  static final int LINES_MAX = 10_000;

  /** How long a statement waits for the index of what is approved already. */
  private static final long INDEX_WAIT_MILLIS = 5_000;

  private final ReadableChains chains;
  private final AccountLeaves index;
  private final People people;
  private final int linesMax;

  Statements(ReadableChains chains, AccountLeaves index, People people) {
    this(chains, index, people, LINES_MAX);
  }

  Statements(ReadableChains chains, AccountLeaves index, People people, int linesMax) {
    this.chains = chains;
    this.index = index;
    this.people = people;
    this.linesMax = linesMax;
  }

  /**
   * All lines of this time, the oldest first. Refused: {@code TOO_LARGE} when they are more than
   * fit one answer, {@code BUSY} when the index does not have what is approved.
   *
   * @param from not before, ms since 1970
   * @param to before
   */
  List<StatementLine> of(AccountId account, long from, long to, Caller caller) {
    Chain chain = LogRoutes.find(chains.shard(), account.chain());
    if (chain.get(new Key.OfAccount(account)) == null) {
      throw RefusedException.of(Reason.UNKNOWN_ACCOUNT, account.toString());
    }
    awaitIndex(chain);
    People.Right right = people.rightToAsk(caller);
    List<StatementLine> lines = new ArrayList<>();
    index.visit(
        account,
        from,
        to,
        leaf -> {
          add(chain, chain.entry(leaf), account, right, lines);
          return lines.size() <= linesMax;
        });
    if (lines.size() > linesMax) {
      throw RefusedException.of(
          Reason.TOO_LARGE, "more than " + linesMax + " lines: ask for a shorter time");
    }
    return lines;
  }

  /** A statement must not leave out what is approved, or nobody could rely on it. */
  private void awaitIndex(Chain chain) {
    long approved = chain.approvedSize();
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(INDEX_WAIT_MILLIS);
    try {
      for (long seen = chains.shard().changes().version();
          index.seen(chain.id()) < approved;
          seen = chains.shard().changes().version()) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
          throw RefusedException.of(Reason.BUSY, "the index of statements is behind");
        }
        chains.shard().changes().await(seen, left);
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw RefusedException.of(Reason.BUSY, "the node is stopping");
    }
  }

  private void add(
      Chain chain, Entry entry, AccountId account, People.Right right, List<StatementLine> lines) {
    for (Posting posting : entry.leaf().postings()) {
      if (posting.account().equals(account)) {
        switch (entry.leaf()) {
          case Leaf.Settled settled -> refunds(chain, entry, settled, posting, right, lines);
          case Leaf other -> lines.add(line(chain, entry, posting, right));
        }
      }
    }
  }

  /** A payment of a batch is a leaf of its own, as is what a standing order received. */
  private StatementLine line(Chain chain, Entry entry, Posting posting, People.Right right) {
    TransferId transfer = null;
    AccountId other = null;
    Leaf leaf = entry.leaf();
    TransferId here = new TransferId(chain.id(), entry.index());
    Offer sent = leaf.offer(here, entry.hash());
    Leaf.Decision decision = leaf.decision();
    if (sent != null) {
      transfer = here;
      other = sent.to();
    } else if (decision != null) {
      transfer = decision.transfer();
      Offer offer = offer(transfer);
      other = offer == null ? null : offer.from();
    }
    return new StatementLine(
        leaf.time(),
        entry.index(),
        LeafText.kind(leaf),
        transfer,
        party(posting.account(), other, right),
        posting.amount(),
        posting.balance());
  }

  /** One posting for all that came back to this account: a line for each, with its own balance. */
  private void refunds(
      Chain chain,
      Entry entry,
      Leaf.Settled settled,
      Posting posting,
      People.Right right,
      List<StatementLine> lines) {
    Money balance = posting.balance().minus(posting.amount());
    for (Leaf.Ended ended : settled.ended()) {
      TransferId transfer = new TransferId(chain.id(), ended.hold());
      Offer offer = ended.kind() == OutcomeKind.RECEIVED ? null : offer(transfer);
      if (offer != null && offer.from().equals(posting.account())) {
        balance = balance.plus(offer.amount());
        lines.add(
            new StatementLine(
                entry.leaf().time(),
                entry.index(),
                "refund",
                transfer,
                party(offer.from(), offer.to(), right),
                offer.amount(),
                balance));
      }
    }
  }

  private @Nullable Party party(AccountId own, @Nullable AccountId other, People.Right right) {
    return other == null ? null : people.party(other, right.sees(own, other));
  }

  /** What was sent; null when its chain is not served here. */
  private @Nullable Offer offer(TransferId transfer) {
    Chain origin = chains.find(transfer.origin());
    if (origin == null || transfer.index() >= origin.size()) {
      return null;
    }
    Entry sent = origin.entry(transfer.index());
    return sent.leaf().offer(transfer, sent.hash());
  }
}
