package aika.bench;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Arrays;
import java.util.Formatter;

/** Percentiles, in ms. All zero when nothing was measured. */
public record Latency(int count, double p50, double p90, double p99, double p999, double max) {
  static final Latency NONE = new Latency(0, 0, 0, 0, 0, 0);

  static Latency of(long[] nanos) {
    if (nanos.length == 0) {
      return NONE;
    }
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return new Latency(
        sorted.length,
        at(sorted, 0.5),
        at(sorted, 0.9),
        at(sorted, 0.99),
        at(sorted, 0.999),
        at(sorted, 1));
  }

  /** For people. */
  void line(Formatter out, String name) {
    out.format(
        "  %-10s p50 %6.1f  p90 %6.1f  p99 %6.1f  most %6.1f  (%,d)\n",
        name, p50, p90, p99, max, count);
  }

  void write(JsonGenerator out, String name) throws IOException {
    out.writeObjectFieldStart(name);
    out.writeNumberField("count", count);
    out.writeNumberField("p50", p50);
    out.writeNumberField("p90", p90);
    out.writeNumberField("p99", p99);
    out.writeNumberField("p999", p999);
    out.writeNumberField("max", max);
    out.writeEndObject();
  }

  private static double at(long[] sorted, double part) {
    int rank = (int) Math.ceil(part * sorted.length);
    return sorted[Math.max(0, rank - 1)] / 1e6;
  }
}
