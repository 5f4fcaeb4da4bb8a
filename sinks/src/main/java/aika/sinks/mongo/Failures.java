package aika.sinks.mongo;

import aika.sinks.SinkException;
import aika.sinks.SinkException.Kind;
import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoException;
import com.mongodb.MongoNodeIsRecoveringException;
import com.mongodb.MongoNotPrimaryException;
import com.mongodb.MongoSecurityException;
import com.mongodb.MongoServerException;
import com.mongodb.MongoSocketException;
import com.mongodb.MongoTimeoutException;
import com.mongodb.connection.ClusterDescription;
import com.mongodb.connection.ServerDescription;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What the driver's exceptions mean for an operator. */
final class Failures {
  /** Unauthorized, AuthenticationFailed, and Atlas's own word for the same. */
  private static final Set<Integer> REFUSED_CODES = Set.of(13, 18, 8_000);

  private static final int DETAIL_CHARS_MAX = 300;

  private Failures() {}

  static SinkException of(MongoException failed, ClusterDescription cluster) {
    Throwable tls = cause(failed, SSLException.class);
    for (ServerDescription server : cluster.getServerDescriptions()) {
      tls = tls == null ? cause(server.getException(), SSLException.class) : tls;
    }
    if (tls != null) {
      return failure(Kind.REFUSED, "no TLS with " + hosts(cluster), tls, failed);
    }
    if (cause(failed, MongoSecurityException.class) != null) {
      return failure(Kind.REFUSED, hosts(cluster) + " refuses user and password", failed, failed);
    }
    if (REFUSED_CODES.contains(code(failed))) {
      return failure(Kind.REFUSED, "this user may not do that", failed, failed);
    }
    boolean away =
        failed instanceof MongoTimeoutException
            || failed instanceof MongoSocketException
            || failed instanceof MongoNotPrimaryException
            || failed instanceof MongoNodeIsRecoveringException;
    return away
        ? failure(Kind.UNREACHABLE, hosts(cluster) + " does not answer", reason(cluster), failed)
        : failure(Kind.FAILED, "MongoDB cannot do that", failed, failed);
  }

  private static int code(MongoException failed) {
    if (failed instanceof MongoBulkWriteException bulk && !bulk.getWriteErrors().isEmpty()) {
      return bulk.getWriteErrors().getFirst().getCode();
    }
    return failed instanceof MongoServerException ? failed.getCode() : 0;
  }

  private static String hosts(ClusterDescription cluster) {
    return cluster.getServerDescriptions().stream()
        .map(server -> server.getAddress().toString())
        .sorted()
        .collect(Collectors.joining(", "));
  }

  /** Why the driver's monitor thinks that a server is away. */
  private static @Nullable Throwable reason(ClusterDescription cluster) {
    for (ServerDescription server : cluster.getServerDescriptions()) {
      Throwable reason = server.getException();
      while (reason != null && reason.getCause() != null) {
        reason = reason.getCause();
      }
      if (reason != null) {
        return reason;
      }
    }
    return null;
  }

  private static SinkException failure(
      Kind kind, String sentence, @Nullable Throwable why, MongoException failed) {
    String detail = why == null ? null : why.getMessage();
    if (detail == null || detail.isEmpty()) {
      return new SinkException(kind, sentence, failed);
    }
    String shown =
        detail.length() > DETAIL_CHARS_MAX ? detail.substring(0, DETAIL_CHARS_MAX) + " …" : detail;
    return new SinkException(kind, sentence + ": " + shown, failed);
  }

  private static <T extends Throwable> @Nullable T cause(
      @Nullable Throwable thrown, Class<T> wanted) {
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      if (wanted.isInstance(at)) {
        return wanted.cast(at);
      }
    }
    return null;
  }
}
