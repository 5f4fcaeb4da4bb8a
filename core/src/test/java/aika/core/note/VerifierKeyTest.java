package aika.core.note;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerifierKeyTest {
  private static final String VKEY =
      "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "example.com/foo",
        "example.com/foo+530d903a",
        "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com /foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+0530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo++AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\n",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3Q==",
        "example.com/foo+530d903a+AQ==",
        "example.com/foo+530d903a+"
      })
  void refusesOtherTexts(String text) {
    assertThrows(MalformedException.class, () -> VerifierKey.parse(text));
  }

  @Test
  void readsTheExampleOfTheSpecification() {
    VerifierKey key = VerifierKey.parse(VKEY);
    assertEquals("example.com/foo", key.name());
    assertEquals(1, key.type());
    assertEquals(0x530d903a, key.keyId());
    assertEquals(VKEY, key.format());
    assertEquals(key, new VerifierKey("example.com/foo", 1, key.publicKey()));
  }

  @Test
  void keepsThePlusSignsOfTheBase64() {
    byte[] publicKey = new byte[32];
    Arrays.fill(publicKey, (byte) 0xfb);
    VerifierKey key = new VerifierKey("k", 1, publicKey);
    assertEquals(key, VerifierKey.parse(key.format()));
    VerifierKey large = new VerifierKey("k", 6, MlDsa44.signer(new byte[32]).publicKey());
    assertEquals(large, VerifierKey.parse(large.format()));
  }

  @Test
  void refusesNamesKeysAndTypesOutOfBounds() {
    assertThrows(MalformedException.class, () -> new VerifierKey("", 1, new byte[32]));
    assertThrows(MalformedException.class, () -> new VerifierKey("a b", 1, new byte[32]));
    assertThrows(MalformedException.class, () -> new VerifierKey("a", 1, new byte[0]));
    assertThrows(MalformedException.class, () -> new VerifierKey("a", 1, new byte[4097]));
    assertThrows(IllegalArgumentException.class, () -> new VerifierKey("a", 256, new byte[32]));
  }
}
