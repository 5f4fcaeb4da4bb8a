package aika.core.money;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.note.MalformedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MoneyTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        ".",
        "-.",
        "1.",
        ".5",
        "-.5",
        "+1",
        "1e3",
        "1E3",
        "0x10",
        "1,000",
        "1_000",
        " 1",
        "1 ",
        "01",
        "00",
        "-01",
        "--1",
        "1.2.3",
        "1.234",
        "1.-5",
        "1.5-",
        "1-",
        "NaN",
        "Infinity",
        "１",
        "1.２",
        "1.\n",
        "１.00",
        "92233720368547758.08",
        "-92233720368547758.09",
        "100000000000000000.00",
        "99999999999999999999",
        "0000000000000000000001"
      })
  void refusesWhatIsNoAmount(String text) {
    assertThrows(MalformedException.class, () -> Money.lenient(text));
    assertThrows(MalformedException.class, () -> Money.of(text));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0.00",
    "-0, 0, 0.00",
    "0.0, 0, 0.00",
    "1, 100, 1.00",
    "200, 20000, 200.00",
    "200.5, 20050, 200.50",
    "200.05, 20005, 200.05",
    "0.01, 1, 0.01",
    "-0.01, -1, -0.01",
    "-0.5, -50, -0.50",
    "92233720368547758.07, 9223372036854775807, 92233720368547758.07"
  })
  void readsWhatPeopleWrite(String text, long minor, String canonical) {
    Money money = Money.lenient(text);
    assertEquals(minor, money.minor());
    assertEquals(canonical, money.toString());
    assertEquals(money, Money.of(canonical));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-0.00", "-0", "1", "1.5", "200.5", "0.0"})
  void signedTextHasOneFormOnly(String text) {
    assertThrows(MalformedException.class, () -> Money.of(text));
  }

  /** Postings of large sums are negative as often as positive. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "92233720368547758.07",
        "-92233720368547758.07",
        "-10000000000000000.00",
        "10000000000000000.00",
        "-9999999999999999.99"
      })
  void everyAmountReadsItsOwnText(String text) {
    assertEquals(text, Money.of(text).toString());
  }

  @Test
  void textOfPeopleHasAtMost20Characters() {
    assertEquals(Money.TEXT_CHARS_MAX, "92233720368547758.07".length());
    assertThrows(MalformedException.class, () -> Money.lenient("-92233720368547758.07"));
  }

  @Test
  void arithmeticNeverWraps() {
    Money most = Money.ofMinor(Long.MAX_VALUE);
    Money least = Money.ofMinor(Long.MIN_VALUE);
    assertThrows(ArithmeticException.class, () -> most.plus(Money.ofMinor(1)));
    assertThrows(ArithmeticException.class, () -> least.minus(Money.ofMinor(1)));
    assertThrows(ArithmeticException.class, least::negated);
    assertEquals(Money.ZERO, most.minus(most));
    assertEquals("-92233720368547758.08", least.toString());
  }

  @Test
  void signs() {
    assertTrue(Money.ofMinor(1).isPositive());
    assertFalse(Money.ZERO.isPositive());
    assertFalse(Money.ZERO.isNegative());
    assertTrue(Money.ofMinor(-1).isNegative());
    assertTrue(Money.ofMinor(-1).compareTo(Money.ZERO) < 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "+1", "-1", "01", "00", "1 ", "１", "9223372036854775808", "1e2", "0x1"})
  void refusesWhatIsNoDecimal(String text) {
    assertThrows(MalformedException.class, () -> Decimal.parse(text));
  }

  @Test
  void readsDecimals() {
    assertEquals(0, Decimal.parse("0"));
    assertEquals(Long.MAX_VALUE, Decimal.parse("9223372036854775807"));
  }
}
