package aika.node.register;

import aika.core.log.Hash;
import aika.core.note.CanonicalBase64;
import aika.core.note.MalformedException;
import aika.core.note.Sha256;
import aika.core.note.Utf8;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * A text beside a transfer. The log holds its {@link #hash} only: SHA-256 over {@value #SALT_BYTES}
 * random bytes and the text in UTF-8. Once salt and text are erased nobody can find the text by
 * trying. At most {@value #CHARS_MAX} characters (code points), one line.
 */
public final class Memo {
  public static final int CHARS_MAX = 140;
  public static final int SALT_BYTES = 32;

  private final byte[] salt;
  private final String text;

  private Memo(byte[] salt, String text) {
    if (text.isEmpty() || text.codePointCount(0, text.length()) > CHARS_MAX) {
      throw new MalformedException("a memo has 1 to " + CHARS_MAX + " characters");
    }
    PersonText.checkVisible("a memo", text);
    Utf8.encode(text);
    if (salt.length != SALT_BYTES) {
      throw new MalformedException("a memo's salt has " + SALT_BYTES + " bytes");
    }
    this.salt = salt;
    this.text = text;
  }

  /**
   * A new memo with a new salt.
   *
   * @throws MalformedException when the text is empty, too long or has a control character
   */
  public static Memo of(String text, SecureRandom random) {
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    return new Memo(salt, text);
  }

  /** A memo as it travels: its salt in standard base64 beside its text. */
  public static Memo parse(String salt, String text) {
    return new Memo(CanonicalBase64.decode(salt), text);
  }

  public String text() {
    return text;
  }

  /** The salt in standard base64. */
  public String salt() {
    return CanonicalBase64.encode(salt);
  }

  /** What a send order says of this memo. */
  public Hash hash() {
    MessageDigest digest = Sha256.newDigest();
    digest.update(salt);
    return Hash.of(digest.digest(Utf8.encode(text)));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Memo that && Arrays.equals(salt, that.salt) && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(salt) ^ text.hashCode();
  }

  /** The hash only. */
  @Override
  public String toString() {
    return "Memo[" + hash().base64() + ']';
  }
}
