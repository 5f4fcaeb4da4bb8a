package aika.core.transfer;

import static aika.core.transfer.TestFederation.HOUR;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import aika.core.ledger.Action;
import aika.core.ledger.Applied;
import aika.core.ledger.Key;
import aika.core.ledger.Order;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Row;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import aika.core.transfer.Reference.Payment;
import aika.core.transfer.Reference.Person;
import aika.core.transfer.Reference.Transfer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Random orders of every kind on three chains, good and bad ones, against the {@link Reference}.
 * Both must agree on whether each is accepted, and on everything that can be seen after it.
 */
public final class RandomOrders {
  private static final int PEOPLE = 3;
  private static final long DAY = 24 * HOUR;
  private static final int KINDS = 40;
  private static final int KINDS_AND_ELECTIONS = 44;

  /** How many were accepted and refused. */
  public record Count(int accepted, int refused) {
    Count plus(Count more) {
      return new Count(accepted + more.accepted, refused + more.refused);
    }
  }

  private final Choices pick;
  private final RandomAccounts accounts;
  private final TestFederation fed;
  private final Reference reference;
  private final Random random;
  private final int kinds;
  private int recovered;

  /**
   * @param scale minor units of the smallest amount; at 10^14 the sums reach the bounds of money
   */
  public RandomOrders(long seed, TestFederation.Between between, long scale) {
    this(seed, between, scale, false);
  }

  /**
   * @param elects whether people stand, and terms end
   */
  RandomOrders(long seed, TestFederation.Between between, long scale, boolean elects) {
    kinds = elects ? KINDS_AND_ELECTIONS : KINDS;
    pick = new Choices(seed, between, scale, elects);
    accounts = new RandomAccounts(pick);
    fed = pick.fed;
    reference = pick.reference;
    random = pick.random;
    for (ChainId chain : Reference.CHAINS) {
      for (int i = 0; i < PEOPLE; i++) {
        accounts.open(pick.newName(chain));
      }
    }
  }

  public TestFederation federation() {
    return fed;
  }

  /** By the kind of order or node command. */
  public Map<String, Count> counts() {
    return pick.counts;
  }

  /** How many announced keys came to count. */
  public int recovered() {
    return recovered;
  }

  /** How many elections of candidates there were. */
  int elected() {
    return pick.elections.elected();
  }

  /** One random step; fails when the chains and the reference disagree afterwards. */
  public void step() {
    boolean late = random.nextInt(100) == 0;
    fed.advance(late ? random.nextLong(8 * DAY) : random.nextInt(60_000));
    recovered += reference.at(fed.now());
    choose();
    compare();
  }

  private void choose() {
    switch (random.nextInt(kinds)) {
      case 0, 1 -> issue();
      case 2, 3, 4, 5, 6 -> send();
      case 7 -> sendBatch();
      case 8, 9 -> refund();
      case 10, 11, 12, 13, 14 -> decide(true);
      case 15 -> decide(false);
      case 16 -> cancel();
      case 17, 18 -> concludeCancelled();
      case 19 -> conclude(OutcomeKind.EXPIRED, reference::mayExpire);
      case 20, 21 -> conclude(OutcomeKind.RECEIVED, reference::receivesAlone);
      case 22 -> conclude(OutcomeKind.REJECTED, t -> t.end == null && reference.isClosed(t.to));
      case 23, 24, 25, 26, 27, 28, 29, 30 -> settle();
      case 31 -> redeem();
      case 32 -> clear();
      case 33 -> accounts.open();
      case 34 -> accounts.close();
      case 35 -> accounts.autoReceive();
      case 36, 37 -> accounts.newKey();
      case 38, 39 -> accounts.freeze();
      case 40, 41, 42, 43 -> pick.elections.stand();
      default -> throw new AssertionError();
    }
  }

  // ---- money

  private void issue() {
    AccountId to = pick.anybody(person -> !person.closed);
    long amount = random.nextLong(2_000) - 100;
    if (pick.check(
        reference.mayIssue(to, amount), new Order.Issue(fed.header(), to, pick.money(amount)))) {
      reference.issue(to, amount);
    }
  }

  private void redeem() {
    AccountId from = pick.anybody(person -> person.balance > 0);
    Person person = reference.people.get(from);
    long amount = random.nextLong(500) - 50;
    boolean good =
        pick.signs(from)
            && amount > 0
            && person != null
            && amount <= person.balance
            && amount <= reference.issued(from.chain());
    if (pick.check(good, new Order.Redeem(fed.header(), from, pick.money(amount)))) {
      reference.issue(from, -amount);
    }
  }

  private void clear() {
    ChainId chain = Reference.CHAINS.get(random.nextInt(3));
    ChainId other = pick.any(Reference.CHAINS, one -> !one.equals(chain));
    if (other.equals(chain)) {
      return;
    }
    boolean paid = random.nextInt(3) == 0 ? random.nextBoolean() : reference.owed(chain, other) < 0;
    long owed = Math.abs(reference.owed(chain, other));
    long amount = random.nextLong(owed + owed / 3 + 2);
    boolean good = reference.mayClear(chain, other, paid, amount);
    if (pick.check(good, new Order.Clear(fed.header(), chain, other, pick.money(amount), paid))) {
      reference.clear(chain, other, paid, amount);
    }
  }

  private void send() {
    AccountId from = pick.anybody(person -> person.balance > 0 && !person.frozen);
    send("send", from, pick.payment(), null);
  }

  /** Gives back what was received, or says so of something else. */
  private void refund() {
    TransferId given = pick.anyTransfer(t -> t.end == OutcomeKind.RECEIVED);
    if (given == null) {
      return;
    }
    Transfer t = pick.transfer(given);
    send("refund", t.to, new Payment(t.from, t.amount), given);
  }

  private void send(String kind, AccountId from, Payment payment, @Nullable TransferId refundOf) {
    long until = pick.until();
    boolean good =
        pick.signs(from)
            && reference.maySend(from, List.of(payment), until)
            && (refundOf == null || reference.receivedOn(from.chain(), refundOf));
    Money amount = pick.money(payment.amount());
    Order order = new Order.Send(fed.header(), from, payment.to(), amount, until, null, refundOf);
    if (pick.check(kind, good, fed.submit(order))) {
      long index = fed.chain(from.chain()).last().index();
      reference.send(new TransferId(from.chain(), index), from, payment, until);
    }
  }

  private void sendBatch() {
    AccountId from = pick.anybody(person -> person.balance > 1_000 && !person.frozen);
    List<Payment> payments = new ArrayList<>();
    List<Order.Payment> lines = new ArrayList<>();
    for (int i = 2 + random.nextInt(4); i > 0; i--) {
      Payment payment = new Payment(pick.payment().to(), random.nextLong(200) - 2);
      payments.add(payment);
      lines.add(new Order.Payment(payment.to(), pick.money(payment.amount())));
    }
    long until = pick.until();
    boolean good = pick.signs(from) && reference.maySend(from, payments, until);
    if (pick.check(good, new Order.SendBatch(fed.header(), from, lines, until))) {
      long index = fed.chain(from.chain()).last().index() + 1 - payments.size();
      for (Payment payment : payments) {
        reference.send(new TransferId(from.chain(), index), from, payment, until);
        index++;
      }
    }
  }

  // ---- how transfers end

  private void decide(boolean receive) {
    TransferId id = pick.anyTransfer(t -> t.end == null && fed.now() < t.until);
    if (id == null) {
      return;
    }
    Transfer t = pick.transfer(id);
    AccountId by = random.nextInt(10) == 0 ? pick.anybody(person -> true) : t.to;
    Action.Citation cites = fed.cite(by.chain(), id.origin(), id.index());
    Order order = new Order.Decide(fed.header(), by, id, receive);
    boolean good =
        pick.signs(by) && by.equals(t.to) && t.end == null && (!receive || reference.mayReceive(t));
    if (pick.check(order.kind(), good, fed.submit(order, cites))) {
      reference.end(t, receive ? OutcomeKind.RECEIVED : OutcomeKind.REJECTED);
    }
  }

  private void cancel() {
    TransferId id = pick.anyTransfer(t -> !t.settled);
    if (id == null) {
      return;
    }
    Transfer t = pick.transfer(id);
    boolean good = pick.signs(t.from) && !t.settled && t.cancel < 0;
    if (pick.check(good, new Order.Cancel(fed.header(), t.from, id))) {
      t.cancel = fed.chain(t.from.chain()).last().index();
    }
  }

  private void concludeCancelled() {
    TransferId id = pick.anyTransfer(t -> t.cancel >= 0);
    if (id != null) {
      Transfer t = pick.transfer(id);
      boolean asked = t.cancel >= 0;
      boolean good = t.end == null && asked;
      conclude(id, OutcomeKind.CANCELLED, asked ? t.cancel : id.index(), good);
    }
  }

  private void conclude(OutcomeKind kind, Predicate<Transfer> good) {
    TransferId id = pick.anyTransfer(random.nextBoolean() ? good : t -> t.end == null);
    if (id != null) {
      conclude(id, kind, id.index(), good.test(pick.transfer(id)));
    }
  }

  private void conclude(TransferId id, OutcomeKind kind, long evidence, boolean good) {
    Transfer t = pick.transfer(id);
    ChainId at = t.to.chain();
    Action.Citation cites = fed.cite(at, id.origin(), evidence);
    Applied applied = fed.chain(at).apply(fed.now(), new Action.Conclude(id, kind, cites));
    if (pick.check("conclude " + kind.text(), good, applied)) {
      reference.end(t, kind);
    }
  }

  private void settle() {
    TransferId id = pick.anyTransfer(t -> t.end != null && !t.settled);
    if (id == null || pick.transfer(id).end == null) {
      return;
    }
    Transfer t = pick.transfer(id);
    Action.Settle settlement = fed.settlement(t.to.chain(), id);
    Applied applied = fed.chain(id.origin()).apply(fed.now(), settlement);
    if (pick.check("settle", !t.settled, applied)) {
      reference.settle(t);
    }
  }

  // ---- what can be seen

  private void compare() {
    fed.checkConservation();
    Map<AccountId, Integer> open = reference.open();
    for (AccountId name : pick.names) {
      Person person = reference.people.get(name);
      Row.Account row = fed.chain(name.chain()).state().get(new Key.OfAccount(name));
      if (row == null || person == null) {
        assertEquals(person == null, row == null, name::toString);
      } else {
        compare(person, row.at(fed.now()));
        assertEquals(open.getOrDefault(name, 0), row.openHolds(), name::toString);
      }
    }
    for (ChainId creditor : Reference.CHAINS) {
      for (ChainId debtor : Reference.CHAINS) {
        if (!creditor.equals(debtor)) {
          Money owed = fed.chain(creditor).clearing(debtor).negated();
          assertEquals(pick.money(reference.owed(creditor, debtor)), owed);
        }
      }
    }
    long issued = reference.issued.values().stream().mapToLong(Long::longValue).sum();
    assertEquals(issued, reference.all(), "money appeared or vanished");
  }

  private void compare(Person person, Row.Account row) {
    assertEquals(pick.money(person.balance), row.balance(), person.id::toString);
    Row.Standing standing = row.standing();
    assertArrayEquals(fed.signer(person.key).publicKey(), row.publicKey(), person.id::toString);
    assertEquals(person.frozen, standing.frozen(), person.id::toString);
    assertEquals(person.closed, standing.closed(), person.id::toString);
    assertEquals(pick.money(person.receivesAlone), standing.autoReceive(), person.id::toString);
    if (person.announced == null || standing.recovery() == null) {
      assertNull(person.announced, person.id::toString);
      assertNull(standing.recovery(), person.id::toString);
    } else {
      Row.NewKey expected = new Row.NewKey(fed.signer(person.announced).publicKey(), person.due);
      assertEquals(expected, standing.recovery(), person.id::toString);
    }
  }
}
