package aika.node.tls;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file of the directory {@code tls} cannot be used, or no certificate can be made. The message is
 * meant to be shown as it is, in English with a Japanese sentence.
 */
public final class TlsException extends RuntimeException {
  /** The stable code of all of them. */
  public static final String CODE = "TLS_FILE";

  private static final long serialVersionUID = 1L;

  private TlsException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  static TlsException of(Path file, String english, String japanese, @Nullable Throwable cause) {
    return new TlsException(file + ": " + english + ". " + japanese, cause);
  }
}
