package aika.core.transfer;

import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Policy;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.TransferId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What people's orders must come to, in four maps: it knows nothing of logs, blocks or evidence,
 * and shares no code with the chains. Amounts are in units, of which the chains have {@code scale}
 * each.
 */
final class Reference {
  static final List<ChainId> CHAINS =
      List.of(TestFederation.KOMATSU, TestFederation.KANAZAWA, TestFederation.PARIS);
  static final long CAP = 3_000;
  static final long CAP_OF_ALL = CAP + CAP / 2;
  static final long CROSS_CHAIN_MIN = 3;
  static final int HOLDS_MAX = 5;
  static final long WAITING_MAX = TestFederation.HOUR;

  private static final int HOLDS_OF_A_BATCH_MAX = 500;
  private static final long VETO_MILLIS = 7L * 24 * 60 * 60 * 1000;

  /** An account, and who may order in its name. Keys are words. */
  static final class Person {
    final AccountId id;
    String key;
    long balance;
    long receivesAlone;
    boolean frozen;
    boolean closed;
    @Nullable String announced;
    long due;

    Person(AccountId id, String key) {
      this.id = id;
      this.key = key;
    }

    void announce(String newKey, long now) {
      announced = newKey;
      due = now + VETO_MILLIS;
    }

    void close() {
      closed = true;
      receivesAlone = 0;
      announced = null;
    }
  }

  /** A transfer; {@code cancel}, {@code end} and {@code settled} come later. */
  static final class Transfer {
    final AccountId from;
    final AccountId to;
    final long amount;
    final long until;
    long cancel = -1;
    @Nullable OutcomeKind end;
    boolean settled;

    Transfer(AccountId from, AccountId to, long amount, long until) {
      this.from = from;
      this.to = to;
      this.amount = amount;
      this.until = until;
    }

    boolean crosses() {
      return !from.chain().equals(to.chain());
    }
  }

  /** One payment of an order. */
  record Payment(AccountId to, long amount) {}

  private record Pair(ChainId creditor, ChainId debtor) implements Comparable<Pair> {
    @Override
    public int compareTo(Pair other) {
      return (creditor + " " + debtor).compareTo(other.creditor + " " + other.debtor);
    }
  }

  final Map<AccountId, Person> people = new TreeMap<>();
  final Map<TransferId, Transfer> transfers = new TreeMap<>();
  final Map<ChainId, Long> issued = new TreeMap<>();
  private final Map<ChainId, ReferenceTerm> terms = new HashMap<>();
  private final Map<Pair, Long> cleared = new TreeMap<>();
  private final long scale;
  private long now;

  Reference(long scale) {
    this.scale = scale;
  }

  ReferenceTerm term(ChainId chain) {
    return terms.computeIfAbsent(
        chain,
        any -> {
          throw new AssertionError("no term of " + chain);
        });
  }

  void begin(ChainId chain, ReferenceTerm term) {
    terms.put(chain, term);
  }

  /** It is this late; keys that nobody vetoed are in force. Answers how many became so. */
  int at(long time) {
    now = time;
    int recovered = 0;
    for (Person person : people.values()) {
      if (person.announced != null && now >= person.due) {
        person.key = person.announced;
        person.announced = null;
        person.frozen = false;
        recovered++;
      }
    }
    return recovered;
  }

  boolean mayOrder(AccountId account, String key) {
    Person person = people.get(account);
    return person != null && person.key.equals(key) && !person.closed && !person.frozen;
  }

  boolean mayIssue(AccountId to, long amount) {
    Person person = people.get(to);
    return amount > 0
        && person != null
        && !person.closed
        && issued(to.chain()) + amount <= Policy.MONEY_MAX.minor() / scale;
  }

  long issued(ChainId chain) {
    return issued.getOrDefault(chain, 0L);
  }

  void issue(AccountId to, long amount) {
    add(to, amount);
    issued.merge(to.chain(), amount, Long::sum);
  }

  void add(AccountId account, long amount) {
    Person person = people.get(account);
    if (person == null) {
      throw new AssertionError("unknown to the reference: " + account);
    }
    person.balance += amount;
  }

  /** Whether somebody who may order can pay all of this. */
  boolean maySend(AccountId from, List<Payment> payments, long until) {
    Person person = people.get(from);
    int holdsMax = payments.size() == 1 ? HOLDS_MAX : HOLDS_OF_A_BATCH_MAX;
    return person != null
        && payments.stream().allMatch(one -> isGood(from, one))
        && until > now
        && until - now <= WAITING_MAX
        && open().getOrDefault(from, 0) + payments.size() <= holdsMax
        && payments.stream().mapToLong(Payment::amount).sum() <= person.balance;
  }

  private static boolean isGood(AccountId from, Payment payment) {
    boolean crosses = !payment.to.chain().equals(from.chain());
    return payment.amount > 0
        && !payment.to.equals(from)
        && (!crosses || payment.amount >= CROSS_CHAIN_MIN);
  }

  void send(TransferId id, AccountId from, Payment payment, long until) {
    transfers.put(id, new Transfer(from, payment.to, payment.amount, until));
    add(from, -payment.amount);
  }

  /** How many transfers of each account have not been settled; accounts without are left out. */
  Map<AccountId, Integer> open() {
    Map<AccountId, Integer> open = new HashMap<>();
    for (Transfer t : transfers.values()) {
      if (!t.settled) {
        open.merge(t.from, 1, Integer::sum);
      }
    }
    return open;
  }

  /** Whether the transfer was received on this chain, so that it can be given back there. */
  boolean receivedOn(ChainId chain, TransferId id) {
    Transfer t = transfers.get(id);
    return t != null && t.end == OutcomeKind.RECEIVED && t.to.chain().equals(chain);
  }

  boolean isClosed(AccountId account) {
    Person person = people.get(account);
    return person != null && person.closed;
  }

  /** Whether it can be received now, by whoever may. */
  boolean mayReceive(Transfer t) {
    return t.end == null && now < t.until && fits(t);
  }

  boolean receivesAlone(Transfer t) {
    Person to = people.get(t.to);
    return to != null && !to.closed && t.amount <= to.receivesAlone && mayReceive(t);
  }

  boolean mayExpire(Transfer t) {
    return t.end == null && now >= t.until;
  }

  void end(Transfer t, OutcomeKind kind) {
    t.end = kind;
    if (kind == OutcomeKind.RECEIVED) {
      add(t.to, t.amount);
      term(t.to.chain()).count(t.to, t.from, t.amount * scale);
    }
  }

  void settle(Transfer t) {
    t.settled = true;
    if (t.end != OutcomeKind.RECEIVED) {
      add(t.from, t.amount);
    } else {
      term(t.from.chain()).count(t.from, t.to, t.amount * scale);
    }
  }

  /** What {@code debtor} owes {@code creditor} now, in the creditor's books. */
  long owed(ChainId creditor, ChainId debtor) {
    long owed = -cleared.getOrDefault(new Pair(creditor, debtor), 0L);
    for (Transfer t : transfers.values()) {
      if (t.end == OutcomeKind.RECEIVED && t.crosses()) {
        if (t.from.chain().equals(debtor) && t.to.chain().equals(creditor)) {
          owed += t.amount;
        }
        if (t.settled && t.from.chain().equals(creditor) && t.to.chain().equals(debtor)) {
          owed -= t.amount;
        }
      }
    }
    return owed;
  }

  boolean mayClear(ChainId chain, ChainId counterpart, boolean paid, long amount) {
    long owed = owed(chain, counterpart);
    return amount > 0 && amount <= (paid ? -owed : owed);
  }

  /** In the books of {@code chain} only: the counterpart clears by an order of its own. */
  void clear(ChainId chain, ChainId counterpart, boolean paid, long amount) {
    cleared.merge(new Pair(chain, counterpart), paid ? -amount : amount, Long::sum);
  }

  private boolean fits(Transfer t) {
    if (!t.crosses()) {
      return true;
    }
    long sum = 0;
    long one = 0;
    for (ChainId other : CHAINS) {
      if (!other.equals(t.to.chain())) {
        long owed = owed(t.to.chain(), other);
        owed += other.equals(t.from.chain()) ? t.amount : 0;
        one = other.equals(t.from.chain()) ? owed : one;
        sum += Math.max(0, owed);
      }
    }
    return one <= CAP && sum <= CAP_OF_ALL;
  }

  /** Balances, and what is on its way. */
  long all() {
    long sum = people.values().stream().mapToLong(person -> person.balance).sum();
    for (Transfer t : transfers.values()) {
      sum += !t.settled && t.end != OutcomeKind.RECEIVED ? t.amount : 0;
    }
    return sum;
  }
}
