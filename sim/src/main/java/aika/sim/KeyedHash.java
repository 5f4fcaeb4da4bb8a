package aika.sim;

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
    return Arrays.equals(hash(publicKey, message), signature);
  }

  /** A key that follows from its owner's name. */
  Signer signer(String owner) {
    byte[] key = Sha256.of(owner.getBytes(StandardCharsets.UTF_8));
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
    digest.update(key);
    return Arrays.copyOf(digest.digest(message), SIGNATURE_BYTES);
  }
}
