package aika.node.follow;

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
import aika.node.follow.Town.Following;
import aika.node.order.Answer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What nobody receives in time, and what its sender asks back, ends by itself. */
class EndingsTest {
  private static final Money ALL = Money.of("1000.00");

  @TempDir Path data;

  private final TestFederation federation = new TestFederation(Policy.standard());
  private final Person a = federation.person(KOMATSU, "aaaa");

  private Town town(Following following) {
    return new Town(data, federation, following);
  }

  private void refunded(Town town, Person to, TransferId transfer, OutcomeKind kind)
      throws InterruptedException {
    town.await(() -> town.hold(transfer) == Row.Hold.Status.REFUNDED);
    assertEquals(kind, town.outcome(to, transfer));
    town.await(() -> town.followers().pending().from(a.account(), 10).isEmpty());
    assertTrue(town.followers().pending().to(to.account(), 10).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Asia-Kanazawa", "Asia-Komatsu"})
  void aShortValidUntilIsRefunded(String receiver) throws InterruptedException {
    Person b = federation.person(ChainId.of(receiver), "bbbb");
    try (Town town = town(Following.EVERYTHING)) {
      town.open(a, "1000.00");
      town.open(b, "");
      TransferId transfer = town.send(a, b, "200.00", 3);
      town.await(() -> town.followers().pending().to(b.account(), 10).size() == 1);
      assertEquals(Money.of("800.00"), town.balance(a));
      assertEquals(1, town.account(a).openHolds());
      refunded(town, b, transfer, OutcomeKind.EXPIRED);
      assertEquals(ALL, town.balance(a));
      assertEquals(0, town.account(a).openHolds());
      town.rests();
    }
  }

  /** It would be asked for again hours after the clock is right again. */
  @Test
  void aClockThatJumpedPutsNothingOff() throws InterruptedException {
    Person b = federation.person(KANAZAWA, "bbbb");
    try (Town town = town(Following.EVERYTHING)) {
      town.open(a, "1000.00");
      town.open(b, "");
      TransferId transfer = town.send(a, b, "200.00", 2);
      long over = System.currentTimeMillis() + 3_000;
      town.jump(2 * 3_600_000);
      town.await(() -> System.currentTimeMillis() > over);
      Answer.Refused answer = assertInstanceOf(Answer.Refused.class, town.cancel(a, transfer));
      assertEquals(Reason.CLOCK_DIFFERS, answer.refusal().reason());
      assertEquals(Row.Hold.Status.HELD, town.hold(transfer));
      town.jump(0);
      refunded(town, b, transfer, OutcomeKind.EXPIRED);
      town.rests();
    }
  }

  @Test
  void whatBecameDueWhileNobodyWasThere() throws InterruptedException {
    Person b = federation.person(KANAZAWA, "bbbb");
    TransferId transfer;
    try (Town town = town(Following.EVERYTHING)) {
      town.open(a, "1000.00");
      town.open(b, "");
      transfer = town.send(a, b, "200.00", 3_600);
      town.rests();
      assertEquals(Row.Hold.Status.HELD, town.hold(transfer));
    }
    long twoHours = 7_200_000;
    try (Town town = new Town(data, federation, Following.EVERYTHING, Map.of(), twoHours)) {
      refunded(town, b, transfer, OutcomeKind.EXPIRED);
      assertEquals(ALL, town.balance(a));
      town.rests();
    }
  }

  /** The followers begin again from nothing: what has ended does not end again. */
  @Test
  void theViewsWereLost() throws InterruptedException {
    Person b = federation.person(KANAZAWA, "bbbb");
    TransferId waiting;
    TransferId received;
    try (Town town = town(Following.EVERYTHING)) {
      town.open(a, "1000.00");
      town.open(b, "");
      waiting = town.send(a, b, "200.00", 3_600);
      received = town.send(a, b, "30.00", 3_600);
      Town.accepted(town.decide(b, received, true));
      town.await(() -> town.hold(received) == Row.Hold.Status.SETTLED);
      town.rests();
    }
    assertTrue(data.resolve("views").toFile().renameTo(data.resolve("lost").toFile()));
    long twoHours = 7_200_000;
    try (Town town = new Town(data, federation, Following.EVERYTHING, Map.of(), twoHours)) {
      refunded(town, b, waiting, OutcomeKind.EXPIRED);
      town.rests();
      assertEquals(Money.of("970.00"), town.balance(a));
      assertEquals(Money.of("30.00"), town.balance(b));
      assertEquals(1, town.ends(waiting));
      assertEquals(1, town.ends(received));
      assertEquals(OutcomeKind.RECEIVED, town.outcome(b, received));
      assertEquals(0, town.outbox(KOMATSU));
    }
  }

  @Test
  void aRestartBeforeItsTimeComes() throws InterruptedException {
    Person b = federation.person(KANAZAWA, "bbbb");
    TransferId transfer;
    try (Town town = town(Following.EVERYTHING)) {
      town.open(a, "1000.00");
      town.open(b, "");
      transfer = town.send(a, b, "200.00", 6);
      town.await(() -> town.followers().pending().to(b.account(), 10).size() == 1);
    }
    try (Town town = town(Following.EVERYTHING)) {
      assertEquals(Row.Hold.Status.HELD, town.hold(transfer));
      refunded(town, b, transfer, OutcomeKind.EXPIRED);
      assertEquals(ALL, town.balance(a));
      town.rests();
    }
  }

  /** All holds of an account expire: then it can send again. */
  @Test
  void aHundredHoldsExpireAndTheAccountCanSend() throws InterruptedException {
    Person b = federation.person(KANAZAWA, "bbbb");
    try (Town town = town(Following.EVERYTHING)) {
      town.open(a, "1000.00");
      town.open(b, "");
      List<TransferId> sent = new ArrayList<>();
      for (int i = 0; i < Policy.standard().openHoldsMax(); i++) {
        sent.add(town.send(a, b, "1.00", 4));
      }
      for (TransferId transfer : sent) {
        refunded(town, b, transfer, OutcomeKind.EXPIRED);
      }
      assertEquals(ALL, town.balance(a));
      town.send(a, b, "1.00", 60);
      town.rests();
    }
  }

  @Test
  void receivedInTimeStaysReceived() throws InterruptedException {
    Person b = federation.person(KANAZAWA, "bbbb");
    try (Town town = town(Following.EVERYTHING)) {
      town.open(a, "1000.00");
      town.open(b, "");
      TransferId transfer = town.send(a, b, "200.00", 4);
      TransferId other = town.send(a, b, "1.00", 4);
      Town.accepted(town.decide(b, transfer, true));
      town.await(() -> town.hold(transfer) == Row.Hold.Status.SETTLED);
      town.await(() -> town.hold(other) == Row.Hold.Status.REFUNDED); // so the time has come
      assertEquals(Money.of("800.00"), town.balance(a));
      assertEquals(Money.of("200.00"), town.balance(b));
      assertEquals(OutcomeKind.RECEIVED, town.outcome(b, transfer));
      town.rests();
    }
  }

  // ---- cancelled

  @ParameterizedTest
  @ValueSource(strings = {"Asia-Kanazawa", "Asia-Komatsu"})
  void cancelledBeforeItIsReceived(String receiver) throws InterruptedException {
    Person b = federation.person(ChainId.of(receiver), "bbbb");
    try (Town town = town(Following.EVERYTHING)) {
      town.open(a, "1000.00");
      town.open(b, "");
      TransferId transfer = town.send(a, b, "200.00", 3_600);
      Town.accepted(town.cancel(a, transfer));
      refunded(town, b, transfer, OutcomeKind.CANCELLED);
      assertEquals(ALL, town.balance(a));
      Answer late = town.decide(b, transfer, true);
      Answer.Refused refused = assertInstanceOf(Answer.Refused.class, late, late::toString);
      assertEquals(Reason.ALREADY_DECIDED, refused.refusal().reason());
      assertEquals(Money.ZERO, town.balance(b));
      town.rests();
    }
  }

  /** The cancel order is accepted, since its chain does not know yet; the decision stands. */
  @Test
  void cancelledAfterItWasReceived() throws InterruptedException {
    Person b = federation.person(KANAZAWA, "bbbb");
    TransferId transfer;
    try (Town town = town(Following.NOTHING)) {
      town.open(a, "1000.00");
      town.open(b, "");
      transfer = town.send(a, b, "200.00", 3_600);
      Town.accepted(town.decide(b, transfer, true));
      Town.accepted(town.cancel(a, transfer));
      town.rests();
    }
    try (Town town = town(Following.EVERYTHING)) {
      town.await(() -> town.hold(transfer) == Row.Hold.Status.SETTLED);
      assertEquals(OutcomeKind.RECEIVED, town.outcome(b, transfer));
      assertEquals(Money.of("800.00"), town.balance(a));
      assertEquals(Money.of("200.00"), town.balance(b));
      town.rests();
    }
  }

  @Test
  void cancelledWhileNobodyFollowed() throws InterruptedException {
    Person b = federation.person(KANAZAWA, "bbbb");
    TransferId transfer;
    try (Town town = town(Following.NOTHING)) {
      town.open(a, "1000.00");
      town.open(b, "");
      transfer = town.send(a, b, "200.00", 3_600);
      Town.accepted(town.cancel(a, transfer));
      town.rests();
      assertNull(town.outcome(b, transfer));
    }
    try (Town town = town(Following.EVERYTHING)) {
      refunded(town, b, transfer, OutcomeKind.CANCELLED);
      assertEquals(ALL, town.balance(a));
      town.rests();
    }
  }
}
