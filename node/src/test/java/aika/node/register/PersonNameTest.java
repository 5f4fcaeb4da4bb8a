package aika.node.register;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import aika.core.note.MalformedException;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PersonNameTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "A B",
        " A",
        "小松\u3000花子",
        "A\u00a0B",
        "A\u200bB",
        "A\tB",
        "A\nB",
        "A\u0000",
        "A\u0085B",
        "A\u2028B",
        "\u202eA",
        "\ufeffA",
        "Jose\u0301",
        "か\u3099",
        "\ud800",
      })
  void notAName(String text) {
    MalformedException refused = assertThrows(MalformedException.class, () -> PersonName.of(text));
    assertFalse(String.valueOf(refused.getMessage()).contains("Jose"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"A", "B", "小松花子", "José", "O'Brien", "佐々木", "がく", "می\u200cخواهم", "👩\u200d🌾"})
  void aName(String text) {
    assertEquals(text, PersonName.of(text).value());
  }

  @Test
  void atMost128Bytes() {
    assertEquals(128, PersonName.of("a".repeat(128)).value().length());
    assertThrows(MalformedException.class, () -> PersonName.of("a".repeat(129)));
    PersonName.of("愛".repeat(42));
    assertThrows(MalformedException.class, () -> PersonName.of("愛".repeat(43)));
  }

  @Test
  void isNotShownByAccident() {
    assertFalse(PersonName.of("Hanako").toString().contains("Hanako"));
  }

  @Test
  void aMemoHasAtMost140Characters() {
    SecureRandom random = new SecureRandom();
    assertEquals(140, Memo.of("あ".repeat(140), random).text().length());
    Memo.of("🍙".repeat(140), random);
    assertThrows(MalformedException.class, () -> Memo.of("あ".repeat(141), random));
    assertThrows(MalformedException.class, () -> Memo.of("", random));
    assertThrows(MalformedException.class, () -> Memo.of("a\nb", random));
    assertThrows(MalformedException.class, () -> Memo.of("\ud800", random));
    assertThrows(MalformedException.class, () -> Memo.parse("AAAA", "short salt"));
  }

  @Test
  void aMemosHashIsOfItsSaltAndText() {
    // (head -c 32 /dev/zero; printf '米 5kg') | sha256sum
    Memo memo = Memo.parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "米 5kg");
    assertEquals("KiF1L78FufeSQVZiPE6/Pc72Z2AW8Px6BjQdT/D4oz4=", memo.hash().base64());
    assertFalse(memo.toString().contains("米"));
  }
}
