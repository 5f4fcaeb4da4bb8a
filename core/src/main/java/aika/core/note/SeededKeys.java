package aika.core.note;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.NamedParameterSpec;

/**
 * Key pairs from their 32-byte seed: what RFC 8032 calls the private key, and FIPS 204 calls ξ. The
 * JDK makes public keys only while it generates pairs, so its generator is fed with the seed.
 */
final class SeededKeys {
  static final int SEED_BYTES = 32;

  private SeededKeys() {}

  static KeyPair of(String algorithm, String provider, byte[] seed) {
    if (seed.length != SEED_BYTES) {
      throw new IllegalArgumentException(
          algorithm + " seed must have " + SEED_BYTES + " bytes, not " + seed.length);
    }
    SeedOnly random = new SeedOnly(seed);
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm, provider);
      generator.initialize(new NamedParameterSpec(algorithm), random);
      KeyPair pair = generator.generateKeyPair();
      if (random.draws != 1) {
        throw new IllegalStateException(provider + " does not make " + algorithm + " from a seed");
      }
      return pair;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK cannot make " + algorithm + " keys", e);
    }
  }

  /** Yields the seed once, and nothing else. */
  private static final class SeedOnly extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final byte[] seed;
    private int draws;

    SeedOnly(byte[] seed) {
      super(null, null);
      this.seed = seed.clone();
    }

    @Override
    public void nextBytes(byte[] bytes) {
      draws++;
      if (draws > 1 || bytes.length != seed.length) {
        throw new IllegalStateException("key generation draws more than a seed");
      }
      System.arraycopy(seed, 0, bytes, 0, seed.length);
    }
  }
}
