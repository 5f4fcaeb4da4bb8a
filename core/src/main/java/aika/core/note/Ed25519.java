package aika.core.note;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Ed25519 (RFC 8032) with raw 32-byte public keys and 64-byte signatures; signature type 0x01 of
 * C2SP signed-note.
 *
 * <p>Every node must agree on every signature, so the rules are the strict ones: cofactorless, only
 * canonical encodings, no public key and no R of small order. The curve arithmetic is that of the
 * first installed provider that has {@code Ed25519}; {@link #selfTest} tells whether it agrees.
 */
public final class Ed25519 implements SignatureScheme {
  public static final int TYPE = 0x01;
  public static final int SEED_BYTES = SeededKeys.SEED_BYTES;
  public static final int PUBLIC_KEY_BYTES = 32;
  public static final int SIGNATURE_BYTES = 64;

  private static final String ALGORITHM = "Ed25519";
  private static final String JDK_PROVIDER = "SunEC";

  /** DER of a SubjectPublicKeyInfo up to the 32 key bytes (RFC 8410, section 4). */
  private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  private final KeyCache keys;
  private final KeyFactory keyFactory;
  private final SignaturePool signatures = new SignaturePool(ALGORITHM, null);

  /**
   * @param keyCacheEntries how many decoded public keys to keep, about 600 bytes each; rounded up
   *     to a power of two
   */
  public Ed25519(int keyCacheEntries) {
    this.keys = new KeyCache(keyCacheEntries);
    try {
      this.keyFactory = KeyFactory.getInstance(ALGORITHM);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no " + ALGORITHM, e);
    }
  }

  @Override
  public boolean verify(byte[] publicKey, byte[] message, byte[] signature) {
    if (publicKey.length != PUBLIC_KEY_BYTES
        || signature.length != SIGNATURE_BYTES
        || !Ed25519Encoding.isCanonicalScalar(signature, 32)
        || !Ed25519Encoding.isAcceptablePoint(signature, 0)
        || !Ed25519Encoding.isAcceptablePoint(publicKey, 0)) {
      return false;
    }
    Signature verifier = signatures.borrow();
    try {
      verifier.initVerify(decoded(publicKey));
      verifier.update(message);
      return verifier.verify(signature);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      // How providers say that A or R is no point of the curve.
      return false;
    } finally {
      signatures.giveBack(verifier);
    }
  }

  /** Signs with the private key of this seed (RFC 8032's 32-byte private key). */
  public static Signer signer(byte[] seed) {
    KeyPair pair = SeededKeys.of(ALGORITHM, JDK_PROVIDER, seed);
    return new SeededSigner(
        rawPublicKey(pair), pair.getPrivate(), new SignaturePool(ALGORITHM, null), null);
  }

  /** A new seed: the private key to store. */
  public static byte[] generate(SecureRandom random) {
    byte[] seed = new byte[SEED_BYTES];
    random.nextBytes(seed);
    return seed;
  }

  /**
   * Checks the installed provider against known answers.
   *
   * @throws IllegalStateException when it signs otherwise, accepts a wrong signature or refuses a
   *     right one: such a node would disagree with the others
   */
  public void selfTest() {
    Ed25519Vectors.check(this, Ed25519::signer);
  }

  private PublicKey decoded(byte[] raw) throws GeneralSecurityException {
    PublicKey cached = keys.get(raw);
    if (cached != null) {
      return cached;
    }
    byte[] x509 = Arrays.copyOf(X509_PREFIX, X509_PREFIX.length + PUBLIC_KEY_BYTES);
    System.arraycopy(raw, 0, x509, X509_PREFIX.length, PUBLIC_KEY_BYTES);
    PublicKey key = keyFactory.generatePublic(new X509EncodedKeySpec(x509));
    keys.put(raw, key);
    return key;
  }

  private static byte[] rawPublicKey(KeyPair pair) {
    byte[] x509 = pair.getPublic().getEncoded();
    return Arrays.copyOfRange(x509, x509.length - PUBLIC_KEY_BYTES, x509.length);
  }
}
