package aika.core.note;

import java.util.Arrays;

/**
 * A public key with its name and signature type, as verifiers are configured with: {@code <key
 * name>+hex(key id)+base64(type || public key)} (C2SP signed-note, "Verifier keys").
 */
public final class VerifierKey {
  /** Room for every assigned signature type; ML-DSA-44 takes 1,312. */
  public static final int PUBLIC_KEY_BYTES_MAX = 4_096;

  private static final int KEY_ID_HEX_CHARS = 8;

  private final String name;
  private final int type;
  private final byte[] publicKey;
  private final int keyId;

  /**
   * @param type signature type, 0 … 255, as assigned by C2SP signed-note
   * @throws MalformedException when the name is not a key name, or the key is empty or too long
   */
  public VerifierKey(String name, int type, byte[] publicKey) {
    if (publicKey.length == 0 || publicKey.length > PUBLIC_KEY_BYTES_MAX) {
      throw new MalformedException("public key must have 1 to " + PUBLIC_KEY_BYTES_MAX + " bytes");
    }
    this.name = name;
    this.type = type;
    this.publicKey = publicKey.clone();
    this.keyId = KeyId.of(name, type, publicKey);
  }

  /**
   * @throws MalformedException when this is not a verifier key, or its key id is not the one of its
   *     name, type and key
   */
  public static VerifierKey parse(String text) {
    int hex = text.indexOf('+') + 1;
    int base64 = text.indexOf('+', hex) + 1;
    if (hex == 0 || base64 == 0) {
      throw new MalformedException("a verifier key is name+hex+base64");
    }
    byte[] typeAndKey = CanonicalBase64.decode(text.substring(base64));
    if (typeAndKey.length < 2) {
      throw new MalformedException("verifier key without a public key");
    }
    byte[] publicKey = Arrays.copyOfRange(typeAndKey, 1, typeAndKey.length);
    VerifierKey key = new VerifierKey(text.substring(0, hex - 1), typeAndKey[0] & 0xff, publicKey);
    String keyId = text.substring(hex, base64 - 1);
    if (keyId.length() != KEY_ID_HEX_CHARS || !keyId.equals(KeyId.format(key.keyId))) {
      throw new MalformedException(
          "verifier key with key id " + KeyId.format(key.keyId) + " says something else");
    }
    return key;
  }

  public String name() {
    return name;
  }

  public int type() {
    return type;
  }

  /** The raw public key. */
  public byte[] publicKey() {
    return publicKey.clone();
  }

  public int keyId() {
    return keyId;
  }

  /** The text form, which {@link #parse} reads. */
  public String format() {
    byte[] typeAndKey = new byte[1 + publicKey.length];
    typeAndKey[0] = (byte) type;
    System.arraycopy(publicKey, 0, typeAndKey, 1, publicKey.length);
    return name + "+" + KeyId.format(keyId) + "+" + CanonicalBase64.encode(typeAndKey);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VerifierKey that
        && type == that.type
        && name.equals(that.name)
        && Arrays.equals(publicKey, that.publicKey);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + keyId;
  }

  @Override
  public String toString() {
    return name + "+" + KeyId.format(keyId);
  }
}
