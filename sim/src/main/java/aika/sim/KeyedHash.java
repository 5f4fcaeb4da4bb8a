package aika.sim;

import aika.core.note.MlDsa44;
import aika.core.note.Sha256;
import aika.core.note.SignatureScheme;
import aika.core.note.Signer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Stands in for Ed25519 and ML-DSA-44: a hash over key and message. Anybody could forge it, and in
 * a simulation nobody does unless asked to; what is checked is that the right key signed the right
 * bytes.
 */
final class KeyedHash implements SignatureScheme {
  private static final int SIGNATURE_BYTES = 16;

  /** Reused: the simulator has one thread. */
  private final MessageDigest digest = Sha256.newDigest();

  @Override
  public boolean verify(byte[] publicKey, byte[] message, byte[] signature) {
    return signature.length >= SIGNATURE_BYTES
        && Arrays.equals(hash(publicKey, message), Arrays.copyOf(signature, SIGNATURE_BYTES));
  }

  /** A key that follows from its owner's name. */
  Signer signer(String owner) {
    return holder(Sha256.of(owner.getBytes(StandardCharsets.UTF_8)));
  }

  /** A resident's key for a seat, in the form of an ML-DSA-44 key. */
  Signer seat(String owner) {
    byte[] key = Sha256.of(owner.getBytes(StandardCharsets.UTF_8));
    return holder(Arrays.copyOf(key, MlDsa44.PUBLIC_KEY_BYTES));
  }

  /** What shows that a key for a seat is its holder's. */
  byte[] possession(byte[] publicKey, byte[] message) {
    return Arrays.copyOf(hash(publicKey, message), MlDsa44.SIGNATURE_BYTES);
  }

  /** Whoever has this key. */
  Signer holder(byte[] publicKey) {
    byte[] key = publicKey.clone();
    return new Signer() {
      @Override
      public byte[] publicKey() {
        return key.clone();
      }

      @Override
      public byte[] sign(byte[] message) {
        return hash(key, message);
      }
    };
  }

  private byte[] hash(byte[] key, byte[] message) {
    digest.update(key, 0, Sha256.BYTES);
    return Arrays.copyOf(digest.digest(message), SIGNATURE_BYTES);
  }
}
