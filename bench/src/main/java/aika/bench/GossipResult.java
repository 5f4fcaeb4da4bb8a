package aika.bench;

import java.util.Formatter;
import java.util.Locale;

/**
 * What {@link GossipBench} measured.
 *
 * @param gatherSeconds after the last had joined, until all saw all
 * @param quietBytesPerSecond sent by each member while nothing is told
 * @param bytesPerRumour sent by each member for each rumour, beside the former
 * @param missed how often a member did not hear a rumour; it looks by itself after a while
 * @param each until one other member has heard a rumour
 * @param all until the last has heard it, of the rumours that all have heard
 */
public record GossipResult(
    GossipSettings settings,
    Machine machine,
    double gatherSeconds,
    double quietBytesPerSecond,
    double bytesPerRumour,
    long missed,
    Latency each,
    Latency all) {

  /** For people. */
  public String text() {
    Formatter out = new Formatter(Locale.ROOT);
    out.format("machine      %s\n", machine.text());
    out.format("JDK          %s\n", machine.jdk());
    out.format(
        "members      %,d, %d ms apart, in one process; load average %.1f at the start\n",
        settings.members(), settings.delayMillis(), machine.loadAverage());
    out.format("gathered     %.1f s after the last had joined\n", gatherSeconds);
    out.format(
        "\n%d rumours of %,d bytes, heard after, ms:\n",
        settings.rumours(), settings.rumourBytes());
    each.line(out, "by one");
    all.line(out, "by all");
    out.format("  missed     %,d times\n", missed);
    out.format("\nsent by each member:\n");
    out.format("  quiet      %,.0f bytes/s\n", quietBytesPerSecond);
    out.format("  a rumour   %,.0f bytes more\n", bytesPerRumour);
    return out.toString();
  }

  /** For programs. */
  public String json() {
    return ResultJson.of(
        "gossip",
        machine,
        out -> {
          out.writeObjectFieldStart("settings");
          out.writeNumberField("members", settings.members());
          out.writeNumberField("delayMillis", settings.delayMillis());
          out.writeNumberField("rumourBytes", settings.rumourBytes());
          out.writeNumberField("rumours", settings.rumours());
          out.writeNumberField("quietSeconds", settings.quietSeconds());
          out.writeEndObject();
          out.writeNumberField("gatherSeconds", gatherSeconds);
          each.write(out, "heardByOneMillis");
          all.write(out, "heardByAllMillis");
          out.writeNumberField("missed", missed);
          out.writeNumberField("quietBytesPerSecond", quietBytesPerSecond);
          out.writeNumberField("bytesPerRumour", bytesPerRumour);
        });
  }
}
