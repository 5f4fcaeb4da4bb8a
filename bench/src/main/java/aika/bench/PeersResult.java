package aika.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Formatter;
import java.util.Locale;

/**
 * What {@link PeersBench} measured.
 *
 * @param one complete transfers a second of one peer
 * @param three the same of three
 * @param stopped a peer that was stopped and came back with its data
 * @param fresh one that was made anew from a copy
 */
public record PeersResult(
    PeersSettings settings, Machine machine, double one, double three, Away stopped, Away fresh) {

  /**
   * A peer that was away.
   *
   * @param leaves in all, when it came back
   * @param written leaves that were written while it was away, at full load
   * @param writing seconds of that
   * @param back seconds from its start until it had executed everything
   */
  public record Away(long leaves, long written, double writing, double back) {
    double writtenPerSecond() {
      return written / writing;
    }

    double caughtUpPerSecond() {
      return written / back;
    }

    /** Leaves a second when it comes back by those when they were written. */
    public double ratio() {
      return caughtUpPerSecond() / writtenPerSecond();
    }
  }

  /** Three peers by one. */
  public double ratio() {
    return three / one;
  }

  /** For people. */
  public String text() {
    Formatter out = new Formatter(Locale.ROOT);
    out.format("machine      %s\n", machine.text());
    out.format("JDK          %s; Ed25519 by %s\n", machine.jdk(), machine.ed25519());
    out.format(
        "load         %,d accounts in %d municipalities; load average %.1f at the start\n",
        settings.accounts(), settings.municipalities(), machine.loadAverage());
    out.format("one peer     %,.0f transfers/s\n", one);
    out.format(
        "three peers  %,.0f transfers/s, all on this machine: %.2f of one\n", three, ratio());
    out.format(
        "a stop       %,d leaves written at %,.0f/s, caught up in %.1f s at %,.0f/s: %.1f times\n",
        stopped.written,
        stopped.writtenPerSecond(),
        stopped.back,
        stopped.caughtUpPerSecond(),
        stopped.ratio());
    out.format(
        "from nothing %,d leaves copied and caught up in %.1f s, %,.0f/s\n",
        fresh.leaves, fresh.back, fresh.leaves / fresh.back);
    return out.toString();
  }

  /** For programs. */
  public String json() {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = new JsonFactory().createGenerator(text)) {
      out.setPrettyPrinter(new DefaultPrettyPrinter());
      out.writeStartObject();
      out.writeStringField("bench", "peers");
      machine.write(out);
      out.writeNumberField("onePeerPerSecond", one);
      out.writeNumberField("threePeersPerSecond", three);
      out.writeNumberField("ratio", ratio());
      write(out, "stopped", stopped);
      write(out, "fromNothing", fresh);
      out.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException("writing to memory", impossible);
    }
    return text.append('\n').toString();
  }

  private static void write(JsonGenerator out, String name, Away away) throws IOException {
    out.writeObjectFieldStart(name);
    out.writeNumberField("leaves", away.leaves);
    out.writeNumberField("writtenWhileAway", away.written);
    out.writeNumberField("writingSeconds", away.writing);
    out.writeNumberField("backSeconds", away.back);
    out.writeNumberField("catchUpByWriting", away.ratio());
    out.writeEndObject();
  }
}
