package aika.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Order;
import aika.core.ledger.SignedOrder;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.note.Ed25519;
import aika.core.note.MalformedException;
import aika.core.note.SignedNote;
import aika.core.note.Signer;
import aika.core.note.VerifierKey;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class OfficialTest {
  private static final ChainId KOMATSU = ChainId.of("Asia-Komatsu");
  private static final ChainId KANAZAWA = ChainId.of("Asia-Kanazawa");
  private static final Instant NOW = Instant.ofEpochMilli(SignedLog.TIME + 1);
  private static final Ed25519 SCHEME = new Ed25519(4);

  private final Signer one = Ed25519.signer(Arrays.copyOf(new byte[] {1}, 32));
  private final Signer two = Ed25519.signer(Arrays.copyOf(new byte[] {2}, 32));
  private final Official komatsu = official("f/Asia-Komatsu/issuer-1", one);
  private final Official kanazawa = official("f/Asia-Kanazawa/issuer-1", two);

  private static Official official(String name, Signer signer) {
    return new Official(SignedLog.FEDERATION, name, signer, () -> NOW);
  }

  private static VerifierKey key(String name, Signer signer) {
    return new VerifierKey(name, Ed25519.TYPE, signer.publicKey());
  }

  /** [ORD-9, ORD-12] An order for each side, each with a signature of either municipality. */
  @Test
  void aClearingIsBegunByOneAndCompletedByTheOther() {
    SignedNote begun = komatsu.paidTo(KOMATSU, KANAZAWA, Money.of("500.00"));
    SignedOrder signed = kanazawa.complete(begun);
    assertEquals(2, signed.note().signatures().size());
    assertTrue(signed.note().isSignedBy(key("f/Asia-Komatsu/issuer-1", one), SCHEME));
    assertTrue(signed.note().isSignedBy(key("f/Asia-Kanazawa/issuer-1", two), SCHEME));
    Order.Clear clear = (Order.Clear) SignedOrder.parse(signed.bytes()).order();
    assertEquals(KOMATSU, clear.chain());
    assertEquals(KANAZAWA, clear.counterpart());
    assertEquals(Money.of("500.00"), clear.amount());
    assertTrue(clear.paid());
    assertEquals(SignedLog.TIME + 1_000 + Wallet.AT_COUNTER.toMillis(), clear.header().notAfter());
    assertArrayEquals(signed.bytes(), kanazawa.complete(begun).bytes(), "the same order again");
    assertThrows(MalformedException.class, () -> komatsu.complete(begun));

    Order.Clear other =
        (Order.Clear)
            komatsu.complete(kanazawa.paidBy(KANAZAWA, KOMATSU, Money.of("500.00"))).order();
    assertEquals(KANAZAWA, other.chain());
    assertTrue(!other.paid());
    assertNotEquals(clear.header().id(), other.header().id());
    assertThrows(
        MalformedException.class, () -> komatsu.paidTo(KOMATSU, KOMATSU, Money.of("1.00")));
  }

  /** [ORD-9] */
  @Test
  void newMoneyIsBegunByOneIssuerAndCompletedByAnother() {
    SignedNote begun = komatsu.issuing(WalletTest.A, Money.of("1000.00"));
    SignedOrder signed = official("f/Asia-Komatsu/issuer-2", two).complete(begun);
    assertEquals(2, signed.note().signatures().size());
    Order.Issue issue = (Order.Issue) SignedOrder.parse(signed.bytes()).order();
    assertEquals(WalletTest.A, issue.to());
    assertEquals(Money.of("1000.00"), issue.amount());
    assertEquals(SignedLog.TIME + 1_000 + Wallet.AT_COUNTER.toMillis(), issue.header().notAfter());
    assertThrows(MalformedException.class, () -> komatsu.complete(begun));
  }

  @Test
  void aRegistrarFreezesAloneAndCompletesWhatAHolderAsks() {
    Official registrar = official("f/Asia-Komatsu/registrar-1", one);
    SignedOrder freeze = registrar.freeze(WalletTest.A);
    assertEquals(1, freeze.note().signatures().size());
    assertEquals("freeze", freeze.order().kind());
    SignedOrder unfreeze = registrar.complete(WalletTest.wallet().unfreezing());
    assertEquals("unfreeze", unfreeze.order().kind());
    assertEquals(2, unfreeze.note().signatures().size());
    assertEquals(
        SignedLog.TIME + 1_000 + Wallet.AT_COUNTER.toMillis(),
        unfreeze.order().header().notAfter());
  }
}
