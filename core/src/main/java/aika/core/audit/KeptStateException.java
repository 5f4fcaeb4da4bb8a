package aika.core.audit;

/** What an earlier audit kept is damaged, or is not of this federation. None of it is believed. */
public final class KeptStateException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public KeptStateException(String message) {
    super(message);
  }

  public KeptStateException(String message, Throwable cause) {
    super(message, cause);
  }
}
