package aika.client;

import aika.core.note.Ed25519;
import aika.core.note.Signer;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Arrays;

/** Signs with a key pair that somebody else made; its private key may be in a hardware token. */
final class JdkSigner implements Signer {
  private static final String ALGORITHM = "Ed25519";

  /** Of a SubjectPublicKeyInfo with an Ed25519 key (RFC 8410): 12 bytes of form, then the key. */
  private static final int X509_BYTES = 44;

  private final PrivateKey privateKey;
  private final byte[] publicKey;

  JdkSigner(KeyPair keys) {
    byte[] x509 = keys.getPublic().getEncoded();
    if (x509 == null || x509.length != X509_BYTES) {
      throw new IllegalArgumentException("an account's key is " + ALGORITHM);
    }
    privateKey = keys.getPrivate();
    publicKey = Arrays.copyOfRange(x509, X509_BYTES - Ed25519.PUBLIC_KEY_BYTES, X509_BYTES);
  }

  @Override
  public byte[] publicKey() {
    return publicKey.clone();
  }

  @Override
  public byte[] sign(byte[] message) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(privateKey);
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException failed) {
      throw new IllegalStateException("the account's key cannot sign", failed);
    }
  }
}
