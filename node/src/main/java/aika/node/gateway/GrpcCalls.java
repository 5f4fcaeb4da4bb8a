package aika.node.gateway;

import io.helidon.http.HttpPrologue;
import io.helidon.http.http2.FlowControl;
import io.helidon.http.http2.Http2Flag;
import io.helidon.http.http2.Http2FrameData;
import io.helidon.http.http2.Http2Headers;
import io.helidon.http.http2.Http2Settings;
import io.helidon.http.http2.Http2StreamState;
import io.helidon.http.http2.Http2StreamWriter;
import io.helidon.http.http2.StreamFlowControl;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.Router;
import io.helidon.webserver.grpc.GrpcConfig;
import io.helidon.webserver.grpc.GrpcProtocolSelector;
import io.helidon.webserver.http2.spi.Http2SubProtocolSelector;
import io.helidon.webserver.http2.spi.SubProtocolResult;

/**
 * Helidon's gRPC with a writer that keeps the connection's flow-control window when several calls
 * write at once. Helidon's own looks at the window and takes from it in two steps; two calls then
 * take the same bytes, and the connection ends with a flow-control error.
 */
final class GrpcCalls implements Http2SubProtocolSelector {
  private final Http2SubProtocolSelector grpc =
      GrpcProtocolSelector.create(GrpcConfig.builder().enableCompression(false).buildPrototype());

  @Override
  public SubProtocolResult subProtocol(
      ConnectionContext context,
      HttpPrologue prologue,
      Http2Headers headers,
      Http2StreamWriter writer,
      int stream,
      Http2Settings serverSettings,
      Http2Settings clientSettings,
      StreamFlowControl window,
      Http2StreamState state,
      Router router) {
    return grpc.subProtocol(
        context,
        prologue,
        headers,
        new Sharing(writer),
        stream,
        serverSettings,
        clientSettings,
        window,
        state,
        router);
  }

  /**
   * @param connection its monitor guards the window that all calls of the connection share
   */
  private record Sharing(Http2StreamWriter connection) implements Http2StreamWriter {
    @Override
    public void write(Http2FrameData frame) {
      connection.write(frame);
    }

    @Override
    public void writeData(Http2FrameData data, FlowControl.Outbound window) {
      for (Http2FrameData frame : data.split(window.maxFrameSize())) {
        Http2FrameData[] left = {frame};
        while (left.length > 0) {
          left = writeWhatFits(left[0], window);
          if (left.length > 0) {
            window.blockTillUpdate();
          }
        }
      }
    }

    /** What is left of the frame, if anything. */
    private Http2FrameData[] writeWhatFits(Http2FrameData frame, FlowControl.Outbound window) {
      synchronized (connection) {
        Http2FrameData[] pieces = window.cut(frame);
        if (pieces.length == 0) {
          return new Http2FrameData[] {frame};
        }
        window.decrementWindowSize(pieces[0].header().length());
        connection.write(pieces[0]);
        return pieces.length == 1 ? new Http2FrameData[0] : new Http2FrameData[] {pieces[1]};
      }
    }

    @Override
    public int writeHeaders(
        Http2Headers headers,
        int stream,
        Http2Flag.HeaderFlags flags,
        FlowControl.Outbound window) {
      return connection.writeHeaders(headers, stream, flags, window);
    }

    @Override
    public int writeHeaders(
        Http2Headers headers,
        int stream,
        Http2Flag.HeaderFlags flags,
        Http2FrameData data,
        FlowControl.Outbound window) {
      int written = connection.writeHeaders(headers, stream, flags, window);
      writeData(data, window);
      return written + data.header().length();
    }
  }
}
