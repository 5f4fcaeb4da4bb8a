package aika.sinks.immudb;

import aika.sinks.SinkException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What a failed call means [IMMU-40]. Most of immudb's own errors have a text but no code. */
final class Failures {
  private static final List<String> REFUSALS =
      List.of(
          "invalid user name or password", "user is not active", "permission", "authentication");
  private static final List<String> CONTRADICTIONS =
      List.of("corrupted", "illegal state", "tampering");

  private Failures() {}

  static SinkException of(StatusRuntimeException failed, String place) {
    Status status = failed.getStatus();
    String said = status.getDescription() == null ? "" : status.getDescription();
    SSLException tls = tlsFault(failed);
    if (tls != null) {
      return new SinkException(
          SinkException.Kind.REFUSED, "no TLS with " + place + ": " + tls.getMessage(), failed);
    }
    return switch (status.getCode()) {
      case UNAVAILABLE ->
          new SinkException(
              SinkException.Kind.UNREACHABLE, place + " cannot be reached: " + said, failed);
      case DEADLINE_EXCEEDED ->
          new SinkException(
              SinkException.Kind.UNREACHABLE,
              place + " did not answer within " + Connection.CALL_SECONDS_MAX + " s",
              failed);
      case PERMISSION_DENIED, UNAUTHENTICATED ->
          new SinkException(SinkException.Kind.REFUSED, place + " refuses: " + said, failed);
      case DATA_LOSS ->
          new SinkException(SinkException.Kind.TAMPERED, place + " says: " + said, failed);
      default -> byText(said, status, place, failed);
    };
  }

  private static SinkException byText(
      String said, Status status, String place, StatusRuntimeException failed) {
    String lower = said.toLowerCase(Locale.ROOT);
    if (REFUSALS.stream().anyMatch(lower::contains)) {
      return new SinkException(SinkException.Kind.REFUSED, place + " refuses: " + said, failed);
    }
    if (CONTRADICTIONS.stream().anyMatch(lower::contains)) {
      return new SinkException(SinkException.Kind.TAMPERED, place + " says: " + said, failed);
    }
    return new SinkException(
        SinkException.Kind.FAILED, place + " failed: " + status.getCode() + " " + said, failed);
  }

  /** Whether the server does not know our session (any more). */
  static boolean sessionIsLost(SinkException failed) {
    return says(failed, "session not found") || says(failed, "no session found");
  }

  static boolean databaseIsMissing(SinkException failed) {
    return says(failed, "database does not exist");
  }

  static boolean keyIsMissing(SinkException failed) {
    return says(failed, "key not found");
  }

  private static boolean says(SinkException failed, String words) {
    return failed.getCause() instanceof StatusRuntimeException grpc
        && grpc.getStatus().getDescription() != null
        && grpc.getStatus().getDescription().contains(words);
  }

  private static @Nullable SSLException tlsFault(Throwable failed) {
    for (Throwable at = failed; at != null; at = at.getCause()) {
      if (at instanceof SSLException tls) {
        return tls;
      }
    }
    return null;
  }
}
