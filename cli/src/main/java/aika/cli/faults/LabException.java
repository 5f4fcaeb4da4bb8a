package aika.cli.faults;

/**
 * The laboratory does not work, or what it shows is a fault of the program; the message says it.
 */
public final class LabException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LabException(String message) {
    super(message);
  }

  LabException(String message, Throwable cause) {
    super(message, cause);
  }
}
