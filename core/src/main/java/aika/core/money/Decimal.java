package aika.core.money;

import aika.core.note.MalformedException;

/** Whole numbers as they stand in signed text: ASCII digits, no sign, no leading zero. */
public final class Decimal {
  private static final int DIGITS_MAX = 19;

  private Decimal() {}

  /** Parses 0 … {@link Long#MAX_VALUE}. */
  public static long parse(String text) {
    int length = text.length();
    if (length == 0 || length > DIGITS_MAX || (length > 1 && text.charAt(0) == '0')) {
      throw new MalformedException("not a decimal number: " + Quoted.of(text));
    }
    long value = 0;
    for (int i = 0; i < length; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9 || value > (Long.MAX_VALUE - digit) / 10) {
        throw new MalformedException("not a decimal number: " + Quoted.of(text));
      }
      value = value * 10 + digit;
    }
    return value;
  }
}
