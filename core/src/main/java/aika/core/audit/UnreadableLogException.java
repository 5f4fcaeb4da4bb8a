package aika.core.audit;

import org.jspecify.annotations.Nullable;

/** A log's files cannot be read now: nothing is known, neither good nor bad. */
public final class UnreadableLogException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UnreadableLogException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
