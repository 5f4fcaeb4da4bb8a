package aika.sinks;

import org.jspecify.annotations.Nullable;

/**
 * A store could not be used, or holds something that it must not. The message is for operators and
 * never holds a password.
 */
public final class SinkException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What kind of failure it is; whether waiting may help. */
  public enum Kind {
    /** Not reachable, or too slow: tried again for ever. */
    UNREACHABLE,
    /** Reachable, but it refuses us: wrong password, missing right, unusable certificate. */
    REFUSED,
    /** It answers with something that contradicts what it proved or what the logs say. */
    TAMPERED,
    /** Anything else. */
    FAILED
  }

  private final Kind kind;

  public SinkException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
