package aika.node.order;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The ordering refused an entry, lost sight of it, or cannot run. */
public final class OrderingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean maybeOrdered;

  private OrderingException(String message, @Nullable Throwable cause, boolean maybeOrdered) {
    super(message, cause);
    this.maybeOrdered = maybeOrdered;
  }

  static OrderingException refused(String message) {
    return new OrderingException(message, null, false);
  }

  static OrderingException refused(String message, @Nullable Throwable cause) {
    return new OrderingException(message, cause, false);
  }

  static OrderingException unknown(String message, @Nullable Throwable cause) {
    return new OrderingException(message, cause, true);
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }

  /**
   * Whether the entry may have been ordered, or may still be: its outcome is unknown and must not
   * be reported as failed. False when it certainly never will be.
   */
  public boolean maybeOrdered() {
    return maybeOrdered;
  }
}
