package aika.core.approval;

/**
 * A log holds a leaf that the rules do not allow or that execution writes differently. The cosigner
 * that finds it signs nothing more of that log.
 */
public final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DivergedException(String message) {
    super(message);
  }

  DivergedException(String message, Throwable cause) {
    super(message, cause);
  }
}
