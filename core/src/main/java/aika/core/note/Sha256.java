package aika.core.note;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;

/**
 * SHA-256 from the JDK's own provider, whatever else is installed: it is the fastest here, and a
 * hash must not depend on the order of the providers.
 */
public final class Sha256 {
  public static final int BYTES = 32;

  /** Never updated, so that cloning it is safe from any thread; cheaper than a provider look-up. */
  private static final MessageDigest FRESH = jdkDigest();

  private Sha256() {}

  /** A new digest; not safe for use by several threads. */
  public static MessageDigest newDigest() {
    try {
      return (MessageDigest) FRESH.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's SHA-256 cannot be cloned", e);
    }
  }

  /** The hash of the first {@code length} of these bytes. */
  public static byte[] of(byte[] bytes, int length) {
    MessageDigest digest = newDigest();
    digest.update(bytes, 0, length);
    return digest.digest();
  }

  /** The hash of these bytes. */
  public static byte[] of(byte[] bytes) {
    return newDigest().digest(bytes);
  }

  private static MessageDigest jdkDigest() {
    try {
      return MessageDigest.getInstance("SHA-256", "SUN");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no SHA-256", e);
    }
  }
}
