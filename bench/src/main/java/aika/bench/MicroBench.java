package aika.bench;

import aika.node.FastSignatures;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs {@link MicroBenchmarks} with JMH. */
public final class MicroBench {
  private MicroBench() {}

  /** Measures one benchmark after the other. */
  public static MicroResult run(MicroSettings settings, Progress progress) {
    var _ = FastSignatures.install(); // so that the machine is described with what will check
    Machine machine = Machine.here();
    List<MicroResult.Line> lines = new ArrayList<>();
    for (String benchmark : settings.benchmarks()) {
      progress.phase(benchmark, 1);
      lines.add(measure(benchmark, settings));
      progress.at(1);
    }
    return new MicroResult(machine, lines);
  }

  private static MicroResult.Line measure(String benchmark, MicroSettings settings) {
    try {
      Result<?> result = new Runner(options(benchmark, settings)).runSingle().getPrimaryResult();
      return new MicroResult.Line(benchmark, result.getScore(), result.getScoreError());
    } catch (RunnerException failed) {
      throw new BenchException(benchmark + " could not be measured", failed);
    }
  }

  private static Options options(String benchmark, MicroSettings settings) {
    TimeValue round = TimeValue.nanoseconds(settings.round().toNanos());
    return new OptionsBuilder()
        .include(
            "^" + MicroBenchmarks.class.getName().replace(".", "\\.") + "\\." + benchmark + "$")
        .warmupIterations(settings.warmUpRounds())
        .warmupTime(round)
        .measurementIterations(settings.rounds())
        .measurementTime(round)
        .threads(1)
        .forks(settings.forked() ? 1 : 0)
        // instead of this process's own, which are meant for a node
        .jvmArgs("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow")
        .shouldFailOnError(true)
        .verbosity(VerboseMode.SILENT)
        .build();
  }
}
