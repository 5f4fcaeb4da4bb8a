package aika.sinks;

import java.util.List;

/**
 * What a comparison of a store with the logs found.
 *
 * @param compared things that were looked at: documents, rows, entries
 * @param faults how many differ, are missing or should not be there
 * @param examples the first of them, each with its place; at most {@link #EXAMPLES_MAX}
 */
public record Verification(long compared, long faults, List<String> examples) {
  public static final int EXAMPLES_MAX = 20;

  public Verification {
    examples = List.copyOf(examples);
  }

  public boolean isClean() {
    return faults == 0;
  }

  /** Hears how a long comparison goes on. */
  @FunctionalInterface
  public interface Watcher {
    Watcher NOBODY = (done, total) -> {};

    /** {@code done} of about {@code total} things are compared. */
    void compared(long done, long total);
  }
}
