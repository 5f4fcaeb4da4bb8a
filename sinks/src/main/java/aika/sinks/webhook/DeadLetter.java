package aika.sinks.webhook;

import aika.core.money.ChainId;

/**
 * An event that a hook could not deliver.
 *
 * @param kind the leaf's, as in {@code send}
 * @param time the leaf's, ms since 1970
 * @param attempts how often it was posted in vain
 * @param since when the hook gave it up, ms since 1970
 * @param failure why the last attempt failed
 * @param body the JSON that is posted
 */
public record DeadLetter(
    ChainId chain,
    long index,
    String kind,
    long time,
    int attempts,
    long since,
    String failure,
    String body) {
  /** The event's id, its position: {@code Asia-Komatsu:12}. */
  public String id() {
    return chain + ":" + index;
  }

  DeadLetter failedAgain(String why) {
    return new DeadLetter(chain, index, kind, time, attempts + 1, since, why, body);
  }
}
