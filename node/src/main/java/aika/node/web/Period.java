package aika.node.web;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How far back the numbers go; longer periods in longer steps, so that a table stays readable. */
enum Period {
  WEEK(7, Step.DAY),
  MONTH(30, Step.DAY),
  QUARTER(90, Step.WEEK),
  YEAR(365, Step.MONTH);

  /** What one row of a table counts together. */
  enum Step {
    DAY,
    WEEK,
    MONTH;

    /** The step's first day. */
    LocalDate first(LocalDate day) {
      return switch (this) {
        case DAY -> day;
        case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
        case MONTH -> day.withDayOfMonth(1);
      };
    }

    private LocalDate next(LocalDate first) {
      return switch (this) {
        case DAY -> first.plusDays(1);
        case WEEK -> first.plusWeeks(1);
        case MONTH -> first.plusMonths(1);
      };
    }
  }

  private final int days;
  private final Step step;

  Period(int days, Step step) {
    this.days = days;
    this.step = step;
  }

  int days() {
    return days;
  }

  Step step() {
    return step;
  }

  /** The first day that counts: the period's, or earlier, so that its first step is a whole one. */
  LocalDate since(LocalDate until) {
    return step.first(until.minusDays(days - 1L));
  }

  /** The first days of all steps. */
  List<LocalDate> steps(LocalDate until) {
    List<LocalDate> steps = new ArrayList<>();
    for (LocalDate day = since(until); !day.isAfter(until); day = step.next(day)) {
      steps.add(day);
    }
    return steps;
  }

  /**
   * The period that an address asks for.
   *
   * @param days a number of days; with any other text it is 30
   */
  static Period of(@Nullable String days) {
    return Arrays.stream(values())
        .filter(one -> String.valueOf(one.days).equals(days))
        .findFirst()
        .orElse(MONTH);
  }
}
