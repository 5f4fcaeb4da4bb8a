package aika.node.wallet;

/** The wallet cannot be opened, was changed by somebody else, or does not have what was asked. */
public final class WalletException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  WalletException(String message) {
    super(message);
  }

  WalletException(String message, Throwable cause) {
    super(message, cause);
  }
}
