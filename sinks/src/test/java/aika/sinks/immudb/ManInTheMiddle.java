package aika.sinks.immudb;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.HandlerRegistry;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Passes every call on to a real server and may change what it answers. */
final class ManInTheMiddle implements AutoCloseable {
  private final ManagedChannel behind;
  private final Server server;
  private volatile Change change = (method, answer) -> answer;

  /** What becomes of an answer; {@code method} as in {@code VerifiableSet}. */
  interface Change {
    byte[] of(String method, byte[] answer) throws IOException;
  }

  ManInTheMiddle(int port) throws IOException {
    behind =
        Grpc.newChannelBuilderForAddress("127.0.0.1", port, InsecureChannelCredentials.create())
            .maxInboundMessageSize(100 << 20)
            .build();
    server =
        Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
            .maxInboundMessageSize(100 << 20)
            .fallbackHandlerRegistry(new Everything())
            .build()
            .start();
  }

  int port() {
    return server.getPort();
  }

  void change(Change wanted) {
    change = wanted;
  }

  private final class Everything extends HandlerRegistry {
    @Override
    public ServerMethodDefinition<?, ?> lookupMethod(String name, @Nullable String authority) {
      MethodDescriptor<byte[], byte[]> method =
          MethodDescriptor.newBuilder(Bytes.MARSHALLER, Bytes.MARSHALLER)
              .setType(MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(name)
              .build();
      return ServerMethodDefinition.create(method, ManInTheMiddle.this::handle);
    }
  }

  private ServerCall.Listener<byte[]> handle(ServerCall<byte[], byte[]> call, Metadata headers) {
    call.request(2);
    return new ServerCall.Listener<>() {
      private byte[] request = {};

      @Override
      public void onMessage(byte[] message) {
        request = message;
      }

      @Override
      public void onHalfClose() {
        pass(call, headers, request);
      }
    };
  }

  private void pass(ServerCall<byte[], byte[]> call, Metadata headers, byte[] request) {
    Metadata session = new Metadata();
    Metadata.Key<String> id = Metadata.Key.of("sessionid", Metadata.ASCII_STRING_MARSHALLER);
    String known = headers.get(id);
    if (known != null) {
      session.put(id, known);
    }
    Channel channel =
        ClientInterceptors.intercept(behind, MetadataUtils.newAttachHeadersInterceptor(session));
    MethodDescriptor<byte[], byte[]> method = call.getMethodDescriptor();
    try {
      byte[] answer = ClientCalls.blockingUnaryCall(channel, method, CallOptions.DEFAULT, request);
      byte[] changed = change.of(String.valueOf(method.getBareMethodName()), answer);
      call.sendHeaders(new Metadata());
      call.sendMessage(changed);
      call.close(Status.OK, new Metadata());
    } catch (StatusRuntimeException failed) {
      call.close(failed.getStatus(), new Metadata());
    } catch (IOException malformed) {
      throw new UncheckedIOException(malformed);
    }
  }

  enum Bytes implements MethodDescriptor.Marshaller<byte[]> {
    MARSHALLER;

    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
    }
  }

  @Override
  public void close() {
    server.shutdownNow();
    behind.shutdownNow();
    try {
      server.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
