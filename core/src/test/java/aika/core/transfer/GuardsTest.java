package aika.core.transfer;

import static aika.core.transfer.TestFederation.ASIA;
import static aika.core.transfer.TestFederation.HOUR;
import static aika.core.transfer.TestFederation.KANAZAWA;
import static aika.core.transfer.TestFederation.KOMATSU;
import static aika.core.transfer.TestFederation.START;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import aika.core.ledger.Action;
import aika.core.ledger.Applied;
import aika.core.ledger.Entry;
import aika.core.ledger.Leaf;
import aika.core.ledger.Order;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Policy;
import aika.core.ledger.Reason;
import aika.core.ledger.Row;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every guard of an order, at its limit and one past it. {@link TestChain} checks the rows. */
final class GuardsTest {
  private final TestFederation fed = TestFederation.standard();
  private AccountId a = AccountId.of("Asia-Komatsu/aaaa");
  private AccountId b = AccountId.of("Asia-Kanazawa/bbbb");

  @BeforeEach
  void accounts() {
    a = fed.open(KOMATSU, "aaaa", "1000.00");
    b = fed.open(KANAZAWA, "bbbb");
  }

  private Order.Send send(Order.Header header, AccountId to, String amount, long until) {
    return new Order.Send(header, a, to, Money.of(amount), until, null);
  }

  // ---- before the kind

  @Test
  void nothingBeforeGenesisAndNoSecondGenesis() {
    TestChain fresh = new TestChain(KOMATSU, fed.directory(), Siblings.NONE);
    Order order = fed.sendOrder(a, b, "1.00");
    fresh.refused(Reason.CHAIN_NOT_STARTED, START, fed.submission(order));
    fresh.refused(Reason.CHAIN_NOT_STARTED, START, new Action.Seal(1));
    fresh.accepted(START, new Action.Genesis(fed.directory().fileHash()));
    fresh.refused(Reason.CHAIN_STARTED, START, new Action.Genesis(fed.directory().fileHash()));
  }

  @Test
  void otherFederation() {
    Order.Header header = fed.header();
    Order.Header other = new Order.Header("other.example", header.id(), header.notAfter());
    fed.refused(Reason.WRONG_FEDERATION, send(other, b, "1.00", START + HOUR));
  }

  @Test
  void otherChain() {
    Order.Send order = fed.sendOrder(a, b, "1.00");
    fed.chain(KANAZAWA).refused(Reason.WRONG_CHAIN, START, fed.submission(order));
    AccountId continental = AccountId.of("Asia/aaaa");
    Order.Open open = new Order.Open(fed.header(), continental, new byte[32]);
    fed.chain(ASIA).refused(Reason.WRONG_CHAIN, START, fed.submission(open));
  }

  @Test
  void staleOneMillisecondAfterNotAfter() {
    Order.Send order = fed.sendOrder(a, b, "1.00");
    Action.Submit submit = fed.submission(order);
    long notAfter = order.header().notAfter();
    fed.chain(KOMATSU).refused(Reason.STALE, notAfter + 1, submit);
    fed.chain(KOMATSU).accepted(notAfter, submit);
    fed.chain(KOMATSU).refused(Reason.STALE, notAfter + 1, submit);
  }

  @Test
  void notAfterAtMost24HoursAhead() {
    long day = Order.NOT_AFTER_MILLIS_MAX;
    assertEquals(24 * HOUR, day);
    Order.Send order = send(fed.header(START + day + 1_000), b, "1.00", START + HOUR);
    TestChain komatsu = fed.chain(KOMATSU);
    komatsu.refused(Reason.TOO_FAR_AHEAD, START, fed.submission(order));
    komatsu.refused(Reason.TOO_FAR_AHEAD, START + 999, fed.submission(order));
    komatsu.accepted(START + 1_000, fed.submission(order));
  }

  @Test
  void theSameOrderIsExecutedOnce() {
    Order.Send order = fed.sendOrder(a, b, "1.00");
    Entry first = fed.accepted(order);
    assertEquals(new Applied.Repeated(first.index()), fed.submit(order));
    // Signed again, by whomever: the content is the same.
    Action.Submit again =
        new Action.Submit(fed.sign(order, "somebody"), new byte[32], START + 5, null);
    assertEquals(new Applied.Repeated(first.index()), fed.chain(KOMATSU).apply(START + 5, again));
    assertEquals(Money.of("999.00"), fed.chain(KOMATSU).account(a).balance());
  }

  @Test
  void anIdIsUsedOncePerAccount() {
    Order.Header header = fed.header();
    fed.accepted(send(header, b, "1.00", START + HOUR));
    fed.refused(Reason.ID_REUSED, send(header, b, "1.01", START + HOUR));
    fed.refused(Reason.ID_REUSED, new Order.Cancel(header, a, TransferId.of("Asia-Komatsu:3")));
    AccountId c = fed.open(KOMATSU, "cccc", "5.00");
    fed.accepted(new Order.Send(header, c, b, Money.of("1.00"), START + HOUR, null));
  }

  @Test
  void aRefusedOrdersIdIsFree() {
    Order.Header header = fed.header();
    fed.refused(Reason.INSUFFICIENT_FUNDS, send(header, b, "1000.01", START + HOUR));
    fed.accepted(send(header, b, "1000.00", START + HOUR));
  }

  @Test
  void timeNeverGoesBack() {
    fed.at(START + 10_000);
    Entry later = fed.accepted(fed.sendOrder(a, b, "1.00"));
    assertEquals(START + 10_000, later.leaf().time());
    fed.at(START + 3);
    Entry earlier = fed.accepted(fed.sendOrder(a, b, "1.00"));
    assertEquals(START + 10_000, earlier.leaf().time());
    assertEquals(START + 3, assertInstanceOf(Leaf.Executed.class, earlier.leaf()).arrived());
    // Guards see the chain's time, not the clock that went back.
    Order.Send stale = send(fed.header(START + 9_000), b, "1.00", START + HOUR);
    fed.refused(Reason.STALE, stale);
  }

  // ---- open-account, issue

  @Test
  void anAccountIsOpenedOnce() {
    byte[] key = fed.signer("another").publicKey();
    fed.refused(Reason.ACCOUNT_EXISTS, new Order.Open(fed.header(), a, key));
    assertEquals(Money.of("1000.00"), fed.chain(KOMATSU).account(a).balance());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.00", "-0.01", "-92233720368547758.07", "92233720368547758.07"})
  void issuesPositiveAmountsFarFromOverflow(String amount) {
    fed.refused(Reason.AMOUNT_INVALID, new Order.Issue(fed.header(), a, Money.of(amount)));
  }

  @Test
  void allThatIsIssuedHasABound() {
    TestFederation fed = TestFederation.with(Policy.standard().withIssuedMax(Policy.MONEY_MAX));
    AccountId a = fed.open(KOMATSU, "aaaa", "1000.00");
    Money rest = Policy.MONEY_MAX.minus(Money.of("1000.00"));
    Money more = rest.plus(Money.ofMinor(1));
    fed.refused(Reason.ISSUE_CAP, new Order.Issue(fed.header(), a, more));
    Money tooMuch = Policy.MONEY_MAX.plus(Money.ofMinor(1));
    fed.refused(Reason.AMOUNT_INVALID, new Order.Issue(fed.header(), a, tooMuch));
    fed.accepted(new Order.Issue(fed.header(), a, rest));
    fed.refused(Reason.ISSUE_CAP, new Order.Issue(fed.header(), a, Money.ofMinor(1)));
    assertEquals(Policy.MONEY_MAX, fed.chain(KOMATSU).account(a).balance());
    // The largest sums travel like any other.
    TransferId all = fed.send(a, fed.open(KOMATSU, "cccc"), Policy.MONEY_MAX.toString());
    fed.receive(AccountId.of("Asia-Komatsu/cccc"), all);
    fed.settle(KOMATSU, all);
    fed.checkConservation();
  }

  @Test
  void issuesToAccountsThatExist() {
    AccountId nobody = AccountId.of("Asia-Komatsu/nobody");
    fed.refused(Reason.UNKNOWN_ACCOUNT, new Order.Issue(fed.header(), nobody, Money.of("1.00")));
  }

  // ---- send

  @Test
  void theSenderExistsAndUsesItsKey() {
    AccountId nobody = AccountId.of("Asia-Komatsu/nobody");
    fed.refused(Reason.UNKNOWN_ACCOUNT, fed.sendOrder(nobody, b, "1.00"));
    Order.Send order = fed.sendOrder(a, b, "1.00");
    Action.Submit otherKey = new Action.Submit(fed.sign(order), new byte[32], START, null);
    fed.chain(KOMATSU).refused(Reason.BAD_SIGNATURE, START, otherKey);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.00", "-0.01", "-1000.00", "-92233720368547758.07"})
  void sendsPositiveAmounts(String amount) {
    fed.refused(Reason.AMOUNT_INVALID, fed.sendOrder(a, b, amount));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Asia/bbbb", "Asia-Nowhere/bbbb", "Europe/bbbb"})
  void sendsToMunicipalitiesOfTheDirectory(String to) {
    fed.refused(Reason.UNKNOWN_CHAIN, fed.sendOrder(a, AccountId.of(to), "1.00"));
  }

  @Test
  void nobodySendsToThemselves() {
    fed.refused(Reason.SAME_ACCOUNT, fed.sendOrder(a, a, "1.00"));
  }

  @Test
  void onlyOtherChainsHaveAMinimum() {
    TestFederation strict =
        TestFederation.with(new Policy(500, 100, HOUR, Money.of("5.00"), MILLION, MILLION));
    AccountId from = strict.open(KOMATSU, "aaaa", "100.00");
    AccountId near = strict.open(KOMATSU, "cccc");
    AccountId far = strict.open(KANAZAWA, "bbbb");
    strict.refused(Reason.AMOUNT_TOO_SMALL, strict.sendOrder(from, far, "4.99"));
    strict.accepted(strict.sendOrder(from, far, "5.00"));
    strict.accepted(strict.sendOrder(from, near, "0.01"));
  }

  private static final Money MILLION = Money.of("1000000.00");

  @Test
  void validUntilIsAheadAndWithin90Days() {
    long max = Policy.standard().validMillisMax();
    assertEquals(90 * 24 * HOUR, max);
    fed.refused(Reason.VALID_UNTIL_INVALID, send(fed.header(), b, "1.00", START));
    fed.refused(Reason.VALID_UNTIL_INVALID, send(fed.header(), b, "1.00", START - 1_000));
    fed.refused(Reason.VALID_UNTIL_INVALID, send(fed.header(), b, "1.00", 0));
    fed.refused(Reason.VALID_UNTIL_INVALID, send(fed.header(), b, "1.00", START + max + 1_000));
    fed.accepted(send(fed.header(), b, "1.00", START + max));
    fed.accepted(send(fed.header(), b, "1.00", START + 1_000));
  }

  @Test
  void anAccountHas100OpenHolds() {
    TransferId first = fed.send(a, b, "1.00");
    for (int i = 1; i < Policy.standard().openHoldsMax(); i++) {
      fed.send(a, b, "1.00");
    }
    assertEquals(100, fed.chain(KOMATSU).account(a).openHolds());
    fed.refused(Reason.TOO_MANY_HOLDS, fed.sendOrder(a, b, "1.00"));
    fed.receive(b, first);
    fed.refused(Reason.TOO_MANY_HOLDS, fed.sendOrder(a, b, "1.00"));
    fed.settle(KANAZAWA, first);
    fed.send(a, b, "1.00");
    fed.refused(Reason.TOO_MANY_HOLDS, fed.sendOrder(a, b, "1.00"));
  }

  @Test
  void nobodySendsMoreThanTheyHave() {
    fed.refused(Reason.INSUFFICIENT_FUNDS, fed.sendOrder(a, b, "1000.01"));
    fed.refused(Reason.INSUFFICIENT_FUNDS, fed.sendOrder(a, b, "92233720368547758.07"));
    fed.send(a, b, "1000.00");
    fed.refused(Reason.INSUFFICIENT_FUNDS, fed.sendOrder(a, b, "0.01"));
  }

  // ---- receive, reject

  @Test
  void theReceiverExistsAndUsesItsKey() {
    TransferId transfer = fed.send(a, b, "1.00");
    Action.Citation cites = fed.cite(KANAZAWA, KOMATSU, transfer.index());
    AccountId nobody = AccountId.of("Asia-Kanazawa/nobody");
    fed.refused(Reason.UNKNOWN_ACCOUNT, fed.receiveOrder(nobody, transfer), cites);
    Action.Submit otherKey =
        new Action.Submit(fed.sign(fed.receiveOrder(b, transfer)), new byte[32], START, cites);
    fed.chain(KANAZAWA).refused(Reason.BAD_SIGNATURE, START, otherKey);
  }

  @Test
  void onlyTheReceiverDecides() {
    AccountId c = fed.open(KANAZAWA, "cccc");
    TransferId transfer = fed.send(a, b, "1.00");
    Action.Citation cites = fed.cite(KANAZAWA, KOMATSU, transfer.index());
    fed.refused(Reason.NOT_YOURS, fed.receiveOrder(c, transfer), cites);
    fed.refused(Reason.NOT_YOURS, new Order.Decide(fed.header(), c, transfer, false), cites);
    // Nor the sender, and nobody on a third chain.
    fed.refused(
        Reason.NOT_YOURS,
        new Order.Decide(fed.header(), a, transfer, false),
        new Action.Citation(transfer.index(), 0, null));
    AccountId p = fed.open(TestFederation.PARIS, "bbbb");
    fed.refused(
        Reason.NOT_YOURS,
        fed.receiveOrder(p, transfer),
        fed.cite(TestFederation.PARIS, KOMATSU, transfer.index()));
  }

  @Test
  void oneCounterpartMayOweUpToItsCap() {
    TestFederation capped = TestFederation.with(caps("100.00", "150.00"));
    AccountId from = capped.open(KOMATSU, "aaaa", "1000.00");
    AccountId to = capped.open(KANAZAWA, "bbbb");
    TransferId first = capped.send(from, to, "99.99");
    TransferId tooMuch = capped.send(from, to, "0.02");
    TransferId fits = capped.send(from, to, "0.01");
    capped.receive(to, first);
    capped.refused(
        Reason.CAP_REACHED,
        capped.receiveOrder(to, tooMuch),
        capped.cite(KANAZAWA, KOMATSU, tooMuch.index()));
    capped.receive(to, fits);
    capped.reject(to, tooMuch);
    capped.checkConservation();
  }

  @Test
  void allCounterpartsTogetherMayOweUpToTheSum() {
    TestFederation capped = TestFederation.with(caps("100.00", "150.00"));
    AccountId from = capped.open(KOMATSU, "aaaa", "1000.00");
    AccountId paris = capped.open(TestFederation.PARIS, "cccc", "1000.00");
    AccountId to = capped.open(KANAZAWA, "bbbb");
    capped.receive(to, capped.send(from, to, "100.00"));
    TransferId tooMuch = capped.send(paris, to, "50.01");
    capped.refused(
        Reason.CAP_REACHED,
        capped.receiveOrder(to, tooMuch),
        capped.cite(KANAZAWA, TestFederation.PARIS, tooMuch.index()));
    capped.receive(to, capped.send(paris, to, "50.00"));
    // What Kanazawa sends back to Komatsu makes room again, once it is settled.
    TransferId back = capped.send(to, from, "30.00");
    capped.receive(from, back);
    capped.settle(KANAZAWA.equals(back.origin()) ? KOMATSU : KANAZAWA, back);
    assertEquals(Money.of("120.00"), capped.chain(KANAZAWA).head().exposure());
    capped.receive(to, capped.send(paris, to, "30.00"));
    capped.checkConservation();
  }

  /** The sum of all balances has to fit its number. */
  @Test
  void aChainThatHasTooMuchReceivesNothing() {
    TransferId one = fed.send(a, b, "0.01");
    TransferId two = fed.send(a, b, "0.01");
    TestChain kanazawa = fed.chain(KANAZAWA);
    Money room = Money.ofMinor(4_000_000_000_000_000_000L).minus(kanazawa.head().balances());
    richer(kanazawa, b, room);
    fed.receive(b, one);
    fed.refused(
        Reason.CAP_REACHED, fed.receiveOrder(b, two), fed.cite(KANAZAWA, KOMATSU, two.index()));
    fed.reject(b, two);
  }

  private static void richer(TestChain chain, AccountId account, Money by) {
    Row.Head head = chain.head();
    Row.Totals all = head.totals();
    Row.Totals more =
        new Row.Totals(
            all.issued().minus(by),
            all.balances().plus(by),
            all.holds(),
            all.clearing(),
            all.exposure());
    Row.Account person = chain.account(account);
    chain
        .state()
        .write(
            List.of(
                person.with(person.balance().plus(by)),
                new Row.Head(
                    head.chain(),
                    head.federationFile(),
                    head.policy(),
                    head.incumbency(),
                    head.size(),
                    head.time(),
                    head.height(),
                    head.blockStart(),
                    more,
                    head.closed())));
  }

  @Test
  void theOwnChainHasNoCap() {
    TestFederation capped = TestFederation.with(caps("1.00", "1.00"));
    AccountId from = capped.open(KOMATSU, "aaaa", "1000.00");
    AccountId to = capped.open(KOMATSU, "bbbb");
    capped.receive(to, capped.send(from, to, "500.00"));
    assertEquals(Money.ZERO, capped.chain(KOMATSU).head().exposure());
  }

  private static Policy caps(String one, String all) {
    return new Policy(500, 100, HOUR, Money.ofMinor(1), Money.of(one), Money.of(all));
  }

  // ---- cancel

  @Test
  void onlyTheSenderCancels() {
    TransferId transfer = fed.send(a, b, "1.00");
    AccountId c = fed.open(KOMATSU, "cccc");
    fed.refused(Reason.NOT_YOURS, new Order.Cancel(fed.header(), c, transfer));
    fed.refused(
        Reason.UNKNOWN_ACCOUNT,
        new Order.Cancel(fed.header(), AccountId.of("Asia-Komatsu/nobody"), transfer));
    Order.Cancel order = new Order.Cancel(fed.header(), a, transfer);
    Action.Submit otherKey = new Action.Submit(fed.sign(order), new byte[32], START, null);
    fed.chain(KOMATSU).refused(Reason.BAD_SIGNATURE, START, otherKey);
    fed.accepted(order);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Asia-Komatsu:0", "Asia-Komatsu:1", "Asia-Komatsu:99", "Asia-Kanazawa:1"})
  void cancelsOwnSendsOnly(String transfer) {
    fed.refused(
        Reason.UNKNOWN_TRANSFER, new Order.Cancel(fed.header(), a, TransferId.of(transfer)));
  }

  @Test
  void cancelsOpenHoldsOnly() {
    TransferId transfer = fed.send(a, b, "1.00");
    fed.receive(b, transfer);
    fed.settle(KANAZAWA, transfer);
    fed.refused(Reason.ALREADY_DECIDED, new Order.Cancel(fed.header(), a, transfer));
  }

  // ---- conclude

  @Test
  void nodesDecideNothingButExpiryAndCancellation() {
    TransferId transfer = fed.send(a, b, "1.00");
    Action.Citation cites = fed.cite(KANAZAWA, KOMATSU, transfer.index());
    TestChain kanazawa = fed.chain(KANAZAWA);
    kanazawa.refused(
        Reason.NO_STANDING_ORDER,
        START,
        new Action.Conclude(transfer, OutcomeKind.RECEIVED, cites));
    kanazawa.refused(
        Reason.MALFORMED, START, new Action.Conclude(transfer, OutcomeKind.REJECTED, cites));
  }

  @Test
  void onlyTheReceiversChainConcludes() {
    AccountId here = fed.open(KOMATSU, "cccc");
    TransferId transfer = fed.send(a, b, "1.00");
    TransferId local = fed.send(a, here, "1.00");
    long cancel = fed.cancel(a, transfer).index();
    fed.advance(2 * HOUR);
    for (ChainId other : new ChainId[] {KOMATSU, TestFederation.PARIS}) {
      fed.chain(other).refused(Reason.WRONG_CHAIN, fed.now(), fed.expiry(other, transfer));
    }
    fed.chain(KOMATSU)
        .refused(Reason.WRONG_CHAIN, fed.now(), fed.cancellation(KOMATSU, transfer, cancel));
    fed.chain(ASIA).refused(Reason.WRONG_CHAIN, fed.now(), fed.expiry(ASIA, transfer));
    fed.chain(KANAZAWA).refused(Reason.WRONG_CHAIN, fed.now(), fed.expiry(KANAZAWA, local));
    fed.chain(KANAZAWA).accepted(fed.now(), fed.cancellation(KANAZAWA, transfer, cancel));
  }

  // ---- limits of a policy

  @Test
  void limitsThatCannotHoldAreNoPolicy() {
    Money one = Money.of("1.00");
    Money negative = Money.of("-0.01");
    Money tooMuch = Policy.MONEY_MAX.plus(Money.ofMinor(1));
    assertThrows(IllegalArgumentException.class, () -> new Policy(0, 1, 1, one, one, one));
    assertThrows(IllegalArgumentException.class, () -> new Policy(1_001, 1, 1, one, one, one));
    assertThrows(IllegalArgumentException.class, () -> new Policy(1, 0, 1, one, one, one));
    assertThrows(IllegalArgumentException.class, () -> new Policy(1, 1, 0, one, one, one));
    assertThrows(IllegalArgumentException.class, () -> new Policy(1, 1, 1, negative, one, one));
    assertThrows(IllegalArgumentException.class, () -> new Policy(1, 1, 1, one, negative, one));
    assertThrows(IllegalArgumentException.class, () -> new Policy(1, 1, 1, one, one, negative));
    assertThrows(IllegalArgumentException.class, () -> new Policy(1, 1, 1, one, tooMuch, one));
    assertThrows(IllegalArgumentException.class, () -> new Policy(1, 1, 1, one, one, tooMuch));
    assertEquals(1_000, new Policy(1_000, 1, 1, one, Policy.MONEY_MAX, one).blockEntries());
  }
}
