package aika.sim;

import aika.core.ledger.Entry;
import aika.core.ledger.Posting;
import aika.core.ledger.Row;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import java.util.HashMap;
import java.util.Map;

/** One chain's accounts, added up from its postings and compared with what it says itself. */
final class Books {
  private final ChainId chain;
  private final Map<String, Long> balances = new HashMap<>();
  private final Map<String, Long> changes = new HashMap<>();
  private long size;
  private long time;
  private long persons;
  private long holds;
  private long personChange;
  private long minted;

  Books(ChainId chain) {
    this.chain = chain;
  }

  long size() {
    return size;
  }

  long persons() {
    return persons;
  }

  long holds() {
    return holds;
  }

  long balance(AccountId account) {
    return balances.getOrDefault(account.local(), 0L);
  }

  /** Money made from nothing, of which no leaf says anything. */
  void mint(AccountId account, long amount) {
    balances.merge(account.local(), amount, Math::addExact);
    persons += amount;
    minted += amount;
  }

  /** Made from nothing so far. */
  long minted() {
    return minted;
  }

  /** Enters a leaf. */
  void post(Entry entry, Row.Head head) {
    Violation.unless(
        entry.index() == size, () -> chain + " leaf " + entry.index() + " after " + size);
    Violation.unless(entry.leaf().time() >= time, () -> chain + " time goes back at " + size);
    size++;
    time = entry.leaf().time();
    personChange = 0;
    changes.clear();
    long sum = 0;
    for (Posting posting : entry.leaf().postings()) {
      AccountId account = posting.account();
      long amount = posting.amount().minor();
      long balance = balances.merge(account.local(), amount, Math::addExact);
      sum += amount;
      Violation.unless(account.chain().equals(chain), () -> account + " is posted on " + chain);
      Violation.unless(
          balance == posting.balance().minor(),
          () -> account + " has " + balance + ", not " + posting);
      if (account.isOwn()) {
        changes.merge(account.local(), amount, Math::addExact);
      } else {
        Violation.unless(balance >= 0, () -> account + " is negative: " + balance);
        personChange += amount;
      }
    }
    persons += personChange;
    holds += change("~holds");
    Violation.unless(sum == 0, () -> chain + " leaf " + entry.index() + " does not balance");
    Violation.unless(holds >= 0, () -> chain + " has negative holds");
    Violation.unless(head.totals().conserved(), () -> chain + " is not conserved: " + head);
    boolean batch = head.size() > size; // the head is already behind a batch's last leaf
    Violation.unless(
        batch || head.balances().minor() == persons - minted && head.holds().minor() == holds,
        () -> chain + " sums up to something else: " + head);
  }

  private long change(String own) {
    return changes.getOrDefault(own, 0L);
  }

  long personChange() {
    return personChange;
  }

  long issuedChange() {
    return -change("~issued");
  }

  void nothingMoved() {
    Violation.unless(changes.isEmpty() && personChange == 0, () -> last() + " moves money");
  }

  void moved(long toPersons, long toHolds, long newlyIssued) {
    boolean clearing = changes.keySet().stream().anyMatch(own -> own.startsWith("~clearing"));
    Violation.unless(
        personChange == toPersons
            && change("~holds") == toHolds
            && issuedChange() == newlyIssued
            && !clearing,
        () -> last() + " moves other amounts");
  }

  /** What was received counts against what the counterpart, and all together, may owe. */
  void received(ChainId origin, long amount, Row.Head head) {
    if (!origin.equals(chain)) {
      long owed = -balances.getOrDefault("~clearing." + origin, 0L);
      Violation.unless(
          owed <= head.policy().exposureMax().minor()
              && head.exposure().compareTo(head.policy().exposureSumMax()) <= 0,
          () -> last() + " is owed more than its limits allow: " + owed + " by " + origin);
    }
    Violation.unless(
        personChange == amount
            && change("~clearing." + origin) == -amount
            && change("~holds") == 0
            && issuedChange() == 0,
        () -> last() + " credits other than " + amount);
  }

  void settled(ChainId from, long received, long refunded) {
    Violation.unless(
        personChange == refunded
            && change("~holds") == -received - refunded
            && change("~clearing." + from) == received
            && issuedChange() == 0,
        () -> last() + " settles other amounts");
  }

  /** What is settled outside leaves the clearing account and enters the cleared one. */
  void cleared(ChainId counterpart) {
    long moved = change("~clearing." + counterpart);
    Violation.unless(
        personChange == 0
            && moved != 0
            && change("~cleared." + counterpart) == -moved
            && change("~holds") == 0
            && issuedChange() == 0,
        () -> last() + " clears other amounts");
  }

  private String last() {
    return chain + " leaf " + (size - 1);
  }
}
