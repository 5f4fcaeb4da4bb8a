package aika.client;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import aika.core.note.Fuzz;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Changed answers of a gateway: understood, or told as such. */
final class FuzzedAnswersTest {
  private static final String PARTIES =
      """
      "sender":{"account":"Asia-Komatsu/aaaaaaaa","municipality":"Asia-Komatsu"},
      "receiver":{"name":"B","account":"Asia-Kanazawa/bbbbbbbb","municipality":"Asia-Kanazawa"},
      "amount":"200.00","valid_until":"2027-01-21T10:00:01Z"\
      """;
  private static final String TRANSFER =
      """
      {"transfer":"Asia-Komatsu:12","id":"019ab3c2-7c1e-7000-8000-000000000004",
       "status":"send_pending",%s,"history":[
         {"state":"send","time":"2026-11-22T10:00:01.123Z","chain":"Asia-Komatsu",
          "leaf":12,"block":3,"approved_at":"2026-11-22T10:00:02Z"},
         {"state":"listed","time":"2026-11-22T10:00:03.000Z","chain":"Asia"}]}
      """
          .formatted(PARTIES);
  private static final String ACCOUNT =
      """
      {"account":"Asia-Komatsu/aaaaaaaa","balance":"800.00","held":"200.00","holds":[
        {"transfer":"Asia-Komatsu:12",%s}],
       "key":"OEFYM4UtQO7BJNWjHM4rvTq7nV7qOL1+UBRkhPXwyGA=","frozen":false,"closed":false,
       "auto_receive":"0.00","announced_key":{
        "key":"OEFYM4UtQO7BJNWjHM4rvTq7nV7qOL1+UBRkhPXwyGA=",
        "since":"2026-11-22T10:00:01.123Z","due":"2026-11-29T10:00:01.123Z"}}
      """
          .formatted(PARTIES);
  private static final String PENDING =
      """
      {"pending":[{"transfer":"Asia-Komatsu:12","listed_at":"2026-11-22T10:00:03.000Z",%s}],
       "more":false,"incomplete":{"status":503,"code":"LIST_INCOMPLETE"}}
      """
          .formatted(PARTIES);
  private static final String PROBLEM =
      """
      {"type":"about:blank","status":409,"code":"INSUFFICIENT_FUNDS","number":21,
       "detail":"the balance is 1.00","ja":"残高不足","en":"too little","next":"less"}
      """;

  private static void understood(String what, Function<JsonNode, Object> meaning, String json) {
    Fuzz.of(what, json)
        .refusingWith(ClientException.class)
        .run(bytes -> {
          assertNotNull(Answers.read(bytes, meaning));
          return null;
        });
  }

  @Test
  void answers() {
    understood("answer of a transfer", Answers::transfer, TRANSFER);
    understood("answer of an account", Answers::account, ACCOUNT);
    understood("answer of what waits", Answers::pending, PENDING);
  }

  @Test
  void problemsAreAlwaysTold() {
    Fuzz.of("problem", PROBLEM)
        .run(bytes -> {
          assertNotNull(Answers.problem(409, bytes).code());
          return null;
        });
  }

  @Test
  void streamsOfEvents() {
    Fuzz.of("event stream", "event: leaf\nid: Asia:3\ndata: {}\ndata: {}\n\n: alive\n\n")
        .refusingWith(UncheckedIOException.class)
        .run(bytes -> {
          try (EventStream stream = new EventStream(new ByteArrayInputStream(bytes))) {
            while (true) {
              assertNotNull(stream.next().type());
            }
          } catch (EOFException end) {
            return null;
          } catch (IOException refused) {
            throw new UncheckedIOException(refused);
          }
        });
  }
}
