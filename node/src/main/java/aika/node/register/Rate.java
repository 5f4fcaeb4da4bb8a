package aika.node.register;

/**
 * How often one caller may look people up: a token bucket for each.
 *
 * @param perSecond look-ups a second in the long run, 1 … 1,000,000
 * @param burst look-ups at once after a pause, 1 … 1,000,000
 * @param callersMax callers told apart, about 200 bytes each; the others share one bucket
 */
public record Rate(int perSecond, int burst, int callersMax) {
  public static final Rate DEFAULT = new Rate(20, 100, 10_000);

  private static final int RATE_MAX = 1_000_000;

  public Rate {
    if (perSecond < 1 || perSecond > RATE_MAX || burst < 1 || burst > RATE_MAX || callersMax < 1) {
      throw new IllegalArgumentException("a rate, a burst and a number of callers are needed");
    }
  }
}
