package aika.core.transfer;

import static aika.core.transfer.TestFederation.HOUR;
import static org.junit.jupiter.api.Assertions.assertEquals;

import aika.core.ledger.Applied;
import aika.core.ledger.Order;
import aika.core.ledger.Policy;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import aika.core.note.VerifierKey;
import aika.core.transfer.RandomOrders.Count;
import aika.core.transfer.Reference.Payment;
import aika.core.transfer.Reference.Person;
import aika.core.transfer.Reference.Transfer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A federation, its reference, and what is chosen between them by chance: who orders, with which
 * key, about which transfer.
 */
final class Choices {
  private static final Policy.Term LONG_TERM = new Policy.Term(5, 0, 100_000 * 24 * HOUR);

  /** Every account that is named in orders; some of them are not open yet. */
  final List<AccountId> names = new ArrayList<>();

  /** By the kind of order or node command. */
  final Map<String, Count> counts = new TreeMap<>();

  final TestFederation fed;
  final Reference reference;
  final Random random;
  final RandomElections elections;
  private final boolean elects;
  private final long scale;
  private int keys;

  /**
   * @param elects whether terms end; otherwise nobody need hand over
   */
  Choices(long seed, TestFederation.Between between, long scale, boolean elects) {
    this.elects = elects;
    this.random = new Random(seed);
    this.scale = scale;
    this.reference = new Reference(scale);
    Policy policy =
        new Policy(
                40,
                Reference.HOLDS_MAX,
                Reference.WAITING_MAX,
                money(Reference.CROSS_CHAIN_MIN),
                money(Reference.CAP),
                money(Reference.CAP_OF_ALL))
            .withIssuedMax(Policy.MONEY_MAX)
            .with(elects ? ReferenceTerm.LENGTH : LONG_TERM);
    fed = new TestFederation(TestFederation.Signing.CHEAP, between, policy);
    for (ChainId chain : Reference.CHAINS) {
      List<VerifierKey> seats = fed.directory().entry(chain).seats().keys();
      reference.begin(chain, new ReferenceTerm(seats));
    }
    elections = new RandomElections(this);
  }

  Money money(long units) {
    return Money.ofMinor(Math.multiplyExact(units, scale));
  }

  AccountId newName(ChainId chain) {
    AccountId name = new AccountId(chain, "acct" + names.size());
    names.add(name);
    return name;
  }

  /** Mostly one of those that are liked, now and then any. */
  <T> T any(Collection<T> all, Predicate<T> liked) {
    List<T> some = random.nextInt(5) == 0 ? List.of() : all.stream().filter(liked).toList();
    List<T> from = some.isEmpty() ? List.copyOf(all) : some;
    return from.get(random.nextInt(from.size()));
  }

  AccountId anybody(Predicate<Person> liked) {
    return any(
        names,
        name -> {
          Person person = reference.people.get(name);
          return person != null && liked.test(person);
        });
  }

  @Nullable TransferId anyTransfer(Predicate<Transfer> liked) {
    Map<TransferId, Transfer> all = reference.transfers;
    return all.isEmpty() ? null : any(all.keySet(), id -> liked.test(transfer(id)));
  }

  Transfer transfer(TransferId id) {
    Transfer transfer = reference.transfers.get(id);
    if (transfer == null) {
      throw new AssertionError("unknown to the reference: " + id);
    }
    return transfer;
  }

  /** Signs for somebody, mostly with their key; answers whether they may order with it. */
  boolean signs(AccountId who) {
    String key = key(who);
    fed.rekey(who, key);
    return reference.mayOrder(who, key);
  }

  String key(AccountId who) {
    Person person = reference.people.get(who);
    if (person == null || random.nextInt(12) == 0) {
      return person == null || person.announced == null ? "a stranger" : person.announced;
    }
    return person.key;
  }

  String newWord() {
    return "key " + ++keys;
  }

  long until() {
    return (fed.now() + random.nextLong(Reference.WAITING_MAX * 6 / 5)) / 1_000 * 1_000;
  }

  Payment payment() {
    return new Payment(anybody(person -> !person.closed), random.nextLong(800) - 5);
  }

  /** Whether it was accepted, which must be as the reference says. */
  boolean check(String kind, boolean expected, Applied applied) {
    if (elects) {
      elections.follow();
    }
    assertEquals(expected, applied instanceof Applied.Accepted, () -> kind + ": " + applied);
    Count one = expected ? new Count(1, 0) : new Count(0, 1);
    counts.merge(kind, one, Count::plus);
    return expected;
  }

  boolean check(boolean expected, Order order) {
    return check(order.kind(), expected, fed.submit(order));
  }
}
