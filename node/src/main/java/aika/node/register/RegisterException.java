package aika.node.register;

/** The register holds what it never wrote, or was asked for an account that it does not know. */
public final class RegisterException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RegisterException(String message) {
    super(message);
  }

  RegisterException(String message, Throwable cause) {
    super(message, cause);
  }
}
