package aika.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Order;
import aika.core.ledger.SignedOrder;
import aika.core.money.AccountId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import aika.core.note.Ed25519;
import aika.core.note.MlDsa44;
import aika.core.note.SignedNote;
import aika.core.note.Signer;
import aika.core.note.VerifierKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WalletTest {
  static final AccountId A = AccountId.of("Asia-Komatsu/aaaaaaaa");
  static final AccountId B = AccountId.of("Asia-Kanazawa/bbbbbbbb");
  private static final Instant NOW = Instant.ofEpochMilli(SignedLog.TIME + 1);

  @TempDir Path directory;

  static Wallet wallet() {
    return new Wallet(SignedLog.FEDERATION, A, Ed25519.signer(new byte[32]), () -> NOW);
  }

  private static VerifierKey key(byte[] publicKey) {
    return new VerifierKey(A.toString(), Ed25519.TYPE, publicKey);
  }

  @Test
  void anOrderIsWhatItSaysAndHasAnIdOfItsOwn() {
    SignedOrder first = wallet().send(B, Money.of("200.00"));
    SignedOrder second = wallet().send(B, Money.of("200.00"));
    assertNotEquals(first.order().header().id(), second.order().header().id());
    Order.Send send = (Order.Send) SignedOrder.parse(first.bytes()).order();
    assertEquals(A, send.from());
    assertEquals(B, send.to());
    assertEquals(Money.of("200.00"), send.amount());
    assertEquals(SignedLog.TIME + 1_000 + Wallet.DELIVERY.toMillis(), send.header().notAfter());
    assertEquals(SignedLog.TIME + 1_000 + Wallet.WAITING.toMillis(), send.validUntil());
    assertEquals(7, send.header().id().value().version());
    assertEquals(2, send.header().id().value().variant());
    assertEquals(NOW.toEpochMilli(), send.header().id().value().getMostSignificantBits() >>> 16);
  }

  @Test
  void decidesAndDeclines() {
    TransferId transfer = TransferId.of("Asia-Kanazawa:7");
    assertEquals("receive", wallet().receive(transfer).order().kind());
    assertEquals("reject", wallet().reject(transfer).order().kind());
  }

  /** [ORD-9] Each with the signatures that its kind needs of the holder. */
  @Test
  void makesTheOtherKinds() {
    Ed25519 scheme = new Ed25519(4);
    Signer other = Ed25519.signer(Arrays.copyOf(new byte[] {1}, 32));
    SignedOrder rotation = wallet().rotateKey(other);
    assertEquals(2, rotation.note().signatures().size());
    assertTrue(rotation.note().isSignedBy(key(other.publicKey()), scheme));
    assertTrue(rotation.note().isSignedBy(key(Ed25519.signer(new byte[32]).publicKey()), scheme));
    SignedOrder later = wallet().withKey(other).closeAccount();
    assertTrue(later.note().isSignedBy(key(other.publicKey()), scheme));

    Signer seat = MlDsa44.signer(new byte[32]);
    Order.Stand stand = (Order.Stand) wallet().stand(seat).order();
    byte[] message = Order.Stand.possessionMessage(stand.header(), A);
    assertTrue(new MlDsa44().verify(stand.publicKey(), message, stand.possession()));

    TransferId received = TransferId.of("Asia-Kanazawa:7");
    Order.Send refund = (Order.Send) wallet().refund(received, B, Money.of("1.00")).order();
    assertEquals(received, refund.refundOf());
    assertEquals("freeze", wallet().freeze().order().kind());
    assertEquals("unfreeze", Order.parse(wallet().unfreezing().text()).kind());
    assertEquals("redeem", Order.parse(wallet().redeeming(Money.of("1.00")).text()).kind());
    assertEquals("veto-recovery", wallet().vetoRecovery().order().kind());
    assertEquals("auto-receive", wallet().autoReceive(Money.ZERO).order().kind());
  }

  @Test
  void signsWithASeedAndWithAnyKeyPairOfTheJdk() throws Exception {
    Ed25519 scheme = new Ed25519(4);
    byte[] seed = new byte[32];
    SignedOrder bySeed = Wallet.of("f", A, seed).send(B, Money.of("1.00"));
    assertTrue(bySeed.note().isSignedBy(key(Ed25519.signer(seed).publicKey()), scheme));

    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    SignedNote opening = Wallet.of("f", A, pair).opening();
    Order.Open open = (Order.Open) Order.parse(opening.text());
    assertEquals(A, open.account());
    assertTrue(opening.isSignedBy(key(open.publicKey()), scheme));

    KeyPair other = KeyPairGenerator.getInstance("EC").generateKeyPair();
    assertThrows(IllegalArgumentException.class, () -> Wallet.of("f", A, other));
  }

  @Test
  void anOutboxKeepsOrdersInTheirOrderAcrossCrashes() throws Exception {
    Outbox outbox = new Outbox(directory.resolve("outbox"));
    SignedOrder first = Wallet.of("f", A, new byte[32]).send(B, Money.of("1.00"));
    Thread.sleep(2); // ids of the same millisecond are in no order
    SignedOrder second = Wallet.of("f", A, new byte[32]).send(B, Money.of("2.00"));
    outbox.keep(second);
    outbox.keep(first);
    outbox.keep(first);
    Files.writeString(directory.resolve("outbox").resolve("half.part"), "aika/order/v1\n");
    List<SignedOrder> waiting = new Outbox(directory.resolve("outbox")).waiting();
    assertEquals(2, waiting.size());
    assertArrayEquals(first.bytes(), waiting.getFirst().bytes());
    outbox.forget(first);
    outbox.forget(first);
    assertArrayEquals(second.bytes(), outbox.waiting().getFirst().bytes());
  }
}
