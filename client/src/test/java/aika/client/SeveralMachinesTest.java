package aika.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.client.ScriptedGateway.Answer;
import aika.core.ledger.SignedOrder;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node of two machines, of which one answers at a time [PEER-8]. */
@Timeout(30)
class SeveralMachinesTest {
  private static final Answer STANDS_BY = request -> request.problem(503, "NOT_LEADING");
  private static final Answer NOT_KNOWN = request -> request.problem(504, "OUTCOME_UNKNOWN");
  private static final Answer POOR = request -> request.problem(409, "INSUFFICIENT_FUNDS");
  private static final Answer FROZEN =
      request ->
          request.answer(
              200,
              """
              {"kind":"freeze","account":"Asia-Komatsu/aaaaaaaa","chain":"Asia-Komatsu","leaf":12}\
              """);

  private final ScriptedGateway first = new ScriptedGateway();
  private final ScriptedGateway second = new ScriptedGateway();
  private final AikaClient client =
      new AikaClient(
          new ClientSettings(
              first.uri(), List.of(second.uri()), Duration.ofMillis(700), 3, Duration.ofMillis(5)));
  private final SignedOrder order = WalletTest.wallet().freeze();

  @AfterEach
  void stop() {
    client.close();
    first.close();
    second.close();
  }

  @Test
  void theSameOrderGoesToTheOneThatLeads() {
    first.on("/orders", STANDS_BY);
    second.on("/orders", FROZEN);
    assertInstanceOf(Result.Accepted.class, client.submit(order));
    assertInstanceOf(Result.Accepted.class, client.submit(order));
    assertArrayEquals(order.bytes(), second.bodies().getFirst());
    assertEquals(1, first.asked().size(), "the one that answered is asked first");
  }

  @Test
  void aMachineThatIsGoneIsPassedBy() {
    first.close();
    second.on("/orders", FROZEN);
    assertInstanceOf(Result.Accepted.class, client.submit(order));
  }

  @Test
  void whatWasLostAtOneIsInDoubtAtTheOther() {
    first.on("/orders", NOT_KNOWN);
    second.on("/orders", POOR);
    assertInstanceOf(Result.Unknown.class, client.submit(order));
  }

  @Test
  void aQuestionGoesOnToo() {
    first.on("/pending", STANDS_BY);
    second.on("/pending", request -> request.answer(200, "{\"pending\":[]}"));
    assertEquals(new Waiting(List.of(), null), client.pending(WalletTest.B));
  }

  @Test
  void theCountersQuestionToo() {
    first.on("/pending", STANDS_BY);
    second.on("/pending", request -> request.answer(200, "{\"pending\":[]}"));
    ClientSettings both =
        new ClientSettings(
            first.uri(), List.of(second.uri()), Duration.ofMillis(700), 3, Duration.ofMillis(5));
    try (CounterClient counter = new CounterClient(both)) {
      CounterClient.Person b = new CounterClient.Person("B", "Asia-Komatsu");
      assertEquals(new Waiting(List.of(), null), counter.pending(b));
    }
  }

  /** A machine without power does not refuse. */
  @Test
  void amongSeveralAConnectionMayNotTakeLong() {
    ClientSettings both = ClientSettings.of(List.of(first.uri(), second.uri()));
    assertEquals(ClientSettings.CONNECT_AMONG_MAX, both.connectWait());
    ClientSettings one = ClientSettings.of(first.uri());
    assertEquals(one.answerWait(), one.connectWait());
  }

  /** A chain that moves to another machine is away for up to 13 s (docs/operations.md). */
  @Test
  void oneMachineIsGivenTheTimeOfAMove() {
    ClientSettings one = ClientSettings.of(first.uri());
    long pauses =
        IntStream.range(1, one.attemptsInAll())
            .mapToLong(failed -> one.pause(failed).toMillis())
            .sum();
    assertEquals(15_750, pauses);
  }

  @Test
  void nobodyLeadsInTheEnd() {
    first.on("/orders", STANDS_BY);
    second.on("/orders", STANDS_BY);
    Result.Refused refused = assertInstanceOf(Result.Refused.class, client.submit(order));
    assertEquals("NOT_LEADING", refused.problem().code());
    assertEquals(3, first.asked().size());
    assertEquals(3, second.asked().size());
    first.on("/pending", STANDS_BY);
    second.on("/pending", STANDS_BY);
    ClientException asked = assertThrows(ClientException.class, () -> client.pending(WalletTest.B));
    assertEquals("NOT_LEADING", asked.code());
  }

  @Test
  void pausesComeAfterAllWereAsked() {
    ClientSettings settings = ClientSettings.of(List.of(first.uri(), second.uri()));
    assertEquals(Duration.ZERO, settings.pause(1));
    assertEquals(Duration.ofMillis(250), settings.pause(2));
    assertEquals(Duration.ZERO, settings.pause(3));
    assertEquals(ClientSettings.PAUSE_AMONG_MAX, settings.pause(20));
    assertTrue(settings.attemptsInAll() > settings.attempts());
  }
}
