package aika.core.note;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * ML-DSA-44 (FIPS 204) with raw 1,312-byte public keys, 2,420-byte signatures and the empty
 * context; C2SP tlog-cosignature type 0x06 signs with it. The first installed provider that has
 * {@code ML-DSA} signs and verifies; {@link #selfTest} tells whether it agrees with the JDK's.
 *
 * <p>A private key is stored as its 32-byte seed (ξ of FIPS 204), from which its key pair follows;
 * the expanded encodings differ between versions of the JDK.
 */
public final class MlDsa44 implements SignatureScheme {
  public static final int SEED_BYTES = SeededKeys.SEED_BYTES;
  public static final int PUBLIC_KEY_BYTES = 1_312;
  public static final int SIGNATURE_BYTES = 2_420;

  /** Where a signature ends with how many hints its four polynomials have, after room for 80. */
  private static final int HINT_COUNTS = SIGNATURE_BYTES - 4;

  private static final String ALGORITHM = "ML-DSA-44";
  private static final String JDK_PROVIDER = "SUN";

  /** Not every provider has the one with 44 under a name of its own; keys tell it anyway. */
  private static final String FAMILY = "ML-DSA";

  /** DER of a SubjectPublicKeyInfo up to the key bytes (RFC 9881). */
  private static final byte[] X509_PREFIX =
      HexFormat.of().parseHex("30820532300b06096086480165030403110382052100");

  private final KeyFactory keyFactory;
  private final SignaturePool signatures = new SignaturePool(FAMILY, null);

  public MlDsa44() {
    this.keyFactory = keyFactory();
  }

  private static KeyFactory keyFactory() {
    try {
      return KeyFactory.getInstance(FAMILY);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no " + FAMILY, e);
    }
  }

  @Override
  public boolean verify(byte[] publicKey, byte[] message, byte[] signature) {
    if (publicKey.length != PUBLIC_KEY_BYTES || signature.length != SIGNATURE_BYTES) {
      return false;
    }
    byte[] x509 = Arrays.copyOf(X509_PREFIX, X509_PREFIX.length + PUBLIC_KEY_BYTES);
    System.arraycopy(publicKey, 0, x509, X509_PREFIX.length, PUBLIC_KEY_BYTES);
    Signature verifier = signatures.borrow();
    try {
      verifier.initVerify(keyFactory.generatePublic(new X509EncodedKeySpec(x509)));
      verifier.update(message);
      return verifier.verify(signature);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      // How the provider says that key or signature is not well formed.
      return false;
    } finally {
      signatures.giveBack(verifier);
    }
  }

  /** Signs with the private key of this seed and the provider's own randomness. */
  public static Signer signer(byte[] seed) {
    KeyPair pair = SeededKeys.of(ALGORITHM, JDK_PROVIDER, seed);
    try {
      PrivateKey key = (PrivateKey) keyFactory().translateKey(pair.getPrivate());
      return new SeededSigner(rawPublicKey(pair), key, new SignaturePool(FAMILY, null), null);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a key of the JDK's is none for what signs", e);
    }
  }

  /**
   * Signs with the private key of this seed, in the JDK.
   *
   * @param random hedges each signature, so it decides their bytes
   */
  public static Signer signer(byte[] seed, SecureRandom random) {
    KeyPair pair = SeededKeys.of(ALGORITHM, JDK_PROVIDER, seed);
    SignaturePool jdk = new SignaturePool(ALGORITHM, JDK_PROVIDER);
    return new SeededSigner(rawPublicKey(pair), pair.getPrivate(), jdk, random);
  }

  /** A new seed: the private key to store. */
  public static byte[] generate(SecureRandom random) {
    byte[] seed = new byte[SEED_BYTES];
    random.nextBytes(seed);
    return seed;
  }

  /**
   * Tries the installed provider against the JDK's.
   *
   * @param random for what the JDK signs
   * @throws IllegalStateException when it signs what it does not accept, refuses what the JDK
   *     signed or accepts a signature that is not written as FIPS 204 says: such a node would
   *     disagree with the others
   */
  public void selfTest(SecureRandom random) {
    byte[] seed = new byte[SEED_BYTES];
    byte[] message = {0x61, 0x69, 0x6b, 0x61};
    for (Signer signer : List.of(signer(seed), signer(seed, random))) {
      byte[] key = signer.publicKey();
      byte[] signature = signer.sign(message);
      require(verify(key, message, signature), "a right signature is refused");
      require(!verify(key, Arrays.copyOf(message, 5), signature), "a longer message is accepted");
      require(!verify(key, message, withAnotherHint(signature)), "an unused hint is accepted");
    }
  }

  /**
   * The same signature by looser rules: FIPS 204 (algorithm 21) wants zeros behind the last hint,
   * or one signature would have many forms.
   */
  private static byte[] withAnotherHint(byte[] signature) {
    byte[] altered = signature.clone();
    altered[HINT_COUNTS - 1] ^= 1;
    return altered;
  }

  private static void require(boolean met, String what) {
    if (!met) {
      throw new IllegalStateException("the installed ML-DSA-44 deviates from FIPS 204: " + what);
    }
  }

  private static byte[] rawPublicKey(KeyPair pair) {
    byte[] x509 = pair.getPublic().getEncoded();
    return Arrays.copyOfRange(x509, x509.length - PUBLIC_KEY_BYTES, x509.length);
  }
}
