package aika.sinks.analytics;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoField;

/** Days and hours as the office's clocks show them. Remembers the last quarter of an hour. */
final class Calendar {
  /** No zone changes its clocks within one, nor differs from UTC by a part of one. */
  private static final long QUARTER_MILLIS = 15 * 60 * 1000;

  private final ZoneId zone;
  private long quarter = Long.MIN_VALUE;
  private long day;
  private long hour;

  Calendar(ZoneId zone) {
    this.zone = zone;
  }

  /** Days since 1970-01-01. */
  long day(long millis) {
    look(millis);
    return day;
  }

  /** 0 to 23. */
  long hour(long millis) {
    look(millis);
    return hour;
  }

  private void look(long millis) {
    long now = Math.floorDiv(millis, QUARTER_MILLIS);
    if (now != quarter) {
      LocalDateTime local = LocalDateTime.ofInstant(Instant.ofEpochMilli(millis), zone);
      day = local.toLocalDate().toEpochDay();
      hour = local.get(ChronoField.HOUR_OF_DAY);
      quarter = now;
    }
  }
}
