package aika.sinks.analytics;

import aika.sinks.SinkException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A documented question.
 *
 * @param id for the command line and addresses: {@code sent-between}
 * @param sql one SELECT that both databases understand; parameters are written {@code :name}
 */
public record Question(
    String id, String ja, String en, List<Parameter> parameters, List<Column> columns, String sql) {
  private static final Pattern PARAMETER = Pattern.compile("(?<!:):([a-z_]+)");

  public Question {
    parameters = List.copyOf(parameters);
    columns = List.copyOf(columns);
  }

  /** What a parameter's value looks like. */
  public enum Kind {
    /** Name of a chain; an empty text is all of them. */
    CHAIN("VARCHAR"),
    /** {@code 2026-11-30} */
    DAY("DATE"),
    /** UTC, {@code 2026-11-30T15:00:00} or with {@code Z}. */
    TIME("TIMESTAMP"),
    /** {@code week} or {@code month} */
    PERIOD("VARCHAR"),
    /** 1 to {@value #COUNT_MAX} */
    COUNT("BIGINT");

    static final int COUNT_MAX = 1_000;

    private final String sql;

    Kind(String sql) {
      this.sql = sql;
    }
  }

  /** What a parameter is when it is not given. */
  public enum Otherwise {
    /** It must be given. */
    REQUIRED,
    ALL,
    LAST_MONTH_BEGIN,
    LAST_MONTH_END,
    YEAR_AGO,
    TODAY,
    NOW,
    MONTH,
    TEN
  }

  public record Parameter(String name, Kind kind, Otherwise otherwise, String ja, String en) {}

  /** A column of the answer. */
  public record Column(String name, String ja, String en) {}

  /**
   * @param sql with {@code ?} for each value
   */
  record Bound(String sql, List<String> values) {
    /**
     * @param around this statement with something around it
     */
    PreparedStatement prepare(Connection reader, String around) throws SQLException {
      PreparedStatement statement = reader.prepareStatement(around);
      for (int i = 0; i < values.size(); i++) {
        statement.setString(i + 1, values.get(i));
      }
      return statement;
    }
  }

  /**
   * @param clock the office's, for values that are not given
   */
  Bound bind(Map<String, String> arguments, Clock clock) {
    Set<String> unknown = new HashSet<>(arguments.keySet());
    parameters.forEach(parameter -> unknown.remove(parameter.name));
    if (!unknown.isEmpty()) {
      throw refused("no parameter " + unknown.iterator().next());
    }
    List<String> values = new ArrayList<>();
    StringBuilder bound = new StringBuilder();
    Matcher matcher = PARAMETER.matcher(sql);
    while (matcher.find()) {
      Parameter parameter = parameter(matcher.group(1));
      matcher.appendReplacement(bound, "CAST(? AS " + parameter.kind.sql + ")");
      values.add(value(parameter, arguments, clock));
    }
    matcher.appendTail(bound);
    return new Bound(bound.toString(), values);
  }

  private Parameter parameter(String name) {
    return parameters.stream()
        .filter(one -> one.name.equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(id + " has no parameter " + name));
  }

  private String value(Parameter parameter, Map<String, String> arguments, Clock clock) {
    String given = arguments.get(parameter.name);
    if (given == null) {
      return otherwise(parameter, clock);
    }
    try {
      return switch (parameter.kind) {
        case CHAIN -> given;
        case DAY -> LocalDate.parse(given).toString();
        case TIME ->
            LocalDateTime.parse(
                    given.endsWith("Z") ? given.substring(0, given.length() - 1) : given)
                .toString();
        case PERIOD -> {
          if (!given.equals("week") && !given.equals("month")) {
            throw refused(parameter.name + " is week or month");
          }
          yield given;
        }
        case COUNT -> {
          long count = Long.parseLong(given);
          if (count < 1 || count > Kind.COUNT_MAX) {
            throw refused(parameter.name + " is 1 to " + Kind.COUNT_MAX);
          }
          yield Long.toString(count);
        }
      };
    } catch (DateTimeParseException | NumberFormatException unreadable) {
      throw refused("%s cannot be read: %s".formatted(parameter.name, given));
    }
  }

  private static String otherwise(Parameter parameter, Clock clock) {
    LocalDate today = LocalDate.now(clock);
    LocalDate thisMonth = today.withDayOfMonth(1);
    return switch (parameter.otherwise) {
      case REQUIRED -> throw refused(parameter.name + " must be given");
      case ALL -> "";
      case LAST_MONTH_BEGIN -> thisMonth.minusMonths(1).toString();
      case LAST_MONTH_END -> thisMonth.minusDays(1).toString();
      case YEAR_AGO -> thisMonth.minusMonths(11).toString();
      case TODAY -> today.toString();
      case NOW -> LocalDateTime.ofInstant(Instant.now(clock), ZoneOffset.UTC).toString();
      case MONTH -> "month";
      case TEN -> "10";
    };
  }

  private static SinkException refused(String why) {
    return new SinkException(SinkException.Kind.REFUSED, why, null);
  }
}
