package aika.core.note;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import org.jspecify.annotations.Nullable;

/** Signs with one private key through the JCA. */
final class SeededSigner implements Signer {
  private final byte[] publicKey;
  private final PrivateKey privateKey;
  private final SignaturePool signatures;
  private final @Nullable SecureRandom random;

  /**
   * @param random drawn from while signing, or null for the provider's own
   */
  SeededSigner(
      byte[] publicKey,
      PrivateKey privateKey,
      SignaturePool signatures,
      @Nullable SecureRandom random) {
    this.publicKey = publicKey;
    this.privateKey = privateKey;
    this.signatures = signatures;
    this.random = random;
  }

  @Override
  public byte[] publicKey() {
    return publicKey.clone();
  }

  @Override
  public byte[] sign(byte[] message) {
    Signature signature = signatures.borrow();
    try {
      if (random == null) {
        signature.initSign(privateKey);
      } else {
        signature.initSign(privateKey, random);
      }
      signature.update(message);
      byte[] signed = signature.sign();
      signatures.giveBack(signature);
      return signed;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot sign with " + signature, e);
    }
  }
}
