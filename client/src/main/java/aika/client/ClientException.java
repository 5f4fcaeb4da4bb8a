package aika.client;

import org.jspecify.annotations.Nullable;

/** What cannot be done, with a stable code. Never thrown when an order may have been accepted. */
public final class ClientException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Nobody answered, or not in time. */
  public static final String UNREACHABLE = "UNREACHABLE";

  /** Whoever answered does not speak as a gateway does. */
  public static final String NOT_UNDERSTOOD = "NOT_UNDERSTOOD";

  /** What was answered is not what the representatives signed. */
  public static final String PROOF_INVALID = "PROOF_INVALID";

  private final String code;

  ClientException(String code, String message, @Nullable Throwable cause) {
    super(code + ": " + message, cause);
    this.code = code;
  }

  static ClientException of(Problem problem) {
    return new ClientException(problem.code(), problem.toString(), null);
  }

  static ClientException invalid(String what) {
    return new ClientException(PROOF_INVALID, what, null);
  }

  /** One of this class's, or the code of a refusal (docs/spec/errors.md). */
  public String code() {
    return code;
  }
}
