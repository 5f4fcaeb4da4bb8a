package aika.core.note;

import java.util.Arrays;

/**
 * Strict reading of text line by line, without intermediate strings. Each line ends in a newline
 * (U+000A); errors name the line, counted from 1.
 *
 * <p>Starts before the first line: {@link #next()} moves to it. The bytes must not change
 * meanwhile.
 */
public final class Lines {
  private static final int DECIMAL_DIGITS_MAX = 19;

  private final byte[] bytes;
  private final int end;
  private int lineStart;
  private int lineEnd;
  private int nextStart;
  private int number;

  private Lines(byte[] bytes, int from, int end, int linesBefore) {
    this.bytes = bytes;
    this.end = end;
    this.lineStart = from;
    this.lineEnd = from;
    this.nextStart = from;
    this.number = linesBefore;
  }

  /** Reads all of these bytes. */
  public static Lines of(byte[] bytes) {
    return new Lines(bytes, 0, bytes.length, 0);
  }

  /** Reads {@code bytes[from, to)}, a part that comes after so many lines of the whole. */
  public static Lines of(byte[] bytes, int from, int to, int linesBefore) {
    return new Lines(bytes, from, to, linesBefore);
  }

  public boolean hasNext() {
    return nextStart < end;
  }

  /**
   * Moves to the next line.
   *
   * @throws MalformedException when there is none or it does not end in a newline
   */
  public Lines next() {
    number++;
    lineStart = nextStart;
    if (lineStart >= end) {
      lineEnd = lineStart;
      throw malformed("missing");
    }
    int at = lineStart;
    while (at < end && bytes[at] != '\n') {
      at++;
    }
    lineEnd = at;
    if (at == end) {
      throw malformed("does not end in a newline");
    }
    nextStart = at + 1;
    return this;
  }

  /** Number of the current line, from 1. */
  public int number() {
    return number;
  }

  /** The bytes after the current line. */
  byte[] rest() {
    return Arrays.copyOfRange(bytes, nextStart, end);
  }

  public boolean isEmpty() {
    return lineStart == lineEnd;
  }

  /** Bytes of the current line without its newline. */
  public int length() {
    return lineEnd - lineStart;
  }

  /** Whether the line is exactly this ASCII text. */
  public boolean is(String ascii) {
    return length() == ascii.length() && startsWith(ascii);
  }

  /** Whether the line starts with this ASCII text. */
  public boolean startsWith(String ascii) {
    if (length() < ascii.length()) {
      return false;
    }
    for (int i = 0; i < ascii.length(); i++) {
      if (bytes[lineStart + i] != ascii.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** The whole line. */
  public String text() {
    return text(0, length());
  }

  /** What follows this ASCII prefix, which the line must start with. */
  public String textAfter(String prefix) {
    return text(skip(prefix), length());
  }

  /** The decimal number that follows this prefix: 0 … {@link Long#MAX_VALUE}, no leading zero. */
  public long decimalAfter(String prefix) {
    int from = lineStart + skip(prefix);
    int digits = lineEnd - from;
    if (digits == 0 || digits > DECIMAL_DIGITS_MAX || (digits > 1 && bytes[from] == '0')) {
      throw notDecimal(prefix);
    }
    long value = 0;
    for (int at = from; at < lineEnd; at++) {
      int digit = bytes[at] - '0';
      if (digit < 0 || digit > 9 || value > (Long.MAX_VALUE - digit) / 10) {
        throw notDecimal(prefix);
      }
      value = value * 10 + digit;
    }
    return value;
  }

  /** The canonical base64 that follows this prefix, of at least one byte. */
  public byte[] base64After(String prefix, int bytesMax) {
    return base64(skip(prefix), bytesMax);
  }

  /** Refuses anything after the current line. */
  public void end() {
    if (hasNext()) {
      number++;
      throw malformed("nothing may follow here");
    }
  }

  /** An error about the current line. */
  public MalformedException malformed(String what) {
    return new MalformedException("line " + number + ": " + what);
  }

  /** An error about the current line, which a check without line numbers found. */
  public MalformedException malformed(MalformedException cause) {
    return new MalformedException("line " + number + ": " + cause.getMessage(), cause);
  }

  /** Position within the line of the first such byte at or after {@code from}, or -1. */
  int indexOf(char ascii, int from) {
    for (int at = lineStart + from; at < lineEnd; at++) {
      if (bytes[at] == ascii) {
        return at - lineStart;
      }
    }
    return -1;
  }

  boolean startsWith(byte[] prefix) {
    return length() >= prefix.length
        && Arrays.equals(bytes, lineStart, lineStart + prefix.length, prefix, 0, prefix.length);
  }

  String text(int from, int to) {
    try {
      return Utf8.decode(bytes, lineStart + from, lineStart + to);
    } catch (MalformedException e) {
      throw malformed(e);
    }
  }

  byte[] base64(int from, int bytesMax) {
    if (length() - from > (bytesMax + 2) / 3 * 4) {
      throw malformed("base64 of more than " + bytesMax + " bytes");
    }
    byte[] value = CanonicalBase64.decode(bytes, lineStart + from, lineEnd);
    if (value == null || value.length == 0) {
      throw malformed("not canonical base64");
    }
    if (value.length > bytesMax) {
      throw malformed("base64 of more than " + bytesMax + " bytes");
    }
    return value;
  }

  private int skip(String prefix) {
    if (!startsWith(prefix)) {
      throw malformed("must start with \"" + prefix + "\"");
    }
    return prefix.length();
  }

  private MalformedException notDecimal(String prefix) {
    String where = prefix.isEmpty() ? "" : " after \"" + prefix + "\"";
    return malformed("not a decimal number without leading zeros" + where);
  }
}
