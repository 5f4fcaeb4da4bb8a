package aika.core.transfer;

/**
 * Execution would have broken a rule that always holds, such as conservation: a fault of the
 * program or of its stored state. The chain halts; nothing of the command is kept.
 */
public final class BrokenInvariantException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BrokenInvariantException(String message) {
    super(message);
  }
}
