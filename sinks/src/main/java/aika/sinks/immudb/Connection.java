package aika.sinks.immudb;

import aika.proto.immudb.ImmuServiceGrpc;
import aika.proto.immudb.ImmuServiceGrpc.ImmuServiceBlockingStub;
import aika.proto.immudb.OpenSessionRequest;
import aika.sinks.SinkException;
import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelRegistry;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A channel to an immudb server and one session on it, which is kept alive until it is closed. Any
 * failure of a call is a {@link SinkException}.
 */
final class Connection implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

  /** Beyond this a server counts as unreachable. */
  static final long CALL_SECONDS_MAX = 10;

  /** A server forgets a session after three idle minutes. */
  private static final long KEEP_ALIVE_SECONDS = 45;

  private static final long GOODBYE_SECONDS_MAX = 1;

  /** A transaction of 1,024 of the largest leaves. */
  private static final int MESSAGE_BYTES_MAX = 80 << 20;

  private static final Metadata.Key<String> SESSION =
      Metadata.Key.of("sessionid", Metadata.ASCII_STRING_MARSHALLER);

  private final ManagedChannel channel;
  private final String place;
  private final ScheduledExecutorService keeper =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("immudb session").factory());
  private volatile ImmuServiceBlockingStub stub;
  private volatile boolean inSession;

  /** Nothing is sent yet. */
  Connection(ImmudbSettings settings) {
    place = "immudb at " + settings.host() + ":" + settings.port();
    channel = channel(settings);
    stub = ImmuServiceGrpc.newBlockingStub(channel);
  }

  private static ManagedChannel channel(ImmudbSettings settings) {
    try {
      return Grpc.newChannelBuilderForAddress(
              settings.host(), settings.port(), credentials(settings))
          .maxInboundMessageSize(MESSAGE_BYTES_MAX)
          .disableRetry()
          .build();
    } catch (IllegalArgumentException | ManagedChannelRegistry.ProviderNotFoundException fault) {
      throw new SinkException(
          SinkException.Kind.REFUSED, "a TLS file cannot be used: " + fault.getMessage(), fault);
    }
  }

  private static ChannelCredentials credentials(ImmudbSettings settings) {
    if (settings.tls().isEmpty()) {
      return InsecureChannelCredentials.create();
    }
    ImmudbSettings.Tls tls = settings.tls().get();
    TlsChannelCredentials.Builder builder = TlsChannelCredentials.newBuilder();
    try {
      if (tls.authorities().isPresent()) {
        builder.trustManager(tls.authorities().get().toFile());
      }
      if (tls.certificate().isPresent() && tls.key().isPresent()) {
        builder.keyManager(tls.certificate().get().toFile(), tls.key().get().toFile());
      }
      return builder.build();
    } catch (IOException fault) {
      throw new SinkException(
          SinkException.Kind.REFUSED, "a TLS file cannot be read: " + fault.getMessage(), fault);
    }
  }

  /** Replaces whatever session there was; the channel is ready when this returns. */
  void openSession(String user, String password, String database) {
    ImmuServiceBlockingStub fresh = ImmuServiceGrpc.newBlockingStub(channel);
    OpenSessionRequest request =
        OpenSessionRequest.newBuilder()
            .setUsername(ByteString.copyFromUtf8(user))
            .setPassword(ByteString.copyFromUtf8(password))
            .setDatabaseName(database)
            .build();
    String id;
    try {
      id = deadline(fresh).openSession(request).getSessionID();
    } catch (StatusRuntimeException failed) {
      throw Failures.of(failed, place);
    }
    Metadata header = new Metadata();
    header.put(SESSION, id);
    stub = fresh.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(header));
    if (!inSession) {
      inSession = true;
      var _ =
          keeper.scheduleWithFixedDelay(
              this::keepAlive, KEEP_ALIVE_SECONDS, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS);
    }
  }

  <T> T call(Function<ImmuServiceBlockingStub, T> call) {
    try {
      return call.apply(deadline(stub));
    } catch (StatusRuntimeException failed) {
      throw Failures.of(failed, place);
    }
  }

  private static ImmuServiceBlockingStub deadline(ImmuServiceBlockingStub stub) {
    return stub.withDeadlineAfter(CALL_SECONDS_MAX, TimeUnit.SECONDS);
  }

  private void keepAlive() {
    try {
      var _ = deadline(stub).keepAlive(Empty.getDefaultInstance());
    } catch (StatusRuntimeException failed) {
      // Whoever needs the session next opens another one.
      LOG.debug("{} did not keep the session", place, failed);
    }
  }

  /** Says goodbye if the server still listens; calls under way fail. */
  @Override
  public void close() {
    keeper.shutdownNow();
    if (inSession) {
      try {
        var _ =
            stub.withDeadlineAfter(GOODBYE_SECONDS_MAX, TimeUnit.SECONDS)
                .closeSession(Empty.getDefaultInstance());
      } catch (StatusRuntimeException gone) {
        LOG.debug("{} was gone already", place, gone);
      }
    }
    channel.shutdownNow();
  }
}
