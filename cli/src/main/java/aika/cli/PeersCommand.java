package aika.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The machines that are one node together. */
@Command(
    name = "peers",
    mixinStandardHelpOptions = true,
    description = {
      "Show, add and remove the machines that are one node together (peers.yaml).",
      "一つのノードをつくる複数のコンピューターを表示・追加・削除します（peers.yaml）。"
    },
    footer = {
      "",
      "All but list are for the machine that leads; docs/operations.md shows the steps.",
      "list のほかは、受け付けているコンピューターで使います。手順は docs/operations.md にあります。",
      "",
      "Exit codes / 終了コード: 0 done, 1 failed, 2 wrong arguments"
    })
final class PeersCommand extends Subcommands {
  private static final List<Integer> COLUMNS = List.of(12, 26, 12);

  private Screen screen() {
    return new Screen(spec.commandLine().getOut());
  }

  private int show(Map<String, @Nullable Object> told) {
    for (Map<String, @Nullable Object> peer : NodeChannel.list(told, "peers")) {
      boolean leads = NodeChannel.text(peer, "leads").equals("true");
      boolean self = NodeChannel.text(peer, "self").equals("true");
      screen()
          .row(
              COLUMNS,
              NodeChannel.text(peer, "id") + (self ? " *" : ""),
              NodeChannel.text(peer, "address"),
              leads ? "leads" : "stands by",
              behind(NodeChannel.text(peer, "behind")));
    }
    screen().line("* this machine / このコンピューター");
    return 0;
  }

  private static String behind(String entries) {
    return entries.isEmpty() ? "not heard / 応答なし" : entries + " behind / 遅れ " + entries;
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = {"Show them, as this machine knows them.", "一覧を表示します。"},
      footer = {
        "",
        "Example / 例:",
        "  aika peers list --data ~/aika/nodes/Asia-Komatsu",
        "",
        "Exit codes / 終了コード: 0 done, 1 failed, 2 wrong arguments"
      })
  int list(@Mixin DataOption data) {
    try (NodeChannel node = data.open()) {
      return show(node.get("/peers"));
    }
  }

  @Command(
      name = "copy",
      mixinStandardHelpOptions = true,
      description = {
        "Copy what a further machine begins with; it has to be added within an hour.",
        "追加するコンピューターのためのデータを写します。1 時間以内に追加してください。"
      },
      footer = {
        "",
        "Example / 例:",
        "  aika peers copy --data ~/aika/nodes/Asia-Komatsu --to ~/for-2",
        "",
        "Exit codes / 終了コード: 0 done, 1 failed, 2 wrong arguments, 3 not known"
      })
  int copy(
      @Mixin DataOption data,
      @Option(
              names = "--to",
              paramLabel = "DIR",
              required = true,
              description = {
                "A directory that is not there yet; the node's user writes it.",
                "まだないフォルダー。ノードの利用者が書きます。"
              })
          Path to) {
    Path absolute = to.toAbsolutePath().normalize();
    try (NodeChannel node = data.open()) {
      Map<String, @Nullable Object> _ = node.post("/peer-copy", absolute.toString());
    }
    NodeChannel.checkThere(absolute);
    screen().line("copied into / 写しました: " + absolute);
    return 0;
  }

  @Command(
      name = "add",
      mixinStandardHelpOptions = true,
      description = {
        "Add one that runs already and waits; its address is in this machine's peers.yaml.",
        "起動して待っているコンピューターを追加します。アドレスはこのコンピューターの peers.yaml に書きます。"
      },
      footer = {
        "",
        "Example / 例:",
        "  aika peers add 2 --data ~/aika/nodes/Asia-Komatsu",
        "",
        "Exit codes / 終了コード: 0 done, 1 failed, 2 wrong arguments, 3 not known"
      })
  int add(
      @Mixin DataOption data,
      @Parameters(
              paramLabel = "ID",
              description = {"Its name in peers.yaml.", "peers.yaml での名前。"})
          String id) {
    try (NodeChannel node = data.open()) {
      return show(node.post(NodeChannel.path("peers", id), ""));
    }
  }

  @Command(
      name = "remove",
      mixinStandardHelpOptions = true,
      description = {"Remove one; it may be running or dead.", "コンピューターを外します。動いていなくても外せます。"},
      footer = {
        "",
        "Example / 例:",
        "  aika peers remove 2 --data ~/aika/nodes/Asia-Komatsu",
        "",
        "Exit codes / 終了コード: 0 done, 1 failed, 2 wrong arguments, 3 not known"
      })
  int remove(
      @Mixin DataOption data,
      @Parameters(
              paramLabel = "ID",
              description = {"Its name.", "その名前。"})
          String id) {
    try (NodeChannel node = data.open()) {
      return show(node.delete(NodeChannel.path("peers", id)));
    }
  }

  @Command(
      name = "hand-over",
      mixinStandardHelpOptions = true,
      description = {"Let another machine lead.", "別のコンピューターに受け付けを任せます。"},
      footer = {
        "",
        "Example / 例:",
        "  aika peers hand-over --data ~/aika/nodes/Asia-Komatsu",
        "",
        "Exit codes / 終了コード: 0 done, 1 failed, 2 wrong arguments, 3 not known"
      })
  int handOver(@Mixin DataOption data) {
    try (NodeChannel node = data.open()) {
      Map<String, @Nullable Object> _ = node.post("/hand-over", "");
    }
    screen().line("another machine leads / 交代しました");
    return 0;
  }
}
