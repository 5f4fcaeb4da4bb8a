package aika.sim;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What goes wrong, and how often.
 *
 * @param loss chance that a message is lost, 0 to 1
 * @param duplicate chance that a message arrives twice
 * @param late chance that a message takes up to {@code lateMillisMax}, and so is overtaken
 * @param crashMillis mean virtual time between two crashes of one actor, ms; half as often it is
 *     cut off from the network; 0 for never
 * @param downMillisMax longest time that an actor stays down or cut off, ms
 * @param clockMillis mean virtual time between two jumps of one leader's clock, ms; 0 for none
 * @param mischiefMillis mean virtual time between two forged or misplaced requests, ms; 0 for none
 */
public record Faults(
    double loss,
    double duplicate,
    double late,
    int lateMillisMax,
    int crashMillis,
    int downMillisMax,
    int clockMillis,
    int mischiefMillis) {

  private static final int NUMBERS = 8;

  /** The numbers in their order, separated by commas; {@link #of} reads it. */
  public String text() {
    return Stream.of(
            loss,
            duplicate,
            late,
            lateMillisMax,
            crashMillis,
            downMillisMax,
            clockMillis,
            mischiefMillis)
        .map(String::valueOf)
        .collect(Collectors.joining(","));
  }

  /**
   * Reads eight numbers as {@link #text} writes them, or {@code none}.
   *
   * @throws IllegalArgumentException when it is neither
   */
  public static Faults of(String text) {
    if (text.equals("none")) {
      return none();
    }
    String[] parts = text.split(",", -1);
    if (parts.length != NUMBERS) {
      throw new IllegalArgumentException("faults are none or " + NUMBERS + " numbers");
    }
    return new Faults(
        Double.parseDouble(parts[0]),
        Double.parseDouble(parts[1]),
        Double.parseDouble(parts[2]),
        Integer.parseInt(parts[3]),
        Integer.parseInt(parts[4]),
        Integer.parseInt(parts[5]),
        Integer.parseInt(parts[6]),
        Integer.parseInt(parts[7]));
  }

  /** Messages take their time, nothing else. */
  public static Faults none() {
    return new Faults(0, 0, 0, 0, 0, 0, 0, 0);
  }

  /** More than a bad day. */
  public static Faults standard() {
    return new Faults(0.02, 0.02, 0.02, 4_000, 30_000, 6_000, 10_000, 200);
  }
}
