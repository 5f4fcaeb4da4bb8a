package aika.node.config;

import aika.core.note.Ed25519;
import aika.core.note.MlDsa44;
import aika.core.note.Signer;
import aika.core.note.VerifierKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Real keys, the same in every run: the seed is the hash of the key's name. */
final class TestKeys implements KeyMaker {
  @Override
  public VerifierKey key(String place, KeyType type, String name) {
    return key(type, name);
  }

  static VerifierKey key(KeyType type, String name) {
    return new VerifierKey(name, type.signatureType(), signer(type, name).publicKey());
  }

  static Signer signer(KeyType type, String name) {
    byte[] seed = seed(name);
    return switch (type) {
      case ED25519 -> Ed25519.signer(seed);
      case ML_DSA_44 -> MlDsa44.signer(seed);
    };
  }

  private static byte[] seed(String name) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }
}
