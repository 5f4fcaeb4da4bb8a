package aika.sim;

/**
 * What goes wrong, and how often.
 *
 * @param loss chance that a message is lost, 0 to 1
 * @param duplicate chance that a message arrives twice
 * @param late chance that a message takes up to {@code lateMillisMax}, and so is overtaken
 * @param crashMillis mean virtual time between two crashes anywhere, ms; 0 for none
 * @param downMillisMax longest time that a crashed actor stays down, ms
 * @param clockMillis mean virtual time between two jumps of some leader's clock, ms; 0 for none
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
    return new Faults(0.02, 0.02, 0.02, 4_000, 400, 6_000, 700, 400);
  }
}
