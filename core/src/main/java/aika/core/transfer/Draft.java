package aika.core.transfer;

import aika.core.ledger.Applied;
import aika.core.ledger.Entry;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.LeafText;
import aika.core.ledger.LedgerState;
import aika.core.ledger.Posting;
import aika.core.ledger.Row;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
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

  private final LedgerState state;
  private final Row.Head before;
  private final Map<Key<?>, Row> written = new LinkedHashMap<>();
  private final List<Posting> postings = new ArrayList<>(4);
  private Money issued;
  private Money balances;
  private Money holds;
  private Money clearing;
  private Money exposure;

  Draft(LedgerState state, Row.Head before) {
    this.state = state;
    this.before = before;
    issued = before.issued();
    balances = before.balances();
    holds = before.holds();
    clearing = before.clearing();
    exposure = before.exposure();
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

  /** The row as this draft leaves it. */
  @SuppressWarnings("unchecked") // a row is only ever stored under its own key
  <R extends Row> @Nullable R get(Key<R> key) {
    R changed = (R) written.get(key);
    return changed != null ? changed : state.get(key);
  }

  void put(Row row) {
    written.put(row.key(), row);
  }

  List<Posting> postings() {
    return List.copyOf(postings);
  }

  /** Adds {@code amount} (negative: takes it) to a person's account. */
  void postPerson(AccountId id, Money amount) {
    Row.Account account = get(new Key.OfAccount(id));
    if (account == null) {
      throw new BrokenInvariantException("posting to a missing account " + id);
    }
    Money balance = account.balance().plus(amount);
    if (balance.isNegative()) {
      throw new BrokenInvariantException("negative balance of " + id);
    }
    put(new Row.Account(id, account.publicKey(), balance, account.openHolds()));
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
    Row.Clearing row = get(new Key.OfClearing(counterpart));
    Money old = row == null ? Money.ZERO : row.balance();
    Money balance = old.plus(amount);
    put(new Row.Clearing(counterpart, balance));
    clearing = clearing.plus(amount);
    if (!counterpart.equals(before.chain())) {
      exposure = exposure.plus(owed(balance)).minus(owed(old));
    }
    postings.add(new Posting(clearing(before.chain(), counterpart), amount, balance));
  }

  /** What a counterpart with this clearing balance owes: the balance's negative part. */
  static Money owed(Money clearingBalance) {
    return clearingBalance.isNegative() ? clearingBalance.negated() : Money.ZERO;
  }

  Entry entry(Leaf leaf) {
    return LeafText.entry(before.size(), leaf);
  }

  /** The draft as one leaf with its rows; money neither appeared nor vanished. */
  Applied accept(Entry entry) {
    return accept(entry, before.height(), before.blockStart());
  }

  Applied acceptSeal(Entry entry) {
    return accept(entry, before.height() + 1, before.size() + 1);
  }

  private Applied accept(Entry entry, long height, long blockStart) {
    Money sum = Money.ZERO;
    for (Posting posting : postings) {
      sum = sum.plus(posting.amount());
    }
    Row.Head after =
        new Row.Head(
            before.chain(),
            before.federationFile(),
            before.policy(),
            before.seats(),
            before.term(),
            before.size() + 1,
            entry.leaf().time(),
            height,
            blockStart,
            issued,
            balances,
            holds,
            clearing,
            exposure);
    if (!sum.equals(Money.ZERO) || !after.conserved()) {
      throw new BrokenInvariantException("postings of leaf " + entry.index() + " do not balance");
    }
    if (entry.bytes().length > Leaf.LEAF_BYTES_MAX) {
      throw new BrokenInvariantException("leaf " + entry.index() + " is too large");
    }
    put(after);
    return new Applied.Accepted(List.of(entry), List.copyOf(written.values()));
  }
}
