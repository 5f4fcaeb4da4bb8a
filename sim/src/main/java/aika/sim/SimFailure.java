package aika.sim;

/** Something went wrong that must never go wrong. The same seed and settings fail alike. */
public final class SimFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long seed;
  private final long step;
  private final String what;

  SimFailure(long seed, long step, String what, Throwable cause) {
    super(
        "seed " + seed + ", step " + step + ": " + what + "; replay with: aika sim --seed " + seed,
        cause);
    this.seed = seed;
    this.step = step;
    this.what = what;
  }

  public long seed() {
    return seed;
  }

  /** Events until it failed, the failing one counted. */
  public long step() {
    return step;
  }

  public String what() {
    return what;
  }
}
