package aika.core.transfer;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Action;
import aika.core.ledger.Order;
import aika.core.ledger.Policy;
import aika.core.ledger.Seats;
import aika.core.ledger.SignedOrder;
import aika.core.log.Cosignature;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.OrderId;
import aika.core.money.TransferId;
import aika.core.note.Ed25519;
import aika.core.note.KeyName;
import aika.core.note.MalformedException;
import aika.core.note.MlDsa44;
import aika.core.note.SignedNote;
import aika.core.note.VerifierKey;
import java.security.SecureRandom;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The limits of form in docs/spec/limits.md: at the limit, and one past it. Those that a chain's
 * guards check are in {@link GuardsTest}, {@link RecordAndSealTest} and {@link SettlementTest}.
 */
final class LimitsTest {
  private static final List<byte[]> SEATS =
      Stream.generate(() -> MlDsa44.signer(MlDsa44.generate(new SecureRandom())).publicKey())
          .limit(Seats.SEATS_MAX + 1)
          .toList();

  private final TestFederation fed = TestFederation.standard();

  /**
   * @param takes what is made of so many; throws beyond the limit
   */
  private record Limit(String what, int limit, int past, IntConsumer takes) {}

  private static Limit most(String what, int limit, IntConsumer takes) {
    return new Limit(what, limit, limit + 1, takes);
  }

  private static Limit least(String what, int limit, IntConsumer takes) {
    return new Limit(what, limit, limit - 1, takes);
  }

  @TestFactory
  Stream<DynamicTest> atTheLimitAndOnePastIt() {
    return Stream.of(
            most("characters of a chain", 64, n -> ChainId.of("A-" + "b".repeat(n - 2))),
            most("characters of a local name", 32, n -> AccountId.of("A-B/" + "c".repeat(n))),
            least("characters of a local name", 4, n -> AccountId.of("A-B/" + "c".repeat(n))),
            most("characters of an amount", 20, n -> Money.lenient("1".repeat(n - 3) + ".00")),
            most("decimals of an amount", 2, n -> Money.lenient("1." + "0".repeat(n))),
            most("characters of a federation's id", 100, LimitsTest::federation),
            most("bytes of a key name", 255, n -> KeyName.check("k".repeat(n))),
            most("bytes of a note", 131_072, this::note),
            most("signatures of a note", 16, this::signatures),
            most("bytes of an order", 4_096, this::order),
            most("seats of a term", 7, this::seats),
            least("seats of a term", 1, this::seats),
            most("outcomes of a settle leaf", 250, LimitsTest::settle),
            least("outcomes of a settle leaf", 1, LimitsTest::settle),
            most("leaves of a block", 1_000, LimitsTest::policy),
            least("leaves of a block", 1, LimitsTest::policy))
        .map(limit ->
            DynamicTest.dynamicTest(
                limit.what + ": " + limit.limit + ", not " + limit.past,
                () -> {
                  assertDoesNotThrow(() -> limit.takes.accept(limit.limit));
                  RuntimeException refused =
                      assertThrows(RuntimeException.class, () -> limit.takes.accept(limit.past));
                  assertTrue(
                      refused instanceof MalformedException
                          || refused instanceof IllegalArgumentException,
                      refused::toString);
                }));
  }

  private static void federation(int chars) {
    Order.Header header =
        new Order.Header("f".repeat(chars), new OrderId(new UUID(1, 2)), TestFederation.START);
    AccountId account = AccountId.of("A-B/cccc");
    Order.parse(new Order.Cancel(header, account, TransferId.of("A-B:1")).text());
  }

  private SignedNote signed(String text) {
    return SignedNote.sign(text, "k", Ed25519.TYPE, fed.signer("k"));
  }

  private void note(int bytes) {
    int rest = signed("a\n").encode().length - 2;
    byte[] note = signed("a".repeat(bytes - rest - 1) + "\n").encode();
    same(bytes, note.length);
    SignedNote.parse(note);
  }

  private void signatures(int count) {
    SignedNote note = signed("a\n");
    for (int i = 1; i < count; i++) {
      note = note.signedBy("k" + i, Ed25519.TYPE, fed.signer("k" + i));
    }
    SignedNote.parse(note.encode());
  }

  /** The text of an order has one form, so its length is made up by further signatures. */
  private void order(int bytes) {
    AccountId account = AccountId.of("Asia-Komatsu/aaaa");
    Order order = new Order.Cancel(fed.header(), account, TransferId.of("Asia-Komatsu:1"));
    SignedNote note = SignedNote.sign(order.text(), "k", Ed25519.TYPE, fed.signer("k"));
    int line =
        note.signedBy("x", Ed25519.TYPE, fed.signer("x")).encode().length
            - note.encode().length
            - 1;
    int missing = bytes - note.encode().length;
    int lines = missing / (line + 200) + 1;
    for (int i = 0; i < lines; i++) {
      int chars = missing / (lines - i) - line;
      String name = (i + "x".repeat(chars)).substring(0, chars);
      note = note.signedBy(name, Ed25519.TYPE, fed.signer(name));
      missing -= line + chars;
    }
    byte[] encoded = note.encode();
    same(bytes, encoded.length);
    SignedOrder.parse(encoded);
  }

  private void seats(int count) {
    List<VerifierKey> keys =
        IntStream.range(0, count)
            .mapToObj(i -> new VerifierKey("seat" + i, Cosignature.TYPE, SEATS.get(i)))
            .toList();
    Seats made = new Seats(1, keys);
    same(count, made.keys().size());
  }

  private static void settle(int count) {
    Action.Item item = new Action.Item(1, 2, null);
    Action.Settle made = new Action.Settle(ChainId.of("A-B"), 0, Collections.nCopies(count, item));
    same(count, made.items().size());
  }

  private static void policy(int entries) {
    Policy usual = Policy.standard();
    Policy made =
        new Policy(
            entries,
            usual.openHoldsMax(),
            usual.validMillisMax(),
            usual.crossChainMin(),
            usual.exposureMax(),
            usual.exposureSumMax());
    same(entries, made.blockEntries());
  }

  /** Not an assertion: one that fails must not pass for a refusal. */
  private static void same(int wanted, int made) {
    if (wanted != made) {
      throw new AssertionError("made " + made + " instead of " + wanted);
    }
  }
}
