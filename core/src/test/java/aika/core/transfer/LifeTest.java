package aika.core.transfer;

import static aika.core.transfer.TestFederation.HOUR;
import static aika.core.transfer.TestFederation.KANAZAWA;
import static aika.core.transfer.TestFederation.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import aika.core.ledger.Key;
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
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A transfer from its send to its end: every end, between chains with both kinds of evidence. */
final class LifeTest {
  /** Carried proofs, siblings, and O = D. */
  static Stream<Arguments> ways() {
    return Stream.of(
        Arguments.of(TestFederation.Between.CARRIED, KANAZAWA),
        Arguments.of(TestFederation.Between.SIBLINGS, KANAZAWA),
        Arguments.of(TestFederation.Between.CARRIED, KOMATSU),
        Arguments.of(TestFederation.Between.SIBLINGS, KOMATSU));
  }

  /** A in Komatsu has sent 200 of 1000 to B; {@code d} is B's chain. */
  private record Sent(
      TestFederation fed, AccountId a, AccountId b, ChainId d, TransferId transfer) {
    static Sent by(TestFederation.Between between, ChainId d) {
      TestFederation fed =
          new TestFederation(TestFederation.Signing.CHEAP, between, Policy.standard());
      AccountId a = fed.open(KOMATSU, "aaaa", "1000.00");
      AccountId b = fed.open(d, "bbbb");
      TransferId transfer = fed.send(a, b, "200.00");
      assertEquals(Money.of("800.00"), fed.chain(KOMATSU).account(a).balance());
      assertEquals(Money.of("200.00"), fed.chain(KOMATSU).head().holds());
      assertEquals(1, fed.chain(KOMATSU).account(a).openHolds());
      fed.checkConservation();
      return new Sent(fed, a, b, d, transfer);
    }

    void ends(String balanceOfA, String balanceOfB, Row.Hold.Status status, OutcomeKind kind) {
      fed.checkConservation();
      Leaf.Settled settled = assertInstanceOf(Leaf.Settled.class, fed.settle(d, transfer).leaf());
      assertEquals(kind, settled.ended().getFirst().kind());
      fed.checkConservation();
      TestChain origin = fed.chain(KOMATSU);
      assertEquals(status, origin.hold(transfer.index()).status());
      assertEquals(Money.of(balanceOfA), origin.account(a).balance());
      assertEquals(Money.of(balanceOfB), fed.chain(d).account(b).balance());
      assertEquals(0, origin.account(a).openHolds());
      assertEquals(Money.ZERO, origin.head().holds());
      boolean moved = status == Row.Hold.Status.SETTLED && !d.equals(KOMATSU);
      assertEquals(Money.of(moved ? "200.00" : "0.00"), origin.clearing(d));
      assertEquals(Money.of(moved ? "-200.00" : "0.00"), fed.chain(d).clearing(KOMATSU));
      Row.Outcome outcome = fed.chain(d).state().get(new Key.OfOutcome(transfer));
      assertEquals(kind, outcome == null ? null : outcome.kind());
      decidedOnce();
      origin.refused(Reason.NOTHING_TO_SETTLE, fed.now(), fed.settlement(d, transfer));
      fed.checkConservation();
    }

    /** Nothing decides it a second time, whatever is tried. */
    private void decidedOnce() {
      fed.refused(
          Reason.ALREADY_DECIDED,
          fed.receiveOrder(b, transfer),
          fed.cite(d, KOMATSU, transfer.index()));
      fed.chain(d).refused(Reason.ALREADY_DECIDED, fed.now() + 2 * HOUR, fed.expiry(d, transfer));
    }
  }

  @ParameterizedTest
  @MethodSource("ways")
  void received(TestFederation.Between between, ChainId d) {
    Sent sent = Sent.by(between, d);
    sent.fed.receive(sent.b, sent.transfer);
    assertEquals(Money.of("200.00"), sent.fed.chain(d).account(sent.b).balance());
    assertEquals(Money.of("-200.00"), sent.fed.chain(d).clearing(KOMATSU));
    sent.ends("800.00", "200.00", Row.Hold.Status.SETTLED, OutcomeKind.RECEIVED);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void rejected(TestFederation.Between between, ChainId d) {
    Sent sent = Sent.by(between, d);
    sent.fed.reject(sent.b, sent.transfer);
    sent.ends("1000.00", "0.00", Row.Hold.Status.REFUNDED, OutcomeKind.REJECTED);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void rejectedAfterItsTime(TestFederation.Between between, ChainId d) {
    Sent sent = Sent.by(between, d);
    sent.fed.advance(2 * HOUR);
    sent.fed.reject(sent.b, sent.transfer);
    sent.ends("1000.00", "0.00", Row.Hold.Status.REFUNDED, OutcomeKind.REJECTED);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void cancelled(TestFederation.Between between, ChainId d) {
    Sent sent = Sent.by(between, d);
    long cancel = sent.fed.cancel(sent.a, sent.transfer).index();
    assertEquals(Money.of("800.00"), sent.fed.chain(KOMATSU).account(sent.a).balance());
    sent.fed.refused(
        Reason.ALREADY_DECIDED, new Order.Cancel(sent.fed.header(), sent.a, sent.transfer));
    sent.fed.chain(d).accepted(sent.fed.now(), sent.fed.cancellation(d, sent.transfer, cancel));
    sent.ends("1000.00", "0.00", Row.Hold.Status.REFUNDED, OutcomeKind.CANCELLED);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void receivedAlthoughCancelWasAsked(TestFederation.Between between, ChainId d) {
    Sent sent = Sent.by(between, d);
    long cancel = sent.fed.cancel(sent.a, sent.transfer).index();
    sent.fed.receive(sent.b, sent.transfer);
    sent.fed
        .chain(d)
        .refused(
            Reason.ALREADY_DECIDED,
            sent.fed.now(),
            sent.fed.cancellation(d, sent.transfer, cancel));
    sent.ends("800.00", "200.00", Row.Hold.Status.SETTLED, OutcomeKind.RECEIVED);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void cancelledAfterItsTime(TestFederation.Between between, ChainId d) {
    Sent sent = Sent.by(between, d);
    sent.fed.advance(2 * HOUR);
    long cancel = sent.fed.cancel(sent.a, sent.transfer).index();
    sent.fed.chain(d).accepted(sent.fed.now(), sent.fed.cancellation(d, sent.transfer, cancel));
    sent.ends("1000.00", "0.00", Row.Hold.Status.REFUNDED, OutcomeKind.CANCELLED);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void expiredAtValidUntilExactly(TestFederation.Between between, ChainId d) {
    Sent sent = Sent.by(between, d);
    TestFederation fed = sent.fed;
    long until = fed.chain(KOMATSU).hold(sent.transfer.index()).offer().validUntil();
    fed.at(until - 1);
    fed.chain(d).refused(Reason.NOT_YET_EXPIRED, fed.now(), fed.expiry(d, sent.transfer));
    fed.at(until);
    fed.refused(
        Reason.EXPIRED,
        fed.receiveOrder(sent.b, sent.transfer),
        fed.cite(d, KOMATSU, sent.transfer.index()));
    fed.expire(d, sent.transfer);
    sent.ends("1000.00", "0.00", Row.Hold.Status.REFUNDED, OutcomeKind.EXPIRED);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void receivedOneMillisecondBeforeValidUntil(TestFederation.Between between, ChainId d) {
    Sent sent = Sent.by(between, d);
    sent.fed.at(sent.fed.chain(KOMATSU).hold(sent.transfer.index()).offer().validUntil() - 1);
    sent.fed.receive(sent.b, sent.transfer);
    sent.ends("800.00", "200.00", Row.Hold.Status.SETTLED, OutcomeKind.RECEIVED);
  }
}
