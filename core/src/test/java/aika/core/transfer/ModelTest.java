package aika.core.transfer;

import static aika.core.transfer.TestFederation.HOUR;
import static aika.core.transfer.TestFederation.KANAZAWA;
import static aika.core.transfer.TestFederation.KOMATSU;
import static aika.core.transfer.TestFederation.PARIS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import aika.core.ledger.Action;
import aika.core.ledger.Applied;
import aika.core.ledger.Order;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Policy;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random orders on three chains, good and bad ones, against a reference that knows nothing of logs
 * or evidence: balances and transfers in two maps. Both must agree after each step.
 */
final class ModelTest {
  private static final int STEPS = 1_500;
  private static final long CAP = 3_000;
  private static final Policy POLICY =
      new Policy(40, 5, HOUR, Money.ofMinor(3), Money.ofMinor(CAP), Money.ofMinor(CAP + CAP / 2));

  /** What the reference knows of a transfer; {@code end} and {@code settled} come later. */
  private static final class Known {
    private final AccountId from;
    private final AccountId to;
    private final long amount;
    private final long until;
    private long cancel = -1;
    private @Nullable OutcomeKind end;
    private boolean settled;

    Known(AccountId from, AccountId to, long amount, long until) {
      this.from = from;
      this.to = to;
      this.amount = amount;
      this.until = until;
    }

    boolean crosses() {
      return !from.chain().equals(to.chain());
    }
  }

  private final Map<AccountId, Long> balances = new TreeMap<>();
  private final Map<TransferId, Known> transfers = new TreeMap<>();
  private final List<AccountId> accounts = new ArrayList<>();
  private TestFederation fed = TestFederation.standard();
  private Random random = new Random(0);
  private long issued;
  private int accepted;

  @ParameterizedTest
  @CsvSource({"1, CARRIED", "2, SIBLINGS", "3, CARRIED", "20261122, SIBLINGS"})
  void agreesWithTheReference(long seed, TestFederation.Between between) {
    System.out.println("seed " + seed + " " + between);
    random = new Random(seed);
    fed = new TestFederation(TestFederation.Signing.CHEAP, between, POLICY);
    for (ChainId chain : List.of(KOMATSU, KANAZAWA, PARIS)) {
      for (int i = 0; i < 3; i++) {
        AccountId account = fed.open(chain, "acct" + i);
        accounts.add(account);
        balances.put(account, 0L);
      }
    }
    for (int i = 0; i < STEPS; i++) {
      try {
        step();
        compare();
      } catch (AssertionError | RuntimeException failed) {
        throw new AssertionError("seed " + seed + " " + between + ", step " + i, failed);
      }
    }
    assertEquals(true, accepted > STEPS / 3, () -> "only " + accepted + " accepted");
  }

  private void step() {
    fed.advance(random.nextInt(60_000));
    switch (random.nextInt(12)) {
      case 0 -> issue();
      case 1, 2, 3, 4 -> send();
      case 5, 6 -> decide(true);
      case 7 -> decide(false);
      case 8 -> cancel();
      case 9 -> conclude();
      case 10, 11 -> settle();
      default -> throw new AssertionError();
    }
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private @Nullable TransferId anyTransfer() {
    List<TransferId> open = transfers.keySet().stream().filter(id -> !known(id).settled).toList();
    if (!open.isEmpty() && random.nextInt(10) > 0) {
      return any(open);
    }
    return transfers.isEmpty() ? null : any(List.copyOf(transfers.keySet()));
  }

  private Known known(TransferId transfer) {
    Known known = transfers.get(transfer);
    if (known == null) {
      throw new AssertionError("unknown to the reference: " + transfer);
    }
    return known;
  }

  private void check(boolean expected, Applied applied) {
    assertEquals(expected, applied instanceof Applied.Accepted, applied::toString);
    accepted += expected ? 1 : 0;
  }

  private void add(AccountId account, long amount) {
    balances.merge(account, amount, Long::sum);
  }

  private void issue() {
    AccountId to = any(accounts);
    long amount = random.nextLong(2_000) - 100;
    boolean good = amount > 0;
    check(good, fed.submit(new Order.Issue(fed.header(), to, Money.ofMinor(amount))));
    if (good) {
      add(to, amount);
      issued += amount;
    }
  }

  private long open(AccountId account) {
    return transfers.values().stream().filter(t -> t.from.equals(account) && !t.settled).count();
  }

  private void send() {
    AccountId from = any(accounts);
    AccountId to = any(accounts);
    long amount = random.nextLong(800) - 5;
    long until = (fed.now() + random.nextLong(2 * HOUR)) / 1_000 * 1_000;
    Order.Send order = new Order.Send(fed.header(), from, to, Money.ofMinor(amount), until, null);
    boolean good =
        amount > 0
            && !from.equals(to)
            && (from.chain().equals(to.chain()) || amount >= 3)
            && until > fed.now()
            && until - fed.now() <= HOUR
            && open(from) < 5
            && balances.getOrDefault(from, 0L) >= amount;
    check(good, fed.submit(order));
    if (good) {
      long index = fed.chain(from.chain()).last().index();
      transfers.put(new TransferId(from.chain(), index), new Known(from, to, amount, until));
      add(from, -amount);
    }
  }

  /** What {@code debtor} owes {@code creditor} now, in the creditor's books. */
  private long owed(ChainId debtor, ChainId creditor) {
    long owed = 0;
    for (Known t : transfers.values()) {
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

  private boolean fits(Known t) {
    if (!t.crosses()) {
      return true;
    }
    long sum = 0;
    long one = 0;
    for (ChainId other : List.of(KOMATSU, KANAZAWA, PARIS)) {
      if (!other.equals(t.to.chain())) {
        long owed = owed(other, t.to.chain());
        owed += other.equals(t.from.chain()) ? t.amount : 0;
        one = other.equals(t.from.chain()) ? owed : one;
        sum += Math.max(0, owed);
      }
    }
    return one <= CAP && sum <= CAP + CAP / 2;
  }

  private void decide(boolean receive) {
    TransferId transfer = anyTransfer();
    if (transfer == null) {
      return;
    }
    Known t = known(transfer);
    AccountId by = random.nextInt(10) == 0 ? any(accounts) : t.to;
    Action.Citation cites = fed.cite(by.chain(), transfer.origin(), transfer.index());
    Order order = new Order.Decide(fed.header(), by, transfer, receive);
    boolean good = by.equals(t.to) && t.end == null && (!receive || fed.now() < t.until && fits(t));
    check(good, fed.submit(order, cites));
    if (good) {
      t.end = receive ? OutcomeKind.RECEIVED : OutcomeKind.REJECTED;
      add(t.to, receive ? t.amount : 0);
    }
  }

  private void cancel() {
    TransferId transfer = anyTransfer();
    if (transfer == null) {
      return;
    }
    Known t = known(transfer);
    boolean good = !t.settled && t.cancel < 0;
    Applied applied = fed.submit(new Order.Cancel(fed.header(), t.from, transfer));
    check(good, applied);
    if (good) {
      t.cancel = fed.chain(t.from.chain()).last().index();
    }
  }

  private void conclude() {
    TransferId transfer = anyTransfer();
    if (transfer == null) {
      return;
    }
    Known t = known(transfer);
    ChainId at = t.to.chain();
    boolean cancel = random.nextBoolean();
    long evidence = cancel && t.cancel >= 0 ? t.cancel : transfer.index();
    Action.Citation cites = fed.cite(at, transfer.origin(), evidence);
    OutcomeKind kind = cancel ? OutcomeKind.CANCELLED : OutcomeKind.EXPIRED;
    boolean good = t.end == null && (cancel ? t.cancel >= 0 : fed.now() >= t.until);
    check(good, fed.chain(at).apply(fed.now(), new Action.Conclude(transfer, kind, cites)));
    if (good) {
      t.end = kind;
    }
  }

  private void settle() {
    TransferId transfer = anyTransfer();
    if (transfer == null || known(transfer).end == null) {
      return;
    }
    Known t = known(transfer);
    boolean good = !t.settled;
    check(
        good,
        fed.chain(transfer.origin()).apply(fed.now(), fed.settlement(t.to.chain(), transfer)));
    if (good) {
      t.settled = true;
      add(t.from, t.end == OutcomeKind.RECEIVED ? 0 : t.amount);
    }
  }

  private void compare() {
    fed.checkConservation();
    long sum = 0;
    for (AccountId account : accounts) {
      Money balance = fed.chain(account.chain()).account(account).balance();
      assertEquals(balances.get(account), balance.minor(), account::toString);
      assertEquals(open(account), fed.chain(account.chain()).account(account).openHolds());
      sum += balance.minor();
    }
    for (Known t : transfers.values()) {
      sum += !t.settled && t.end != OutcomeKind.RECEIVED ? t.amount : 0;
    }
    assertEquals(issued, sum, "money appeared or vanished");
  }
}
