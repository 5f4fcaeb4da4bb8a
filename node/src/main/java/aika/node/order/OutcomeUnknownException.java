package aika.node.order;

import org.jspecify.annotations.Nullable;

/** An order may or may not have been accepted; looking it up by its id, or a retry, will tell. */
public final class OutcomeUnknownException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  OutcomeUnknownException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
