package aika.core.ledger;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.log.Hash;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.OrderId;
import aika.core.money.TransferId;
import aika.core.note.Ed25519;
import aika.core.note.MalformedException;
import aika.core.note.NoteSignature;
import aika.core.note.SignedNote;
import aika.core.note.Signer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/spec/orders.md: one text for each order, and every other text refused with its line. */
final class OrderTest {
  private static final String KEY = "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=";
  private static final String HASH = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

  private static final String SEND =
      """
      aika/order/v1
      federation aika.example
      kind send
      id 019ab3c2-7c1e-7f7a-9a51-0f6e2c1d9b10
      from Asia-Komatsu/k3v9q2mw
      to Asia-Kanazawa/p8d1x7aa
      amount 200.00
      not-after 2026-11-22T10:02:00Z
      valid-until 2027-01-21T00:00:00Z
      """;

  private static final String OPEN =
      """
      aika/order/v1
      federation aika.example
      kind open-account
      id 019ab3c2-7c1e-7f7a-9a51-0f6e2c1d9b10
      account Asia-Komatsu/k3v9q2mw
      key A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=
      not-after 2026-11-22T10:02:00Z
      """;

  private static final String ISSUE =
      """
      aika/order/v1
      federation aika.example
      kind issue
      id 019ab3c2-7c1e-7f7a-9a51-0f6e2c1d9b10
      to Asia-Komatsu/k3v9q2mw
      amount 1000.00
      not-after 2026-11-22T10:02:00Z
      """;

  private static final String RECEIVE =
      """
      aika/order/v1
      federation aika.example
      kind receive
      id 019ab3c2-7c1e-7f7a-9a51-0f6e2c1d9b10
      account Asia-Kanazawa/p8d1x7aa
      transfer Asia-Komatsu:12
      not-after 2026-11-22T10:02:00Z
      """;

  private static List<String> all() {
    return List.of(
        SEND,
        SEND + "memo-hash " + HASH + "\n",
        OPEN,
        ISSUE,
        RECEIVE,
        RECEIVE.replace("kind receive", "kind reject"),
        RECEIVE.replace("kind receive", "kind cancel"));
  }

  @Test
  void textAndOrderAreInverse() {
    for (String text : all()) {
      assertEquals(text, Order.parse(text).text());
    }
  }

  @Test
  void readsEachKind() {
    Order.Header header =
        new Order.Header(
            "aika.example", OrderId.of("019ab3c2-7c1e-7f7a-9a51-0f6e2c1d9b10"), 1_795_341_720_000L);
    AccountId a = AccountId.of("Asia-Komatsu/k3v9q2mw");
    AccountId b = AccountId.of("Asia-Kanazawa/p8d1x7aa");
    TransferId transfer = TransferId.of("Asia-Komatsu:12");
    Hash memo = Hash.parse(HASH);
    long until = 1_800_489_600_000L;
    Money amount = Money.ofMinor(20_000);
    assertEquals(new Order.Send(header, a, b, amount, until, null), Order.parse(all().get(0)));
    assertEquals(new Order.Send(header, a, b, amount, until, memo), Order.parse(all().get(1)));
    Order.Open open = (Order.Open) Order.parse(OPEN);
    assertEquals(a, open.account());
    assertEquals(KEY, Base64.getEncoder().encodeToString(open.publicKey()));
    assertEquals(new Order.Issue(header, a, Money.ofMinor(100_000)), Order.parse(ISSUE));
    assertEquals(new Order.Decide(header, b, transfer, true), Order.parse(all().get(4)));
    assertEquals(new Order.Decide(header, b, transfer, false), Order.parse(all().get(5)));
    assertEquals(new Order.Cancel(header, b, transfer), Order.parse(all().get(6)));
    assertEquals(ChainId.of("Asia-Kanazawa"), Order.parse(all().get(4)).chain());
    assertEquals("Asia-Komatsu/~issued", Order.parse(ISSUE).account().toString());
  }

  /** Every way to lose, repeat, swap or add a line, for every kind. */
  @TestFactory
  Stream<DynamicTest> refusesMissingRepeatedSwappedAndUnknownLines() {
    List<DynamicTest> tests = new ArrayList<>();
    for (String text : all()) {
      List<String> lines = text.lines().toList();
      String kind = lines.get(2);
      for (int i = 0; i < lines.size(); i++) {
        int at = i;
        String line = lines.get(i);
        if (!line.startsWith("memo-hash")) {
          tests.add(refusal(kind + " without " + line, at + 1, changed(lines, l -> l.remove(at))));
        }
        tests.add(refusal(kind + " twice " + line, at + 2, changed(lines, l -> l.add(at, line))));
        tests.add(
            refusal(
                kind + " unknown before " + line,
                at + 1,
                changed(lines, l -> l.add(at, "note hello"))));
        if (i + 1 < lines.size()) {
          tests.add(
              refusal(
                  kind + " swapped at " + line,
                  at + 1,
                  changed(lines, l -> Collections.swap(l, at, at + 1))));
        }
      }
      int after = lines.size() + 1;
      tests.add(refusal(kind + " with a line more", after, text + "note hello\n"));
      tests.add(refusal(kind + " with an empty line", after, text + "\n"));
    }
    return tests.stream();
  }

  private static String changed(List<String> lines, Consumer<List<String>> change) {
    List<String> copy = new ArrayList<>(lines);
    change.accept(copy);
    return String.join("\n", copy) + "\n";
  }

  private static DynamicTest refusal(String name, int line, String text) {
    return DynamicTest.dynamicTest(name, () -> assertRefused("line " + line + ":", text));
  }

  private static void assertRefused(String start, String text) {
    MalformedException error = assertThrows(MalformedException.class, () -> Order.parse(text));
    String message = String.valueOf(error.getMessage());
    assertTrue(message.startsWith(start), () -> "expected " + start + " but: " + message);
  }

  @ParameterizedTest
  @CsvSource({
    "1, aika/order/v1, aika/order/v2",
    "1, aika/order/v1, 'aika/order/v1 '",
    "2, federation aika.example, federation",
    "2, federation aika.example, 'federation '",
    "2, federation aika.example, Federation aika.example",
    "3, kind send, kind refund",
    "3, kind send, kind SEND",
    "3, kind send, 'kind send '",
    "4, id 019ab3c2, id 019AB3C2",
    "4, id 019ab3c2, 'id  019ab3c2'",
    "5, from Asia-Komatsu/k3v9q2mw, from Asia-Komatsu/~holds",
    "5, from Asia-Komatsu/k3v9q2mw, from k3v9q2mw",
    "6, to Asia-Kanazawa/p8d1x7aa, to Asia-Kanazawa/P8D1X7AA",
    "7, amount 200.00, amount 200",
    "7, amount 200.00, amount 200.0",
    "7, amount 200.00, amount 0200.00",
    "7, amount 200.00, amount 2e2",
    "7, amount 200.00, amount -0.00",
    "7, amount 200.00, amount 92233720368547758.08",
    "8, not-after 2026-11-22T10:02:00Z, not-after 2026-11-22T10:02:00.000Z",
    "8, not-after 2026-11-22T10:02:00Z, not-after 2026-11-31T10:02:00Z",
    "9, valid-until 2027-01-21T00:00:00Z, valid-until tomorrow"
  })
  void refusesValuesOfASend(int line, String good, String bad) {
    assertRefused("line " + line + ":", SEND.replace(good, bad));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg",
        "A6EHv_POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=",
        "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbh=",
        "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMQ==",
        "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbgA",
        "****"
      })
  void refusesWhatIsNoKey(String key) {
    assertRefused("line 6:", OPEN.replace(KEY, key));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU",
        "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=",
        "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU="
      })
  void refusesWhatIsNoMemoHash(String hash) {
    assertRefused("line 10:", SEND + "memo-hash " + hash + "\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Asia-Komatsu", "Asia-Komatsu:01", "Asia-Komatsu:-1", "Asia-Komatsu:x"})
  void refusesWhatIsNoTransfer(String transfer) {
    assertRefused("line 6:", RECEIVE.replace("Asia-Komatsu:12", transfer));
  }

  @Test
  void refusesTextsWithoutAFinalNewline() {
    assertRefused("the text", SEND.strip());
    assertRefused("the text", "");
    assertRefused("line 1:", "\n");
    assertRefused("line 1:", SEND.replace("\n", "\r\n"));
  }

  @Test
  void aFederationHasAtMost100Characters() {
    String longest = "f".repeat(Order.FEDERATION_CHARS_MAX);
    String text = SEND.replace("aika.example", longest);
    assertEquals(longest, Order.parse(text).header().federation());
    assertRefused("line 2:", SEND.replace("aika.example", longest + "f"));
  }

  @Test
  void negativeAmountsAreReadAndLeftToExecution() {
    Order.Send send = (Order.Send) Order.parse(SEND.replace("200.00", "-200.00"));
    assertTrue(send.amount().isNegative());
  }

  private final Signer signer = TestKeys.ed25519("order test");

  private SignedNote signed(String text) {
    return SignedNote.sign(text, "Asia-Komatsu/k3v9q2mw", Ed25519.TYPE, signer);
  }

  @Test
  void aSignedOrderKeepsItsBytes() {
    byte[] bytes = signed(SEND).encode();
    SignedOrder order = SignedOrder.parse(bytes);
    assertArrayEquals(bytes, order.bytes());
    assertEquals(SEND, order.order().text());
    assertTrue(
        order
            .note()
            .isSignedBy(TestKeys.verifier("Asia-Komatsu/k3v9q2mw", signer), new Ed25519(16)));
  }

  @Test
  void contentIsTheTextWithoutSignatures() {
    SignedOrder once = SignedOrder.of(signed(SEND));
    SignedOrder twice =
        SignedOrder.of(
            SignedNote.sign(SEND, "somebody", Ed25519.TYPE, TestKeys.ed25519("another")));
    assertEquals(once.content(), twice.content());
    assertFalse(Arrays.equals(once.bytes(), twice.bytes()));
    SignedOrder other = SignedOrder.of(signed(SEND.replace("200.00", "200.01")));
    assertNotEquals(once.content(), other.content());
  }

  @Test
  void aSignedOrderHasAtMost4096Bytes() {
    byte[] order = signed(SEND).encode();
    String name = "n".repeat(255);
    SignedNote note = SignedNote.parse(order);
    // Fill up with signatures of other keys until the limit is passed.
    int filler = SignedOrder.ORDER_BYTES_MAX - order.length;
    byte[] longest = null;
    for (int bytes = 1; bytes < filler && longest == null; bytes++) {
      SignedNote grown = note.withSignature(new NoteSignature(name, 1, new byte[bytes]));
      if (grown.encode().length > SignedOrder.ORDER_BYTES_MAX) {
        byte[] tooLong = grown.encode();
        assertThrows(MalformedException.class, () -> SignedOrder.parse(tooLong));
        longest = tooLong;
      } else {
        assertEquals(SEND, SignedOrder.parse(grown.encode()).order().text());
      }
    }
    assertTrue(longest != null, "the limit was never passed");
  }

  @Test
  void refusesNotesThatAreNoOrders() {
    assertThrows(MalformedException.class, () -> SignedOrder.parse(new byte[0]));
    byte[] unsigned = SEND.getBytes(StandardCharsets.UTF_8);
    assertThrows(MalformedException.class, () -> SignedOrder.parse(unsigned));
    byte[] emptySignatures = (SEND + "\n").getBytes(StandardCharsets.UTF_8);
    assertThrows(MalformedException.class, () -> SignedOrder.parse(emptySignatures));
    byte[] greeting = signed("hello\n").encode();
    assertThrows(MalformedException.class, () -> SignedOrder.parse(greeting));
    byte[] latin = signed(SEND).encode();
    latin[30] = (byte) 0xe9;
    assertThrows(MalformedException.class, () -> SignedOrder.parse(latin));
  }
}
