package aika.core.note;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Ed25519Test {
  private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
  private static final BigInteger L =
      BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));
  private static final byte[] MESSAGE = "aika".getBytes(UTF_8);

  private final Ed25519 scheme = new Ed25519(4);
  private final Signer signer = Ed25519.signer(seed(1));

  private static byte[] seed(int number) {
    byte[] seed = new byte[Ed25519.SEED_BYTES];
    seed[0] = (byte) number;
    seed[1] = (byte) (number >> 8);
    return seed;
  }

  private static byte[] littleEndian(BigInteger value, boolean highBit) {
    byte[] bytes = new byte[32];
    byte[] bigEndian = value.toByteArray();
    for (int i = 0; i < Math.min(32, bigEndian.length); i++) {
      bytes[i] = bigEndian[bigEndian.length - 1 - i];
    }
    bytes[31] |= (byte) (highBit ? 0x80 : 0);
    return bytes;
  }

  @Test
  void passesItsSelfTestOnThisJdk() {
    scheme.selfTest();
  }

  @Test
  void selfTestCatchesProvidersThatDeviate() {
    SignatureScheme acceptsAll = (publicKey, message, signature) -> true;
    SignatureScheme refusesAll = (publicKey, message, signature) -> false;
    SignatureScheme ignoresHighS =
        (publicKey, message, signature) ->
            scheme.verify(publicKey, message, signature)
                || signature.length == 64
                    && scheme.verify(publicKey, message, withSubtractedL(signature));
    for (SignatureScheme bad : List.of(acceptsAll, refusesAll, ignoresHighS)) {
      assertThrows(IllegalStateException.class, () -> Ed25519Vectors.check(bad, Ed25519::signer));
    }
    assertThrows(
        IllegalStateException.class,
        () -> Ed25519Vectors.check(scheme, seed -> ToyScheme.signer("toy")));
  }

  /** What a verifier that reduces S would see. */
  private static byte[] withSubtractedL(byte[] signature) {
    byte[] reduced = signature.clone();
    byte[] bigEndian = new byte[32];
    for (int i = 0; i < 32; i++) {
      bigEndian[i] = signature[63 - i];
    }
    BigInteger s = new BigInteger(1, bigEndian);
    if (s.compareTo(L) >= 0) {
      System.arraycopy(littleEndian(s.subtract(L), false), 0, reduced, 32, 32);
    }
    return reduced;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
      })
  void refusesPointsOfSmallOrderWithEveryScalar(String hex) {
    byte[] point = HexFormat.of().parseHex(hex);
    assertFalse(Ed25519Encoding.isAcceptablePoint(point, 0));
    byte[] signature = new byte[64];
    System.arraycopy(point, 0, signature, 0, 32);
    assertFalse(scheme.verify(point, MESSAGE, signature));
    assertFalse(scheme.verify(signer.publicKey(), MESSAGE, signature));
  }

  @Test
  void acceptsCanonicalPointsOnly() {
    for (int i = 0; i < 19; i++) {
      for (boolean sign : new boolean[] {false, true}) {
        byte[] beyond = littleEndian(P.add(BigInteger.valueOf(i)), sign);
        assertFalse(Ed25519Encoding.isAcceptablePoint(beyond, 0), "p + " + i);
      }
    }
    for (int i = 2; i < 300; i++) {
      BigInteger below = P.subtract(BigInteger.valueOf(i));
      assertTrue(Ed25519Encoding.isAcceptablePoint(littleEndian(below, false), 0), "p - " + i);
      BigInteger small = BigInteger.valueOf(i);
      assertTrue(Ed25519Encoding.isAcceptablePoint(littleEndian(small, true), 0), "y = " + i);
    }
  }

  @Test
  void acceptsScalarsBelowTheOrderOnly() {
    for (int i = 0; i < 300; i++) {
      BigInteger offset = BigInteger.valueOf(i);
      assertFalse(Ed25519Encoding.isCanonicalScalar(littleEndian(L.add(offset), false), 0));
      BigInteger below = L.subtract(offset).subtract(BigInteger.ONE);
      assertTrue(Ed25519Encoding.isCanonicalScalar(littleEndian(below, false), 0));
      assertTrue(Ed25519Encoding.isCanonicalScalar(littleEndian(offset, false), 0));
    }
    for (int bit = 253; bit < 256; bit++) {
      byte[] high = new byte[32];
      high[bit / 8] = (byte) (1 << bit % 8);
      assertFalse(Ed25519Encoding.isCanonicalScalar(high, 0));
    }
  }

  /** Providers differ over some encodings, so none of them is asked. */
  @Test
  void asksNoProviderAboutWhatOnlySomeAccept() {
    Provider credulous = new CredulousProvider();
    Security.insertProviderAt(credulous, 1);
    try {
      Ed25519 tried = new Ed25519(4);
      byte[] publicKey = signer.publicKey();
      byte[] signature = signer.sign(MESSAGE);
      signature[0] ^= 1;
      assertTrue(tried.verify(publicKey, MESSAGE, signature), "the provider is asked");
      byte[] highS = signature.clone();
      System.arraycopy(littleEndian(L, false), 0, highS, 32, 32);
      assertFalse(tried.verify(publicKey, MESSAGE, highS));
      byte[] smallR = signature.clone();
      Arrays.fill(smallR, 0, 32, (byte) 0);
      assertFalse(tried.verify(publicKey, MESSAGE, smallR));
      assertFalse(tried.verify(new byte[32], MESSAGE, signature));
      byte[] largeY = littleEndian(P.add(BigInteger.TWO), false);
      assertFalse(tried.verify(largeY, MESSAGE, signature));
    } finally {
      Security.removeProvider(credulous.getName());
    }
  }

  @Test
  void refusesOtherLengths() {
    byte[] signature = signer.sign(MESSAGE);
    assertTrue(scheme.verify(signer.publicKey(), MESSAGE, signature));
    for (int length : new int[] {0, 31, 33, 63, 65, 128}) {
      assertFalse(scheme.verify(signer.publicKey(), MESSAGE, new byte[length]));
      assertFalse(scheme.verify(new byte[length], MESSAGE, signature));
    }
    for (int length : new int[] {0, 31, 33, 64}) {
      assertThrows(IllegalArgumentException.class, () -> Ed25519.signer(new byte[length]));
    }
  }

  @Test
  void refusesKeysThatAreNoPoint() {
    byte[] signature = signer.sign(MESSAGE);
    for (int y = 2; y < 20; y++) {
      byte[] key = littleEndian(BigInteger.valueOf(y), false);
      assertFalse(scheme.verify(key, MESSAGE, signature), "y = " + y);
    }
  }

  @Test
  void keepsKeysApartWhenTheCacheOverflows() {
    List<Signer> signers = IntStream.range(0, 40).mapToObj(i -> Ed25519.signer(seed(i))).toList();
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < signers.size(); i++) {
        byte[] signature = signers.get(i).sign(MESSAGE);
        byte[] other = signers.get((i + 1) % signers.size()).publicKey();
        assertTrue(scheme.verify(signers.get(i).publicKey(), MESSAGE, signature));
        assertFalse(scheme.verify(other, MESSAGE, signature));
      }
    }
    assertThrows(IllegalArgumentException.class, () -> new Ed25519(0));
  }

  @Test
  void servesManyThreads() throws Exception {
    byte[] right = signer.sign(MESSAGE);
    byte[] wrong = right.clone();
    wrong[0] ^= 1;
    Callable<Integer> task =
        () -> {
          int agreed = 0;
          for (int i = 0; i < 40; i++) {
            boolean expected = i % 2 == 0;
            byte[] signature = expected ? right : wrong;
            agreed += scheme.verify(signer.publicKey(), MESSAGE, signature) == expected ? 1 : 0;
            agreed += scheme.verify(signer.publicKey(), MESSAGE, signer.sign(MESSAGE)) ? 1 : 0;
          }
          return agreed;
        };
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Integer> result : threads.invokeAll(Collections.nCopies(8, task))) {
        assertEquals(80, result.get());
      }
    }
  }

  @Test
  void generatesUsableSeeds() {
    Signer fresh = Ed25519.signer(Ed25519.generate(new SecureRandom()));
    assertTrue(scheme.verify(fresh.publicKey(), MESSAGE, fresh.sign(MESSAGE)));
    assertFalse(scheme.verify(signer.publicKey(), MESSAGE, fresh.sign(MESSAGE)));
  }
}
