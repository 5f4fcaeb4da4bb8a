package aika.core.note;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * ML-DSA-44 (FIPS 204) with raw 1,312-byte public keys and 2,420-byte signatures, the empty context
 * and the JDK's own implementation; C2SP tlog-cosignature type 0x06 signs with it.
 *
 * <p>A private key is stored as its 32-byte seed (ξ of FIPS 204), from which its key pair follows;
 * the expanded encodings differ between versions of the JDK.
 */
public final class MlDsa44 implements SignatureScheme {
  public static final int SEED_BYTES = SeededKeys.SEED_BYTES;
  public static final int PUBLIC_KEY_BYTES = 1_312;
  public static final int SIGNATURE_BYTES = 2_420;

  private static final String ALGORITHM = "ML-DSA-44";
  private static final String PROVIDER = "SUN";

  /** DER of a SubjectPublicKeyInfo up to the key bytes (RFC 9881). */
  private static final byte[] X509_PREFIX =
      HexFormat.of().parseHex("30820532300b06096086480165030403110382052100");

  private final KeyFactory keyFactory;
  private final SignaturePool signatures = new SignaturePool(ALGORITHM, PROVIDER);

  public MlDsa44() {
    try {
      this.keyFactory = KeyFactory.getInstance(ALGORITHM, PROVIDER);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no " + ALGORITHM, e);
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
    } catch (GeneralSecurityException e) {
      // How the provider says that key or signature is not well formed.
      return false;
    } finally {
      signatures.giveBack(verifier);
    }
  }

  /** Signs with the private key of this seed and the JDK's default randomness. */
  public static Signer signer(byte[] seed) {
    return signer(seed, null);
  }

  /**
   * Signs with the private key of this seed.
   *
   * @param random hedges each signature, so it decides their bytes; null for the JDK's default
   */
  public static Signer signer(byte[] seed, @Nullable SecureRandom random) {
    KeyPair pair = SeededKeys.of(ALGORITHM, PROVIDER, seed);
    byte[] x509 = pair.getPublic().getEncoded();
    byte[] publicKey = Arrays.copyOfRange(x509, x509.length - PUBLIC_KEY_BYTES, x509.length);
    return new SeededSigner(
        publicKey, pair.getPrivate(), new SignaturePool(ALGORITHM, PROVIDER), random);
  }

  /** A new seed: the private key to store. */
  public static byte[] generate(SecureRandom random) {
    byte[] seed = new byte[SEED_BYTES];
    random.nextBytes(seed);
    return seed;
  }
}
