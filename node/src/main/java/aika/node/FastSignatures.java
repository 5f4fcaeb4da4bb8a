package aika.node;

import aika.core.note.Ed25519;
import aika.core.note.MlDsa44;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the native signatures in front where they exist (Amazon Corretto Crypto Provider: Ed25519 at
 * some twenty times the JDK's rate, and an ML-DSA-44 that needs no warm-up); elsewhere, as on
 * Windows, the JDK's own serve. Whatever serves is tried on known answers first: all nodes must
 * accept exactly the same signatures.
 */
public final class FastSignatures {
  private static final Logger LOG = LoggerFactory.getLogger(FastSignatures.class);
  private static final String PROVIDER =
      "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider";
  private static final int KEY_CACHE_ENTRIES = 65_536;

  private FastSignatures() {}

  /**
   * Ed25519 with the fastest provider that this machine has; every ML-DSA-44 has it from now on.
   */
  public static synchronized Ed25519 install() {
    try {
      Provider fast =
          Class.forName(PROVIDER).asSubclass(Provider.class).getDeclaredConstructor().newInstance();
      Security.insertProviderAt(fast, 1);
    } catch (ReflectiveOperationException | LinkageError | RuntimeException unavailable) {
      LOG.info("signatures by the JDK, which is slower: {}", unavailable.toString());
    }
    Ed25519 scheme = new Ed25519(KEY_CACHE_ENTRIES);
    scheme.selfTest();
    new MlDsa44().selfTest(new SecureRandom());
    return scheme;
  }
}
