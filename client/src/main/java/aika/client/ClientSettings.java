package aika.client;

import java.net.URI;
import java.time.Duration;

/**
 * @param gateway base of any gateway. A municipality's own takes the orders of its chain only, a
 *     continent's those of every chain of the node
 * @param answerWait for one attempt
 * @param attempts for one order, or one question
 * @param firstPause after the first attempt in vain; each further one is twice as long, up to
 *     {@link #PAUSE_MAX}
 */
public record ClientSettings(URI gateway, Duration answerWait, int attempts, Duration firstPause) {
  public static final Duration PAUSE_MAX = Duration.ofSeconds(15);

  /** 20 s an attempt, five attempts with pauses of 0.25 s, 0.5 s, 1 s and 2 s. */
  public static ClientSettings of(URI gateway) {
    return new ClientSettings(gateway, Duration.ofSeconds(20), 5, Duration.ofMillis(250));
  }

  public ClientSettings {
    if (attempts < 1 || !answerWait.isPositive() || firstPause.isNegative()) {
      throw new IllegalArgumentException("at least one attempt, with some time for an answer");
    }
  }

  /** After this many attempts in vain. */
  Duration pause(int failed) {
    Duration pause = firstPause.multipliedBy(1L << Math.min(failed - 1, 20));
    return pause.compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : pause;
  }

  /** The gateway's address of this path, which begins with a slash. */
  URI at(String path) {
    String base = gateway.toString();
    return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
  }
}
