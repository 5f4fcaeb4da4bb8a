package aika.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** Reads server-sent events as the HTML standard defines them. */
final class EventStream implements AutoCloseable {
  /** A leaf has at most 65,535 bytes; its base64 and its facts stay far below. */
  private static final int EVENT_BYTES_MAX = 1_000_000;

  private final InputStream in;
  private int bytes;

  EventStream(InputStream in) {
    this.in = new BufferedInputStream(in);
  }

  /**
   * @param id where a reader goes on; empty when the event does not say
   * @param data empty when there is nothing but an id, or a sign of life
   */
  record Event(String type, String id, String data) {}

  /**
   * What stands up to the next empty line.
   *
   * @throws EOFException at the end
   */
  Event next() throws IOException {
    String type = "message";
    String id = "";
    StringBuilder data = new StringBuilder();
    bytes = 0;
    for (String line = line(); !line.isEmpty(); line = line()) {
      if (line.startsWith("event:")) {
        type = value(line, "event:");
      } else if (line.startsWith("id:")) {
        id = value(line, "id:");
      } else if (line.startsWith("data:")) {
        data.append(data.isEmpty() ? "" : "\n").append(value(line, "data:"));
      }
    }
    return new Event(type, id, data.toString());
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
