package aika.node.gateway;

import aika.core.ledger.Reason;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;

/** Reads what somebody posted. */
public final class Body {
  private Body() {}

  /**
   * The whole body; {@code TOO_LARGE} beyond the limit. {@code MALFORMED} when it cannot be read to
   * its end: then nothing that follows on this connection can be understood either, so the answer
   * closes it.
   */
  public static byte[] read(ServerRequest request, ServerResponse response, int bytesMax) {
    if (!request.content().hasEntity()) {
      return new byte[0];
    }
    byte[] bytes = new byte[0];
    try {
      InputStream in = request.content().inputStream();
      bytes = in.readNBytes(bytesMax + 1);
      in.close(); // reads what is left, so that the client is ready to read the answer
    } catch (IOException | RuntimeException broken) {
      response.header(HeaderValues.CONNECTION_CLOSE);
      if (bytes.length <= bytesMax) {
        throw RefusedException.of(Reason.MALFORMED, "the body cannot be read to its end");
      }
    }
    if (bytes.length > bytesMax) {
      throw RefusedException.of(Reason.TOO_LARGE, "at most " + bytesMax + " bytes");
    }
    return bytes;
  }
}
