package aika.node.follow;

import static aika.node.TestFederation.KANAZAWA;
import static aika.node.TestFederation.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Action;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Policy;
import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.ledger.Row;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import aika.node.TestFederation;
import aika.node.TestFederation.Person;
import aika.node.follow.Town.Disturbance;
import aika.node.follow.Town.Following;
import aika.node.order.Answer;
import aika.node.order.Shard;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an origin does not take at once reaches it later, and once. */
class OutboxTest {
  @TempDir Path data;

  private final TestFederation federation = new TestFederation(Policy.standard());
  private final Person a = federation.person(KOMATSU, "aaaa");
  private final Person b = federation.person(KANAZAWA, "bbbb");
  private final Person c = federation.person(KOMATSU, "cccc");
  private final AtomicInteger refused = new AtomicInteger();

  @BeforeEach
  void open() {
    try (Town town = town()) {
      town.open(a, "1000.00");
      town.open(b, "");
      town.open(c, "");
    }
  }

  private Town town() {
    return new Town(data, federation, Following.EVERYTHING);
  }

  /** Komatsu is busy when it is to settle what this chain decided. */
  private Disturbance busyFor(ChainId decider) {
    return (shard, chain, action) -> {
      if (action instanceof Action.Settle settle && settle.from().equals(decider)) {
        refused.incrementAndGet();
        return CompletableFuture.completedFuture(
            new Answer.Refused(Refusal.of(Reason.BUSY, "too many orders are waiting")));
      }
      return shard.submit(chain, action);
    };
  }

  private void settledOnce(Town town, TransferId transfer) throws InterruptedException {
    town.await(() -> town.hold(transfer) == Row.Hold.Status.SETTLED);
    town.await(() -> town.outbox(KOMATSU) == 0);
    town.rests();
    assertEquals(1, town.ends(transfer));
  }

  @Test
  void aBusyOriginGetsItAfterARestart() throws InterruptedException {
    TransferId transfer;
    try (Town town = town()) {
      town.disturbance = busyFor(KANAZAWA);
      transfer = town.send(a, b, "200.00", 3_600);
      Town.accepted(town.decide(b, transfer, true));
      town.await(() -> town.outbox(KOMATSU) == 1);
      assertEquals(Row.Hold.Status.HELD, town.hold(transfer));
      assertEquals(OutcomeKind.RECEIVED, town.outcome(b, transfer));
      town.await(() -> refused.get() > 2); // and it is tried again
    }
    try (Town town = town()) {
      settledOnce(town, transfer);
      assertEquals(Money.of("800.00"), town.balance(a));
      assertEquals(Money.of("200.00"), town.balance(b));
    }
    try (Town town = town()) {
      town.rests();
      assertEquals(1, town.ends(transfer));
      assertEquals(0, town.outbox(KOMATSU));
    }
  }

  @Test
  void aBusyOriginGetsItWhenItIsNotBusyAnyMore() throws InterruptedException {
    try (Town town = town()) {
      town.disturbance = busyFor(KANAZAWA);
      TransferId transfer = town.send(a, b, "200.00", 3_600);
      Town.accepted(town.decide(b, transfer, true));
      town.await(() -> town.outbox(KOMATSU) == 1);
      TransferId fresh = town.send(a, c, "1.00", 3_600);
      Town.accepted(town.decide(c, fresh, true));
      settled(town, fresh); // the backlog does not delay what is fresh
      assertEquals(Row.Hold.Status.HELD, town.hold(transfer));
      town.await(() -> town.followers().waitingSeconds("outbox", KOMATSU) > 0);
      assertEquals(0, town.followers().waitingSeconds("outbox", KANAZAWA));
      town.disturbance = Shard::submit;
      settledOnce(town, transfer);
      town.await(() -> town.followers().waitingSeconds("outbox", KOMATSU) == 0);
    }
  }

  /** Kanazawa's decisions cannot be delivered; Komatsu's own, which come after them, can. */
  @Test
  void anUndeliverableParcelDoesNotBlockTheOthers() throws InterruptedException {
    TransferId far;
    TransferId near;
    try (Town town = town()) {
      town.disturbance =
          (shard, chain, action) ->
              action instanceof Action.Settle settle
                  ? busyFor(settle.from()).put(shard, chain, action)
                  : shard.submit(chain, action);
      far = town.send(a, b, "200.00", 3_600);
      near = town.send(a, c, "1.00", 3_600);
      Town.accepted(town.decide(b, far, true));
      Town.accepted(town.decide(c, near, true));
      town.await(() -> town.outbox(KOMATSU) == 2);
      town.disturbance = busyFor(KANAZAWA);
      settled(town, near);
      town.await(() -> town.outbox(KOMATSU) == 1);
      assertEquals(Row.Hold.Status.HELD, town.hold(far));
    }
    try (Town town = town()) {
      settledOnce(town, far);
      assertEquals(1, town.ends(near));
    }
  }

  /** The origin settles, but whoever asked does not hear of it. */
  @Test
  void aLostAnswerSettlesNothingTwice() throws InterruptedException {
    AtomicInteger lost = new AtomicInteger();
    try (Town town = town()) {
      town.disturbance =
          (shard, chain, action) -> {
            CompletableFuture<Answer> answer = shard.submit(chain, action);
            return action instanceof Action.Settle && lost.getAndIncrement() == 0
                ? answer.thenCompose(any -> CompletableFuture.failedFuture(new IOException("lost")))
                : answer;
          };
      TransferId transfer = town.send(a, b, "200.00", 3_600);
      Town.accepted(town.decide(b, transfer, true));
      town.await(() -> lost.get() > 1);
      settledOnce(town, transfer);
      assertEquals(Money.of("800.00"), town.balance(a));
      assertTrue(town.account(a).openHolds() == 0);
    }
  }

  private static void settled(Town town, TransferId transfer) throws InterruptedException {
    town.await(() -> town.hold(transfer) == Row.Hold.Status.SETTLED);
  }
}
