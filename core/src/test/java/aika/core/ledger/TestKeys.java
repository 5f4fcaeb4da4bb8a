package aika.core.ledger;

import aika.core.log.Cosignature;
import aika.core.note.Ed25519;
import aika.core.note.MlDsa44;
import aika.core.note.Sha256;
import aika.core.note.SignatureScheme;
import aika.core.note.Signer;
import aika.core.note.VerifierKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Keys of tests, all from fixed seeds: SHA-256 of a word. */
public final class TestKeys {
  private TestKeys() {}

  /** The seed of a word, as docs/spec/leaves.md makes its examples' keys. */
  public static byte[] seed(String word) {
    return Sha256.of(word.getBytes(StandardCharsets.UTF_8));
  }

  public static Signer ed25519(String word) {
    return Ed25519.signer(seed(word));
  }

  public static Signer mlDsa44(String word) {
    return MlDsa44.signer(seed(word));
  }

  /** Signs by hashing, which costs nothing and protects nothing; see {@link #CHEAP}. */
  public static Signer cheap(String word) {
    byte[] key = seed(word);
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

  /** Verifies what {@link #cheap} signed. */
  public static final SignatureScheme CHEAP =
      (publicKey, message, signature) -> Arrays.equals(hash(publicKey, message), signature);

  public static VerifierKey verifier(String name, Signer signer) {
    return new VerifierKey(name, Ed25519.TYPE, signer.publicKey());
  }

  public static VerifierKey cosigner(String name, Signer signer) {
    return new VerifierKey(name, Cosignature.TYPE, signer.publicKey());
  }

  private static byte[] hash(byte[] key, byte[] message) {
    byte[] both = Arrays.copyOf(key, key.length + message.length);
    System.arraycopy(message, 0, both, key.length, message.length);
    byte[] once = Sha256.of(both);
    byte[] twice = Arrays.copyOf(once, 2 * once.length);
    System.arraycopy(Sha256.of(once), 0, twice, once.length, once.length);
    return twice;
  }
}
