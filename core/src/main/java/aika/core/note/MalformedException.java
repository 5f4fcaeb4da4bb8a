package aika.core.note;

/**
 * Outside bytes or text that do not have the form they must have; the message says what and where.
 */
public final class MalformedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public MalformedException(String message) {
    super(message);
  }

  public MalformedException(String message, Throwable cause) {
    super(message, cause);
  }
}
