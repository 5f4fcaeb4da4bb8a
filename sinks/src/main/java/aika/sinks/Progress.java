package aika.sinks;

/**
 * How far a sink has written a chain.
 *
 * @param leaves leaves that are in it
 * @param approved leaves whose approval is in it; never more than {@code leaves}
 */
public record Progress(long leaves, long approved) {
  public static final Progress NOTHING = new Progress(0, 0);

  public Progress {
    if (approved < 0 || leaves < approved) {
      throw new IllegalArgumentException("leaves " + leaves + ", approved " + approved);
    }
  }
}
