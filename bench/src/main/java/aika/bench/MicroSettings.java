package aika.bench;

import java.time.Duration;
import java.util.List;

/**
 * What {@link MicroBench} does.
 *
 * @param benchmarks by name, in the order to run them
 * @param rounds that are measured of each
 * @param round how long one takes; before them come half as many to warm up
 * @param forked whether each runs in a process of its own, as it should for its figure to count
 */
public record MicroSettings(List<String> benchmarks, int rounds, Duration round, boolean forked) {
  /** All of them. */
  public static final List<String> ALL =
      List.of(
          "parseOrder",
          "checkEd25519",
          "applySend",
          "applyReceive",
          "encodeLeaf",
          "appendToMerkleTree",
          "cosignMlDsa44");

  public static final int SECONDS_STANDARD = 4;
  private static final int SECONDS_MAX = 3_600;

  /** Refuses what cannot be measured. */
  public MicroSettings {
    benchmarks = List.copyOf(benchmarks);
    if (benchmarks.isEmpty() || !ALL.containsAll(benchmarks)) {
      throw new IllegalArgumentException("benchmarks: some of " + ALL);
    }
    if (rounds < 1 || rounds > SECONDS_MAX || !round.isPositive()) {
      throw new IllegalArgumentException("seconds: 1 to " + SECONDS_MAX);
    }
  }

  /** All benchmarks, each measured for so long. */
  public static MicroSettings ofSeconds(int seconds) {
    return new MicroSettings(ALL, seconds, Duration.ofSeconds(1), true);
  }

  int warmUpRounds() {
    return Math.ceilDiv(rounds, 2);
  }
}
