package aika.core.follow;

import static aika.core.transfer.TestFederation.ASIA;
import static aika.core.transfer.TestFederation.HOUR;
import static aika.core.transfer.TestFederation.KANAZAWA;
import static aika.core.transfer.TestFederation.KOMATSU;
import static aika.core.transfer.TestFederation.PARIS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Action;
import aika.core.ledger.Key;
import aika.core.ledger.Leaf;
import aika.core.ledger.Order;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Policy;
import aika.core.ledger.Recovery;
import aika.core.ledger.Row;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import aika.core.transfer.TestFederation;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The followers step by step: what they ask, keep, give up for now and ask again. */
final class FollowersTest {
  private static final long DAY = 24 * HOUR;
  private static final Policy MANY_HOLDS =
      new Policy(
          500, 1_000, 90 * DAY, Money.ofMinor(1), Money.of("1000000.00"), Money.of("1000000.00"));

  private final TestFederation fed = TestFederation.with(MANY_HOLDS);
  private final FollowedFederation chains = new FollowedFederation(fed);
  private final Endings endings = new Endings(chains, fed.directory(), chains.rows);
  private final Outcomes outcomes = new Outcomes(chains, fed.directory(), chains.rows, endings);
  private final Outbox outbox = new Outbox(chains, fed.directory(), chains.rows);
  private final AccountId a = fed.open(KOMATSU, "aaaa", "1000.00");
  private final AccountId b = fed.open(KANAZAWA, "bbbb");
  private final AccountId p = fed.open(PARIS, "pppp");

  /** Reads all that is approved, and gives back what was due soonest. */
  private long read(ChainId chain) {
    long soonest = Long.MAX_VALUE;
    for (Outcomes.Reading next = outcomes.next(chain); next != null; next = outcomes.next(chain)) {
      chains.take(next);
      soonest = Math.min(soonest, next.soonest().getOrDefault(KANAZAWA, Long.MAX_VALUE));
    }
    return soonest;
  }

  private Row.Hold.Status hold(TransferId transfer) {
    return fed.chain(KOMATSU).hold(transfer.index()).status();
  }

  private boolean deliver() {
    Step step = outbox.next(KOMATSU);
    assertNotNull(step);
    return chains.take(step);
  }

  private OutcomeKind outcome(TransferId transfer) {
    Row.Outcome outcome = fed.chain(KANAZAWA).state().get(new Key.OfOutcome(transfer));
    assertNotNull(outcome);
    return outcome.kind();
  }

  private int rows(Rows.Table table) {
    int[] count = {0};
    chains.rows.scan(table, new byte[0], new byte[] {-1}, (key, value) -> ++count[0] > 0);
    return count[0];
  }

  // ---- endings

  @Test
  void whatIsDueIsConcludedAndSettled() {
    TransferId transfer = fed.send(a, b, "200.00");
    long until = fed.chain(KOMATSU).hold(transfer.index()).offer().validUntil();
    chains.approve(KOMATSU);
    assertEquals(until, read(KOMATSU));
    Endings.Look early = endings.next(KANAZAWA, 0, until - 1);
    assertTrue(early.requests().isEmpty());
    assertFalse(chains.take(early));
    assertEquals(until, early.then());

    fed.at(until);
    Endings.Look look = endings.next(KANAZAWA, until, until);
    assertEquals(1, look.requests().size());
    assertFalse(chains.take(look));
    assertEquals(until + Endings.LOOK_AHEAD_MILLIS, look.then());
    assertEquals(OutcomeKind.EXPIRED, outcome(transfer));
    assertEquals(0, rows(Rows.Table.DUE));

    chains.approve(KANAZAWA);
    read(KANAZAWA);
    assertEquals(Row.Hold.Status.REFUNDED, hold(transfer));
    fed.checkConservation();
  }

  /** The chain's clock is behind, or it is busy: asked again after as long as it has been due. */
  @Test
  void whatIsRefusedIsAskedAgainLaterAndLater() {
    TransferId transfer = fed.send(a, b, "200.00");
    long until = fed.chain(KOMATSU).hold(transfer.index()).offer().validUntil();
    chains.approve(KOMATSU);
    read(KOMATSU);
    long[] waits = {1_000, 1_000, 2_000, 4_000, 8_000};
    long now = until;
    for (long wait : waits) { // by the chain's clock it is not over yet
      Endings.Look look = endings.next(KANAZAWA, now, now);
      assertFalse(chains.take(look));
      assertEquals(now + wait, look.then());
      now = look.then();
    }
    fed.at(now);
    chains.take(endings.next(KANAZAWA, now, now));
    assertEquals(OutcomeKind.EXPIRED, outcome(transfer));
    assertEquals(0, rows(Rows.Table.DUE));
    long records =
        fed.chain(KANAZAWA).entries().stream()
            .filter(entry -> entry.leaf() instanceof Leaf.Recorded)
            .count();
    assertEquals(1, records, "the evidence is recorded once");
  }

  /** A machine that stood by has put off what it did not ask; now it leads. */
  @Test
  void whatWasPutOffCanBeHastened() {
    TransferId transfer = fed.send(a, b, "200.00");
    long until = fed.chain(KOMATSU).hold(transfer.index()).offer().validUntil();
    chains.approve(KOMATSU);
    read(KOMATSU);
    long now = until + 1_000_000; // so it is put off for as long again
    assertFalse(chains.take(endings.next(KANAZAWA, until, now)));
    now++;
    assertTrue(endings.next(KANAZAWA, 0, now).requests().isEmpty());
    endings.hasten(KANAZAWA, now);
    fed.at(now);
    chains.take(endings.next(KANAZAWA, 0, now));
    assertEquals(OutcomeKind.EXPIRED, outcome(transfer));
    assertEquals(0, rows(Rows.Table.DUE));
  }

  /** Nine hours ahead, somebody took it for over. */
  @Test
  void whatAWrongClockPutOffIsDueAtItsTimeWhenHastened() {
    TransferId transfer = fed.send(a, b, "200.00");
    long until = fed.chain(KOMATSU).hold(transfer.index()).offer().validUntil();
    chains.approve(KOMATSU);
    read(KOMATSU);
    assertFalse(chains.take(endings.next(KANAZAWA, 0, until + 9 * 3_600_000)));
    endings.hasten(KANAZAWA, until - 1_000);
    assertTrue(endings.next(KANAZAWA, 0, until - 1).requests().isEmpty());
    fed.at(until);
    chains.take(endings.next(KANAZAWA, 0, until));
    assertEquals(OutcomeKind.EXPIRED, outcome(transfer));
    assertEquals(0, rows(Rows.Table.DUE));
  }

  @Test
  void manyAreConcludedInPieces() {
    for (int i = 0; i < 2 * Endings.AT_ONCE_MAX + 1; i++) {
      fed.send(a, b, "0.01");
    }
    chains.approve(KOMATSU);
    long until = read(KOMATSU);
    fed.at(until);
    Endings.Look first = endings.next(KANAZAWA, 0, until);
    assertEquals(Endings.AT_ONCE_MAX, first.requests().size());
    assertTrue(chains.take(first));
    assertEquals(until, first.then());
    assertTrue(chains.take(endings.next(KANAZAWA, until, until)));
    assertFalse(chains.take(endings.next(KANAZAWA, until, until)));
    assertEquals(0, rows(Rows.Table.DUE));
    chains.approve(KANAZAWA);
    read(KANAZAWA);
    assertEquals(0, fed.chain(KOMATSU).account(a).openHolds());
    fed.checkConservation();
  }

  /** The decision is on the receiver's chain, but nobody has read it yet. */
  @Test
  void whatWasDecidedMeanwhileIsForgotten() {
    TransferId received = fed.send(a, b, "200.00");
    TransferId rejected = fed.send(a, b, "1.00");
    chains.approve(KOMATSU);
    long until = read(KOMATSU);
    fed.receive(b, received);
    fed.reject(b, rejected);
    assertEquals(2, rows(Rows.Table.DUE));
    Endings.Look look = endings.next(KANAZAWA, 0, until);
    assertTrue(look.requests().isEmpty());
    chains.take(look);
    assertEquals(0, rows(Rows.Table.DUE));
  }

  @Test
  void whatIsReadAsDecidedIsNotDueAnyMore() {
    TransferId transfer = fed.send(a, b, "200.00");
    chains.approve(KOMATSU);
    read(KOMATSU);
    fed.receive(b, transfer);
    assertEquals(1, rows(Rows.Table.DUE));
    chains.approve(KANAZAWA);
    read(KANAZAWA);
    assertEquals(0, rows(Rows.Table.DUE));
  }

  /** Somebody decides in the name of {@code by} about a send that stands on another history. */
  private TransferId decidedOfAnotherHistory(AccountId by) {
    TestFederation other = TestFederation.with(MANY_HOLDS);
    AccountId sender = other.open(KOMATSU, "aaaa", "1000.00");
    TransferId transfer = other.send(sender, by, "2.00");
    other.chain(KOMATSU).seal(other.now());
    Action.RecordCheckpoint record = other.recording(by.chain(), KOMATSU);
    long size = record.checkpoint().size();
    fed.chain(by.chain()).accepted(fed.now(), record);
    Order.Decide order = fed.receiveOrder(by, transfer);
    Action.Citation citation = other.cite(KOMATSU, transfer.index(), size);
    fed.chain(by.chain()).accepted(fed.now(), fed.submission(order, citation));
    return transfer;
  }

  @Test
  void whatAnotherChainDecidesIsStillDue() {
    TransferId elsewhere = decidedOfAnotherHistory(p);
    assertEquals(elsewhere, fed.send(a, b, "200.00"));
    chains.approve(KOMATSU);
    long until = read(KOMATSU);
    chains.approve(PARIS);
    read(PARIS);
    assertEquals(1, rows(Rows.Table.DUE));
    fed.at(until);
    chains.take(endings.next(KANAZAWA, until, until));
    assertEquals(OutcomeKind.EXPIRED, outcome(elsewhere));
  }

  @Test
  void aCancelIsConcludedAtOnceAndItsExpiryIsForgotten() {
    TransferId transfer = fed.send(a, b, "200.00");
    fed.cancel(a, transfer);
    chains.approve(KOMATSU);
    assertEquals(fed.now(), read(KOMATSU));
    chains.take(endings.next(KANAZAWA, 0, fed.now()));
    assertEquals(OutcomeKind.CANCELLED, outcome(transfer));
    chains.approve(KANAZAWA);
    read(KANAZAWA);
    assertEquals(Row.Hold.Status.REFUNDED, hold(transfer));
    chains.approve(KOMATSU);
    read(KOMATSU);
    assertEquals(0, rows(Rows.Table.DUE));
    fed.checkConservation();
  }

  /** 合併: nobody has to decline what comes to a closed chain; what is on it goes out. */
  @Test
  void aMunicipalityThatDissolvesEndsWithNothing() {
    TransferId received = fed.send(a, b, "300.00");
    fed.receive(b, received);
    TransferId waiting = fed.send(a, b, "20.00");
    chains.approve(KOMATSU);
    read(KOMATSU);
    Recovery.Close close =
        new Recovery.Close(TestFederation.ID, KANAZAWA, 1, KOMATSU, "merged into Komatsu");
    fed.chain(KANAZAWA).accepted(fed.now(), new Action.Recover(fed.sign(close)));

    TransferId late = fed.send(a, b, "30.00");
    chains.approve(KOMATSU);
    assertEquals(fed.now(), read(KOMATSU), "it is due at once");
    chains.take(endings.next(KANAZAWA, 0, fed.now()));
    assertEquals(OutcomeKind.REJECTED, outcome(late));
    TransferId out = fed.send(b, a, "300.00");
    fed.receive(a, out);

    chains.approve(KANAZAWA);
    assertEquals(fed.now(), read(KANAZAWA), "so is what waited before");
    chains.take(endings.next(KANAZAWA, 0, fed.now()));
    assertEquals(OutcomeKind.REJECTED, outcome(waiting));
    chains.approve(KANAZAWA);
    read(KANAZAWA);
    chains.approve(KOMATSU);
    read(KOMATSU);
    assertEquals(0, rows(Rows.Table.DUE));
    assertEquals(Row.Hold.Status.REFUNDED, hold(late));
    assertEquals(Row.Hold.Status.REFUNDED, hold(waiting));
    assertEquals(Money.of("1000.00"), fed.chain(KOMATSU).account(a).balance());
    Row.Head kanazawa = fed.chain(KANAZAWA).head();
    assertEquals(Money.ZERO, kanazawa.balances());
    assertEquals(0, fed.chain(KANAZAWA).account(b).openHolds());
    fed.checkConservation();
  }

  /** Only what waits for the closed account is declined. */
  @Test
  void whatWaitsForAnAccountThatClosesIsDeclined() {
    AccountId c = fed.open(KANAZAWA, "cccc");
    TransferId toClosed = fed.send(a, c, "20.00");
    TransferId toOther = fed.send(a, b, "30.00");
    chains.approve(KOMATSU);
    read(KOMATSU);
    fed.accepted(new Order.Close(fed.header(), c));
    chains.approve(KANAZAWA);
    assertEquals(fed.now(), read(KANAZAWA));
    chains.take(endings.next(KANAZAWA, 0, fed.now()));
    assertEquals(OutcomeKind.REJECTED, outcome(toClosed));
    assertNull(fed.chain(KANAZAWA).state().get(new Key.OfOutcome(toOther)));
    chains.approve(KANAZAWA);
    read(KANAZAWA);
    assertEquals(Row.Hold.Status.REFUNDED, hold(toClosed));
    assertEquals(Row.Hold.Status.HELD, hold(toOther));
    fed.checkConservation();
  }

  /** Nothing is written when a step is taken, so a crash before its end changes nothing. */
  @Test
  void aStepThatIsNotFinishedIsTakenAgain() {
    TransferId transfer = fed.send(a, b, "200.00");
    chains.approve(KOMATSU);
    assertNotNull(outcomes.next(KOMATSU));
    assertEquals(0, outcomes.seen(KOMATSU));
    assertEquals(0, rows(Rows.Table.DUE));
    long until = read(KOMATSU);
    fed.at(until);
    Endings.Look lost = endings.next(KANAZAWA, 0, until);
    lost.requests().forEach(r -> r.actions().forEach(x -> fed.chain(KANAZAWA).apply(until, x)));
    assertEquals(1, rows(Rows.Table.DUE));
    chains.take(endings.next(KANAZAWA, 0, until)); // decided, though the answer was lost
    assertEquals(0, rows(Rows.Table.DUE));
    assertEquals(OutcomeKind.EXPIRED, outcome(transfer));
  }

  // ---- outcomes and outbox

  /** Komatsu takes nothing at first, and later nothing that comes from Kanazawa. */
  @Test
  void oneDecidersParcelDoesNotHoldUpTheOthers() {
    TransferId kanazawa = fed.send(a, b, "200.00");
    TransferId paris = fed.send(a, p, "30.00");
    fed.receive(b, kanazawa);
    fed.receive(p, paris);
    chains.approve(KANAZAWA);
    chains.approve(PARIS);
    chains.busy = action -> action instanceof Action.Settle;
    read(KANAZAWA);
    read(PARIS);
    assertEquals(2, rows(Rows.Table.OUTBOX));
    chains.busy = action -> action instanceof Action.Settle s && s.from().equals(KANAZAWA);
    assertTrue(deliver());
    assertEquals(Row.Hold.Status.HELD, hold(kanazawa));
    assertEquals(Row.Hold.Status.SETTLED, hold(paris));
    assertFalse(deliver());
    assertEquals(1, rows(Rows.Table.OUTBOX));
    chains.busy = action -> false;
    assertTrue(deliver());
    assertEquals(Row.Hold.Status.SETTLED, hold(kanazawa));
    assertNull(outbox.next(KOMATSU));
    fed.checkConservation();
  }

  /** [E-9] It was read before the chosen history had a leaf of that number. */
  @Test
  void aDecisionAboutALeafThatIsNotThereYetWaitsForIt() {
    TransferId decided = decidedOfAnotherHistory(b);
    chains.approve(KANAZAWA);
    read(KANAZAWA);
    assertTrue(chains.asked.isEmpty());
    assertEquals(1, rows(Rows.Table.OUTBOX));
    assertNull(outbox.next(KOMATSU));
    assertEquals(decided, fed.send(a, b, "200.00"));
    chains.approve(KOMATSU);
    Outcomes.Reading reading = outcomes.next(KOMATSU);
    assertNotNull(reading);
    assertEquals(Set.of(KOMATSU), reading.kept());
    chains.take(reading);
    assertTrue(deliver());
    assertEquals(Row.Hold.Status.REFUNDED, hold(decided));
    assertEquals(0, rows(Rows.Table.OUTBOX));
    assertEquals(Money.of("1000.00"), fed.chain(KOMATSU).account(a).balance());
  }

  @Test
  void aDecisionAboutALeafThatBecomesNoSendIsForgotten() {
    decidedOfAnotherHistory(b);
    chains.approve(KANAZAWA);
    read(KANAZAWA);
    chains.approve(KOMATSU); // the seal has its number
    assertTrue(deliver());
    assertEquals(0, rows(Rows.Table.OUTBOX));
  }

  @Test
  void whatWasSettledThoughTheAnswerWasLostIsForgotten() {
    TransferId transfer = fed.send(a, b, "200.00");
    fed.receive(b, transfer);
    chains.approve(KANAZAWA);
    Outcomes.Reading reading = outcomes.next(KANAZAWA);
    assertNotNull(reading);
    chains.take(reading); // executed …
    reading.finish(new BitSet()); // … and the answer was lost
    assertEquals(1, rows(Rows.Table.OUTBOX));
    assertTrue(deliver());
    assertNull(outbox.next(KOMATSU));
    assertEquals(Money.of("800.00"), fed.chain(KOMATSU).account(a).balance());
  }

  /** Far behind the end, what is fresh is not read behind what is old. */
  @Test
  void aLongWayIsSetAsideAndReadInParts() {
    Outcomes behind = new Outcomes(chains, fed.directory(), chains.rows, endings, 10);
    List<TransferId> old = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      old.add(fed.send(a, b, "0.01"));
      if (old.size() % 300 == 0) { // so many leaves are a block
        fed.chain(KOMATSU).seal(fed.now());
      }
    }
    old.forEach(transfer -> {
      fed.receive(b, transfer);
      if (transfer.index() % 300 == 0) {
        fed.chain(KANAZAWA).seal(fed.now());
      }
    });
    chains.approve(KANAZAWA);
    Outcomes.Reading aside = behind.next(KANAZAWA);
    assertNotNull(aside);
    assertTrue(aside.requests().isEmpty());
    chains.take(aside);
    long first = behind.first(KANAZAWA);
    assertEquals(0, first);
    assertEquals(0, behind.seen(KANAZAWA));
    assertNull(behind.next(KANAZAWA));

    TransferId fresh = fed.send(a, b, "0.01");
    fed.receive(b, fresh);
    chains.approve(KANAZAWA);
    Outcomes.Reading now = behind.next(KANAZAWA);
    assertNotNull(now);
    chains.take(now);
    assertEquals(Row.Hold.Status.SETTLED, hold(fresh));
    assertEquals(Row.Hold.Status.HELD, hold(old.getLast()));
    assertTrue(behind.seen(KANAZAWA) > 0);

    Outcomes.Reading part = behind.older(KANAZAWA);
    assertNotNull(part);
    chains.take(part);
    assertEquals(250, behind.first(KANAZAWA));
    assertEquals(Row.Hold.Status.SETTLED, hold(old.getFirst()));
    assertEquals(Row.Hold.Status.HELD, hold(old.getLast()));
    for (part = behind.older(KANAZAWA); part != null; part = behind.older(KANAZAWA)) {
      chains.take(part);
    }
    assertEquals(Row.Hold.Status.SETTLED, hold(old.getLast()));
    assertEquals(0, fed.chain(KOMATSU).account(a).openHolds());
    Log log = chains.log(KANAZAWA);
    assertNotNull(log);
    assertEquals(log.readable(), behind.seen(KANAZAWA));
    assertEquals(log.readable(), behind.first(KANAZAWA));
    fed.checkConservation();
  }

  /** A part whose end never comes is read again; what its origin does not take is kept. */
  @Test
  void whatWasSetAsideIsNotLost() {
    Outcomes behind = new Outcomes(chains, fed.directory(), chains.rows, endings, 1);
    TransferId transfer = fed.send(a, b, "1.00");
    fed.receive(b, transfer);
    chains.approve(KANAZAWA);
    Outcomes.Reading aside = behind.next(KANAZAWA);
    assertNotNull(aside);
    chains.take(aside);
    assertNotNull(behind.older(KANAZAWA));
    assertEquals(0, behind.first(KANAZAWA), "not finished");
    chains.busy = action -> action instanceof Action.Settle;
    Outcomes.Reading part = behind.older(KANAZAWA);
    assertNotNull(part);
    chains.take(part);
    assertEquals(1, rows(Rows.Table.OUTBOX));
    assertNull(behind.older(KANAZAWA));
    chains.busy = action -> false;
    assertTrue(deliver());
    assertEquals(Row.Hold.Status.SETTLED, hold(transfer));
  }

  // ---- the list

  private OfferList list() {
    return new OfferList(chains, chains.rows, 7 * DAY);
  }

  private void anchor() {
    chains.approve(KOMATSU);
    Anchoring anchoring = new Anchoring(chains, fed.directory());
    for (Step next = anchoring.next(KOMATSU); next != null; next = anchoring.next(KOMATSU)) {
      chains.take(next);
    }
  }

  @Test
  void offersAreListedBelowApprovedAnchorsAndGoWhenTheyEnd() {
    TransferId transfer = fed.send(a, b, "200.00");
    OfferList list = list();
    anchor();
    fed.chain(ASIA).seal(fed.now());
    assertTrue(list.read(ASIA).listed().isEmpty(), "sealed, but not approved");
    chains.approve(ASIA);
    assertEquals(transfer, list.read(ASIA).listed().getFirst().transfer());
    assertEquals(1, list.to(b, 10).size());
    assertEquals(1, list.receivable(KANAZAWA, 0, 10).size());
    assertEquals(1, list.receivable(ASIA, 0, 10).size());
    assertEquals(1, list.from(a, 10).size());
    assertTrue(list.listed(transfer).isPresent());
    fed.receive(b, transfer);
    assertTrue(list.to(b, 10).isEmpty(), "decided, though not settled");
    fed.settle(KANAZAWA, transfer);
    anchor();
    chains.approve(ASIA);
    assertEquals(transfer, list.read(ASIA).ended().getFirst().transfer());
    assertEquals(0, rows(Rows.Table.OFFERS) + rows(Rows.Table.SENT));
  }

  @Test
  void whatNeverEndsIsDroppedSevenDaysAfterItsTime() {
    TransferId old = fed.send(a, b, "200.00");
    OfferList list = list();
    anchor();
    chains.approve(ASIA);
    list.read(ASIA);
    long until = fed.chain(KOMATSU).hold(old.index()).offer().validUntil();
    assertTrue(list.sweep(new byte[0], until + 7 * DAY - 1).dropped().isEmpty());
    assertEquals(1, list.to(b, 10).size());
    assertEquals(old, list.sweep(new byte[0], until + 7 * DAY).dropped().getFirst().transfer());
    assertEquals(0, rows(Rows.Table.OFFERS) + rows(Rows.Table.SENT));
  }

  /** A list that is built anew from the logs does not bring back what is over. */
  @Test
  void whatIsOverForLongIsNotListedAgain() {
    fed.send(a, b, "200.00");
    fed.advance(9 * DAY);
    TransferId fresh = fed.send(a, b, "1.00");
    anchor();
    chains.approve(ASIA);
    List<TransferId> listed = new ArrayList<>();
    list().read(ASIA).listed().forEach(offer -> listed.add(offer.transfer()));
    assertEquals(List.of(fresh), listed);
  }
}
