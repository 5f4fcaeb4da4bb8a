package aika.node.wallet;

import static java.nio.charset.StandardCharsets.US_ASCII;

import aika.core.note.CanonicalBase64;
import aika.core.note.MalformedException;
import aika.node.config.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What opens the wallet: a key file beside the node's other keys, or a passphrase that somebody
 * types at the start. A file makes an unattended restart possible and protects copies of the
 * database alone; a passphrase protects the whole disk.
 */
public final class WalletLock {
  /** The usual place of the key file below the data directory. */
  public static final String KEY_FILE = "keys/wallet.key";

  public static final int PASSPHRASE_CHARS_MIN = 12;

  static final int SALT_BYTES = 16;

  /** PBKDF2 with HMAC-SHA-256, as OWASP recommends since 2023; about a third of a second. */
  static final int ITERATIONS = 600_000;

  private static final String FILE_HEAD = "aika/wallet-key/v1 ";
  private static final int KEY_BYTES = 32;
  private static final int FILE_BYTES = FILE_HEAD.length() + 44 + 1;

  private final Kind kind;
  private final Path file;
  private final char[] passphrase;

  enum Kind {
    KEY_FILE("key-file"),
    PASSPHRASE("passphrase");

    final String text;

    Kind(String text) {
      this.text = text;
    }
  }

  private WalletLock(Kind kind, Path file, char[] passphrase) {
    this.kind = kind;
    this.file = file;
    this.passphrase = passphrase;
  }

  /** A file with a random key, readable by its owner only; made together with a new wallet. */
  public static WalletLock keyFile(Path file) {
    return new WalletLock(Kind.KEY_FILE, file, new char[0]);
  }

  /**
   * @param passphrase at least {@value #PASSPHRASE_CHARS_MIN} characters; copied
   * @throws WalletException when it is shorter
   */
  public static WalletLock passphrase(char[] passphrase) {
    if (passphrase.length < PASSPHRASE_CHARS_MIN) {
      throw new WalletException(
          "a passphrase has at least " + PASSPHRASE_CHARS_MIN + " characters");
    }
    return new WalletLock(Kind.PASSPHRASE, Path.of(""), passphrase.clone());
  }

  Kind kind() {
    return kind;
  }

  /** The key of an existing wallet, or of a new one: only then a missing file is made. */
  SecretKey key(byte[] salt, int iterations, boolean newWallet, SecureRandom random) {
    return switch (kind) {
      case KEY_FILE -> {
        if (newWallet && !Files.exists(file)) {
          makeFile(random);
        }
        yield readFile();
      }
      case PASSPHRASE -> derived(salt, iterations);
    };
  }

  private SecretKey derived(byte[] salt, int iterations) {
    PBEKeySpec spec = new PBEKeySpec(passphrase, salt, iterations, KEY_BYTES * Byte.SIZE);
    try {
      byte[] key =
          SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
      return new SecretKeySpec(key, "AES");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK cannot derive keys from passphrases", e);
    } finally {
      spec.clearPassword();
    }
  }

  private void makeFile(SecureRandom random) {
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(key);
    String text = FILE_HEAD + CanonicalBase64.encode(key) + '\n';
    Arrays.fill(key, (byte) 0);
    try {
      DurableFile.writePrivate(file, text.getBytes(US_ASCII));
    } catch (IOException e) {
      throw new WalletException("cannot write the wallet's key file " + file, e);
    }
  }

  private SecretKey readFile() {
    try {
      if (DurableFile.openToOthers(file)) {
        throw new WalletException(
            file + ": others than its owner may read it; permit the owner only (chmod 600)");
      }
      if (Files.size(file) != FILE_BYTES) {
        throw new WalletException(file + " is not a wallet's key file: its length is wrong");
      }
      String text = Files.readString(file, US_ASCII);
      if (!text.startsWith(FILE_HEAD) || !text.endsWith("\n")) {
        throw new WalletException(file + " is not a wallet's key file");
      }
      byte[] key = CanonicalBase64.decode(text.substring(FILE_HEAD.length(), FILE_BYTES - 1));
      return new SecretKeySpec(key, "AES");
    } catch (NoSuchFileException missing) {
      throw new WalletException(
          "the wallet's key file " + file + " is missing; without it the wallet stays closed",
          missing);
    } catch (IOException | MalformedException unreadable) {
      // Without the cause's message, which may show what stands in the file.
      throw new WalletException(file + " cannot be read as a wallet's key file", unreadable);
    }
  }

  /** The kind only. */
  @Override
  public String toString() {
    return "WalletLock[" + kind.text + ']';
  }
}
