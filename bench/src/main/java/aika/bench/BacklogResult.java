package aika.bench;

import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.LongStream;

/** What {@link BacklogBench} measured. */
public record BacklogResult(BacklogSettings settings, Machine machine, List<Round> rounds) {

  /**
   * Fresh transfers without and beside a backlog.
   *
   * @param seconds until the whole backlog was settled
   */
  record Round(FreshTransfers.Times without, FreshTransfers.Times with, double seconds) {}

  public BacklogResult {
    rounds = List.copyOf(rounds);
  }

  private Latency together(Function<Round, long[]> part) {
    return Latency.of(
        rounds.stream().flatMapToLong(round -> LongStream.of(part.apply(round))).toArray());
  }

  /** From send to the approved receive, without a backlog. */
  public Latency completeWithout() {
    return together(round -> round.without().complete());
  }

  /** The same beside a backlog. */
  public Latency completeWith() {
    return together(round -> round.with().complete());
  }

  /** From send until the sender's chain has settled, without a backlog. */
  public Latency settledWithout() {
    return together(round -> round.without().settled());
  }

  /** The same beside a backlog. */
  public Latency settledWith() {
    return together(round -> round.with().settled());
  }

  /** p99 from send to settled beside a backlog by that without. */
  public double p99Ratio() {
    return settledWith().p99() / settledWithout().p99();
  }

  /** Old outcomes settled a second, while fresh transfers went on. */
  public double backlogPerSecond() {
    double seconds = rounds.stream().mapToDouble(Round::seconds).sum();
    return seconds == 0 ? 0 : (double) settings.backlog() * rounds.size() / seconds;
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
        "fresh        %,d transfers/s, %d rounds, beside %,d old outcomes as long as they wait\n",
        settings.perSecond(), rounds.size(), settings.backlog());
    out.format("\nsend to complete, ms:\n");
    lines(out, completeWithout(), completeWith());
    out.format("\nsend to settled, ms:\n");
    lines(out, settledWithout(), settledWith());
    out.format("\nbacklog      %,.0f old outcomes/s settled meanwhile\n", backlogPerSecond());
    return out.toString();
  }

  private static void lines(Formatter out, Latency without, Latency with) {
    without.line(out, "no backlog");
    with.line(out, "backlog");
    out.format(
        "  ratio      p50 %.2f, p99 %.2f\n",
        with.p50() / without.p50(), with.p99() / without.p99());
  }

  /** For programs. */
  public String json() {
    return ResultJson.of(
        "backlog",
        machine,
        out -> {
          out.writeObjectFieldStart("settings");
          out.writeNumberField("municipalities", settings.municipalities());
          out.writeNumberField("accounts", settings.accounts());
          out.writeNumberField("backlog", settings.backlog());
          out.writeNumberField("perSecond", settings.perSecond());
          out.writeNumberField("seconds", settings.seconds());
          out.writeNumberField("rounds", settings.rounds());
          out.writeEndObject();
          completeWithout().write(out, "completeMillisWithout");
          completeWith().write(out, "completeMillisBesideBacklog");
          settledWithout().write(out, "settledMillisWithout");
          settledWith().write(out, "settledMillisBesideBacklog");
          out.writeNumberField("p99Ratio", p99Ratio());
          out.writeNumberField("backlogPerSecond", backlogPerSecond());
        });
  }
}
