package aika.sim;

/** Something went wrong that must never go wrong. The same seed and settings fail alike. */
public final class SimFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long seed;
  private final long step;
  private final String what;

  SimFailure(SimSettings settings, long step, String what, Throwable cause) {
    super(
        String.format(
            "seed %d, step %d: %s; replay with: aika sim %s",
            settings.seed(), step, what, settings.options()),
        cause);
    this.seed = settings.seed();
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
