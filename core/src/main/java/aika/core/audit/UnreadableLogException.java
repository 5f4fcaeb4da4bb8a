package aika.core.audit;

/** A log's files cannot be read now: nothing is known, neither good nor bad. */
public final class UnreadableLogException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UnreadableLogException(String message, Throwable cause) {
    super(message, cause);
  }
}
