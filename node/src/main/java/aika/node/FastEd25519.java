package aika.node;

import aika.core.note.Ed25519;
import java.security.Provider;
import java.security.Security;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the fast native Ed25519 in front where it exists (Amazon Corretto Crypto Provider: some
 * twenty times the JDK's rate); elsewhere, as on Windows, the JDK's own serves. Whatever serves is
 * tried on known answers first: all nodes must accept exactly the same signatures.
 */
public final class FastEd25519 {
  private static final Logger LOG = LoggerFactory.getLogger(FastEd25519.class);
  private static final String PROVIDER =
      "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider";
  private static final int KEY_CACHE_ENTRIES = 65_536;

  private FastEd25519() {}

  /** The scheme, with the fastest provider that this machine has. */
  public static synchronized Ed25519 install() {
    try {
      Provider fast =
          Class.forName(PROVIDER).asSubclass(Provider.class).getDeclaredConstructor().newInstance();
      Security.insertProviderAt(fast, 1);
    } catch (ReflectiveOperationException | LinkageError | RuntimeException unavailable) {
      LOG.info("Ed25519 by the JDK, which is slower: {}", unavailable.toString());
    }
    Ed25519 scheme = new Ed25519(KEY_CACHE_ENTRIES);
    scheme.selfTest();
    return scheme;
  }
}
