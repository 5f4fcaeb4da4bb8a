package aika.core.note;

import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * {@link Signature} objects to borrow: making one costs a provider look-up and none may be used by
 * two threads. Holds as many as were ever borrowed at once. A thread-local would instead hold one
 * per virtual thread.
 */
final class SignaturePool {
  private final String algorithm;
  private final @Nullable String provider;
  private final ConcurrentLinkedQueue<Signature> idle = new ConcurrentLinkedQueue<>();

  /**
   * @param provider the provider's name, or null for the first one that has the algorithm
   */
  SignaturePool(String algorithm, @Nullable String provider) {
    this.algorithm = algorithm;
    this.provider = provider;
  }

  Signature borrow() {
    Signature signature = idle.poll();
    if (signature != null) {
      return signature;
    }
    try {
      return provider == null
          ? Signature.getInstance(algorithm)
          : Signature.getInstance(algorithm, provider);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no provider has " + algorithm, e);
    }
  }

  void giveBack(Signature signature) {
    idle.add(signature);
  }
}
