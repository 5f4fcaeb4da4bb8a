package aika.core.transfer;

import aika.core.ledger.Action;
import aika.core.ledger.Applied;
import aika.core.ledger.Command;
import aika.core.ledger.Directory;
import aika.core.ledger.Entry;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.LedgerState;
import aika.core.ledger.MemoryState;
import aika.core.ledger.Offer;
import aika.core.ledger.Order;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Policy;
import aika.core.ledger.Posting;
import aika.core.ledger.Reason;
import aika.core.ledger.Row;
import aika.core.ledger.SignedOrder;
import aika.core.log.Hash;
import aika.core.log.Proofs;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Executes one chain's commands. A pure function of the chain's rows and the command: guards from
 * the top down, writes last, a refusal changes nothing.
 *
 * <p>Rules are numbered in docs/spec/execution.md; comments cite them as [X-n], and those of
 * docs/spec/evidence.md as [E-n].
 */
public final class Protocol {
  private final ChainId chain;
  private final Directory directory;
  private final Evidence evidence;
  private final Settlement settlement;

  /**
   * @param siblings chains that are executed by every replica of this one
   */
  public Protocol(ChainId chain, Directory directory, Siblings siblings) {
    this.chain = chain;
    this.directory = directory;
    this.evidence = new Evidence(chain, directory.federation(), siblings);
    this.settlement = new Settlement(chain, evidence);
  }

  /**
   * Works out what {@code command} does to a chain in {@code state}; the caller keeps the result.
   *
   * @throws BrokenInvariantException when a rule that always holds would be broken
   */
  public Applied apply(LedgerState state, Command command) {
    Row.Head head = state.head();
    if (head == null) {
      return command.action() instanceof Action.Genesis
          ? genesis(command.time())
          : Applied.refused(Reason.CHAIN_NOT_STARTED, chain.value());
    }
    if (full(head) && !(command.action() instanceof Action.Seal)) {
      return Applied.refused(Reason.BUSY, "the block is full; its seal comes first");
    }
    long time = Math.max(command.time(), head.time()); // time never goes back
    return switch (command.action()) {
      case Action.Genesis g -> Applied.refused(Reason.CHAIN_STARTED, chain.value());
      case Action.Submit submit -> submit(state, head, time, submit);
      case Action.Conclude conclude -> conclude(state, head, time, conclude);
      case Action.RecordCheckpoint record -> record(state, head, time, record);
      case Action.Settle settle -> settlement.apply(state, head, time, settle);
      case Action.Seal seal -> seal(state, head, time, seal);
    };
  }

  /** A block has at most so many leaves before its seal. */
  private static boolean full(Row.Head head) {
    return head.blockLeaves() >= head.policy().blockEntries();
  }

  private Applied genesis(long time) {
    Directory.Entry self = directory.entry(chain);
    Policy policy = directory.policy();
    Hash seats = self.seats().hash();
    Leaf leaf =
        new Leaf.Genesis(time, directory.federation(), chain, directory.fileHash(), policy, seats);
    Money zero = Money.ZERO;
    Row.Head empty =
        new Row.Head(
            chain,
            directory.fileHash(),
            policy,
            seats,
            self.seats().term(),
            0,
            time,
            0,
            0,
            zero,
            zero,
            zero,
            zero,
            zero);
    Draft draft = new Draft(new MemoryState(), empty);
    return draft.accept(draft.entry(leaf));
  }

  private Applied submit(LedgerState state, Row.Head head, long time, Action.Submit submit) {
    SignedOrder signed = submit.order();
    Order order = signed.order();
    Order.Header header = order.header();
    if (!header.federation().equals(directory.federation())) {
      return Applied.refused(Reason.WRONG_FEDERATION, header.federation());
    }
    if (!order.chain().equals(chain) || !chain.municipal()) {
      return Applied.refused(Reason.WRONG_CHAIN, order.chain().value());
    }
    if (time > header.notAfter()) {
      return Applied.refused(Reason.STALE, "not-after has passed");
    }
    if (header.notAfter() - time > Order.NOT_AFTER_MILLIS_MAX) {
      return Applied.refused(Reason.TOO_FAR_AHEAD, "not-after is more than 24 hours ahead");
    }
    Row.Ordered earlier = state.get(new Key.OfOrder(order.account(), header.id()));
    if (earlier != null) {
      return earlier.content().equals(signed.content())
          ? new Applied.Repeated(earlier.index())
          : Applied.refused(Reason.ID_REUSED, header.id().toString());
    }
    return switch (order) {
      case Order.Open open -> open(state, head, time, submit, open);
      case Order.Issue issue -> issue(state, head, time, submit, issue);
      case Order.Send send -> send(state, head, time, submit, send);
      case Order.Decide decide -> decide(state, head, time, submit, decide);
      case Order.Cancel cancel -> cancel(state, head, time, submit, cancel);
    };
  }

  private Applied open(
      LedgerState state, Row.Head head, long time, Action.Submit submit, Order.Open open) {
    if (state.get(new Key.OfAccount(open.account())) != null) {
      return Applied.refused(Reason.ACCOUNT_EXISTS, open.account().toString());
    }
    Draft draft = new Draft(state, head);
    draft.put(new Row.Account(open.account(), open.publicKey(), Money.ZERO, 0));
    return accept(draft, time, submit, null);
  }

  private Applied issue(
      LedgerState state, Row.Head head, long time, Action.Submit submit, Order.Issue issue) {
    if (!issue.amount().isPositive() || overflows(head.issued(), issue.amount())) {
      return Applied.refused(Reason.AMOUNT_INVALID, issue.amount().toString());
    }
    if (state.get(new Key.OfAccount(issue.to())) == null) {
      return Applied.refused(Reason.UNKNOWN_ACCOUNT, issue.to().toString());
    }
    Draft draft = new Draft(state, head);
    draft.postIssued(issue.amount().negated());
    draft.postPerson(issue.to(), issue.amount());
    return accept(draft, time, submit, null);
  }

  /** All the chain's sums stay far from overflow when all that was issued does. */
  private static boolean overflows(Money issued, Money more) {
    return more.compareTo(Policy.MONEY_MAX) > 0
        || issued.negated().compareTo(Policy.MONEY_MAX.minus(more)) > 0;
  }

  private Applied send(
      LedgerState state, Row.Head head, long time, Action.Submit submit, Order.Send send) {
    Row.Account from = state.get(new Key.OfAccount(send.from()));
    if (from == null) {
      return Applied.refused(Reason.UNKNOWN_ACCOUNT, send.from().toString());
    }
    if (!from.hasKey(submit.key())) {
      return Applied.refused(Reason.BAD_SIGNATURE, "the account's key has changed");
    }
    Policy policy = head.policy();
    ChainId to = send.to().chain();
    if (!send.amount().isPositive()) {
      return Applied.refused(Reason.AMOUNT_INVALID, send.amount().toString());
    }
    if (!to.municipal() || directory.find(to) == null) {
      return Applied.refused(Reason.UNKNOWN_CHAIN, to.value());
    }
    if (send.to().equals(send.from())) {
      return Applied.refused(Reason.SAME_ACCOUNT, send.to().toString());
    }
    if (!to.equals(chain) && send.amount().compareTo(policy.crossChainMin()) < 0) {
      return Applied.refused(Reason.AMOUNT_TOO_SMALL, "at least " + policy.crossChainMin());
    }
    if (send.validUntil() <= time || send.validUntil() - time > policy.validMillisMax()) {
      return Applied.refused(Reason.VALID_UNTIL_INVALID, "valid-until is out of range");
    }
    if (from.openHolds() >= policy.openHoldsMax()) {
      return Applied.refused(Reason.TOO_MANY_HOLDS, "at most " + policy.openHoldsMax());
    }
    if (from.balance().compareTo(send.amount()) < 0) {
      return Applied.refused(Reason.INSUFFICIENT_FUNDS, "the balance is " + from.balance());
    }
    Draft draft = new Draft(state, head);
    draft.put(from.withHolds(1));
    draft.postPerson(send.from(), send.amount().negated());
    draft.postHolds(send.amount());
    Entry entry = draft.entry(executed(draft, time, submit, null));
    TransferId id = new TransferId(chain, entry.index());
    Offer offer =
        new Offer(id, send.from(), send.to(), send.amount(), send.validUntil(), entry.hash());
    draft.put(new Row.Hold(offer, Row.Hold.Status.HELD, Row.Hold.NOT_CANCELLED));
    return accept(draft, submit, entry);
  }

  private Applied decide(
      LedgerState state, Row.Head head, long time, Action.Submit submit, Order.Decide order) {
    Row.Account account = state.get(new Key.OfAccount(order.account()));
    if (account == null) {
      return Applied.refused(Reason.UNKNOWN_ACCOUNT, order.account().toString());
    }
    if (!account.hasKey(submit.key())) {
      return Applied.refused(Reason.BAD_SIGNATURE, "the account's key has changed");
    }
    Row.Outcome earlier = state.get(new Key.OfOutcome(order.transfer()));
    if (earlier != null) {
      return Applied.refused(Reason.ALREADY_DECIDED, earlier.kind().text());
    }
    Evidence.Found<Offer> found = evidence.offer(state, order.transfer(), submit.citation());
    Offer offer = found.value();
    if (offer == null) {
      return refused(found);
    }
    if (!offer.to().equals(order.account())) {
      return Applied.refused(Reason.NOT_YOURS, order.transfer().toString());
    }
    if (order.receive() && time >= offer.validUntil()) {
      return Applied.refused(Reason.EXPIRED, "valid-until has passed");
    }
    ChainId origin = order.transfer().origin();
    if (order.receive() && capped(state, head, origin, offer.amount())) {
      return Applied.refused(Reason.CAP_REACHED, "from " + origin);
    }
    Draft draft = new Draft(state, head);
    if (order.receive()) {
      draft.postClearing(origin, offer.amount().negated());
      draft.postPerson(order.account(), offer.amount());
    }
    OutcomeKind kind = order.receive() ? OutcomeKind.RECEIVED : OutcomeKind.REJECTED;
    draft.put(new Row.Outcome(order.transfer(), kind, head.size(), offer.sendLeaf()));
    return accept(draft, time, submit, cited(submit.citation(), offer.sendLeaf()));
  }

  /** What one counterpart, and all together, may owe this chain. */
  private boolean capped(LedgerState state, Row.Head head, ChainId origin, Money amount) {
    if (origin.equals(chain)) {
      return false;
    }
    Row.Clearing row = state.get(new Key.OfClearing(origin));
    Money now = row == null ? Money.ZERO : row.balance();
    Money owed = Draft.owed(now.minus(amount));
    Money sum = head.exposure().minus(Draft.owed(now)).plus(owed);
    return owed.compareTo(head.policy().exposureMax()) > 0
        || sum.compareTo(head.policy().exposureSumMax()) > 0;
  }

  private Applied cancel(
      LedgerState state, Row.Head head, long time, Action.Submit submit, Order.Cancel order) {
    Row.Account account = state.get(new Key.OfAccount(order.account()));
    if (account == null) {
      return Applied.refused(Reason.UNKNOWN_ACCOUNT, order.account().toString());
    }
    if (!account.hasKey(submit.key())) {
      return Applied.refused(Reason.BAD_SIGNATURE, "the account's key has changed");
    }
    Row.Hold hold =
        order.transfer().origin().equals(chain)
            ? state.get(new Key.OfHold(order.transfer().index()))
            : null;
    if (hold == null) {
      return Applied.refused(Reason.UNKNOWN_TRANSFER, order.transfer().toString());
    }
    if (!hold.offer().from().equals(order.account())) {
      return Applied.refused(Reason.NOT_YOURS, order.transfer().toString());
    }
    if (hold.status() != Row.Hold.Status.HELD || hold.cancelAsked()) {
      return Applied.refused(Reason.ALREADY_DECIDED, order.transfer().toString());
    }
    Draft draft = new Draft(state, head);
    draft.put(new Row.Hold(hold.offer(), hold.status(), head.size()));
    Hash sendLeaf = hold.offer().sendLeaf();
    return accept(draft, time, submit, new Leaf.Cited(order.transfer().index(), 0, sendLeaf));
  }

  private Applied conclude(LedgerState state, Row.Head head, long time, Action.Conclude conclude) {
    TransferId transfer = conclude.transfer();
    if (!chain.municipal()) {
      return Applied.refused(Reason.WRONG_CHAIN, chain.value());
    }
    Row.Outcome earlier = state.get(new Key.OfOutcome(transfer));
    if (earlier != null) {
      return Applied.refused(Reason.ALREADY_DECIDED, earlier.kind().text());
    }
    Evidence.Found<Hash> found =
        switch (conclude.kind()) {
          case EXPIRED -> expired(state, time, conclude);
          case CANCELLED -> evidence.cancelled(state, transfer, conclude.citation());
          case RECEIVED, REJECTED ->
              Evidence.Found.no(Reason.MALFORMED, "only the receiver decides so");
        };
    Hash sendLeaf = found.value();
    if (sendLeaf == null) {
      return refused(found);
    }
    Draft draft = new Draft(state, head);
    draft.put(new Row.Outcome(transfer, conclude.kind(), head.size(), sendLeaf));
    Leaf.Cited cited = cited(conclude.citation(), sendLeaf);
    return draft.accept(draft.entry(new Leaf.Concluded(time, transfer, conclude.kind(), cited)));
  }

  private Evidence.Found<Hash> expired(LedgerState state, long time, Action.Conclude conclude) {
    Evidence.Found<Offer> found = evidence.offer(state, conclude.transfer(), conclude.citation());
    Offer offer = found.value();
    if (offer == null) {
      return new Evidence.Found<>(null, found.refusal());
    }
    if (!offer.to().chain().equals(chain)) {
      return Evidence.Found.no(Reason.WRONG_CHAIN, offer.to().chain().value());
    }
    return time < offer.validUntil()
        ? Evidence.Found.no(Reason.NOT_YET_EXPIRED, conclude.transfer().toString())
        : Evidence.Found.of(offer.sendLeaf());
  }

  private Applied record(
      LedgerState state, Row.Head head, long time, Action.RecordCheckpoint record) {
    ChainId origin = record.origin();
    Directory.Entry other = directory.find(origin);
    boolean anchor = !chain.municipal();
    if (other == null
        || !origin.municipal()
        || origin.equals(chain)
        || anchor && !origin.continent().equals(chain)) {
      return Applied.refused(Reason.UNKNOWN_CHAIN, origin.value());
    }
    if (!record.checkpoint().origin().equals(directory.origin(origin))) {
      return Applied.refused(Reason.MALFORMED, "the checkpoint is of another log");
    }
    if (record.term() != other.seats().term()) {
      return Applied.refused(Reason.NOT_APPROVED, "term " + record.term() + " is not in force");
    }
    long size = record.checkpoint().size();
    Hash root = record.checkpoint().root();
    Row.Latest latest = state.get(new Key.OfLatest(origin));
    if (size == 0 || latest != null && size <= latest.size()) {
      return Applied.refused(Reason.CHECKPOINT_NOT_LARGER, "size " + size);
    }
    boolean extended =
        latest == null
            ? record.consistency().isEmpty()
            : Proofs.verifyConsistency(
                latest.size(), size, record.consistency(), latest.root(), root);
    if (!extended) {
      return Applied.refused(Reason.CHECKPOINT_INCONSISTENT, origin + " at size " + size);
    }
    Draft draft = new Draft(state, head);
    draft.put(new Row.Recorded(origin, size, root));
    draft.put(new Row.Latest(origin, size, root, head.size()));
    Hash seats = other.seats().hash();
    return draft.accept(
        draft.entry(new Leaf.Recorded(time, origin, size, root, record.term(), seats)));
  }

  private Applied seal(LedgerState state, Row.Head head, long time, Action.Seal seal) {
    if (seal.height() != head.height() + 1 || head.sealed()) {
      return Applied.refused(Reason.SEAL_STALE, "height " + seal.height());
    }
    Draft draft = new Draft(state, head);
    Leaf leaf =
        new Leaf.Sealed(
            time,
            seal.height(),
            head.blockStart(),
            head.term(),
            head.seats(),
            head.seats(),
            head.issued(),
            head.balances(),
            head.holds(),
            head.clearing());
    return draft.acceptSeal(draft.entry(leaf));
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

  private Applied accept(Draft draft, long time, Action.Submit submit, Leaf.@Nullable Cited cited) {
    return accept(draft, submit, draft.entry(executed(draft, time, submit, cited)));
  }

  private Applied accept(Draft draft, Action.Submit submit, Entry entry) {
    SignedOrder signed = submit.order();
    AccountId account = signed.order().account();
    Order.Header header = signed.order().header();
    draft.put(
        new Row.Ordered(account, header.id(), signed.content(), entry.index(), header.notAfter()));
    return draft.accept(entry);
  }

  private static Leaf executed(
      Draft draft, long time, Action.Submit submit, Leaf.@Nullable Cited cited) {
    List<Posting> postings = draft.postings();
    return new Leaf.Executed(time, submit.arrived(), cited, postings, submit.order());
  }
}
