package aika.core.money;

import aika.core.note.MalformedException;
import java.time.LocalDate;

/**
 * Points in time as they stand in signed text, as milliseconds since 1970-01-01T00:00:00Z (POSIX
 * time, no leap seconds): RFC 3339 in UTC, {@code 2026-11-22T10:00:01Z} in orders, {@code
 * 2026-11-22T10:00:01.123Z} in leaves. Years 1970 to 9999; one text for each value.
 */
public final class Timestamp {
  private static final long DAY_MILLIS = 86_400_000;
  private static final int SECONDS_CHARS = 20;
  private static final int MILLIS_CHARS = 24;
  private static final long MAX = LocalDate.of(10_000, 1, 1).toEpochDay() * DAY_MILLIS;

  private Timestamp() {}

  /** Whether this time has a text. */
  public static boolean valid(long time) {
    return time >= 0 && time < MAX;
  }

  /** With milliseconds, as in leaves. */
  public static String millis(long time) {
    StringBuilder out = date(time, MILLIS_CHARS).append('.');
    int part = (int) (time % 1000);
    return digits(out, part, 3).append('Z').toString();
  }

  /** Whole seconds, rounded down, as in orders. */
  public static String seconds(long time) {
    return date(time, SECONDS_CHARS).append('Z').toString();
  }

  public static long parseMillis(String text) {
    if (text.length() != MILLIS_CHARS || text.charAt(19) != '.') {
      throw malformed(text);
    }
    return checked(text, dateTime(text) + number(text, 20, 3));
  }

  public static long parseSeconds(String text) {
    if (text.length() != SECONDS_CHARS) {
      throw malformed(text);
    }
    return checked(text, dateTime(text));
  }

  private static StringBuilder date(long time, int capacity) {
    if (!valid(time)) {
      throw new IllegalArgumentException("time out of range: " + time);
    }
    LocalDate day = LocalDate.ofEpochDay(time / DAY_MILLIS);
    int second = (int) (time % DAY_MILLIS / 1000);
    StringBuilder out = new StringBuilder(capacity);
    digits(out, day.getYear(), 4).append('-');
    digits(out, day.getMonthValue(), 2).append('-');
    digits(out, day.getDayOfMonth(), 2).append('T');
    digits(out, second / 3600, 2).append(':');
    digits(out, second / 60 % 60, 2).append(':');
    return digits(out, second % 60, 2);
  }

  private static StringBuilder digits(StringBuilder out, int value, int width) {
    int divisor = 1;
    for (int i = 1; i < width; i++) {
      divisor *= 10;
    }
    for (; divisor > 0; divisor /= 10) {
      out.append((char) ('0' + value / divisor % 10));
    }
    return out;
  }

  private static long dateTime(String text) {
    int year = number(text, 0, 4);
    int month = number(text, 5, 2);
    int day = number(text, 8, 2);
    int hour = number(text, 11, 2);
    int minute = number(text, 14, 2);
    int second = number(text, 17, 2);
    boolean shaped =
        text.charAt(4) == '-'
            && text.charAt(7) == '-'
            && text.charAt(10) == 'T'
            && text.charAt(13) == ':'
            && text.charAt(16) == ':'
            && text.charAt(text.length() - 1) == 'Z';
    boolean dated = year >= 1970 && month >= 1 && month <= 12 && day >= 1;
    if (!shaped || !dated || hour > 23 || minute > 59 || second > 59) {
      throw malformed(text);
    }
    LocalDate first = LocalDate.of(year, month, 1);
    if (day > first.lengthOfMonth()) {
      throw malformed(text);
    }
    long days = first.toEpochDay() + day - 1;
    return days * DAY_MILLIS + (hour * 3600L + minute * 60L + second) * 1000;
  }

  private static int number(String text, int from, int width) {
    int value = 0;
    for (int i = from; i < from + width; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        throw malformed(text);
      }
      value = value * 10 + digit;
    }
    return value;
  }

  private static long checked(String text, long time) {
    if (time >= MAX) {
      throw malformed(text);
    }
    return time;
  }

  private static MalformedException malformed(String text) {
    return new MalformedException("not a UTC time of RFC 3339: " + Quoted.of(text));
  }
}
