package aika.core.transfer;

import static aika.core.transfer.TestFederation.KANAZAWA;
import static aika.core.transfer.TestFederation.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import aika.core.ledger.Applied;
import aika.core.ledger.Entry;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.Order;
import aika.core.ledger.Policy;
import aika.core.ledger.Reason;
import aika.core.ledger.Row;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Issue caps, redeeming, clearing, batches and refunds. */
final class TreasuryTest {
  private final TestFederation fed =
      TestFederation.with(
          new Policy(
                  500,
                  5,
                  TestFederation.HOUR,
                  Money.ofMinor(1),
                  Money.of("50.00"),
                  Money.of("60.00"))
              .withIssuedMax(Money.of("1000.00")));
  private final TestChain komatsu = fed.chain(KOMATSU);
  private final TestChain kanazawa = fed.chain(KANAZAWA);
  private final AccountId a = fed.open(KOMATSU, "aaaa", "600.00");
  private final AccountId b = fed.open(KANAZAWA, "bbbb");

  private Order.Issue issue(String amount) {
    return new Order.Issue(fed.header(), a, Money.of(amount));
  }

  private Order.Redeem redeem(String amount) {
    return new Order.Redeem(fed.header(), a, Money.of(amount));
  }

  @Test
  void issuesUpToTheCapAndAgainWhatWasRedeemed() {
    fed.refused(Reason.ISSUE_CAP, issue("400.01"));
    fed.accepted(issue("400.00"));
    fed.refused(Reason.ISSUE_CAP, issue("0.01"));
    fed.accepted(redeem("10.00"));
    fed.refused(Reason.ISSUE_CAP, issue("10.01"));
    fed.accepted(issue("10.00"));
    fed.checkConservation();
  }

  @Test
  void redeemsWhatIsThere() {
    fed.refused(Reason.AMOUNT_INVALID, redeem("0.00"));
    fed.refused(Reason.INSUFFICIENT_FUNDS, redeem("600.01"));
    fed.accepted(redeem("600.00"));
    assertEquals(Money.ZERO, komatsu.head().issued());
    fed.checkConservation();
  }

  @Test
  void aMunicipalityRedeemsNoMoreThanItIssued() {
    TransferId transfer = fed.send(a, b, "1.00");
    fed.receive(b, transfer);
    fed.refused(Reason.AMOUNT_INVALID, new Order.Redeem(fed.header(), b, Money.of("1.00")));
  }

  // ---- clear

  private Order.Clear clear(ChainId chain, ChainId counterpart, String amount, boolean paid) {
    return new Order.Clear(fed.header(), chain, counterpart, Money.of(amount), paid);
  }

  @Test
  void clearingMakesRoomBelowTheCapAndMovesNoMoney() {
    TransferId first = fed.send(a, b, "50.00");
    fed.receive(b, first);
    fed.settle(KANAZAWA, first);
    TransferId second = fed.send(a, b, "20.00");
    fed.refused(
        Reason.CAP_REACHED,
        fed.receiveOrder(b, second),
        fed.cite(KANAZAWA, KOMATSU, second.index()));

    fed.refused(Reason.CLEARS_TOO_MUCH, clear(KANAZAWA, KOMATSU, "50.01", false));
    fed.refused(Reason.CLEARS_TOO_MUCH, clear(KANAZAWA, KOMATSU, "0.01", true));
    fed.refused(Reason.AMOUNT_INVALID, clear(KANAZAWA, KOMATSU, "0.00", false));
    fed.accepted(clear(KANAZAWA, KOMATSU, "50.00", false));
    fed.checkConservation();
    fed.accepted(clear(KOMATSU, KANAZAWA, "50.00", true));
    fed.checkConservation();
    assertEquals(Money.ZERO, kanazawa.clearing(KOMATSU));
    assertEquals(Money.ZERO, komatsu.clearing(KANAZAWA));
    Row.Clearing cleared = komatsu.state().get(new Key.OfClearing(KANAZAWA));
    assertNotNull(cleared);
    assertEquals(Money.of("50.00"), cleared.cleared());
    assertEquals(Money.ZERO, kanazawa.head().exposure());

    fed.receive(b, second);
    fed.settle(KANAZAWA, second);
    fed.checkConservation();
  }

  // ---- batches

  private Order.SendBatch batch(List<Order.Payment> payments) {
    return new Order.SendBatch(
        fed.header(), a, payments, (fed.now() + TestFederation.HOUR / 2) / 1_000 * 1_000);
  }

  private List<Order.Payment> payments(int count, String amount) {
    return Collections.nCopies(count, new Order.Payment(b, Money.of(amount)));
  }

  @Test
  void aBatchIsOneLeafForEachPayment() {
    List<Order.Payment> payments = new ArrayList<>(payments(499, "1.00"));
    payments.add(new Order.Payment(fed.open(KOMATSU, "cccc"), Money.of("2.00")));
    Order.SendBatch order = batch(payments);
    Entry first = fed.accepted(order);
    long index = first.index();
    assertEquals("send-batch", ((Leaf.Executed) first.leaf()).order().order().kind());
    assertEquals(500, komatsu.account(a).openHolds());
    assertEquals(Money.of("99.00"), komatsu.account(a).balance());
    Leaf.Paid last = (Leaf.Paid) komatsu.last().leaf();
    assertEquals(index + 499, komatsu.last().index());
    assertEquals(
        new Leaf.Paid(
            last.time(),
            index,
            500,
            order.header().id(),
            a,
            AccountId.of("Asia-Komatsu/cccc"),
            Money.of("2.00"),
            order.validUntil(),
            last.postings()),
        last);
    // each payment is a transfer like any other
    fed.receive(b, new TransferId(KOMATSU, index));
    fed.receive(b, new TransferId(KOMATSU, index + 1));
    fed.settle(KANAZAWA, new TransferId(KOMATSU, index + 1));
    fed.cancel(a, new TransferId(KOMATSU, index + 2));
    fed.receive(last.to(), new TransferId(KOMATSU, index + 499));
    fed.checkConservation();
    // and the same order again is the same batch
    assertEquals(new Applied.Repeated(index), fed.submit(order));
  }

  @Test
  void aBatchIsAllOrNothing() {
    List<Order.Payment> payments = new ArrayList<>(payments(10, "1.00"));
    payments.set(7, new Order.Payment(a, Money.of("1.00")));
    fed.refused(Reason.SAME_ACCOUNT, batch(payments));
    payments.set(7, new Order.Payment(b, Money.ZERO));
    fed.refused(Reason.AMOUNT_INVALID, batch(payments));
    payments.set(7, new Order.Payment(AccountId.of("Asia-Nowhere/dddd"), Money.of("1.00")));
    fed.refused(Reason.UNKNOWN_CHAIN, batch(payments));
    fed.refused(Reason.INSUFFICIENT_FUNDS, batch(payments(2, "300.01")));
    fed.refused(Reason.INSUFFICIENT_FUNDS, batch(payments(500, Policy.MONEY_MAX.toString())));
    fed.accepted(batch(payments(2, "300.00")));
    assertEquals(Money.ZERO, komatsu.account(a).balance());
  }

  @Test
  void aBatchMayHave500OpenHoldsAndNoMore() {
    fed.accepted(batch(payments(498, "0.01")));
    komatsu.seal(fed.now());
    fed.refused(Reason.TOO_MANY_HOLDS, fed.sendOrder(a, b, "0.01"));
    fed.refused(Reason.TOO_MANY_HOLDS, batch(payments(3, "0.01")));
    fed.accepted(batch(payments(2, "0.01")));
  }

  @Test
  void aBatchWaitsForABlockWithRoom() {
    TestFederation large =
        TestFederation.with(
            new Policy(
                Policy.BLOCK_ENTRIES_MAX,
                10_000,
                TestFederation.HOUR,
                Money.ofMinor(1),
                Money.of("50.00"),
                Money.of("60.00")));
    AccountId rich = large.open(KOMATSU, "rich", "1000.00");
    AccountId other = large.open(KANAZAWA, "else");
    long until = (large.now() + TestFederation.HOUR / 2) / 1_000 * 1_000;
    List<Order.Payment> most = Collections.nCopies(500, new Order.Payment(other, Money.ofMinor(1)));
    large.accepted(new Order.SendBatch(large.header(), rich, most, until));
    large.refused(Reason.BUSY, new Order.SendBatch(large.header(), rich, most, until));
    List<Order.Payment> rest = most.subList(0, 1_000 - 503);
    large.accepted(new Order.SendBatch(large.header(), rich, rest, until));
    assertEquals(Policy.BLOCK_ENTRIES_MAX, large.chain(KOMATSU).head().blockLeaves());
    large.chain(KOMATSU).seal(large.now());
    large.accepted(new Order.SendBatch(large.header(), rich, most, until));
  }

  // ---- refunds

  @Test
  void aRefundNamesWhatWasReceivedHere() {
    TransferId earlier = fed.send(a, b, "5.00");
    fed.receive(b, earlier);
    TransferId paid = fed.send(a, b, "5.00");
    long until = (fed.now() + TestFederation.HOUR / 2) / 1_000 * 1_000;
    fed.refused(
        Reason.UNKNOWN_TRANSFER,
        new Order.Send(fed.header(), b, a, Money.of("5.00"), until, null, paid));
    TransferId declined = fed.send(a, b, "5.00");
    fed.reject(b, declined);
    fed.refused(
        Reason.UNKNOWN_TRANSFER,
        new Order.Send(fed.header(), b, a, Money.of("5.00"), until, null, declined));
    fed.receive(b, paid);
    Entry refund =
        fed.accepted(new Order.Send(fed.header(), b, a, Money.of("5.00"), until, null, paid));
    TransferId back = new TransferId(KANAZAWA, refund.index());
    fed.receive(a, back);
    fed.checkConservation();
  }
}
