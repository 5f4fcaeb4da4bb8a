package aika.cli;

import aika.bench.GossipBench;
import aika.bench.GossipResult;
import aika.bench.GossipSettings;
import aika.bench.Progress;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How fast news travel between nodes. */
@Command(
    name = "gossip",
    mixinStandardHelpOptions = true,
    description = {
      "How soon every municipality's node has heard of a new checkpoint, and what gossip sends:",
      "the nodes' library, settings and frames, with all of them simulated in one process.",
      "新しい記録の知らせが全市町村のノードに届くまでの時間と、通信量を測ります。"
    },
    footer = {
      "",
      "Examples / 例:",
      "  aika bench gossip                                about three minutes / 約 3 分",
      "  aika bench gossip --members 50 --delay-millis 100",
      "",
      "Exit codes / 終了コード: 0 measured, 1 failed, 2 wrong arguments"
    })
final class GossipBenchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--members",
      paramLabel = "N",
      description = {"Nodes.", "ノードの数。"})
  private @Nullable Integer members;

  @Option(
      names = "--delay-millis",
      paramLabel = "N",
      description = {"Of each message between two nodes.", "ノードの間の遅れ（ミリ秒）。"})
  private @Nullable Integer delayMillis;

  @Option(
      names = "--bytes",
      paramLabel = "N",
      description = {"Of a rumour.", "一つの知らせの大きさ（バイト）。"})
  private @Nullable Integer bytes;

  @Option(
      names = "--rumours",
      paramLabel = "N",
      description = {"Told one after another.", "知らせの数。"})
  private @Nullable Integer rumours;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = {"Measured without rumours.", "知らせなしで測る秒数。"})
  private @Nullable Integer seconds;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = {BenchCommand.JSON_EN, BenchCommand.JSON_JA})
  private @Nullable Path json;

  @Override
  public Integer call() throws InterruptedException {
    GossipSettings standard = GossipSettings.standard();
    GossipSettings settings;
    try {
      settings =
          new GossipSettings(
              BenchCommand.or(members, standard.members()),
              BenchCommand.or(delayMillis, standard.delayMillis()),
              BenchCommand.or(bytes, standard.rumourBytes()),
              BenchCommand.or(rumours, standard.rumours()),
              BenchCommand.or(seconds, standard.quietSeconds()));
    } catch (IllegalArgumentException outOfRange) {
      throw new ParameterException(
          spec.commandLine(), String.valueOf(outOfRange.getMessage()), outOfRange);
    }
    GossipResult result;
    try (Progress progress = Terminal.progress()) {
      result = GossipBench.run(settings, progress);
    }
    BenchCommand.show(spec, result.text(), result.json(), json);
    return 0;
  }
}
