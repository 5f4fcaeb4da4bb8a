package aika.node.wallet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Order;
import aika.core.ledger.SignedOrder;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.OrderId;
import aika.core.note.Ed25519;
import aika.core.note.VerifierKey;
import aika.node.store.SideStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CounterWalletTest {
  private static final AccountId A = AccountId.of("Asia-Komatsu/k3v9q2mw");
  private static final AccountId B = AccountId.of("Asia-Komatsu/p8d1x7aa");

  @TempDir Path data;

  private final SecureRandom random = new SecureRandom();
  private SideStore store;
  private Path keyFile;

  @BeforeEach
  void open() {
    keyFile = data.resolve(WalletLock.KEY_FILE);
    store = SideStore.open(data.resolve("wallet"));
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void whatIsNotHeldDoesNotSign() {
    CounterWallet wallet = unlocked();
    assertFalse(wallet.holds(A));
    assertEquals(Optional.empty(), wallet.publicKey(A));
    assertThrows(WalletException.class, () -> wallet.sign(send(A)));
    AccountId own = AccountId.own(ChainId.of("Asia-Komatsu"), "issued");
    assertThrows(WalletException.class, () -> wallet.open(own));
  }

  @Test
  void signsInTheNameOfTheAccount() {
    CounterWallet wallet = unlocked();
    byte[] publicKey = wallet.open(A);
    assertTrue(wallet.holds(A));
    assertArrayEquals(publicKey, wallet.open(A), "a second opening keeps the key");
    assertArrayEquals(publicKey, wallet.publicKey(A).orElseThrow());
    assertSigned(publicKey, wallet.sign(send(A)));
  }

  @Test
  void theKeyIsThereAfterARestart() {
    byte[] publicKey = unlocked().open(A);
    reopen();
    CounterWallet wallet = unlocked();
    assertTrue(wallet.holds(A));
    assertSigned(publicKey, wallet.sign(send(A)));
  }

  /** [CW-12, CW-13] Whatever stops the node in between, the key that counts is here. */
  @Test
  void theNextKeyTakesTheOldOnesPlaceWhenTheChainHasIt() {
    byte[] old = unlocked().open(A);
    byte[] next = unlocked().next(A, old).orElseThrow();
    assertFalse(Arrays.equals(old, next));
    reopen(); // before the order
    CounterWallet wallet = unlocked();
    assertSigned(old, wallet.sign(send(A), old).orElseThrow());
    assertTrue(wallet.holds(A, old));
    assertArrayEquals(next, wallet.next(A, old).orElseThrow(), "the same until it counts");

    Order rotate = new Order.RotateKey(send(A).header(), A, next);
    SignedOrder both = wallet.sign(rotate, old).orElseThrow();
    assertEquals(2, both.note().signatures().size());
    for (byte[] key : new byte[][] {old, next}) {
      VerifierKey verifier = new VerifierKey(A.toString(), Ed25519.TYPE, key);
      assertTrue(both.note().isSignedBy(verifier, new Ed25519(8)));
    }
    Order foreign = new Order.RotateKey(send(A).header(), A, old);
    assertEquals(Optional.empty(), wallet.sign(foreign, old), "not the key that waits");
    reopen(); // after the order, before its answer
    assertSigned(next, unlocked().sign(send(A), next).orElseThrow());
    reopen(); // after the answer
    wallet = unlocked();
    assertSigned(next, wallet.sign(send(A), next).orElseThrow());
    // the chain is built anew from a copy that has not got the change
    assertSigned(old, wallet.sign(send(A), old).orElseThrow());
    assertSigned(next, wallet.sign(send(A), next).orElseThrow());
    byte[] third = wallet.next(A, next).orElseThrow();
    assertFalse(Arrays.equals(third, next));
    assertTrue(wallet.holds(A, third));
    assertArrayEquals(third, wallet.publicKey(A).orElseThrow());
  }

  /** Two that share a store see each other's writes as two threads of one wallet do. */
  @Test
  void aSignerThatIsReadyMayBeFromBeforeTheKeyChanged() {
    CounterWallet one = unlocked();
    byte[] old = one.open(A);
    CounterWallet other = unlocked();
    byte[] next = other.next(A, old).orElseThrow();
    assertTrue(one.holds(A, old) && other.holds(A, next));
    assertSigned(next, one.sign(send(A), next).orElseThrow());
    assertTrue(one.holds(A, old), "the key before is kept");
  }

  @Test
  void anotherHoldersKeyIsNotReplaced() {
    CounterWallet wallet = unlocked();
    byte[] kept = wallet.open(A);
    byte[] elsewhere = Ed25519.signer(Ed25519.generate(random)).publicKey();
    assertFalse(wallet.holds(A, elsewhere));
    assertEquals(Optional.empty(), wallet.next(A, elsewhere));
    assertEquals(Optional.empty(), wallet.sign(send(A), elsewhere));
    assertEquals(Optional.empty(), wallet.next(B, kept));
    assertTrue(wallet.holds(A, kept));
  }

  @Test
  void aNextKeyDoesNotPassForAKey() {
    CounterWallet wallet = unlocked();
    byte[] old = wallet.open(A);
    byte[] next = wallet.next(A, old).orElseThrow();
    byte[] waiting = Objects.requireNonNull(store.get("n/" + A));
    store.change().put("s/" + A, waiting).put("n/" + B, waiting).commit();
    assertThrows(WalletException.class, () -> unlocked().sign(send(A)));
    byte[] other = unlocked().open(B);
    assertThrows(WalletException.class, () -> unlocked().next(B, other));
    assertThrows(WalletException.class, () -> unlocked().holds(B, next));
  }

  @Test
  void aChangedRecordIsFound() {
    unlocked().open(A);
    byte[] record = Objects.requireNonNull(store.get("s/" + A));
    for (int at = 0; at < record.length; at++) {
      byte[] changed = record.clone();
      changed[at] ^= 1;
      store.change().put("s/" + A, changed).commit();
      CounterWallet wallet = unlocked();
      assertThrows(WalletException.class, () -> wallet.sign(send(A)), "byte " + at);
      assertThrows(WalletException.class, () -> wallet.open(A), "no new key in its place");
    }
    store.change().put("s/" + A, new byte[3]).commit();
    CounterWallet wallet = unlocked();
    assertThrows(WalletException.class, () -> wallet.sign(send(A)));
  }

  @Test
  void aRecordDoesNotPassForAnotherAccounts() {
    unlocked().open(A);
    unlocked().open(B);
    store.change().put("s/" + A, Objects.requireNonNull(store.get("s/" + B))).commit();
    CounterWallet wallet = unlocked();
    assertThrows(WalletException.class, () -> wallet.sign(send(A)));
    assertEquals(B, wallet.sign(send(B)).order().account());
  }

  @Test
  void seedsAreNotInTheClear() {
    FixedRandom fixed = new FixedRandom();
    CounterWallet wallet = CounterWallet.unlock(store, WalletLock.keyFile(keyFile), random);
    byte[] seed = Ed25519.generate(fixed);
    CounterWallet known = CounterWallet.unlock(store, WalletLock.keyFile(keyFile), fixed);
    assertArrayEquals(Ed25519.signer(seed).publicKey(), known.open(A));
    String record = new String(Objects.requireNonNull(store.get("s/" + A)), UTF_8);
    assertFalse(record.contains(new String(seed, UTF_8)));
    assertTrue(wallet.holds(A));
  }

  @Test
  void theKeyFileIsItsOwnersOnly() throws IOException {
    Assumptions.assumeTrue(
        Files.getFileStore(data).supportsFileAttributeView("posix"), "no permissions here");
    unlocked();
    assertEquals(
        "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(keyFile)));
    Files.setPosixFilePermissions(keyFile, PosixFilePermissions.fromString("rw-r-----"));
    WalletException refused = assertThrows(WalletException.class, this::unlocked);
    assertTrue(String.valueOf(refused.getMessage()).contains("chmod 600"));
  }

  @Test
  void aMissingKeyFileIsNotReplaced() throws IOException {
    unlocked().open(A);
    Files.delete(keyFile);
    assertThrows(WalletException.class, this::unlocked);
    assertFalse(Files.exists(keyFile));
  }

  @Test
  void anotherOrDamagedKeyFileIsRefused() throws IOException {
    unlocked().open(A);
    String right = Files.readString(keyFile);
    try (SideStore elsewhere = SideStore.open(data.resolve("elsewhere"))) {
      Path other = data.resolve("keys/other.key");
      CounterWallet.unlock(elsewhere, WalletLock.keyFile(other), random);
      Files.writeString(keyFile, Files.readString(other));
      assertThrows(WalletException.class, this::unlocked);
    }
    for (String wrong :
        new String[] {"", "x".repeat(right.length()), right + "\n", right.replace("v1", "v2")}) {
      Files.writeString(keyFile, wrong);
      assertThrows(WalletException.class, this::unlocked);
    }
    Files.writeString(keyFile, right.replace(right.charAt(30), '*'));
    WalletException refused = assertThrows(WalletException.class, this::unlocked);
    assertFalse(String.valueOf(refused.getMessage()).contains(right.substring(40, 50)));
    Files.writeString(keyFile, right);
    assertTrue(unlocked().holds(A));
  }

  @Test
  void aPassphraseOpensItsWalletOnly() {
    WalletLock right = WalletLock.passphrase("correct horse battery".toCharArray());
    byte[] publicKey = CounterWallet.unlock(store, right, random).open(A);
    reopen();
    WalletLock wrong = WalletLock.passphrase("correct horse batterz".toCharArray());
    WalletException refused =
        assertThrows(WalletException.class, () -> CounterWallet.unlock(store, wrong, random));
    assertFalse(String.valueOf(refused.getMessage()).contains("horse"));
    assertThrows(WalletException.class, this::unlocked);
    assertFalse(Files.exists(keyFile), "a wallet with a passphrase needs no key file");
    assertSigned(publicKey, CounterWallet.unlock(store, right, random).sign(send(A)));
    assertEquals("WalletLock[passphrase]", right.toString());
  }

  @Test
  void aShortPassphraseIsRefused() {
    assertThrows(WalletException.class, () -> WalletLock.passphrase("short".toCharArray()));
  }

  @Test
  void aDamagedHeadIsRefused() {
    WalletLock lock = WalletLock.passphrase("correct horse battery".toCharArray());
    CounterWallet.unlock(store, lock, random);
    String right = new String(Objects.requireNonNull(store.get("wallet")), UTF_8);
    for (String wrong :
        new String[] {
          "",
          right.replace("iterations 600000", "iterations 0"),
          right.replace("iterations 600000", "iterations 2000000000"),
          right.replace("iterations 600000", "iterations 1000"),
          right.replace("lock passphrase", "lock key-file"),
          right.replace("check ", "check A"),
          right + "more\n",
        }) {
      store.change().put("wallet", wrong.getBytes(UTF_8)).commit();
      assertThrows(WalletException.class, () -> CounterWallet.unlock(store, lock, random), wrong);
    }
  }

  private CounterWallet unlocked() {
    return CounterWallet.unlock(store, WalletLock.keyFile(keyFile), random);
  }

  private void reopen() {
    store.close();
    open();
  }

  private static void assertSigned(byte[] publicKey, SignedOrder signed) {
    VerifierKey key = new VerifierKey(A.toString(), Ed25519.TYPE, publicKey);
    assertTrue(signed.note().isSignedBy(key, new Ed25519(8)));
    assertEquals(1, signed.note().signatures().size());
  }

  private static Order send(AccountId from) {
    OrderId id = new OrderId(UUID.fromString("019ab3c2-7c1e-7f7a-9a51-0f6e2c1d9b10"));
    Order.Header header = new Order.Header("aika.example", id, 1_800_000_000_000L);
    AccountId to = AccountId.of("Asia-Kanazawa/zzzz9999");
    return new Order.Send(header, from, to, Money.of("200.00"), 1_800_000_060_000L, null);
  }

  /** Every byte is 0x61, 'a'. */
  private static final class FixedRandom extends SecureRandom {
    private static final long serialVersionUID = 1L;

    @Override
    public void nextBytes(byte[] bytes) {
      java.util.Arrays.fill(bytes, (byte) 'a');
    }
  }
}
