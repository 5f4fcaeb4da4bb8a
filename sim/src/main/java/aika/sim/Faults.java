package aika.sim;

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

  /** Messages take their time, nothing else. */
  public static Faults none() {
    return new Faults(0, 0, 0, 0, 0, 0, 0, 0);
  }

  /** More than a bad day. */
  public static Faults standard() {
    return new Faults(0.02, 0.02, 0.02, 4_000, 30_000, 6_000, 10_000, 200);
  }
}
