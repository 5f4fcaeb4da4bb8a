package aika.core.transfer;

import aika.core.ledger.Action;
import aika.core.ledger.Applied;
import aika.core.ledger.Entry;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.LeafText;
import aika.core.ledger.LedgerState;
import aika.core.ledger.Order;
import aika.core.ledger.Posting;
import aika.core.ledger.Row;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.note.MalformedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one command writes, while it is being worked out; nothing reaches the state before. */
final class Draft {
  private static final String HOLDS = "holds";
  private static final String ISSUED = "issued";
  private static final String CLEARING = "clearing.";
  private static final String CLEARED = "cleared.";

  private final LedgerState state;
  private final Row.Head before;
  private final long time;
  private final Map<Key<?>, Row> written = new LinkedHashMap<>();
  private final List<Entry> entries = new ArrayList<>(1);
  private final List<Posting> postings = new ArrayList<>(4);
  private Money issued;
  private Money balances;
  private Money holds;
  private Money clearing;
  private Money exposure;
  private Row.Incumbency incumbency;
  private boolean closed;

  Draft(Turn turn) {
    this.state = turn.state();
    this.before = turn.head();
    this.time = turn.time();
    Row.Totals totals = before.totals();
    issued = totals.issued();
    balances = totals.balances();
    holds = totals.holds();
    clearing = totals.clearing();
    exposure = totals.exposure();
    incumbency = before.incumbency();
    closed = before.closed();
  }

  static AccountId holds(ChainId chain) {
    return AccountId.own(chain, HOLDS);
  }

  static AccountId issued(ChainId chain) {
    return AccountId.own(chain, ISSUED);
  }

  static AccountId clearing(ChainId chain, ChainId counterpart) {
    return AccountId.own(chain, CLEARING + counterpart.value());
  }

  static AccountId cleared(ChainId chain, ChainId counterpart) {
    return AccountId.own(chain, CLEARED + counterpart.value());
  }

  /** The row as this draft leaves it. */
  @SuppressWarnings("unchecked") // a row is only ever stored under its own key
  <R extends Row> @Nullable R get(Key<R> key) {
    R changed = (R) written.get(key);
    return changed != null ? changed : state.get(key);
  }

  /** An account that must be there, as it is at this time. */
  Row.Account account(AccountId id) {
    Row.Account account = get(new Key.OfAccount(id));
    if (account == null) {
      throw new BrokenInvariantException("there is no account " + id);
    }
    return account.at(time);
  }

  void put(Row row) {
    written.put(row.key(), row);
  }

  ChainId chain() {
    return before.chain();
  }

  long time() {
    return time;
  }

  /** Index of the next leaf. */
  long index() {
    return before.size() + entries.size();
  }

  /** What was posted since the last leaf. */
  List<Posting> postings() {
    return List.copyOf(postings);
  }

  Row.Incumbency incumbency() {
    return incumbency;
  }

  void seat(Row.Incumbency next) {
    incumbency = next;
  }

  void close() {
    closed = true;
  }

  /** Adds {@code amount} (negative: takes it) to a person's account. */
  void postPerson(AccountId id, Money amount) {
    Row.Account account = account(id);
    Money balance = account.balance().plus(amount);
    if (balance.isNegative()) {
      throw new BrokenInvariantException("negative balance of " + id);
    }
    put(account.with(balance));
    balances = balances.plus(amount);
    postings.add(new Posting(id, amount, balance));
  }

  void postHolds(Money amount) {
    holds = holds.plus(amount);
    if (holds.isNegative()) {
      throw new BrokenInvariantException("negative holds");
    }
    postings.add(new Posting(holds(before.chain()), amount, holds));
  }

  void postIssued(Money amount) {
    issued = issued.plus(amount);
    postings.add(new Posting(issued(before.chain()), amount, issued));
  }

  void postClearing(ChainId counterpart, Money amount) {
    Row.Clearing old = clearing(counterpart);
    Money balance = old.balance().plus(amount);
    put(new Row.Clearing(counterpart, balance, old.cleared()));
    clearing = clearing.plus(amount);
    if (!counterpart.equals(before.chain())) {
      exposure = exposure.plus(owed(balance)).minus(owed(old.balance()));
    }
    postings.add(new Posting(clearing(before.chain(), counterpart), amount, balance));
  }

  void postCleared(ChainId counterpart, Money amount) {
    Row.Clearing old = clearing(counterpart);
    Money cleared = old.cleared().plus(amount);
    put(new Row.Clearing(counterpart, old.balance(), cleared));
    clearing = clearing.plus(amount);
    postings.add(new Posting(cleared(before.chain(), counterpart), amount, cleared));
  }

  private Row.Clearing clearing(ChainId counterpart) {
    Row.Clearing row = get(new Key.OfClearing(counterpart));
    return row == null ? new Row.Clearing(counterpart, Money.ZERO, Money.ZERO) : row;
  }

  /** What a counterpart with this clearing balance owes: the balance's negative part. */
  static Money owed(Money clearingBalance) {
    return clearingBalance.isNegative() ? clearingBalance.negated() : Money.ZERO;
  }

  /** Adds a leaf, which holds what was posted since the last one. */
  Entry add(Leaf leaf) {
    Entry entry = LeafText.entry(index(), leaf);
    Money sum = Money.ZERO;
    for (Posting posting : postings) {
      sum = sum.plus(posting.amount());
    }
    if (!sum.equals(Money.ZERO)) {
      throw new BrokenInvariantException("postings of leaf " + entry.index() + " do not balance");
    }
    if (entry.bytes().length > Leaf.LEAF_BYTES_MAX) {
      throw new BrokenInvariantException("leaf " + entry.index() + " is too large");
    }
    if (leaf instanceof Leaf.Elected) {
      checkReadable(entry);
    }
    postings.clear();
    entries.add(entry);
    return entry;
  }

  /** The other leaves repeat what was parsed; an election says what nobody has said before. */
  private static void checkReadable(Entry entry) {
    try {
      Leaf _ = LeafText.parse(entry.bytes());
    } catch (MalformedException unreadable) {
      throw new BrokenInvariantException(
          "leaf " + entry.index() + " cannot be read: " + unreadable.getMessage());
    }
  }

  /** Adds the leaf of an order, and what a repeat of it will find. */
  Entry addOrder(Action.Submit submit, Leaf.@Nullable Cited cited) {
    Entry entry = add(new Leaf.Executed(time, submit.arrived(), cited, postings(), submit.order()));
    Order.Header header = submit.order().order().header();
    put(
        new Row.Ordered(
            submit.order().order().account(),
            header.id(),
            submit.order().content(),
            entry.index(),
            header.notAfter()));
    return entry;
  }

  /** The draft as leaves with their rows; money neither appeared nor vanished. */
  Applied accept() {
    return accept(before.height(), before.blockStart());
  }

  /** The same, when the last leaf is a seal. */
  Applied acceptSeal() {
    return accept(before.height() + 1, index());
  }

  private Applied accept(long height, long blockStart) {
    Row.Totals totals = totals();
    if (!totals.conserved()) {
      throw new BrokenInvariantException("leaf " + before.size() + " does not conserve money");
    }
    put(
        new Row.Head(
            before.chain(),
            before.federationFile(),
            before.policy(),
            incumbency,
            index(),
            time,
            height,
            blockStart,
            totals,
            closed));
    return new Applied.Accepted(List.copyOf(entries), List.copyOf(written.values()));
  }

  Row.Totals totals() {
    return new Row.Totals(issued, balances, holds, clearing, exposure);
  }
}
