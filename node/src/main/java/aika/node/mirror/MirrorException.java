package aika.node.mirror;

import aika.core.money.ChainId;

/** What a log publishes is not what its representatives approved, or contradicts what they did. */
public final class MirrorException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MirrorException(ChainId chain, String what) {
    super(chain + ": " + what);
  }

  MirrorException(ChainId chain, String what, Throwable cause) {
    super(chain + ": " + what + ": " + cause.getMessage(), cause);
  }
}
