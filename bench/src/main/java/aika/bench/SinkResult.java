package aika.bench;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;

/**
 * What {@link SinkBench} measured.
 *
 * @param fullPerSecond complete transfers a second at full load, the last stage of it
 * @param fullLeavesPerSecond leaves a second of that stage, on all chains
 * @param perSecond transfers a second while answers were timed
 * @param slowLeaves leaves that the slow store took in all its turns
 * @param followed a figure for each store that was measured
 */
public record SinkResult(
    SinkSettings settings,
    Machine machine,
    double fullPerSecond,
    double fullLeavesPerSecond,
    double perSecond,
    List<Round> rounds,
    long slowLeaves,
    List<Followed> followed) {

  /** Answers to sends, without any sink and beside the slow ones. */
  public record Round(Latency without, Latency with, long[] withoutNanos, long[] withNanos) {
    Round(long[] without, long[] with) {
      this(Latency.of(without), Latency.of(with), without, with);
    }
  }

  public SinkResult {
    rounds = List.copyOf(rounds);
    followed = List.copyOf(followed);
  }

  /** All answers without a sink. */
  public Latency without() {
    return together(Round::withoutNanos);
  }

  /** All answers beside the slow sinks. */
  public Latency with() {
    return together(Round::withNanos);
  }

  private Latency together(Function<Round, long[]> half) {
    return Latency.of(
        rounds.stream().flatMapToLong(round -> LongStream.of(half.apply(round))).toArray());
  }

  /** p99 beside the slow sinks by p99 without, over all answers. */
  public double p99Ratio() {
    return with().p99() / without().p99();
  }

  /** The same of the rounds' medians, which a single pause of the machine does not move. */
  public double medianP99Ratio() {
    return median(round -> round.with().p99()) / median(round -> round.without().p99());
  }

  private double median(ToDoubleFunction<Round> figure) {
    double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  /** For people. */
  public String text() {
    Formatter out = new Formatter(Locale.ROOT);
    out.format("machine      %s\n", machine.text());
    out.format("JDK          %s; Ed25519 by %s\n", machine.jdk(), machine.ed25519());
    out.format(
        "load         %,d accounts in %d municipalities; load average %.1f at the start\n",
        settings.accounts(), settings.municipalities(), machine.loadAverage());
    out.format(
        "ledger       %,.0f complete transfers/s, %,.0f leaves/s at full load, without a sink\n",
        fullPerSecond, fullLeavesPerSecond);
    out.format(
        "\nsend answers at %,.0f transfers/s, %d rounds of %d s in turns, ms:\n",
        perSecond, rounds.size(), settings.roundSeconds());
    without().line(out, "no sink");
    with().line(out, "slow sinks");
    out.format(
        "  ratio      p50 %.2f, p99 %.2f; of the rounds' median p99 %.2f\n",
        with().p50() / without().p50(), p99Ratio(), medianP99Ratio());
    out.format(
        "  slow sinks: one answers after %d ms (%,d leaves), one never\n",
        settings.slowMillis(), slowLeaves);
    out.format("\nfollowing that log, with nothing else to do:\n");
    followed.forEach(each -> line(out, each));
    if (settings.mongodb() == null) {
      out.format("  mongodb    not measured; give --mongodb mongodb://HOST:PORT\n");
    }
    if (settings.immudb() == null) {
      out.format("  immudb     not measured; give --immudb HOST:PORT\n");
    }
    return out.toString();
  }

  private void line(Formatter out, Followed one) {
    if (one.leaves() == 0) {
      out.format("  %-10s %s\n", one.store(), one.failure());
      return;
    }
    out.format(
        "  %-10s %,.0f transfers/s, %,.0f leaves/s%s: %.2f of the ledger's rate\n",
        one.store(),
        one.transfersPerSecond(),
        one.leavesPerSecond(),
        one.units() == 0
            ? ""
            : String.format(Locale.ROOT, ", %,.0f %s/s", one.unitsPerSecond(), one.unit()),
        one.leavesPerSecond() / fullLeavesPerSecond);
    out.format(
        "             %,d leaves in %.1f s%s; bound by %s\n",
        one.leaves(), one.seconds(), one.whole() ? "" : ", not to the end", one.boundBy());
    out.format(
        "             its thread: %.0f%% working, %.0f%% ready but no processor, %.0f%% waiting;"
            + " this process used %.1f µs of CPU a leaf\n",
        100 * one.workedPart(),
        100 * one.queuedPart(),
        100 * one.waitedPart(),
        one.cpuMicrosPerLeaf());
    if (one.compared()) {
      out.format(
          "             %,d %s compared with the log in %.1f s, all equal\n",
          one.units(), one.unit(), one.comparedSeconds());
    } else {
      out.format("             not compared with the log in %.0f s\n", one.comparedSeconds());
    }
    if (one.failure() != null) {
      out.format("             waited at the end: %s\n", one.failure());
    }
  }

  /** For programs. */
  public String json() {
    return ResultJson.of(
        "sinks",
        machine,
        out -> {
          out.writeObjectFieldStart("settings");
          out.writeNumberField("municipalities", settings.municipalities());
          out.writeNumberField("accounts", settings.accounts());
          out.writeNumberField("stageTransfers", settings.stageTransfers());
          out.writeNumberField("roundSeconds", settings.roundSeconds());
          out.writeNumberField("slowMillis", settings.slowMillis());
          out.writeNumberField("followSeconds", settings.followSeconds());
          out.writeEndObject();
          out.writeNumberField("fullTransfersPerSecond", fullPerSecond);
          out.writeNumberField("fullLeavesPerSecond", fullLeavesPerSecond);
          out.writeNumberField("transfersPerSecond", perSecond);
          without().write(out, "sendMillisWithout");
          with().write(out, "sendMillisWithSlowSinks");
          out.writeNumberField("p99Ratio", p99Ratio());
          out.writeNumberField("medianP99Ratio", medianP99Ratio());
          out.writeNumberField("slowLeaves", slowLeaves);
          out.writeArrayFieldStart("rounds");
          for (Round round : rounds) {
            out.writeStartObject();
            round.without().write(out, "without");
            round.with().write(out, "withSlowSinks");
            out.writeEndObject();
          }
          out.writeEndArray();
          out.writeObjectFieldStart("followed");
          for (Followed one : followed) {
            write(out, one);
          }
          out.writeEndObject();
        });
  }

  private static void write(JsonGenerator out, Followed one) throws IOException {
    out.writeObjectFieldStart(one.store());
    String failure = one.failure();
    if (failure != null) {
      out.writeStringField("failure", failure);
    }
    out.writeBooleanField("whole", one.whole());
    out.writeNumberField("leaves", one.leaves());
    out.writeNumberField("transfers", one.transfers());
    out.writeNumberField(one.unit(), one.units());
    out.writeNumberField("seconds", one.seconds());
    out.writeNumberField("leavesPerSecond", one.leavesPerSecond());
    out.writeNumberField("transfersPerSecond", one.transfersPerSecond());
    out.writeNumberField(one.unit() + "PerSecond", one.unitsPerSecond());
    out.writeNumberField("workedPart", one.workedPart());
    out.writeNumberField("queuedPart", one.queuedPart());
    out.writeNumberField("waitedPart", one.waitedPart());
    out.writeNumberField("cpuMicrosPerLeaf", one.cpuMicrosPerLeaf());
    out.writeBooleanField("compared", one.compared());
    out.writeNumberField("comparedSeconds", one.comparedSeconds());
    out.writeStringField("boundBy", one.boundBy());
    out.writeEndObject();
  }
}
