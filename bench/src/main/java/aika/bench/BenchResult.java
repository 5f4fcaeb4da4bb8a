package aika.bench;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Comparator;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;

/**
 * What {@link EngineBench} measured.
 *
 * @param verify the machine's rate of checking signatures, in the same run
 * @param transfers complete transfers that were measured
 * @param seconds that they took
 * @param cpu processor time by what it was used for, the largest first
 * @param listedMillis after the last settlement, until the pending list had caught up too
 * @param sendLatency from when a send was due to its answer, at half of the full rate
 */
public record BenchResult(
    EngineSettings settings,
    Machine machine,
    VerifyRate verify,
    long transfers,
    double seconds,
    List<Cpu> cpu,
    double listedMillis,
    Latency sendLatency) {
  /** Signatures of a complete transfer: the sender's and the receiver's. */
  private static final int SIGNATURES = 2;

  private static final double BUSY = 0.9;

  /**
   * @param micros processor time for one complete transfer
   */
  public record Cpu(String group, double micros) {}

  public BenchResult {
    cpu = cpu.stream().sorted(Comparator.comparingDouble(Cpu::micros).reversed()).toList();
  }

  public double transfersPerSecond() {
    return transfers / seconds;
  }

  /** Complete transfers a second if checking their two signatures were all the work. */
  public double bound() {
    return verify.perSecond() / SIGNATURES;
  }

  /** The number to compare: 1 would be a node that does nothing but check signatures. */
  public double ratio() {
    return transfersPerSecond() / bound();
  }

  /** Processor time for one complete transfer. */
  public double cpuMicros() {
    return cpu.stream().mapToDouble(Cpu::micros).sum();
  }

  /** The ratio that the processor time allows, if every core worked for the node all the time. */
  public double cpuRatio() {
    return SIGNATURES * verify.cpuMicros() / cpuMicros();
  }

  /** How much of the machine's processors the node had, 0 to 1. */
  public double utilization() {
    return cpuMicros() * transfersPerSecond() / 1e6 / machine.cores();
  }

  /** In a sentence, what keeps the rate from being higher. */
  public String boundBy() {
    if (utilization() >= BUSY) {
      return String.format(
          Locale.ROOT,
          "the processors (%.0f%% busy with the node); most of it: %s",
          100 * utilization(),
          cpu.getFirst().group());
    }
    return String.format(
        Locale.ROOT,
        "waiting, or other programs: the node had %.0f%% of the processors (load average %.1f when"
            + " it began)",
        100 * utilization(),
        machine.loadAverage());
  }

  /** For people. */
  public String text() {
    Formatter out = new Formatter(Locale.ROOT);
    out.format("machine      %s\n", machine.text());
    out.format("JDK          %s; Ed25519 by %s\n", machine.jdk(), machine.ed25519());
    out.format(
        "load         %,d accounts in %d municipalities, one shard, durable, %s\n",
        settings.accounts(),
        settings.municipalities(),
        settings.separateCosigners() ? "five separate cosigners" : "five seats held by the node");
    out.format(
        "signatures   %,.0f checks a second on all cores (%.1f µs of CPU each)\n",
        verify.perSecond(), verify.cpuMicros());
    out.format(
        "transfers    %,.0f complete ones a second (%,d in %.1f s)\n",
        transfersPerSecond(), transfers, seconds);
    out.format("ratio        %.3f of the bound by signatures, %,.0f a second\n", ratio(), bound());
    out.format("bound by     %s\n", boundBy());
    out.format(
        "CPU          %.1f µs a transfer, which allows a ratio of %.3f\n", cpuMicros(), cpuRatio());
    for (Cpu each : cpu) {
      out.format("  %7.1f µs  %s\n", each.micros(), each.group());
    }
    out.format("pending list caught up %.0f ms after the last settlement\n", listedMillis);
    if (sendLatency.count() > 0) {
      out.format(
          "send answer at half load: p50 %.1f ms, p90 %.1f, p99 %.1f, p99.9 %.1f, most %.1f (%,d)\n",
          sendLatency.p50(),
          sendLatency.p90(),
          sendLatency.p99(),
          sendLatency.p999(),
          sendLatency.max(),
          sendLatency.count());
    }
    return out.toString();
  }

  /** For programs. */
  public String json() {
    return ResultJson.of(
        "engine",
        machine,
        out -> {
          out.writeObjectFieldStart("settings");
          out.writeNumberField("municipalities", settings.municipalities());
          out.writeNumberField("accounts", settings.accounts());
          out.writeNumberField("stageTransfers", settings.stageTransfers());
          out.writeNumberField("inFlight", settings.inFlight());
          out.writeNumberField("submitters", settings.submitters());
          out.writeBooleanField("separateCosigners", settings.separateCosigners());
          out.writeEndObject();
          out.writeNumberField("verifyPerSecond", verify.perSecond());
          out.writeNumberField("verifyCpuMicros", verify.cpuMicros());
          out.writeNumberField("transfers", transfers);
          out.writeNumberField("seconds", seconds);
          out.writeNumberField("transfersPerSecond", transfersPerSecond());
          out.writeNumberField("ratio", ratio());
          out.writeNumberField("cpuMicrosPerTransfer", cpuMicros());
          out.writeNumberField("cpuRatio", cpuRatio());
          out.writeNumberField("utilization", utilization());
          out.writeStringField("boundBy", boundBy());
          out.writeObjectFieldStart("cpuMicros");
          for (Cpu each : cpu) {
            out.writeNumberField(each.group(), each.micros());
          }
          out.writeEndObject();
          out.writeNumberField("listedMillis", listedMillis);
          writeLatency(out);
        });
  }

  private void writeLatency(JsonGenerator out) throws IOException {
    out.writeObjectFieldStart("sendMillisAtHalfLoad");
    out.writeNumberField("count", sendLatency.count());
    out.writeNumberField("p50", sendLatency.p50());
    out.writeNumberField("p90", sendLatency.p90());
    out.writeNumberField("p99", sendLatency.p99());
    out.writeNumberField("p999", sendLatency.p999());
    out.writeNumberField("max", sendLatency.max());
    out.writeEndObject();
  }
}
