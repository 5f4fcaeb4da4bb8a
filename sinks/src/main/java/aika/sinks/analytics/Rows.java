package aika.sinks.analytics;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Takes the rows of one table, cell by cell in the order of its columns. */
interface Rows {
  /** Null is an empty cell. */
  Rows text(@Nullable String value);

  Rows number(long value);

  /** A time in ms since 1970. */
  Rows time(long millis);

  /** Days since 1970-01-01. */
  Rows day(long epochDay);

  Rows id(UUID value);

  /** An empty cell. */
  Rows none();

  /** The row is complete. */
  void end();
}
