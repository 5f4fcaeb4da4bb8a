package aika.sinks.analytics;

import aika.sinks.SinkException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Values of both databases in the same few Java types. */
final class Values {
  /** Of all values of an answer, which is in memory as a whole. */
  static final int CHARS_MAX = 32 << 20;

  /** What a value counts that is no text: about its place in memory. */
  private static final int OTHER_CHARS = 8;

  private Values() {}

  /**
   * @throws SinkException REFUSED when the values have more than {@link #CHARS_MAX} characters
   */
  static Answer answer(ResultSet rows, int rowsMax) throws SQLException {
    List<Answer.Column> columns = columns(rows.getMetaData());
    List<List<@Nullable Object>> found = new ArrayList<>();
    Room room = new Room();
    boolean more = false;
    while (rows.next()) {
      if (found.size() == rowsMax) {
        more = true;
        break;
      }
      found.add(row(rows, columns, room));
    }
    return new Answer(columns, found, more);
  }

  static List<Answer.Column> columns(ResultSetMetaData meta) throws SQLException {
    List<Answer.Column> columns = new ArrayList<>();
    for (int i = 1; i <= meta.getColumnCount(); i++) {
      String type = meta.getColumnTypeName(i);
      columns.add(new Answer.Column(meta.getColumnLabel(i), kind(meta, i, type), type));
    }
    return columns;
  }

  private static Answer.Kind kind(ResultSetMetaData meta, int column, String type)
      throws SQLException {
    return switch (meta.getColumnType(column)) {
      case Types.TINYINT, Types.SMALLINT, Types.INTEGER, Types.BIGINT -> Answer.Kind.INTEGER;
      case Types.NUMERIC, Types.DECIMAL, Types.REAL, Types.FLOAT, Types.DOUBLE ->
          Answer.Kind.NUMBER;
      case Types.DATE -> Answer.Kind.DAY;
      case Types.TIMESTAMP -> Answer.Kind.TIME;
      case Types.BOOLEAN -> Answer.Kind.TRUTH;
      // PostgreSQL has no BOOLEAN of its own in JDBC, DuckDB no place for its largest integers.
      case Types.BIT -> type.equals("bool") ? Answer.Kind.TRUTH : Answer.Kind.TEXT;
      default -> type.equals("HUGEINT") ? Answer.Kind.INTEGER : Answer.Kind.TEXT;
    };
  }

  /** A row that is not kept, of whatever size. */
  static List<@Nullable Object> row(ResultSet rows, List<Answer.Column> columns)
      throws SQLException {
    return row(rows, columns, null);
  }

  private static List<@Nullable Object> row(
      ResultSet rows, List<Answer.Column> columns, @Nullable Room room) throws SQLException {
    List<@Nullable Object> row = new ArrayList<>(columns.size());
    for (int i = 0; i < columns.size(); i++) {
      Object value = value(rows, i + 1, columns.get(i).kind());
      if (room != null) {
        room.take(value);
      }
      row.add(value);
    }
    return row;
  }

  /** What an answer may still hold; counted at each value, because one alone may be too much. */
  private static final class Room {
    private long left = CHARS_MAX;

    private void take(@Nullable Object value) {
      left -= chars(value);
      if (left < 0) {
        throw new SinkException(
            SinkException.Kind.REFUSED,
            "an answer has at most %d characters; ask for less".formatted(CHARS_MAX),
            null);
      }
    }

    private static long chars(@Nullable Object value) {
      return switch (value) {
        case String text -> text.length();
        case BigDecimal number -> (long) number.precision() + Math.abs((long) number.scale());
        case null -> OTHER_CHARS;
        default -> OTHER_CHARS;
      };
    }
  }

  private static @Nullable Object value(ResultSet rows, int column, Answer.Kind kind)
      throws SQLException {
    return switch (kind) {
      case TEXT -> rows.getString(column);
      case INTEGER, NUMBER -> number(rows.getObject(column));
      case DAY -> rows.getObject(column, LocalDate.class);
      case TIME -> rows.getObject(column, LocalDateTime.class);
      case TRUTH -> {
        boolean truth = rows.getBoolean(column);
        yield rows.wasNull() ? null : truth;
      }
    };
  }

  private static @Nullable Object number(@Nullable Object value) {
    return switch (value) {
      case Byte small -> small.longValue();
      case Short small -> small.longValue();
      case Integer small -> small.longValue();
      case Float small -> small.doubleValue();
      case BigInteger large ->
          large.bitLength() < Long.SIZE ? (Object) large.longValue() : new BigDecimal(large);
      case null -> null;
      default -> value;
    };
  }
}
