package aika.node.wallet;

import static java.nio.charset.StandardCharsets.UTF_8;

import aika.core.money.Decimal;
import aika.core.note.CanonicalBase64;
import aika.core.note.Fields;
import aika.core.note.MalformedException;
import aika.node.store.SideStore;
import java.security.SecureRandom;
import javax.crypto.AEADBadTagException;

/**
 * The wallet's first row: what it is locked with, and a sealed nothing that tells a wrong key from
 * a right one before any record is touched.
 */
record WalletHead(String lock, byte[] salt, int iterations, byte[] check) {
  static final String ROW = "wallet";
  private static final String FIRST_LINE = "aika/wallet/v1";
  private static final int ITERATIONS_MAX = 10_000_000;

  /** Opens the wallet in this store; makes one when there is none. */
  static SealedBox unlock(SideStore store, WalletLock lock, SecureRandom random) {
    byte[] row = store.get(ROW);
    return row == null ? create(store, lock, random) : parse(row).open(lock, random);
  }

  private static SealedBox create(SideStore store, WalletLock lock, SecureRandom random) {
    byte[] salt = new byte[WalletLock.SALT_BYTES];
    random.nextBytes(salt);
    SealedBox box = new SealedBox(lock.key(salt, WalletLock.ITERATIONS, true, random), random);
    WalletHead unsealed =
        new WalletHead(lock.kind().text, salt, WalletLock.ITERATIONS, new byte[0]);
    byte[] check = box.seal(new byte[0], unsealed.text());
    String head = unsealed.text() + "check " + CanonicalBase64.encode(check) + '\n';
    store.change().put(ROW, head.getBytes(UTF_8)).commit();
    return box;
  }

  private SealedBox open(WalletLock with, SecureRandom random) {
    if (!with.kind().text.equals(lock)) {
      throw new WalletException(
          "the wallet is locked with a " + lock + ", not with a " + with.kind().text);
    }
    SealedBox box = new SealedBox(with.key(salt, iterations, false, random), random);
    try {
      box.open(check, text());
      return box;
    } catch (AEADBadTagException wrong) {
      throw new WalletException("this " + lock + " does not open the wallet", wrong);
    }
  }

  /** The lines that the check is sealed under. */
  private String text() {
    return "%s\nlock %s\nsalt %s\niterations %d\n"
        .formatted(FIRST_LINE, lock, CanonicalBase64.encode(salt), iterations);
  }

  private static WalletHead parse(byte[] row) {
    try {
      Fields in = Fields.of(new String(row, UTF_8), FIRST_LINE);
      WalletHead head =
          new WalletHead(
              in.take("lock"),
              in.read("salt", CanonicalBase64::decode),
              in.read("iterations", WalletHead::iterations),
              in.read("check", CanonicalBase64::decode));
      in.end();
      return head;
    } catch (MalformedException damaged) {
      throw new WalletException("the wallet's first row is damaged", damaged);
    }
  }

  private static int iterations(String text) {
    long iterations = Decimal.parse(text);
    if (iterations < 1 || iterations > ITERATIONS_MAX) {
      throw new MalformedException("1 to " + ITERATIONS_MAX + " iterations");
    }
    return (int) iterations;
  }
}
