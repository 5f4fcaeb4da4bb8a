package aika.bench;

import aika.core.note.Signer;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Arrays;

/**
 * A resident's key of the fastest provider; unlike {@link aika.core.note.Ed25519#signer} it is not
 * derived from a seed, which takes a millisecond.
 */
final class AccountKey implements Signer {
  private static final String ALGORITHM = "Ed25519";
  private static final int KEY_BYTES = 32;

  private final byte[] publicKey;
  private final PrivateKey privateKey;

  private AccountKey(byte[] publicKey, PrivateKey privateKey) {
    this.publicKey = publicKey;
    this.privateKey = privateKey;
  }

  static AccountKey generate() {
    try {
      KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
      byte[] x509 = pair.getPublic().getEncoded();
      byte[] raw = Arrays.copyOfRange(x509, x509.length - KEY_BYTES, x509.length);
      return new AccountKey(raw, pair.getPrivate());
    } catch (GeneralSecurityException none) {
      throw new BenchException("no Ed25519 keys", none);
    }
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
      throw new BenchException("cannot sign", failed);
    }
  }
}
