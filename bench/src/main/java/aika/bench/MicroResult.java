package aika.bench;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;

/** What {@link MicroBench} measured. */
public record MicroResult(Machine machine, List<Line> lines) {
  public MicroResult {
    lines = List.copyOf(lines);
  }

  /**
   * One benchmark.
   *
   * @param micros of one call, on average
   * @param errorMicros half of the 99.9% confidence interval; NaN when there were too few rounds
   */
  public record Line(String benchmark, double micros, double errorMicros) {
    /** Calls a second of one thread. */
    public double perSecond() {
      return 1e6 / micros;
    }
  }

  /** For people. */
  public String text() {
    Formatter out = new Formatter(Locale.ROOT);
    out.format("machine  %s\n", machine.text());
    out.format("JDK      %s; Ed25519 by %s\n\n", machine.jdk(), machine.ed25519());
    out.format("%-20s %10s %10s %14s\n", "one thread", "µs a call", "±", "calls a second");
    for (Line line : lines) {
      String error =
          Double.isNaN(line.errorMicros)
              ? "-"
              : String.format(Locale.ROOT, "%.3f", line.errorMicros);
      out.format(
          "%-20s %10.3f %10s %,14.0f\n", line.benchmark, line.micros, error, line.perSecond());
    }
    return out.toString();
  }

  /** For programs. */
  public String json() {
    return ResultJson.of(
        "micro",
        machine,
        out -> {
          out.writeObjectFieldStart("benchmarks");
          for (Line line : lines) {
            write(out, line);
          }
          out.writeEndObject();
        });
  }

  private static void write(JsonGenerator out, Line line) throws IOException {
    out.writeObjectFieldStart(line.benchmark);
    out.writeNumberField("micros", line.micros);
    if (!Double.isNaN(line.errorMicros)) {
      out.writeNumberField("errorMicros", line.errorMicros);
    }
    out.writeNumberField("perSecond", line.perSecond());
    out.writeEndObject();
  }
}
