package aika.node.config;

import aika.core.ledger.Policy;
import java.time.Duration;
import java.util.List;

/**
 * How long representatives sit and how many there are.
 *
 * @param seats one of {@link #SEATS}; one seat is for development only
 */
public record Term(Length length, int seats) {
  /** With more than two thirds needed: 1 of 1, 3 of 4, 4 of 5, 5 of 7. */
  public static final List<Integer> SEATS = List.of(1, 4, 5, 7);

  public static final int BLOCKS_MIN = 1;
  public static final int BLOCKS_MAX = 1_000_000_000;
  public static final Duration TIME_MIN = Duration.ofMinutes(1);
  public static final Duration TIME_MAX = Duration.ofDays(3_660);
  public static final Length LENGTH_STANDARD = new Length.Time(Duration.ofDays(90));

  /** The same as chains execute by it. */
  Policy.Term rule() {
    return switch (length) {
      case Length.Blocks blocks -> new Policy.Term(seats, blocks.count(), 0);
      case Length.Time time -> new Policy.Term(seats, 0, time.duration().toMillis());
    };
  }

  /** By block height or by the calendar. */
  public sealed interface Length {
    record Blocks(int count) implements Length {}

    record Time(Duration duration) implements Length {}
  }
}
