package aika.node.config;

import java.time.Duration;

/**
 * When a block closes: after {@code entries} leaves (the seal not counted) or {@code interval}
 * after its first leaf, whichever comes first.
 */
public record BlockRule(int entries, Duration interval) {
  public static final int ENTRIES_MAX = 1_000;
  public static final Duration INTERVAL_MIN = Duration.ofMillis(1);
  public static final Duration INTERVAL_MAX = Duration.ofMinutes(1);
  public static final BlockRule STANDARD = new BlockRule(500, Duration.ofMillis(250));
}
