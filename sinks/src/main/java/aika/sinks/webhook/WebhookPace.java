package aika.sinks.webhook;

import java.time.Duration;

/**
 * How patiently events are posted.
 *
 * @param answerWait how long one attempt may take, from connecting to the end of the answer
 * @param attempts for one event; then it is a dead letter. At least 1
 * @param firstPause after the first failed attempt; each further pause is twice as long
 */
public record WebhookPace(Duration answerWait, int attempts, Duration firstPause) {
  /** 15 s an attempt; eight attempts in 64 minutes. */
  public static final WebhookPace STANDARD =
      new WebhookPace(Duration.ofSeconds(15), 8, Duration.ofSeconds(30));

  public static final int ATTEMPTS_MAX = 20;

  public WebhookPace {
    if (attempts < 1 || attempts > ATTEMPTS_MAX) {
      throw new IllegalArgumentException("attempts are 1 to " + ATTEMPTS_MAX);
    }
    if (!answerWait.isPositive() || firstPause.isNegative()) {
      throw new IllegalArgumentException("the wait is positive and the pause not negative");
    }
  }

  /** The pause after this many failed attempts, ms. */
  long pauseMillis(int failed) {
    return firstPause.toMillis() << (failed - 1);
  }
}
