package aika.core.log;

import aika.core.note.CanonicalBase64;
import aika.core.note.Lines;
import aika.core.note.MalformedException;
import aika.core.note.Sha256;
import java.util.Arrays;

/** A SHA-256 hash in the Merkle tree. Immutable, compared by value. */
public final class Hash implements Comparable<Hash> {
  public static final int BYTES = Sha256.BYTES;

  /** Length of a hash line in checkpoints and proofs. */
  public static final int BASE64_CHARS = 44;

  private final byte[] bytes;

  private Hash(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new MalformedException("a hash has " + BYTES + " bytes, not " + bytes.length);
    }
    this.bytes = bytes;
  }

  /**
   * @throws MalformedException when there are not 32 bytes
   */
  public static Hash of(byte[] bytes) {
    return new Hash(bytes.clone());
  }

  /** The 32 bytes that start at {@code from}. */
  public static Hash of(byte[] bytes, int from) {
    return new Hash(Arrays.copyOfRange(bytes, from, from + BYTES));
  }

  /**
   * @throws MalformedException when this is not canonical base64 of 32 bytes
   */
  public static Hash parse(String base64) {
    if (base64.length() != BASE64_CHARS) {
      throw new MalformedException("a hash is base64 of " + BASE64_CHARS + " characters");
    }
    return new Hash(CanonicalBase64.decode(base64));
  }

  /** The hash that is the whole current line. */
  static Hash parse(Lines line) {
    if (line.length() != BASE64_CHARS) {
      throw line.malformed("a hash is base64 of " + BASE64_CHARS + " characters");
    }
    byte[] bytes = line.base64After("", BYTES + 1);
    if (bytes.length != BYTES) {
      throw line.malformed("a hash has " + BYTES + " bytes, not " + bytes.length);
    }
    return new Hash(bytes);
  }

  /** Takes ownership of the bytes. */
  static Hash wrap(byte[] bytes) {
    return new Hash(bytes);
  }

  /** The bytes themselves, never to be changed. */
  byte[] shared() {
    return bytes;
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  /** Writes the 32 bytes at {@code at}, without an intermediate copy. */
  public void copyTo(byte[] out, int at) {
    System.arraycopy(bytes, 0, out, at, BYTES);
  }

  /** The hash as it stands in checkpoints and proofs. */
  public String base64() {
    return CanonicalBase64.encode(bytes);
  }

  @Override
  public int compareTo(Hash other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Hash that && Arrays.equals(bytes, that.bytes);
  }

  /** The first four bytes, which are as random as any. */
  @Override
  public int hashCode() {
    return bytes[0] << 24 | (bytes[1] & 0xff) << 16 | (bytes[2] & 0xff) << 8 | bytes[3] & 0xff;
  }

  @Override
  public String toString() {
    return base64();
  }
}
