package aika.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The archive in immudb. */
@Command(
    name = "archive",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = {"Read the archive in immudb.", "immudb の保管庫を読みます。"})
final class ArchiveCommand extends Subcommands {
  @Command(
      name = "get",
      mixinStandardHelpOptions = true,
      description = {
        "Read what is archived under an id; every value is proved by the server, checked, and",
        "compared with the node's own log.",
        "番号を指定して読みます。すべての値をサーバーの証明で確かめ、台帳と照合します。"
      },
      footer = {
        "",
        "Examples / 例:",
        "  aika archive get Asia-Komatsu:12 --data ~/aika      a transfer / 送金",
        "  aika archive get Asia-Komatsu/12 --data ~/aika      a leaf / 記録",
        "  aika archive get 'Asia-Komatsu#3' --data ~/aika     a block / ブロック",
        "",
        "Exit codes / 終了コード:",
        "  0 found, proved and as the log says, 1 not there, not proved or not as the log says",
        "  (STORE_TAMPERED), or failed,",
        "  2 wrong arguments"
      })
  int get(
      @Parameters(
              paramLabel = "ID",
              description = {"What to read.", "読むものの番号。"})
          String id,
      @Mixin DataOption data) {
    Screen screen = new Screen(spec.commandLine().getOut());
    try (NodeChannel node = data.open()) {
      Map<String, @Nullable Object> answer = node.post("/archive", id);
      for (Map<String, @Nullable Object> found : NodeChannel.list(answer, "found")) {
        screen.line(
            "%s  immudb transaction %s, %s"
                .formatted(
                    NodeChannel.text(found, "key"),
                    NodeChannel.text(found, "transaction"),
                    NodeChannel.text(found, "time")));
        NodeChannel.text(found, "text").lines().forEach(line -> screen.line("  " + line));
      }
      Map<String, @Nullable Object> proof = NodeChannel.members(answer.get("proof"));
      screen.line(
          "proved by %s up to transaction %s (%s)%s, as the log says / 証明を確かめ、台帳と一致しました"
              .formatted(
                  NodeChannel.text(answer, "sink"),
                  NodeChannel.text(proof, "transaction"),
                  NodeChannel.text(proof, "hash"),
                  NodeChannel.text(proof, "signed").equals("true") ? ", signed" : ""));
    }
    return 0;
  }
}
