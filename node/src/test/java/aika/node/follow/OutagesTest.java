package aika.node.follow;

import static aika.node.TestFederation.ASIA;
import static aika.node.TestFederation.KANAZAWA;
import static aika.node.TestFederation.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Policy;
import aika.core.ledger.Reason;
import aika.core.ledger.Row;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import aika.node.TestFederation;
import aika.node.TestFederation.Person;
import aika.node.follow.Town.Disturbance;
import aika.node.follow.Town.Following;
import aika.node.order.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A part of the federation is absent: nothing is stuck, and when it returns all ends by itself. */
class OutagesTest {
  private static final long DAY = Duration.ofDays(1).toMillis();
  private static final int ALL_SEATS = 5;

  @TempDir Path data;

  private final TestFederation federation = new TestFederation(Policy.standard());
  private final Person a = federation.person(KOMATSU, "aaaa");
  private final Person b = federation.person(KANAZAWA, "bbbb");
  private final AtomicInteger unanswered = new AtomicInteger();

  private Town town(long ahead) {
    return new Town(data, federation, Following.EVERYTHING, Map.of(), ahead);
  }

  private void open() {
    try (Town town = new Town(data, federation, Following.NOTHING)) {
      town.open(a, "1000.00");
      town.open(b, "");
    }
  }

  /** Nobody answers for this chain. */
  private Disturbance absent(ChainId gone) {
    return (shard, chain, action) -> {
      if (!chain.equals(gone)) {
        return shard.submit(chain, action);
      }
      unanswered.incrementAndGet();
      return CompletableFuture.failedFuture(new IOException("unreachable"));
    };
  }

  private static Reason refused(Answer answer) {
    return assertInstanceOf(Answer.Refused.class, answer, answer::toString).refusal().reason();
  }

  private void settled(Town town, TransferId transfer) throws InterruptedException {
    ended(town, transfer, Row.Hold.Status.SETTLED);
    assertEquals(OutcomeKind.RECEIVED, town.outcome(b, transfer));
  }

  private static void ended(Town town, TransferId transfer, Row.Hold.Status how)
      throws InterruptedException {
    town.await(() -> town.hold(transfer) == how);
    town.await(() -> town.outbox(KOMATSU) == 0);
    town.rests();
    assertEquals(1, town.ends(transfer));
  }

  @Test
  void theReceiverHasNoAccountYet() throws InterruptedException {
    TransferId transfer;
    try (Town town = town(0)) {
      town.open(a, "1000.00");
      transfer = town.send(a, b, "200.00", 3_600);
      town.await(() -> town.followers().pending().to(b.account(), 10).size() == 1);
      assertEquals(Reason.UNKNOWN_ACCOUNT, refused(town.decide(b, transfer, true)));
      assertEquals(Row.Hold.Status.HELD, town.hold(transfer));
      assertNull(town.outcome(b, transfer));
    }
    try (Town town = town(0)) {
      town.open(b, "");
      Town.accepted(town.decide(b, transfer, true));
      settled(town, transfer);
      assertEquals(Money.of("200.00"), town.balance(b));
      assertEquals(Money.of("800.00"), town.balance(a));
    }
  }

  /** And who never opens one does not keep the sender's money. */
  @Test
  void theReceiverNeverOpensAnAccount() throws InterruptedException {
    TransferId transfer;
    try (Town town = town(0)) {
      town.open(a, "1000.00");
      transfer = town.send(a, b, "200.00", 3_600);
      town.rests();
    }
    try (Town town = town(DAY)) {
      ended(town, transfer, Row.Hold.Status.REFUNDED);
      assertEquals(OutcomeKind.EXPIRED, town.outcome(b, transfer));
      assertEquals(Money.of("1000.00"), town.balance(a));
    }
  }

  @Test
  void theReceiversChainIsAbsentWhenItsTimeComes() throws InterruptedException {
    open();
    TransferId transfer;
    try (Town town = town(0)) {
      town.disturbance = absent(KANAZAWA);
      transfer = town.send(a, b, "200.00", 3_600);
      town.rests();
    }
    Disturbance absent = absent(KANAZAWA);
    try (Town town = new Town(data, federation, Following.EVERYTHING, Map.of(), DAY, absent)) {
      town.await(() -> unanswered.get() > 0);
      town.await(() -> town.followers().waitingSeconds("due", KANAZAWA) > 0);
      assertNull(town.outcome(b, transfer));
      assertEquals(Row.Hold.Status.HELD, town.hold(transfer));
    }
    try (Town town = town(2 * DAY)) {
      ended(town, transfer, Row.Hold.Status.REFUNDED);
      assertEquals(OutcomeKind.EXPIRED, town.outcome(b, transfer));
      assertEquals(Money.of("1000.00"), town.balance(a));
    }
  }

  @Test
  void theReceiversRepresentativesAreAbsentForADay() throws InterruptedException {
    open();
    TransferId transfer;
    Map<ChainId, Integer> nobody = Map.of(KANAZAWA, ALL_SEATS);
    try (Town town = new Town(data, federation, Following.EVERYTHING, nobody, 0)) {
      transfer = town.send(a, b, "200.00", 3_600);
      town.await(() -> town.chain(KOMATSU).approvedSize() > transfer.index());
      assertEquals(Row.Hold.Status.HELD, town.hold(transfer));
      Person c = federation.person(KOMATSU, "cccc");
      town.open(c, "");
      TransferId near = town.send(a, c, "1.00", 3_600);
      Town.accepted(town.decide(c, near, true));
      town.await(() -> town.hold(near) == Row.Hold.Status.SETTLED); // others go on
    }
    try (Town town = new Town(data, federation, Following.EVERYTHING, nobody, DAY)) {
      town.await(() -> town.outcome(b, transfer) == OutcomeKind.EXPIRED);
      assertEquals(Row.Hold.Status.HELD, town.hold(transfer), "nobody has approved that");
    }
    try (Town town = town(DAY)) {
      town.await(() -> town.hold(transfer) == Row.Hold.Status.REFUNDED);
      assertEquals(Money.of("999.00"), town.balance(a));
      town.rests();
      assertEquals(1, town.ends(transfer));
    }
  }

  /** The receiver has the money at once; only the sender's books wait. */
  @Test
  void theSendersChainIsAbsentWhileTheOutcomeWaits() throws InterruptedException {
    open();
    TransferId transfer;
    try (Town town = town(0)) {
      town.disturbance = absent(KOMATSU);
      transfer = town.send(a, b, "200.00", 3_600);
      Town.accepted(town.decide(b, transfer, true));
      assertEquals(Money.of("200.00"), town.balance(b));
      town.await(() -> town.outbox(KOMATSU) == 1);
      int before = unanswered.get();
      town.await(() -> unanswered.get() > before); // and it is asked again
      assertEquals(Row.Hold.Status.HELD, town.hold(transfer));
    }
    try (Town town = town(DAY)) {
      settled(town, transfer);
      assertEquals(Money.of("800.00"), town.balance(a));
      assertEquals(Money.of("200.00"), town.balance(b));
    }
  }

  /** Nothing is listed; what is received by its number, and what expires, ends all the same. */
  @Test
  void theContinentIsAbsent() throws InterruptedException {
    open();
    Map<ChainId, Integer> nobody = Map.of(ASIA, ALL_SEATS);
    try (Town town = new Town(data, federation, Following.EVERYTHING, nobody, 0)) {
      long before = town.chain(ASIA).approvedSize();
      TransferId received = town.send(a, b, "200.00", 3_600);
      TransferId expiring = town.send(a, b, "30.00", 3);
      Town.accepted(town.decide(b, received, true));
      town.await(() -> town.hold(received) == Row.Hold.Status.SETTLED);
      town.await(() -> town.hold(expiring) == Row.Hold.Status.REFUNDED);
      assertEquals(OutcomeKind.EXPIRED, town.outcome(b, expiring));
      assertEquals(before, town.chain(ASIA).approvedSize());
      assertTrue(town.followers().pending().to(b.account(), 10).isEmpty());
      assertEquals(Money.of("800.00"), town.balance(a));
    }
    try (Town town = town(0)) {
      town.await(() -> town.followers().pending().caughtUp());
      town.rests();
      assertTrue(town.followers().pending().to(b.account(), 10).isEmpty(), "all has ended");
    }
  }

  /** Nobody followed for two months; the clock has gone on. */
  @Test
  void theFollowersAreMonthsBehind() throws InterruptedException {
    open();
    TransferId received;
    TransferId rejected;
    TransferId cancelled;
    TransferId forgotten;
    try (Town town = new Town(data, federation, Following.NOTHING)) {
      received = town.send(a, b, "200.00", 3_600);
      rejected = town.send(a, b, "30.00", 3_600);
      cancelled = town.send(a, b, "4.00", 3_600);
      forgotten = town.send(a, b, "0.50", 3_600);
      Town.accepted(town.decide(b, received, true));
      Town.accepted(town.decide(b, rejected, false));
      Town.accepted(town.cancel(a, cancelled));
      town.rests();
      assertEquals(4, town.account(a).openHolds());
    }
    try (Town town = town(60 * DAY)) {
      ended(town, received, Row.Hold.Status.SETTLED);
      ended(town, rejected, Row.Hold.Status.REFUNDED);
      ended(town, cancelled, Row.Hold.Status.REFUNDED);
      ended(town, forgotten, Row.Hold.Status.REFUNDED);
      assertEquals(OutcomeKind.CANCELLED, town.outcome(b, cancelled));
      assertEquals(OutcomeKind.EXPIRED, town.outcome(b, forgotten));
      assertEquals(0, town.account(a).openHolds());
      assertEquals(Money.of("800.00"), town.balance(a));
      assertEquals(Money.of("200.00"), town.balance(b));
      town.await(() -> town.followers().lag("outcomes", town.chain(KANAZAWA)) == 0);
    }
  }
}
