package aika.node.approve;

import aika.core.ledger.Seats;
import aika.core.log.Checkpoint;
import aika.core.log.SignedCheckpoint;
import aika.core.note.NoteSignature;
import aika.core.note.VerifierKey;
import java.util.List;

/**
 * A checkpoint that is put before a chain's seats. It stays the same until a quorum has cosigned
 * it, so that slow cosigners meet on one size.
 *
 * @param signed by the log, and by the seats that have cosigned so far; their lines are valid
 * @param seats who approve it
 * @param since {@link System#nanoTime} when it was put before them
 * @param approved whether its approval is stored
 */
public record Candidate(SignedCheckpoint signed, Seats seats, long since, boolean approved) {
  /** While slow cosigners are waited for, ns [SEAL-45]. */
  private static final long PATIENCE_NANOS = 10_000_000_000L;

  public Checkpoint checkpoint() {
    return signed.checkpoint();
  }

  /** For how long it stays, although more is sealed, ns; none when it is not positive. */
  long patience(long now) {
    return since + PATIENCE_NANOS - now;
  }

  public long size() {
    return signed.checkpoint().size();
  }

  /** The seats that have cosigned. */
  public List<VerifierKey> cosigned() {
    return seats.keys().stream().filter(this::cosignedBy).toList();
  }

  boolean cosignedBy(VerifierKey seat) {
    return signed.note().signatureBy(seat.name(), seat.keyId()).isPresent();
  }

  /** Whether a seat of this name sits and has not cosigned. */
  public boolean awaits(String seat) {
    return seats.keys().stream().anyMatch(key -> key.name().equals(seat) && !cosignedBy(key));
  }

  boolean isQuorum() {
    return cosigned().size() >= seats.quorum();
  }

  Candidate with(List<NoteSignature> lines) {
    return lines.isEmpty()
        ? this
        : new Candidate(signed.withSignatures(lines), seats, since, approved);
  }

  Candidate stored() {
    return new Candidate(signed, seats, since, true);
  }
}
