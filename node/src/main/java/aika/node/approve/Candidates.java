package aika.node.approve;

import aika.core.ledger.Directory;
import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.log.Checkpoint;
import aika.core.log.Cosignature;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import aika.core.note.MlDsa44;
import aika.core.note.NoteSignature;
import aika.core.note.VerifierKey;
import aika.node.order.Chain;
import aika.node.order.MedianClock;
import aika.node.store.Seal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What is put before the seats of each chain, and what those that are held elsewhere have cosigned
 * [SEAL-45 to SEAL-49]. Any thread may ask and bring.
 */
public final class Candidates {
  /** How far a cosignature's time may lie ahead of the node's clock. */
  private static final long AHEAD_SECONDS_MAX = 60;

  /** A cosignature that comes so soon after its seal tells what time it is where it was made. */
  private static final long FRESH_MILLIS = 1_000;

  private static final long HALF_SECOND_MILLIS = 500;

  private final Directory directory;
  private final LongSupplier clock;
  private final MedianClock clocks;
  private final MlDsa44 cosignatures = new MlDsa44();
  private final Map<ChainId, Candidate> shown = new ConcurrentHashMap<>();
  private final Map<ChainId, Silence> silences = new ConcurrentHashMap<>();

  /** Held while a candidate is replaced by another. */
  private final ReentrantLock changing = new ReentrantLock();

  /**
   * @param clock ms since 1970
   * @param clocks hears the representatives'
   */
  Candidates(Directory directory, LongSupplier clock, MedianClock clocks) {
    this.directory = directory;
    this.clock = clock;
    this.clocks = clocks;
  }

  /** What came of a cosignature that was brought. */
  public sealed interface Brought {
    /**
     * @param candidate as it is now
     */
    record Counted(Candidate candidate) implements Brought {}

    /** Nothing changed. */
    record Refused(Refusal refusal) implements Brought {}
  }

  /** What the seats of a chain are to cosign next, or have approved last; null before the first. */
  public @Nullable Candidate of(ChainId chain) {
    return shown.get(chain);
  }

  /**
   * For how long something has waited that a seat has not cosigned, s; 0 when there is nothing.
   *
   * @return of each sitting seat of a chain, by its name
   */
  public Map<String, Double> silentSeconds(ChainId chain) {
    Silence silence = silences.get(chain);
    return silence == null ? Map.of() : silence.seconds();
  }

  /** Shows this one from now on; what it holds is durable. */
  void show(ChainId chain, Candidate candidate) {
    changing.lock();
    try {
      Candidate before = shown.get(chain);
      Candidate now = candidate;
      if (before != null && before.checkpoint().equals(candidate.checkpoint())) {
        now = candidate.with(missing(candidate, before.signed().note().signatures()));
      }
      shown.put(chain, now);
      silence(chain).shown(now);
    } finally {
      changing.unlock();
    }
  }

  private Silence silence(ChainId chain) {
    return silences.computeIfAbsent(chain, any -> new Silence());
  }

  private static List<NoteSignature> missing(Candidate candidate, List<NoteSignature> lines) {
    return lines.stream()
        .filter(line -> candidate.signed().note().signatureBy(line.name(), line.keyId()).isEmpty())
        .toList();
  }

  /**
   * Adds the cosignatures of a note to the candidate.
   *
   * @param brought the candidate's checkpoint with lines by its seats; the log's own line may be
   *     among them
   * @param machine that brings it; empty for this one
   */
  public Brought bring(Chain chain, SignedCheckpoint brought, String machine) {
    Checkpoint checkpoint = brought.checkpoint();
    Candidate candidate = shown.get(chain.id());
    if (candidate == null) {
      return refused(Reason.NOT_FOUND, "nothing is to be approved yet");
    }
    if (!checkpoint.origin().equals(directory.origin(chain.id()))) {
      return refused(Reason.WRONG_CHAIN, checkpoint.origin());
    }
    Seal seal = chain.sealAt(checkpoint.size());
    if (seal == null || !seal.root().equals(checkpoint.root())) {
      return refused(
          Reason.CHECKPOINT_INCONSISTENT, "no block of this log ends so at " + checkpoint.size());
    }
    List<NoteSignature> lines = new ArrayList<>();
    for (NoteSignature line : brought.note().signatures()) {
      if (line.name().equals(checkpoint.origin())) {
        continue;
      }
      VerifierKey seat = seat(candidate, line);
      if (seat == null) {
        return refused(Reason.SEAT_NOT_SITTING, line.name());
      }
      if (!Cosignature.verify(checkpoint, seat, cosignatures, line)) {
        return refused(Reason.BAD_SIGNATURE, line.name() + ": the cosignature is not valid");
      }
      hear(candidate, seal, line, machine);
      if (isAhead(line)) {
        return refused(
            Reason.BAD_SIGNATURE, line.name() + ": its time is ahead of this node's clock");
      }
      lines.add(line);
    }
    if (lines.isEmpty()) {
      return refused(Reason.BAD_SIGNATURE, "no cosignature");
    }
    return counted(chain.id(), checkpoint, lines);
  }

  private static @Nullable VerifierKey seat(Candidate candidate, NoteSignature line) {
    return candidate.seats().keys().stream()
        .filter(key -> line.isBy(key.name(), key.keyId()))
        .findFirst()
        .orElse(null);
  }

  private boolean isAhead(NoteSignature line) {
    long now = TimeUnit.MILLISECONDS.toSeconds(clock.getAsLong());
    return Cosignature.timestampSeconds(line) - now > AHEAD_SECONDS_MAX;
  }

  /**
   * A line that nobody has brought before, under a block that was sealed a moment ago by this
   * node's clock, was made in between. Others can have been made at any time.
   */
  private void hear(Candidate candidate, Seal seal, NoteSignature line, String machine) {
    long since = clock.getAsLong() - seal.time();
    if (!machine.isEmpty()
        && !candidate.approved()
        && candidate.size() == seal.size()
        && candidate.signed().note().signatureBy(line.name(), line.keyId()).isEmpty()
        && since >= 0
        && since < FRESH_MILLIS) {
      long seconds = Cosignature.timestampSeconds(line);
      clocks.heard(line.name(), machine, TimeUnit.SECONDS.toMillis(seconds) + HALF_SECOND_MILLIS);
    }
  }

  private Brought counted(ChainId chain, Checkpoint checkpoint, List<NoteSignature> lines) {
    changing.lock();
    try {
      Candidate candidate = shown.get(chain);
      lines.forEach(line -> silence(chain).heard(line.name(), checkpoint.size()));
      if (candidate == null || !candidate.checkpoint().equals(checkpoint)) {
        return refused(
            Reason.CHECKPOINT_NOT_LARGER,
            "another size is to be approved by now, not " + checkpoint.size());
      }
      Candidate now = candidate.with(missing(candidate, lines));
      shown.put(chain, now);
      silence(chain).shown(now);
      return new Brought.Counted(now);
    } finally {
      changing.unlock();
    }
  }

  private static Brought refused(Reason reason, String detail) {
    return new Brought.Refused(Refusal.of(reason, detail));
  }
}
