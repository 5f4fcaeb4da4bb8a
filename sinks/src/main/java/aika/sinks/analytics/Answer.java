package aika.sinks.analytics;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a question was answered with.
 *
 * @param more whether there were more rows than asked for
 */
public record Answer(List<Column> columns, List<List<@Nullable Object>> rows, boolean more) {
  public Answer {
    columns = List.copyOf(columns);
    rows = Collections.unmodifiableList(new ArrayList<>(rows));
  }

  /** What the values of a column are. */
  public enum Kind {
    /** {@link String} */
    TEXT,
    /** {@link Long}; {@link java.math.BigDecimal} where a sum does not fit. */
    INTEGER,
    /** {@link Double} or {@link java.math.BigDecimal} */
    NUMBER,
    /** {@link java.time.LocalDate} */
    DAY,
    /** {@link java.time.LocalDateTime}, in UTC. */
    TIME,
    /** {@link Boolean} */
    TRUTH
  }

  /**
   * @param type as the database calls it
   */
  public record Column(String name, Kind kind, String type) {}
}
