package aika.sinks;

import aika.core.log.SignedCheckpoint;
import java.util.List;

/**
 * A checkpoint with the cosignatures of a quorum; it approves every leaf below.
 *
 * @param time the latest timestamp of the quorum that was stored first, ms since 1970
 * @param seats who signed, by the names of their seats
 */
public record Approval(SignedCheckpoint checkpoint, long time, List<String> seats) {
  public Approval {
    seats = List.copyOf(seats);
  }

  /** Leaves that it approves. */
  public long size() {
    return checkpoint.checkpoint().size();
  }
}
