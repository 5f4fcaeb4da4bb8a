package aika.core.note;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class MlDsa44Test {
  private static final byte[] MESSAGE = "aika".getBytes(UTF_8);

  private final MlDsa44 scheme = new MlDsa44();
  private final Signer signer = MlDsa44.signer(new byte[MlDsa44.SEED_BYTES]);

  /** Draws the same bytes always, as the simulator does. */
  private static final class Counting extends SecureRandom {
    private static final long serialVersionUID = 1L;
    private final byte start;

    Counting(int start) {
      this.start = (byte) start;
    }

    @Override
    public void nextBytes(byte[] bytes) {
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) (start + i);
      }
    }
  }

  @Test
  void refusesOtherLengthsAndNoise() {
    byte[] signature = signer.sign(MESSAGE);
    assertTrue(scheme.verify(signer.publicKey(), MESSAGE, signature));
    for (int length : new int[] {0, 1, 32, 1311, 1313, 2419, 2421}) {
      assertFalse(scheme.verify(signer.publicKey(), MESSAGE, new byte[length]));
      assertFalse(scheme.verify(new byte[length], MESSAGE, signature));
    }
    for (int fill : new int[] {0, 0x55, 0xff}) {
      byte[] noise = new byte[MlDsa44.SIGNATURE_BYTES];
      Arrays.fill(noise, (byte) fill);
      assertFalse(scheme.verify(signer.publicKey(), MESSAGE, noise));
    }
    assertThrows(IllegalArgumentException.class, () -> MlDsa44.signer(new byte[31]));
  }

  @Test
  void noticesFlippedBits() {
    byte[] signature = signer.sign(MESSAGE);
    byte[] publicKey = signer.publicKey();
    for (int at = 0; at < signature.length; at += 11) {
      byte[] flipped = signature.clone();
      flipped[at] ^= (byte) (1 << at % 8);
      assertFalse(scheme.verify(publicKey, MESSAGE, flipped), "signature byte " + at);
    }
    for (int at = 0; at < publicKey.length; at += 11) {
      byte[] flipped = publicKey.clone();
      flipped[at] ^= (byte) (1 << at % 8);
      assertFalse(scheme.verify(flipped, MESSAGE, signature), "key byte " + at);
    }
  }

  @Test
  void makesTheKeysThatOthersMakeOfASeed() {
    // RFC 9881, appendix C.1: seed 00 01 … 1f. NIST ACVP ML-DSA-keyGen-FIPS204, tcId 1.
    assertKey(
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
        "d7b2b47254aae0db45e7930d4a98d2c97d8f1397d1789dafa17024b316e9bec9");
    assertKey(
        "d71361c000f9a7bc99dfb425bcb6bb27c32c36ab444ff3708b2d93b4e66d5b5b",
        "b845fa2881407a59183071629b08223128116014fb58ff6bb4c8c9fe19cf5b0b");
  }

  private static void assertKey(String seed, String publicKeyStart) {
    byte[] publicKey = MlDsa44.signer(HexFormat.of().parseHex(seed)).publicKey();
    assertEquals(MlDsa44.PUBLIC_KEY_BYTES, publicKey.length);
    assertEquals(publicKeyStart, HexFormat.of().formatHex(publicKey, 0, 32));
  }

  @Test
  void signsAsTheInjectedRandomnessSays() {
    byte[] seed = MlDsa44.generate(new Counting(7));
    byte[] once = MlDsa44.signer(seed, new Counting(1)).sign(MESSAGE);
    byte[] again = MlDsa44.signer(seed, new Counting(1)).sign(MESSAGE);
    byte[] otherwise = MlDsa44.signer(seed, new Counting(2)).sign(MESSAGE);
    assertArrayEquals(once, again);
    assertFalse(Arrays.equals(once, otherwise));
    byte[] publicKey = MlDsa44.signer(seed).publicKey();
    assertTrue(scheme.verify(publicKey, MESSAGE, once));
    assertTrue(scheme.verify(publicKey, MESSAGE, otherwise));
    assertFalse(scheme.verify(signer.publicKey(), MESSAGE, once));
  }
}
