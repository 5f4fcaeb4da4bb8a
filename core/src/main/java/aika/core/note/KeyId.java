package aika.core.note;

import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * Key ids of signed notes: the first four bytes, big-endian, of SHA-256 over the key name, a
 * newline, the signature type and the public key (C2SP signed-note).
 */
public final class KeyId {
  private KeyId() {}

  /**
   * @param type signature type, 0 … 255, as assigned by C2SP signed-note
   * @throws MalformedException when the name is not a key name
   */
  public static int of(String name, int type, byte[] publicKey) {
    if ((type & ~0xff) != 0) {
      throw new IllegalArgumentException("a signature type is one byte, not " + type);
    }
    MessageDigest digest = Sha256.newDigest();
    digest.update(KeyName.encode(name));
    digest.update((byte) '\n');
    digest.update((byte) type);
    byte[] hash = digest.digest(publicKey);
    return (hash[0] & 0xff) << 24
        | (hash[1] & 0xff) << 16
        | (hash[2] & 0xff) << 8
        | (hash[3] & 0xff);
  }

  /** The id as eight lowercase hexadecimal digits. */
  public static String format(int keyId) {
    return HexFormat.of().toHexDigits(keyId);
  }
}
