package aika.core.money;

import aika.core.note.MalformedException;

/**
 * An exact amount of 愛貨 in minor units (1/100). May be negative in postings; whoever needs a
 * positive amount says so. Arithmetic throws {@link ArithmeticException} on overflow.
 */
public record Money(long minor) implements Comparable<Money> {
  public static final int SCALE = 2;
  public static final int TEXT_CHARS_MAX = 20;
  public static final Money ZERO = new Money(0);

  /** One more than people may write, for the sign of the largest sums in postings. */
  private static final int CANONICAL_CHARS_MAX = TEXT_CHARS_MAX + 1;

  private static final long UNIT = 100;

  public static Money ofMinor(long minor) {
    return minor == 0 ? ZERO : new Money(minor);
  }

  /**
   * Parses the canonical text of signed documents: {@code 200.00}, {@code -0.50}. Every amount but
   * the smallest {@code long} has one.
   */
  public static Money of(String text) {
    Money value = parse(text, CANONICAL_CHARS_MAX);
    if (!value.toString().equals(text)) {
      throw new MalformedException("not an amount with two decimals: " + Quoted.of(text));
    }
    return value;
  }

  /**
   * Parses what people and programs write: {@code 200}, {@code 200.5}, {@code 200.00}. No exponent,
   * no sign but {@code -}, no more than two decimals, at most {@value #TEXT_CHARS_MAX} characters.
   */
  public static Money lenient(String text) {
    return parse(text, TEXT_CHARS_MAX);
  }

  private static Money parse(String text, int charsMax) {
    if (text.isEmpty() || text.length() > charsMax) {
      throw new MalformedException("not an amount: " + Quoted.of(text));
    }
    boolean negative = text.charAt(0) == '-';
    String digits = negative ? text.substring(1) : text;
    int dot = digits.indexOf('.');
    String whole = dot < 0 ? digits : digits.substring(0, dot);
    String part = dot < 0 ? "" : digits.substring(dot + 1);
    if (dot >= 0 && (part.isEmpty() || part.length() > SCALE)) {
      throw new MalformedException("an amount has at most two decimals: " + Quoted.of(text));
    }
    long hundredths = part.isEmpty() ? 0 : fraction(part, text);
    try {
      long minor = Math.addExact(Math.multiplyExact(Decimal.parse(whole), UNIT), hundredths);
      return ofMinor(negative ? -minor : minor);
    } catch (ArithmeticException overflow) {
      throw new MalformedException("amount too large: " + Quoted.of(text), overflow);
    }
  }

  private static long fraction(String part, String text) {
    long value = 0;
    for (int i = 0; i < SCALE; i++) {
      int digit = i < part.length() ? part.charAt(i) - '0' : 0;
      if (digit < 0 || digit > 9) {
        throw new MalformedException("not an amount: " + Quoted.of(text));
      }
      value = value * 10 + digit;
    }
    return value;
  }

  public Money plus(Money other) {
    return ofMinor(Math.addExact(minor, other.minor));
  }

  public Money minus(Money other) {
    return ofMinor(Math.subtractExact(minor, other.minor));
  }

  public Money negated() {
    return ofMinor(Math.negateExact(minor));
  }

  public boolean isPositive() {
    return minor > 0;
  }

  public boolean isNegative() {
    return minor < 0;
  }

  @Override
  public int compareTo(Money other) {
    return Long.compare(minor, other.minor);
  }

  /** The canonical text, always with two decimals and without a thousands separator. */
  @Override
  public String toString() {
    long whole = Math.abs(minor / UNIT);
    long part = Math.abs(minor % UNIT);
    return (minor < 0 ? "-" : "") + whole + (part < 10 ? ".0" : ".") + part;
  }
}
