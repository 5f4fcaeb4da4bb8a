package aika.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.approval.LifeReceipt;
import aika.core.approval.LifeReceipt.Part;
import aika.core.approval.Receipt;
import aika.core.ledger.Leaf;
import aika.core.ledger.Offer;
import aika.core.ledger.Order;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.SignedOrder;
import aika.core.log.Checkpoint;
import aika.core.log.Cosignature;
import aika.core.log.Hash;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.OrderId;
import aika.core.money.TransferId;
import aika.core.note.Ed25519;
import aika.core.note.MlDsa44;
import aika.core.note.SignedNote;
import aika.core.note.VerifierKey;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who decided, as a leaf shows it: its receiver's order, or the chain by itself. */
final class LifeTextTest {
  private static final long TIME = 1_795_341_600_123L;
  private static final ChainId KOMATSU = ChainId.of("Asia-Komatsu");
  private static final ChainId KANAZAWA = ChainId.of("Asia-Kanazawa");
  private static final AccountId A = new AccountId(KOMATSU, "k3v9q2mw");
  private static final AccountId B = new AccountId(KANAZAWA, "p8d1x7aa");
  private static final Hash SEND = Hash.of(new byte[Hash.BYTES]);
  private static final Leaf.Cited CITED = new Leaf.Cited(7, 8, SEND);
  private static final TransferId TRANSFER = new TransferId(KOMATSU, 7);
  private static final Order.Header HEADER =
      new Order.Header(
          "aika.example", OrderId.of("019ab3c2-7c1e-7f7a-9a51-0f6e2c1d9b10"), TIME + 60_000);

  private static LifeReceipt life(Leaf decision) {
    Leaf send = byOrder(new Order.Send(HEADER, A, B, Money.of("200.00"), TIME + 60_000, null));
    return new LifeReceipt(
        TRANSFER,
        new Offer(TRANSFER, A, B, Money.of("200.00"), TIME + 60_000, SEND),
        Map.of(
            Part.SEND, receipt(KOMATSU, send, 1), Part.DECISION, receipt(KANAZAWA, decision, 3)));
  }

  private static Receipt receipt(ChainId chain, Leaf leaf, long term) {
    byte[] key = MlDsa44.signer(new byte[32]).publicKey();
    VerifierKey seat = new VerifierKey("aika.example/" + chain + "/seat-1", Cosignature.TYPE, key);
    return new Receipt(
        chain,
        7,
        leaf,
        new Checkpoint("aika.example/" + chain, 9, SEND),
        term,
        List.of(new Cosignature(seat, TIME / 1_000)));
  }

  private static Leaf byOrder(Order order) {
    SignedOrder signed =
        SignedOrder.of(
            SignedNote.sign(
                order.text(),
                order.account().toString(),
                Ed25519.TYPE,
                Ed25519.signer(new byte[32])));
    return new Leaf.Executed(TIME, TIME, CITED, List.of(), signed);
  }

  private static String text(Leaf decision, @Nullable String terms) {
    LifeText text = new LifeText(life(decision), terms);
    return String.join("\n", text.en()) + '\n' + String.join("\n", text.ja());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "RECEIVED|true|Asia-Kanazawa/p8d1x7aa received it;|p8d1x7aa が受け取りました（",
        "RECEIVED|false|the standing order of Asia-Kanazawa/p8d1x7aa received it;"
            + "|p8d1x7aa の自動の受け取りで、受け取られました（",
        "REJECTED|true|Asia-Kanazawa/p8d1x7aa declined it;|p8d1x7aa が断りました（",
        "REJECTED|false"
            + "|Asia-Kanazawa declined it, since Asia-Kanazawa/p8d1x7aa, or the chain itself, is"
            + " closed;"
            + "|か Asia-Kanazawa のチェーンが閉じられているので、Asia-Kanazawa のチェーンが断りました（",
      })
  void saysWhoDecided(OutcomeKind kind, boolean byReceiver, String en, String ja) {
    boolean receive = kind == OutcomeKind.RECEIVED;
    Leaf decision =
        byReceiver
            ? byOrder(new Order.Decide(HEADER, B, TRANSFER, receive))
            : new Leaf.Concluded(TIME, TRANSFER, kind, CITED);
    String text = text(decision, null);
    assertTrue(text.contains("\n  " + en), text);
    assertTrue(text.contains(ja), text);
    String did = receive ? "received it" : "declined it";
    assertTrue(byReceiver == text.contains("  " + B + ' ' + did), text);
  }

  @Test
  void saysOfWhichTermAndWhatIsNotShown() {
    Leaf decision = new Leaf.Concluded(TIME, TRANSFER, OutcomeKind.EXPIRED, CITED);
    String own = text(decision, null);
    assertTrue(own.contains("by seat-1 of term 1."), own);
    assertTrue(own.contains("by seat-1 of term 3."), own);
    assertTrue(own.contains("第 3 期の seat-1 が承認"), own);
    assertTrue(own.contains("Who sat later is not shown here"), own);
    assertTrue(own.contains("そのあとの代表者は、ここには示されていません"), own);
    String followed = text(decision, "http://localhost:1024");
    assertTrue(
        followed.contains("The hand-overs of http://localhost:1024 lead to these"), followed);
    assertTrue(followed.contains("http://localhost:1024 の引き継ぎの証明も"), followed);
    assertFalse(followed.contains("is not shown here"), followed);
  }
}
