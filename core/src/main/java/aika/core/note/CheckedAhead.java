package aika.core.note;

import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Checks signatures ahead of whoever needs them, on other threads for instance, and remembers those
 * that are right. Only the same bytes are believed; what was not checked ahead is checked when it
 * is asked for.
 */
public final class CheckedAhead implements SignatureScheme {
  private final SignatureScheme scheme;
  private final Set<Signed> right = ConcurrentHashMap.newKeySet();

  public CheckedAhead(SignatureScheme scheme) {
    this.scheme = scheme;
  }

  private record Signed(byte[] publicKey, byte[] message, byte[] signature) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Signed that
          && Arrays.equals(signature, that.signature)
          && Arrays.equals(publicKey, that.publicKey)
          && Arrays.equals(message, that.message);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(signature);
    }
  }

  @Override
  public boolean verify(byte[] publicKey, byte[] message, byte[] signature) {
    return right.contains(new Signed(publicKey, message, signature))
        || scheme.verify(publicKey, message, signature);
  }

  /** Checks, and remembers when it is right. Neither array is copied. */
  public boolean ahead(byte[] publicKey, byte[] message, byte[] signature) {
    boolean valid = scheme.verify(publicKey, message, signature);
    if (valid) {
      right.add(new Signed(publicKey, message, signature));
    }
    return valid;
  }

  /** Forgets all of them. */
  public void clear() {
    right.clear();
  }
}
