package aika.cli;

import aika.bench.Progress;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A copy of what a running node keeps. */
@Command(
    name = "backup",
    mixinStandardHelpOptions = true,
    description = {
      "Copy what a running node keeps: its chains as published, the register, the counter's keys.",
      "動いているノードのデータ（公開された記録、名簿、窓口の鍵）を写します。"
    },
    footer = {
      "",
      "The next backup into the same directory only adds what is new. Keep it as secret as the node:",
      "the counter wallet and its key are in it. What a name was erased from, an old backup still has.",
      "同じフォルダーへの次のバックアップは、新しい分だけを足します。窓口の鍵が入るので、ノードと同じように",
      "守ってください。消した名前も、古いバックアップには残ります。",
      "",
      "Example / 例:",
      "  aika backup --data ~/aika/nodes/Asia-Komatsu --to ~/backup/komatsu",
      "",
      "Exit codes / 終了コード: 0 done, 1 failed, 2 wrong arguments"
    })
final class BackupCommand implements Callable<Integer> {
  @Mixin private DataOption data;

  @Option(
      names = "--to",
      paramLabel = "DIR",
      required = true,
      description = {"Where; the node's user writes there.", "写す先。ノードの利用者が書きます。"})
  private Path to;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Path absolute = to.toAbsolutePath().normalize();
    Map<String, @Nullable Object> end;
    try (NodeChannel node = data.open();
        Progress progress = Terminal.progress()) {
      ChainsProgress chains = new ChainsProgress(progress);
      end =
          node.lines(
              "/backup",
              absolute.toString(),
              line -> {
                if (line.containsKey("done")) {
                  chains.at(
                      NodeChannel.text(line, "chain"),
                      NodeChannel.number(line, "done"),
                      NodeChannel.number(line, "total"));
                }
              });
    }
    NodeChannel.checkThere(absolute);
    Screen screen = new Screen(spec.commandLine().getOut());
    long leaves =
        NodeChannel.members(end.get("chains")).values().stream()
            .mapToLong(one -> Long.parseLong(String.valueOf(one)))
            .sum();
    screen.line("backup in " + absolute + ", " + leaves + " leaves / 記録 " + leaves + " 件");
    return 0;
  }
}
