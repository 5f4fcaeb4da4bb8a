package aika.core.ledger;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.money.TransferId;
import aika.core.note.MalformedException;
import aika.core.note.SignedNote;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/spec/leaves.md: one text for each leaf. The bytes themselves are in the golden vectors. */
final class LeafTextTest {
  private static final String ZERO = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

  private static final String GENESIS =
      """
      aika/leaf/v1
      kind genesis
      time 2026-11-22T10:00:00.000Z
      federation aika.example
      chain Asia-Komatsu
      federation-file AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
      block-entries 500
      open-holds-max 100
      valid-millis-max 7776000000
      cross-chain-min 0.01
      exposure-max 1000000.00
      exposure-sum-max 10000000.00
      issued-max 10000000000.00
      term-seats 5
      term-blocks 0
      term-millis 7776000000
      seats AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
      """;

  private static final String RECORD =
      """
      aika/leaf/v1
      kind record
      time 2026-11-22T10:00:09.009Z
      origin Asia-Komatsu
      size 9
      root AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
      term 1
      seats AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
      """;

  private static final String EXPIRED =
      """
      aika/leaf/v1
      kind expired
      time 2026-11-22T10:00:09.009Z
      transfer Asia-Komatsu:6
      cites 6 9
      send-leaf AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
      """;

  private static final String SETTLE =
      """
      aika/leaf/v1
      kind settle
      time 2026-11-22T10:00:09.009Z
      from Asia-Kanazawa
      recorded 8
      ended 3 received 3
      ended 4 rejected 4
      post Asia-Komatsu/~holds -230.00 0.00
      post Asia-Komatsu/~clearing.Asia-Kanazawa 200.00 200.00
      post Asia-Komatsu/k3v9q2mw 30.00 800.00
      """;

  private static final String SEAL =
      """
      aika/leaf/v1
      kind seal
      time 2026-11-22T10:00:09.009Z
      height 1
      first 0
      term 1
      seats AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
      next-seats AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
      issued -1000.00
      balances 740.00
      holds 260.00
      clearing 0.00
      """;

  private static final String HEADER =
      """
      aika/order/v1
      federation aika.example
      """;

  private static final String RECEIVE =
      """
      aika/leaf/v1
      kind receive
      time 2026-11-22T10:00:10.010Z
      arrived 2026-11-22T10:00:09.999Z
      cites 3 9
      send-leaf AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
      post Asia-Kanazawa/~clearing.Asia-Komatsu -200.00 -200.00
      post Asia-Kanazawa/p8d1x7aa 200.00 200.00

      """
          + note(
              HEADER
                  + """
                  kind receive
                  id 019ab3c2-7c1e-7000-8000-000000000009
                  account Asia-Kanazawa/p8d1x7aa
                  transfer Asia-Komatsu:3
                  not-after 2026-11-22T10:02:10Z
                  """);

  private static final String SEND =
      """
      aika/leaf/v1
      kind send
      time 2026-11-22T10:00:04.004Z
      arrived 2026-11-22T10:00:04.004Z
      post Asia-Komatsu/k3v9q2mw -200.00 800.00
      post Asia-Komatsu/~holds 200.00 200.00

      """
          + note(
              HEADER
                  + """
                  kind send
                  id 019ab3c2-7c1e-7000-8000-000000000004
                  from Asia-Komatsu/k3v9q2mw
                  to Asia-Kanazawa/p8d1x7aa
                  amount 200.00
                  not-after 2026-11-22T10:02:04Z
                  valid-until 2026-11-22T11:00:04Z
                  """);

  private static String note(String text) {
    return SignedNote.sign(text, "somebody", 1, TestKeys.cheap("somebody")).toString();
  }

  static List<String> all() {
    return List.of(GENESIS, RECORD, EXPIRED, SETTLE, SEAL, RECEIVE, SEND);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @MethodSource("all")
  void textAndLeafAreInverse(String text) {
    assertArrayEquals(bytes(text), LeafText.encode(LeafText.parse(bytes(text))));
  }

  /** Whatever one bit changes is refused, or is another leaf that is written differently. */
  @ParameterizedTest
  @MethodSource("all")
  void everyBitCounts(String text) {
    byte[] original = bytes(text);
    Leaf leaf = LeafText.parse(original);
    int decoded = 0;
    for (int at = 0; at < original.length; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] changed = original.clone();
        changed[at] ^= (byte) (1 << bit);
        decoded += decodesToItself(changed, leaf) ? 1 : 0;
      }
    }
    assertTrue(decoded > 0, "no change was another leaf, which is hard to believe");
  }

  @ParameterizedTest
  @MethodSource("all")
  void everyByteCounts(String text) {
    byte[] original = bytes(text);
    Leaf leaf = LeafText.parse(original);
    for (int at = 0; at < original.length; at++) {
      byte[] shorter = new byte[original.length - 1];
      System.arraycopy(original, 0, shorter, 0, at);
      System.arraycopy(original, at + 1, shorter, at, shorter.length - at);
      decodesToItself(shorter, leaf);
      for (char insert : new char[] {'\n', ' ', '0', '-', '\r', 'a'}) {
        byte[] longer = new byte[original.length + 1];
        System.arraycopy(original, 0, longer, 0, at);
        longer[at] = (byte) insert;
        System.arraycopy(original, at, longer, at + 1, original.length - at);
        if (!Arrays.equals(longer, shorter)) {
          decodesToItself(longer, leaf);
        }
      }
    }
  }

  /** False when it is refused; fails when other bytes are read as the original leaf. */
  private static boolean decodesToItself(byte[] changed, Leaf original) {
    Leaf other;
    try {
      other = LeafText.parse(changed);
    } catch (MalformedException refused) {
      return false;
    }
    assertArrayEquals(
        changed, LeafText.encode(other), () -> new String(changed, StandardCharsets.UTF_8));
    assertTrue(!other.equals(original) || changed.length == 0, "two texts for one leaf");
    return true;
  }

  @TestFactory
  Stream<DynamicTest> refusesMissingAndRepeatedLines() {
    List<DynamicTest> tests = new ArrayList<>();
    for (String text : all()) {
      int headEnd = text.contains("\n\n") ? text.indexOf("\n\n") + 1 : text.length();
      List<String> head = text.substring(0, headEnd).lines().toList();
      String rest = text.substring(headEnd);
      for (int i = 0; i < head.size(); i++) {
        String line = head.get(i);
        if (line.startsWith("post") || line.startsWith("ended")) {
          continue;
        }
        List<String> without = new ArrayList<>(head);
        without.remove(i);
        List<String> twice = new ArrayList<>(head);
        twice.add(i, line);
        tests.add(refusal(head.get(1) + " without " + line, without, rest));
        tests.add(refusal(head.get(1) + " twice " + line, twice, rest));
      }
    }
    return tests.stream();
  }

  private static DynamicTest refusal(String name, List<String> head, String rest) {
    String text = String.join("\n", head) + "\n" + rest;
    return DynamicTest.dynamicTest(name, () -> assertRefused(text));
  }

  private static void assertRefused(String text) {
    MalformedException error =
        assertThrows(MalformedException.class, () -> LeafText.parse(bytes(text)));
    String message = String.valueOf(error.getMessage());
    assertTrue(message.matches("(?s)(order, )?lines? [0-9].*"), message);
  }

  @ParameterizedTest
  @CsvSource({
    "kind expired, kind receive",
    "kind expired, kind settled",
    "kind expired, kind send",
    "cites 6 9, cites 6",
    "cites 6 9, cites 6 9 1",
    "cites 6 9, cites -6 9",
    "cites 6 9, cites 6 -9",
    "cites 6 9, cites  6 9",
    "cites 6 9, cites 06 9",
    "time 2026-11-22T10:00:09.009Z, time 2026-11-22T10:00:09Z",
    "transfer Asia-Komatsu:6, transfer Asia-Komatsu"
  })
  void refusesValuesOfAConclusion(String good, String bad) {
    assertRefused(EXPIRED.replace(good, bad));
  }

  @ParameterizedTest
  @CsvSource({
    "ended 3 received 3, ended 3 received",
    "ended 3 received 3, ended 3 won 3",
    "ended 3 received 3, ended -3 received 3",
    "ended 3 received 3, ended 3  received 3",
    "recorded 8, recorded 08",
    "recorded 8, recorded -8",
    "post Asia-Komatsu/~holds -230.00 0.00, post Asia-Komatsu/~holds -230.00",
    "post Asia-Komatsu/~holds -230.00 0.00, post Asia-Komatsu/~hold -230.00 0.00",
    "post Asia-Komatsu/~holds -230.00 0.00, post Asia-Komatsu/~holds -230 0.00",
    "post Asia-Komatsu/~holds -230.00 0.00, post Asia-Komatsu/~holds -230.00 -0.00"
  })
  void refusesValuesOfASettlement(String good, String bad) {
    assertRefused(SETTLE.replace(good, bad));
  }

  @Test
  void aSettlementEnds1To250Holds() {
    assertRefused(SETTLE.replaceAll("ended .*\n", ""));
    String many = "ended 3 received 3\n".repeat(Action.SETTLE_ITEMS_MAX);
    Leaf.Settled most =
        (Leaf.Settled) LeafText.parse(bytes(SETTLE.replaceAll("(ended .*\n)+", many)));
    assertEquals(250, most.ended().size());
    assertRefused(SETTLE.replaceAll("(ended .*\n)+", many + "ended 3 received 3\n"));
  }

  @ParameterizedTest
  @CsvSource({
    "block-entries 500, block-entries 0",
    "block-entries 500, block-entries 1001",
    "block-entries 500, block-entries 4294967796",
    "open-holds-max 100, open-holds-max 0",
    "open-holds-max 100, open-holds-max 2147483648",
    "valid-millis-max 7776000000, valid-millis-max 0",
    "cross-chain-min 0.01, cross-chain-min -0.01",
    "exposure-max 1000000.00, exposure-max -0.01",
    "exposure-max 1000000.00, exposure-max 10000000000000000.01",
    "chain Asia-Komatsu, chain Asia-",
    "federation aika.example, 'federation '"
  })
  void refusesLimitsOutOfRange(String good, String bad) {
    assertRefused(GENESIS.replace(good, bad));
  }

  @Test
  void aLeafIsOfItsOrdersKind() {
    assertRefused(RECEIVE.replaceFirst("kind receive", "kind reject"));
    assertRefused(SEND.replaceFirst("kind send", "kind issue"));
    assertRefused(
        SEND.replace(
            "post Asia-Komatsu/k3", "cites 3 9\nsend-leaf " + ZERO + "\npost Asia-Komatsu/k3"));
    assertRefused(RECEIVE.replace("cites 3 9\nsend-leaf " + ZERO + "\n", ""));
    assertRefused(EXPIRED + "\n" + SEND.substring(SEND.indexOf("\n\n") + 2));
  }

  @Test
  void refusesWhatIsNoText() {
    assertThrows(MalformedException.class, () -> LeafText.parse(new byte[0]));
    assertThrows(MalformedException.class, () -> LeafText.parse(bytes("\n")));
    assertThrows(MalformedException.class, () -> LeafText.parse(bytes("\n\n")));
    assertThrows(MalformedException.class, () -> LeafText.parse(bytes(SEAL + "\n")));
    assertThrows(MalformedException.class, () -> LeafText.parse(bytes(SEAL + SEAL)));
    assertThrows(MalformedException.class, () -> LeafText.parse(new byte[Leaf.LEAF_BYTES_MAX + 1]));
  }

  @Test
  void refusesWhatNoEntryBundleHolds() {
    String post = "post Asia-Komatsu/k3v9q2mw 30.00 800.00\n";
    int room = (Leaf.LEAF_BYTES_MAX - SETTLE.length()) / post.length();
    int left = Leaf.LEAF_BYTES_MAX - SETTLE.length() - room * post.length();
    String longer = post.replace(" 30.00", " 130.00"); // by one byte
    byte[] largest = bytes(SETTLE + longer.repeat(left) + post.repeat(room - left));
    assertEquals(Leaf.LEAF_BYTES_MAX, largest.length);
    assertArrayEquals(largest, LeafText.encode(LeafText.parse(largest)));
    byte[] tooLarge = bytes(SETTLE + longer.repeat(left + 1) + post.repeat(room - left - 1));
    assertEquals(Leaf.LEAF_BYTES_MAX + 1, tooLarge.length);
    assertThrows(MalformedException.class, () -> LeafText.parse(tooLarge));
  }

  @Test
  void decisionsAndOffers() {
    TransferId transfer = TransferId.of("Asia-Komatsu:3");
    Leaf receive = LeafText.parse(bytes(RECEIVE));
    Leaf.Decision decision = receive.decision();
    assertEquals(transfer, decision == null ? null : decision.transfer());
    assertEquals(OutcomeKind.RECEIVED, decision == null ? null : decision.kind());
    Leaf send = LeafText.parse(bytes(SEND));
    assertEquals(null, send.decision());
    Entry entry = LeafText.entry(3, send);
    Offer offer = send.offer(transfer, entry.hash());
    assertEquals(entry.hash(), offer == null ? null : offer.sendLeaf());
    assertEquals(null, receive.offer(transfer, entry.hash()));
  }
}
