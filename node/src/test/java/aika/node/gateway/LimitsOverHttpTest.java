package aika.node.gateway;

import static aika.node.gateway.World.KANAZAWA;
import static aika.node.gateway.World.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;

import aika.core.ledger.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The limits of what a gateway reads (HTTP-2, HTTP-3, HTTP-20, REG-1, REG-11): at the limit it is
 * read, and the answer is that nobody of that name is known; one past it, it is not.
 */
@ExtendWith(SharedWorld.class)
class LimitsOverHttpTest {
  private static final String NOBODY =
      "\"sender\":\"Nobody\",\"receiver\":\"B\",\"receiver_municipality\":\"" + KANAZAWA + "\"";
  private static final String SEND = '{' + NOBODY + ",\"amount\":\"1.00\"";

  private final World world;

  LimitsOverHttpTest(SharedWorld.Town town) {
    world = town.world;
  }

  private record Limit(String what, int limit, IntFunction<String> body, Reason past) {}

  private static String padded(int bytes) {
    String start = SEND + ",\"x\":\"";
    int missing = bytes - start.getBytes(StandardCharsets.UTF_8).length - 2;
    return start + "x".repeat(missing) + "\"}";
  }

  @TestFactory
  Stream<DynamicTest> bodies() {
    return Stream.of(
            new Limit("bytes of a body", 16_384, LimitsOverHttpTest::padded, Reason.TOO_LARGE),
            new Limit(
                "levels",
                8,
                n -> SEND + ",\"x\":" + "[".repeat(n - 1) + "]".repeat(n - 1) + '}',
                Reason.MALFORMED),
            new Limit(
                "characters of a member's name",
                64,
                n -> SEND + ",\"" + "x".repeat(n) + "\":1}",
                Reason.MALFORMED),
            new Limit(
                "characters of a number",
                64,
                n -> SEND + ",\"x\":" + "1".repeat(n) + '}',
                Reason.MALFORMED),
            new Limit(
                "characters of an amount",
                20,
                n -> '{' + NOBODY + ",\"amount\":\"" + "1".repeat(n - 3) + ".00\"}",
                Reason.AMOUNT_INVALID),
            new Limit(
                "characters of a memo",
                140,
                n -> SEND + ",\"memo\":\"" + "愛".repeat(n) + "\"}",
                Reason.MALFORMED),
            new Limit(
                "bytes of a name",
                128,
                n -> SEND.replace("Nobody", "n".repeat(n)) + '}',
                Reason.MALFORMED))
        .map(limit ->
            DynamicTest.dynamicTest(
                limit.what + ": " + limit.limit,
                () -> {
                  refused(limit.body.apply(limit.limit), Reason.UNKNOWN_PERSON);
                  refused(limit.body.apply(limit.limit + 1), limit.past);
                }));
  }

  private void refused(String body, Reason expected) throws Exception {
    World.Reply reply = world.post(KOMATSU, "/send", body).expect(expected.httpStatus());
    assertEquals(expected.name(), reply.text("code"));
  }

  /** HTTP-2, HTTP-50, HTTP-76, NBR-9: what is read is no note; one byte more is not read. */
  @TestFactory
  Stream<DynamicTest> notes() {
    Map<String, Integer> limits =
        Map.of(
            "/send",
            4_096,
            "/orders",
            63_000,
            "/chains/" + KOMATSU + "/cosignatures",
            32 * 1_024,
            "/neighbour",
            4_096);
    return limits.entrySet().stream().flatMap(limit -> Stream.of(note(limit, 0), note(limit, 1)));
  }

  private DynamicTest note(Map.Entry<String, Integer> limit, int more) {
    int bytes = limit.getValue() + more;
    return DynamicTest.dynamicTest(
        bytes + " bytes to " + limit.getKey(),
        () -> {
          Reason expected = more > 0 ? Reason.TOO_LARGE : Reason.MALFORMED;
          World.Reply reply =
              world.post(KOMATSU, limit.getKey(), "text/plain", "x".repeat(bytes), Map.of());
          assertEquals(expected.name(), reply.text("code"));
        });
  }

  @TestFactory
  Stream<DynamicTest> offersInAnAnswer() {
    return Stream.of(0, 1, 1_000, 1_001)
        .map(limit ->
            DynamicTest.dynamicTest(
                "limit=" + limit,
                () -> {
                  int status = limit == 0 || limit > 1_000 ? 400 : 200;
                  String path = "/pending?municipality=" + KANAZAWA + "&limit=" + limit;
                  assertEquals(status, world.get(KOMATSU, path).status());
                }));
  }
}
