package aika.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import aika.core.note.MlDsa44;
import aika.core.note.Signer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is in front and the JDK's own say the same of every ML-DSA-44 signature. */
final class FastSignaturesTest {
  private static final long SEED = 20_261_128;
  private static final int KEYS = 20;
  private static final int CHANGED_OF_EACH = 60;

  /** Where a signature's hints begin: 80 places, then how many each of the 4 polynomials has. */
  private static final int HINTS = MlDsa44.SIGNATURE_BYTES - 84;

  /** RFC 9881: a SubjectPublicKeyInfo up to the key's bytes. */
  private static final String X509_PREFIX = "30820532300b06096086480165030403110382052100";

  private final Random random = new Random(SEED);

  @BeforeAll
  static void install() throws GeneralSecurityException {
    var _ = FastSignatures.install();
    assumeTrue(
        !Signature.getInstance("ML-DSA").getProvider().getName().equals("SUN"),
        "nothing native on this machine");
  }

  private static boolean jdk(byte[] key, byte[] message, byte[] signature) {
    try {
      byte[] x509 = HexFormat.of().parseHex(X509_PREFIX + HexFormat.of().formatHex(key));
      PublicKey decoded =
          KeyFactory.getInstance("ML-DSA-44", "SUN").generatePublic(new X509EncodedKeySpec(x509));
      Signature verifier = Signature.getInstance("ML-DSA-44", "SUN");
      verifier.initVerify(decoded);
      verifier.update(message);
      return verifier.verify(signature);
    } catch (GeneralSecurityException malformed) {
      return false;
    }
  }

  private byte[] bytes(int count) {
    byte[] some = new byte[count];
    random.nextBytes(some);
    return some;
  }

  @Test
  void whatOneSignsTheOtherAccepts() {
    MlDsa44 scheme = new MlDsa44();
    for (int i = 0; i < KEYS; i++) {
      byte[] seed = bytes(MlDsa44.SEED_BYTES);
      byte[] message = bytes(i * 50);
      Signer fast = MlDsa44.signer(seed);
      Signer slow = MlDsa44.signer(seed, new SecureRandom());
      HexFormat hex = HexFormat.of();
      assertEquals(hex.formatHex(slow.publicKey()), hex.formatHex(fast.publicKey()));
      assertTrue(jdk(fast.publicKey(), message, fast.sign(message)));
      assertTrue(scheme.verify(fast.publicKey(), message, slow.sign(message)));
    }
  }

  @Test
  void bothRefuseWhatIsChangedInTheSamePlaces() {
    MlDsa44 scheme = new MlDsa44();
    for (int i = 0; i < KEYS; i++) {
      Signer signer = MlDsa44.signer(bytes(MlDsa44.SEED_BYTES));
      byte[] key = signer.publicKey();
      byte[] message = bytes(40);
      byte[] signature = signer.sign(message);
      for (int change = 0; change < CHANGED_OF_EACH; change++) {
        byte[] other = changed(signature, change % 4);
        assertEquals(
            jdk(key, message, other),
            scheme.verify(key, message, other),
            () -> HexFormat.of().formatHex(other));
      }
    }
  }

  /** In its challenge and response, in its hints' places, their order or their counts. */
  private byte[] changed(byte[] signature, int how) {
    byte[] other = signature.clone();
    switch (how) {
      case 0 -> other[random.nextInt(HINTS)] ^= (byte) (1 << random.nextInt(8));
      case 1 -> other[HINTS + random.nextInt(80)] = (byte) random.nextInt(256);
      case 2 -> {
        int at = HINTS + random.nextInt(79);
        other[at] = signature[at + 1];
        other[at + 1] = signature[at];
      }
      default -> other[HINTS + 80 + random.nextInt(4)] = (byte) random.nextInt(90);
    }
    return other;
  }
}
