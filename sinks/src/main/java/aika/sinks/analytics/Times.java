package aika.sinks.analytics;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** Times in the tables are UTC and have no zone. */
final class Times {
  private Times() {}

  /** A time that is there, ms since 1970. */
  static long millis(ResultSet rows, int column) throws SQLException {
    return millis(rows.getObject(column, LocalDateTime.class));
  }

  static long millis(LocalDateTime utc) {
    return utc.toInstant(ZoneOffset.UTC).toEpochMilli();
  }

  static LocalDateTime utc(long millis) {
    return LocalDateTime.ofInstant(Instant.ofEpochMilli(millis), ZoneOffset.UTC);
  }
}
