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

/**
 * Random orders on three chains, good and bad ones, against a reference that knows nothing of logs
 * or evidence: balances and transfers in two maps. Both must agree after each step.
 */
public final class RandomOrders {
  private static final long CAP = 3_000;

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
  private final Map<ChainId, Long> issued = new TreeMap<>();
  private final TestFederation fed;
  private final Random random;
  private final long scale;
  private int accepted;

  /**
   * @param scale minor units of the smallest amount; at 10^14 the sums reach the bounds of money
   */
  public RandomOrders(long seed, TestFederation.Between between, long scale) {
    this.random = new Random(seed);
    this.scale = scale;
    Policy policy =
        new Policy(40, 5, HOUR, money(3), money(CAP), money(CAP + CAP / 2))
            .withIssuedMax(Policy.MONEY_MAX);
    fed = new TestFederation(TestFederation.Signing.CHEAP, between, policy);
    for (ChainId chain : List.of(KOMATSU, KANAZAWA, PARIS)) {
      for (int i = 0; i < 3; i++) {
        AccountId account = fed.open(chain, "acct" + i);
        accounts.add(account);
        balances.put(account, 0L);
      }
    }
  }

  public TestFederation federation() {
    return fed;
  }

  /** How many orders and node commands were accepted so far. */
  public int accepted() {
    return accepted;
  }

  /** One random step; fails when the chains and the reference disagree afterwards. */
  public void step() {
    choose();
    compare();
  }

  private Money money(long units) {
    return Money.ofMinor(Math.multiplyExact(units, scale));
  }

  private void choose() {
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
    long all = issued.getOrDefault(to.chain(), 0L) + amount;
    boolean good = amount > 0 && money(all).compareTo(Policy.MONEY_MAX) <= 0;
    check(good, fed.submit(new Order.Issue(fed.header(), to, money(amount))));
    if (good) {
      add(to, amount);
      issued.put(to.chain(), all);
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
    Order.Send order = new Order.Send(fed.header(), from, to, money(amount), until, null);
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
      long expected = balances.getOrDefault(account, 0L);
      assertEquals(money(expected), balance, account::toString);
      assertEquals(open(account), fed.chain(account.chain()).account(account).openHolds());
      sum += expected;
    }
    for (Known t : transfers.values()) {
      sum += !t.settled && t.end != OutcomeKind.RECEIVED ? t.amount : 0;
    }
    long all = issued.values().stream().mapToLong(Long::longValue).sum();
    assertEquals(all, sum, "money appeared or vanished");
  }
}
