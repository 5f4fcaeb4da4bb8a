package aika.core.note;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.util.Arrays;

/** Signatures that anyone can forge but that change with every bit: for tests that need many. */
public final class ToyScheme implements SignatureScheme {
  @Override
  public boolean verify(byte[] publicKey, byte[] message, byte[] signature) {
    return Arrays.equals(signature, signature(publicKey, message));
  }

  public static Signer signer(String key) {
    byte[] publicKey = key.getBytes(UTF_8);
    return new Signer() {
      @Override
      public byte[] publicKey() {
        return publicKey.clone();
      }

      @Override
      public byte[] sign(byte[] message) {
        return signature(publicKey, message);
      }
    };
  }

  private static byte[] signature(byte[] publicKey, byte[] message) {
    MessageDigest digest = Sha256.newDigest();
    digest.update(publicKey);
    return digest.digest(message);
  }
}
