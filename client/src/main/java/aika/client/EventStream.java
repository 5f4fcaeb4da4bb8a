package aika.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** Reads server-sent events as the HTML standard defines them, without their ids and pauses. */
final class EventStream implements AutoCloseable {
  /** A leaf has at most 65,535 bytes; its base64 and its facts stay far below. */
  private static final int EVENT_BYTES_MAX = 1_000_000;

  private final InputStream in;
  private int bytes;

  EventStream(InputStream in) {
    this.in = new BufferedInputStream(in);
  }

  /**
   * @param type empty for a comment, which only says that the server is there
   */
  record Event(String type, String data) {
    static final Event COMMENT = new Event("", "");
  }

  /**
   * The next event or comment.
   *
   * @throws EOFException at the end
   */
  Event next() throws IOException {
    String type = "message";
    StringBuilder data = new StringBuilder();
    bytes = 0;
    while (true) {
      String line = line();
      if (line.isEmpty() && !data.isEmpty()) {
        return new Event(type, data.substring(0, data.length() - 1));
      } else if (line.isEmpty()) {
        type = "message";
      } else if (line.startsWith(":")) {
        if (data.isEmpty()) {
          return Event.COMMENT;
        }
      } else if (line.startsWith("event:")) {
        type = value(line, "event:");
      } else if (line.startsWith("data:")) {
        data.append(value(line, "data:")).append('\n');
      }
    }
  }

  private static String value(String line, String field) {
    int from = field.length();
    return line.substring(line.startsWith(" ", from) ? from + 1 : from);
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the stream ended");
      }
      if (++bytes > EVENT_BYTES_MAX) {
        throw new IOException("an event has more than " + EVENT_BYTES_MAX + " bytes");
      }
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(UTF_8);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
