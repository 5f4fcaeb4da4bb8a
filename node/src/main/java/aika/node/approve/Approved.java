package aika.node.approve;

import aika.core.log.Cosignature;
import aika.core.log.SignedCheckpoint;
import aika.core.note.NoteSignature;
import java.util.ArrayList;
import java.util.List;

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

  /** What a stored approval says; whose signatures it holds was checked when it was stored. */
  public static Approved of(SignedCheckpoint checkpoint) {
    String origin = checkpoint.checkpoint().origin();
    List<String> names = new ArrayList<>();
    long time = 0;
    for (NoteSignature line : checkpoint.note().signatures()) {
      if (!line.name().equals(origin)) {
        time = Math.max(time, Cosignature.timestampSeconds(line) * SECOND_MILLIS);
        names.add(line.name().substring(line.name().lastIndexOf('/') + 1));
      }
    }
    names.sort(null);
    return new Approved(checkpoint, time, names);
  }
}
