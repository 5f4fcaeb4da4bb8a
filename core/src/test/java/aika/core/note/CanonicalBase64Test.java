package aika.core.note;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalBase64Test {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "A",
        "AA",
        "AAA",
        "AA=",
        "A===",
        "====",
        "=AAA",
        "AA=A",
        "AAAA=",
        "AAAA====", // shape
        "AB==",
        "AAB=",
        "A/==", // unused bits that are not zero
        "AA\n=",
        "AAAA\n",
        " AAAA",
        "AA-A",
        "AA_A",
        "AAA\u00e9",
        "AAA\u0141",
        "AAA\u0000" // alphabet
      })
  void refusesWhatIsNotCanonical(String text) {
    assertThrows(MalformedException.class, () -> CanonicalBase64.decode(text));
  }

  @Test
  void agreesWithTheJdkOnWhatIsCanonical() {
    long seed = 20261122;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int length = 0; length < 100; length++) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      String text = Base64.getEncoder().encodeToString(bytes);
      assertEquals(text, CanonicalBase64.encode(bytes));
      assertArrayEquals(bytes, CanonicalBase64.decode(text));
    }
  }

  @Test
  void acceptsOneTextPerValue() {
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    int accepted = 0;
    for (int i = 0; i < alphabet.length(); i++) {
      String text = "A" + alphabet.charAt(i) + "==";
      try {
        assertEquals(text, CanonicalBase64.encode(CanonicalBase64.decode(text)));
        accepted++;
      } catch (MalformedException e) {
        assertEquals("not canonical base64", e.getMessage());
      }
    }
    assertEquals(4, accepted);
  }
}
