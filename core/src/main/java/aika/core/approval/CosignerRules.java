package aika.core.approval;

import aika.core.ledger.Directory;
import aika.core.ledger.Seats;
import aika.core.log.AddCheckpoint;
import aika.core.log.Checkpoint;
import aika.core.log.Hash;
import aika.core.log.Merkle;
import aika.core.log.Proofs;
import aika.core.money.ChainId;
import aika.core.note.MalformedException;
import aika.core.note.SignatureScheme;
import org.jspecify.annotations.Nullable;

/**
 * What a representative checks before it cosigns a checkpoint: the C2SP tlog-witness rules of
 * {@code add-checkpoint}, and the additional statement of this federation, that it executed every
 * leaf itself and that the checkpoint stands just after a seal.
 *
 * <p>Specified in docs/spec/seals-and-approval.md, SEAL-11 to SEAL-29.
 *
 * <p>Whoever follows {@link Verdict.Sign} must make {@code next} durable before the signature
 * leaves.
 */
public final class CosignerRules {
  /** How far a seal's time may lie ahead of the cosigner's clock, ms. */
  public static final long AHEAD_MILLIS_MAX = 5_000;

  private final Directory directory;
  private final SignatureScheme logSignatures;
  private final Execution execution;

  public CosignerRules(Directory directory, SignatureScheme logSignatures, Execution execution) {
    this.directory = directory;
    this.logSignatures = logSignatures;
    this.execution = execution;
  }

  /** The largest tree of one log that a cosigner has signed. */
  public record Signed(long size, Hash root) {
    /** Before the first. */
    public static final Signed NOTHING = new Signed(0, Merkle.EMPTY_ROOT);
  }

  /** The answer; each refusal has its HTTP status in tlog-witness. */
  public sealed interface Verdict {
    /**
     * @param seats the only ones that may sign; those of other terms do not
     */
    record Sign(Signed next, Seats seats) implements Verdict {}

    record Refuse(int httpStatus, String why) implements Verdict {}

    /** 409: the request does not start from what was signed last. */
    record Conflict(long signedSize) implements Verdict {}
  }

  /**
   * @param last what was signed of this log before
   * @param now the cosigner's clock, ms since 1970
   */
  public Verdict check(AddCheckpoint request, Signed last, long now) {
    Checkpoint checkpoint = request.checkpoint().checkpoint();
    ChainId chain = chain(checkpoint.origin());
    Directory.Entry entry = chain == null ? null : directory.find(chain);
    if (chain == null || entry == null) {
      return new Verdict.Refuse(404, "unknown log " + checkpoint.origin());
    }
    if (!request.checkpoint().isSignedByLog(entry.logKey(), logSignatures)) {
      return new Verdict.Refuse(403, "not signed by the log's key");
    }
    if (request.oldSize() != last.size()) {
      return new Verdict.Conflict(last.size());
    }
    if (checkpoint.size() == last.size() && !checkpoint.root().equals(last.root())) {
      return new Verdict.Conflict(last.size());
    }
    if (!consistent(request, checkpoint, last)) {
      return new Verdict.Refuse(422, "the consistency proof does not hold");
    }
    Execution.Sealed executed = execution.sealed(chain, checkpoint.size());
    if (executed == null) {
      return new Verdict.Refuse(503, "not executed up to " + checkpoint.size() + " yet");
    }
    if (!executed.root().equals(checkpoint.root())) {
      return new Verdict.Refuse(422, "execution gives another root");
    }
    if (executed.sealTime() - now > AHEAD_MILLIS_MAX) {
      return new Verdict.Refuse(503, "the seal is ahead of the clock");
    }
    long handover = executed.handover();
    boolean beyond = handover > 0 && handover >= last.size(); // for the first time
    if (beyond && !execution.handedOver(chain, handover)) {
      return new Verdict.Refuse(503, "the hand-over at size " + handover + " is not approved yet");
    }
    return new Verdict.Sign(new Signed(checkpoint.size(), checkpoint.root()), executed.seats());
  }

  private static boolean consistent(AddCheckpoint request, Checkpoint checkpoint, Signed last) {
    if (last.size() == 0 || last.size() == checkpoint.size()) {
      return request.proof().isEmpty();
    }
    return Proofs.verifyConsistency(
        last.size(), checkpoint.size(), request.proof(), last.root(), checkpoint.root());
  }

  private @Nullable ChainId chain(String origin) {
    String prefix = directory.federation() + '/';
    if (!origin.startsWith(prefix)) {
      return null;
    }
    try {
      return ChainId.of(origin.substring(prefix.length()));
    } catch (MalformedException notAChain) {
      return null;
    }
  }
}
