package aika.sinks.immudb;

import aika.proto.immudb.OpenSessionRequest;
import aika.proto.immudb.OpenSessionResponse;
import aika.sinks.RealServer;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** Makes users on a real server. */
final class TestUsers {
  private TestUsers() {}

  /**
   * As {@code immuadmin user create} does.
   *
   * @param permission 1: read, 2: read and write
   */
  static void create(
      RealServer server, String name, String password, int permission, String database)
      throws IOException {
    ManagedChannel channel =
        Grpc.newChannelBuilderForAddress(
                "127.0.0.1", server.port(), InsecureChannelCredentials.create())
            .build();
    try {
      byte[] login =
          OpenSessionRequest.newBuilder()
              .setUsername(ByteString.copyFromUtf8("immudb"))
              .setPassword(ByteString.copyFromUtf8("immudb"))
              .setDatabaseName("defaultdb")
              .build()
              .toByteArray();
      byte[] session =
          ClientCalls.blockingUnaryCall(channel, method("OpenSession"), CallOptions.DEFAULT, login);
      Metadata header = new Metadata();
      header.put(
          Metadata.Key.of("sessionid", Metadata.ASCII_STRING_MARSHALLER),
          OpenSessionResponse.parseFrom(session).getSessionID());
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      out.writeBytes(1, ByteString.copyFromUtf8(name));
      out.writeBytes(2, ByteString.copyFromUtf8(password));
      out.writeUInt32(3, permission);
      out.writeString(4, database);
      out.flush();
      var _ =
          ClientCalls.blockingUnaryCall(
              ClientInterceptors.intercept(
                  channel, MetadataUtils.newAttachHeadersInterceptor(header)),
              method("CreateUser"),
              CallOptions.DEFAULT,
              bytes.toByteArray());
    } finally {
      channel.shutdownNow();
    }
  }

  private static MethodDescriptor<byte[], byte[]> method(String name) {
    return MethodDescriptor.newBuilder(
            ManInTheMiddle.Bytes.MARSHALLER, ManInTheMiddle.Bytes.MARSHALLER)
        .setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName("immudb.schema.ImmuService/" + name)
        .build();
  }
}
