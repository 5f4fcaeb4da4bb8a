package aika.core.note;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinesTest {
  private static Lines lines(String text) {
    return Lines.of(text.getBytes(UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "01",
        "-1",
        "+1",
        " 1",
        "1 ",
        "1.0",
        "1e3",
        "0x1",
        "９",
        "9223372036854775808",
        "99999999999999999999"
      })
  void refusesOtherDecimals(String number) {
    var thrown =
        assertThrows(
            MalformedException.class,
            () -> lines("first\nn " + number + "\n").next().next().decimalAfter("n "));
    assertEquals(
        "line 2: not a decimal number without leading zeros after \"n \"", thrown.getMessage());
  }

  @Test
  void readsDecimalsUpToTheLargestLong() {
    assertEquals(0, lines("0\n").next().decimalAfter(""));
    assertEquals(Long.MAX_VALUE, lines("n 9223372036854775807\n").next().decimalAfter("n "));
  }

  @Test
  void namesTheLineAtFault() {
    Lines lines = lines("a\nb\nc");
    lines.next().next();
    var unterminated = assertThrows(MalformedException.class, lines::next);
    assertEquals("line 3: does not end in a newline", unterminated.getMessage());
    Lines short_ = lines("a\n");
    short_.next();
    var missing = assertThrows(MalformedException.class, short_::next);
    assertEquals("line 2: missing", missing.getMessage());
    var trailing = assertThrows(MalformedException.class, () -> lines("a\nb\n").next().end());
    assertEquals("line 2: nothing may follow here", trailing.getMessage());
  }

  @Test
  void refusesBadUtf8AndOtherPrefixes() {
    byte[] overlong = {'k', ' ', (byte) 0xc0, (byte) 0x80, '\n'};
    var thrown =
        assertThrows(MalformedException.class, () -> Lines.of(overlong).next().textAfter("k "));
    assertEquals("line 1: not valid UTF-8", thrown.getMessage());
    assertThrows(MalformedException.class, () -> lines("kind\n").next().textAfter("kind "));
    assertThrows(MalformedException.class, () -> lines("Kind send\n").next().textAfter("kind "));
  }

  @Test
  void readsText() {
    Lines lines = lines("one\n\nk 愛\nAAEC\n");
    assertTrue(lines.next().is("one"));
    assertFalse(lines.is("on"));
    assertTrue(lines.next().isEmpty());
    assertEquals("愛", lines.next().textAfter("k "));
    assertEquals("k 愛", lines.text());
    assertArrayEquals(new byte[] {0, 1, 2}, lines.next().base64After("", 3));
    assertThrows(MalformedException.class, () -> lines.base64After("", 2));
    assertFalse(lines.hasNext());
    lines.end();
  }
}
