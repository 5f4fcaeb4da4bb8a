package aika.core.approval;

/**
 * Another chain's log could not be read just now. It says nothing about the leaf that needed it:
 * execute the same leaf again later.
 */
public final class OriginUnreachableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public OriginUnreachableException(String message) {
    super(message);
  }

  public OriginUnreachableException(String message, Throwable cause) {
    super(message, cause);
  }
}
