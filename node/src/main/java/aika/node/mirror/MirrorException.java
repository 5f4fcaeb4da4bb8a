package aika.node.mirror;

import aika.core.log.ConflictProof;
import aika.core.money.ChainId;
import org.jspecify.annotations.Nullable;

/** What a log publishes is not what its representatives approved, or contradicts what they did. */
public final class MirrorException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable ConflictProof proof;

  MirrorException(ChainId chain, String what) {
    super(chain + ": " + what);
    proof = null;
  }

  MirrorException(ChainId chain, String what, @Nullable ConflictProof proof) {
    super(chain + ": " + what);
    this.proof = proof;
  }

  MirrorException(ChainId chain, String what, Throwable cause) {
    super(chain + ": " + what + ": " + cause.getMessage(), cause);
    proof = null;
  }

  /** Both histories, when two approved checkpoints show them; who approved is not checked yet. */
  @Nullable ConflictProof proof() {
    return proof;
  }
}
