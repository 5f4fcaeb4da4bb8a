package aika.bench;

import java.util.Formatter;
import java.util.Locale;

/**
 * What {@link AuditBench} measured.
 *
 * @param verify the machine's rate of checking signatures, in the same run
 * @param leaves of all chains
 * @param seconds that an audit of everything took, on average
 * @param cpuSeconds processor time of the process meanwhile
 * @param resumedSeconds that an audit took that found nothing new
 * @param liveBytes of the heap that an audit still needs at its end
 */
public record AuditResult(
    AuditSettings settings,
    Machine machine,
    VerifyRate verify,
    long leaves,
    double seconds,
    double cpuSeconds,
    double resumedSeconds,
    long liveBytes) {
  /** Signatures of a complete transfer: the sender's and the receiver's. */
  private static final int SIGNATURES = 2;

  private static final double MEBI = 1 << 20;

  public double transfersPerSecond() {
    return settings.transfers() / seconds;
  }

  /** Of each core that the audit used. */
  public double perCore() {
    return settings.transfers() / cpuSeconds;
  }

  /** Complete transfers a second if checking their two signatures were all the work. */
  public double bound() {
    return verify.perSecond() / SIGNATURES;
  }

  /** 1 would be an audit that does nothing but check signatures, on all cores. */
  public double ratio() {
    return transfersPerSecond() / bound();
  }

  /** The same of processor time, which other programs hardly change. */
  public double cpuRatio() {
    return SIGNATURES * verify.cpuMicros() / (1e6 / perCore());
  }

  /** For people. */
  public String text() {
    Formatter out = new Formatter(Locale.ROOT);
    out.format("machine      %s\n", machine.text());
    out.format("JDK          %s; Ed25519 by %s\n", machine.jdk(), machine.ed25519());
    out.format(
        "logs         %,d complete transfers, %,d leaves, %,d accounts in %d municipalities\n",
        settings.transfers(), leaves, settings.accounts(), settings.municipalities());
    out.format(
        "signatures   %,.0f checks a second on all cores (%.1f µs of CPU each)\n",
        verify.perSecond(), verify.cpuMicros());
    out.format(
        "audit        %.2f s on %d threads: %,.0f transfers a second, %,.0f leaves a second\n",
        seconds, settings.threads(), transfersPerSecond(), leaves / seconds);
    out.format("ratio        %.3f of the bound by signatures, %,.0f a second\n", ratio(), bound());
    out.format(
        "CPU          %.1f µs a transfer: %,.0f a second of one core, a ratio of %.3f\n",
        1e6 / perCore(), perCore(), cpuRatio());
    out.format("resumed      %.2f s when there is nothing new\n", resumedSeconds);
    out.format(
        "memory       %.1f MiB of heap in use at the end, and about %.0f MiB for rows\n",
        liveBytes / MEBI, settings.memoryBytes() / MEBI);
    return out.toString();
  }

  /** For programs. */
  public String json() {
    return ResultJson.of(
        "audit",
        machine,
        out -> {
          out.writeObjectFieldStart("settings");
          out.writeNumberField("municipalities", settings.municipalities());
          out.writeNumberField("accounts", settings.accounts());
          out.writeNumberField("transfers", settings.transfers());
          out.writeNumberField("rounds", settings.rounds());
          out.writeNumberField("threads", settings.threads());
          out.writeNumberField("memoryBytes", settings.memoryBytes());
          out.writeEndObject();
          out.writeNumberField("verifyPerSecond", verify.perSecond());
          out.writeNumberField("verifyCpuMicros", verify.cpuMicros());
          out.writeNumberField("leaves", leaves);
          out.writeNumberField("seconds", seconds);
          out.writeNumberField("transfersPerSecond", transfersPerSecond());
          out.writeNumberField("ratio", ratio());
          out.writeNumberField("transfersPerCpuSecond", perCore());
          out.writeNumberField("cpuRatio", cpuRatio());
          out.writeNumberField("resumedSeconds", resumedSeconds);
          out.writeNumberField("liveBytes", liveBytes);
        });
  }
}
