package aika.node.operate;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Passes the progress of something long on, not too often. */
final class Telling {
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final Call.Line out;
  private long last = System.nanoTime() - PAUSE_NANOS;

  Telling(Call.Line out) {
    this.out = out;
  }

  /** {@code done} of about {@code total}, and of what. */
  synchronized void tell(long done, long total, String name, String value) {
    long now = System.nanoTime();
    if (now - last >= PAUSE_NANOS) {
      last = now;
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("done", done);
      line.put("total", total);
      line.put(name, value);
      out.put(line);
    }
  }
}
