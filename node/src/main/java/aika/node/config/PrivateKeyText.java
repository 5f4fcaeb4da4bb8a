package aika.node.config;

import aika.core.note.CanonicalBase64;
import aika.core.note.KeyId;
import aika.core.note.MalformedException;
import aika.core.note.VerifierKey;
import java.util.Arrays;

/**
 * A private key as text: {@code PRIVATE+KEY+name+hash+base64(type || seed)} and a newline. The hash
 * is the key id of the public key, eight hexadecimal digits.
 */
final class PrivateKeyText {
  private static final String HEAD = "PRIVATE+KEY+";
  private static final int SEED_BYTES = 32;

  private final KeyType type;
  private final String name;
  private final byte[] seed;
  private final String keyId;

  PrivateKeyText(KeyType type, String name, byte[] seed, String keyId) {
    this.type = type;
    this.name = name;
    this.seed = seed.clone();
    this.keyId = keyId;
  }

  /** Error messages never repeat the text, since it may be a secret. */
  static PrivateKeyText parse(String text) {
    String[] parts =
        text.startsWith(HEAD) ? text.substring(HEAD.length()).split("\\+", 3) : new String[0];
    if (parts.length != 3 || !parts[2].endsWith("\n")) {
      throw new MalformedException("expected one line PRIVATE+KEY+name+hash+base64");
    }
    byte[] typeAndSeed = CanonicalBase64.decode(parts[2].substring(0, parts[2].length() - 1));
    if (typeAndSeed.length != 1 + SEED_BYTES) {
      throw new MalformedException("expected a type byte and a seed of " + SEED_BYTES + " bytes");
    }
    byte[] seed = Arrays.copyOfRange(typeAndSeed, 1, typeAndSeed.length);
    for (KeyType type : KeyType.values()) {
      if (type.signatureType() == typeAndSeed[0]) {
        return new PrivateKeyText(type, parts[0], seed, parts[1]);
      }
    }
    throw new MalformedException("unknown key type");
  }

  String format() {
    byte[] typeAndSeed = new byte[1 + SEED_BYTES];
    typeAndSeed[0] = (byte) type.signatureType();
    System.arraycopy(seed, 0, typeAndSeed, 1, SEED_BYTES);
    String base64 = CanonicalBase64.encode(typeAndSeed);
    return HEAD + name + '+' + keyId + '+' + base64 + '\n';
  }

  /** Whether the text's hash is that of its own public key; a flipped bit is found here. */
  void check(VerifierKey verifier) {
    if (!KeyId.format(verifier.keyId()).equals(keyId)) {
      throw new MalformedException("the hash does not fit the key; the file is damaged");
    }
  }

  KeyType type() {
    return type;
  }

  String name() {
    return name;
  }

  byte[] seed() {
    return seed.clone();
  }
}
