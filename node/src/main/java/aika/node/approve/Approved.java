package aika.node.approve;

import aika.core.log.Cosignature;
import aika.core.log.SignedCheckpoint;
import aika.core.note.NoteSignature;
import aika.node.config.Seat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A stored approval as people read it.
 *
 * @param time the latest timestamp of the quorum that was stored first, ms since 1970; timestamps
 *     count whole seconds, so it can be a little before the leaves below
 * @param seats who signed, by the names of their seats
 */
public record Approved(SignedCheckpoint checkpoint, long time, List<String> seats) {
  private static final long SECOND_MILLIS = 1_000;

  public Approved {
    seats = List.copyOf(seats);
  }

  /**
   * @param seats the chain's, in the order in which they are to be named
   */
  public static Approved of(SignedCheckpoint checkpoint, List<Seat> seats) {
    List<String> names = new ArrayList<>();
    long time = 0;
    for (Seat seat : seats) {
      Optional<NoteSignature> line =
          checkpoint.note().signatureBy(seat.key().name(), seat.key().keyId());
      if (line.isPresent()) {
        time = Math.max(time, Cosignature.timestampSeconds(line.get()) * SECOND_MILLIS);
        names.add(seat.name());
      }
    }
    return new Approved(checkpoint, time, names);
  }
}
