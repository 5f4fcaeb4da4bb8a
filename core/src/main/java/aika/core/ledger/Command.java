package aika.core.ledger;

import aika.core.money.Timestamp;

/**
 * What a chain executes next.
 *
 * @param time set once by the leader that ordered it, ms since 1970
 */
public record Command(long time, Action action) {
  public Command {
    if (!Timestamp.valid(time)) {
      throw new IllegalArgumentException("time out of range: " + time);
    }
  }
}
