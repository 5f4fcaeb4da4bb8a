package aika.sim;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What happens to municipalities and residents besides paying, each once in a run.
 *
 * @param closed municipalities that their recovery quorums close, and that everybody leaves
 * @param unseated municipalities that lose so many seats that nothing is approved any more, until
 *     their recovery quorums seat others
 * @param leaving residents who empty their account and close it
 */
public record Upheavals(int closed, int unseated, int leaving) {
  private static final int NUMBERS = 3;
  private static final String NONE = "none";

  public Upheavals {
    if (closed < 0 || unseated < 0 || leaving < 0) {
      throw new IllegalArgumentException("upheavals are counted from 0");
    }
  }

  /** Nothing of the kind. */
  public static Upheavals none() {
    return new Upheavals(0, 0, 0);
  }

  /** One of the towns is closed, one loses its seats, some people leave. */
  public static Upheavals standard() {
    return new Upheavals(1, 1, 12);
  }

  /** The numbers in their order, separated by commas, or {@code none}; {@link #of} reads it. */
  public String text() {
    return equals(none())
        ? NONE
        : Stream.of(closed, unseated, leaving)
            .map(String::valueOf)
            .collect(Collectors.joining(","));
  }

  /**
   * Reads three numbers as {@link #text} writes them, or {@code none}.
   *
   * @throws IllegalArgumentException when it is neither
   */
  public static Upheavals of(String text) {
    if (text.equals(NONE)) {
      return none();
    }
    String[] parts = text.split(",", -1);
    if (parts.length != NUMBERS) {
      throw new IllegalArgumentException("upheavals are none or " + NUMBERS + " numbers");
    }
    return new Upheavals(
        Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
  }

  /** Whether there are so many: a town has to be left, and in each town a resident. */
  boolean fit(int municipalities, int accounts) {
    return equals(within(municipalities, accounts));
  }

  /** As many of them as there can be. */
  Upheavals within(int municipalities, int accounts) {
    int towns = Math.min(closed, municipalities - 1);
    long residents = (long) municipalities * (accounts - 1);
    return new Upheavals(
        towns, Math.min(unseated, municipalities - towns), (int) Math.min(leaving, residents));
  }
}
