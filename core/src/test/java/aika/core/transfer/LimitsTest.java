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
import aika.core.note.PaddedNote;
import aika.core.note.SignedNote;
import aika.core.note.Signer;
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
 * guards check are in {@link GuardsTest}, {@link RecordAndSealTest}, {@link SettlementTest}, {@link
 * TreasuryTest} and {@link TermsTest}; those of recoveries, conflicts and receipts in
 * ProofLimitsTest.
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
            most("bytes of a stand", 8_192, this::stand),
            most("bytes of a batch", 63_000, this::batch),
            most("payments of a batch", 500, this::payments),
            least("payments of a batch", 2, this::payments),
            most("pay lines of a batch", 500, this::payLines),
            least("pay lines of a batch", 2, this::payLines),
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

  private void order(int bytes) {
    AccountId account = AccountId.of("Asia-Komatsu/aaaa");
    order(bytes, new Order.Cancel(fed.header(), account, TransferId.of("Asia-Komatsu:1")));
  }

  private void stand(int bytes) {
    AccountId account = AccountId.of("Asia-Komatsu/aaaa");
    Order.Header header = fed.header();
    Signer seat = MlDsa44.signer(new byte[MlDsa44.SEED_BYTES]);
    byte[] possession = seat.sign(Order.Stand.possessionMessage(header, account));
    order(bytes, new Order.Stand(header, account, seat.publicKey(), possession));
  }

  private void batch(int bytes) {
    order(bytes, batchOf(Order.SendBatch.PAYMENTS_MAX));
  }

  private Order batchOf(int payments) {
    AccountId to = AccountId.of("A-" + "b".repeat(62) + "/" + "c".repeat(32));
    List<Order.Payment> lines =
        Collections.nCopies(payments, new Order.Payment(to, Money.of("1000000000.00")));
    AccountId from = AccountId.of("Asia-Komatsu/aaaa");
    return new Order.SendBatch(fed.header(), from, lines, TestFederation.START);
  }

  private void payments(int count) {
    Order.SendBatch made = (Order.SendBatch) Order.parse(batchOf(count).text());
    same(count, made.payments().size());
  }

  /** A text with one line too many cannot be made of an order. */
  private void payLines(int count) {
    String text = batchOf(2).text();
    int at = text.indexOf("pay ");
    String line = text.substring(at, text.indexOf('\n', at) + 1);
    Order.parse(
        text.substring(0, at) + line.repeat(count) + text.substring(at + 2 * line.length()));
  }

  /** The text of an order has one form, so its length is made up by further signatures. */
  private void order(int bytes, Order order) {
    SignedNote note = SignedNote.sign(order.text(), "k", Ed25519.TYPE, fed.signer("k"));
    byte[] encoded = PaddedNote.to(bytes, note).encode();
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
