package aika.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import aika.client.CounterClient.Person;
import aika.client.CounterClient.Told;
import aika.client.ScriptedGateway.Answer;
import aika.core.money.Money;
import aika.core.money.OrderId;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class CounterClientTest {
  private static final Answer POOR = request -> request.problem(409, "INSUFFICIENT_FUNDS");
  private static final Answer BUSY = request -> request.problem(503, "BUSY");

  private final ScriptedGateway gateway = new ScriptedGateway();
  private final CounterClient counter =
      new CounterClient(
          new ClientSettings(gateway.uri(), Duration.ofMillis(700), 3, Duration.ofMillis(5)));

  @AfterEach
  void stop() {
    counter.close();
    gateway.close();
  }

  private Told send(Answer first, Answer... then) {
    gateway.on("/send", first, then);
    Person a = new Person("A", "Asia-Komatsu");
    Person b = new Person("B", "Asia-Kanazawa");
    return counter.send(new OrderId(UUID.randomUUID()), a, b, Money.of("1.00"));
  }

  @Test
  void whatBrokeOnTheWayIsUnknown() {
    Answer proxy = request -> request.answer(502, "<html>");
    Answer internal = request -> request.problem(500, "INTERNAL");
    Answer late = request -> request.problem(504, "OUTCOME_UNKNOWN");
    for (Answer lost : List.of(proxy, internal, late, ScriptedGateway.Request::hang)) {
      assertInstanceOf(Told.Unknown.class, send(lost));
      // the lost one may still be done, when there is money again
      assertInstanceOf(Told.Unknown.class, send(lost, POOR));
      assertInstanceOf(Told.Unknown.class, send(lost, BUSY));
    }
  }

  @Test
  void aRefusalIsOneWhenNothingWasLost() {
    Told.Refused poor = assertInstanceOf(Told.Refused.class, send(POOR));
    assertEquals("INSUFFICIENT_FUNDS", poor.problem().code());
    assertInstanceOf(Told.Refused.class, send(BUSY));
  }
}
