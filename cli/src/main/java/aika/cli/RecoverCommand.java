package aika.cli;

import aika.core.ledger.Recovery;
import aika.core.ledger.SignedRecovery;
import aika.core.note.MalformedException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/**
 * What a chain's recovery quorum decides: its keys, the note, the signatures, and handing it in.
 */
@Command(
    name = "recover",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {RecoveryKeyCommand.class, WriteDecisionCommand.class, SignDecisionCommand.class},
    description = {
      "Make, sign and hand in what a chain's recovery quorum decides.",
      "復旧の定足数の決定を書き、署名し、ノードに渡します。"
    },
    footer = {
      "",
      "1. Each member makes a key, for the federation file:  aika recover key",
      "2. Somebody writes what all have agreed on:           aika recover write",
      "3. As many members as it takes sign it, off line:     aika recover sign",
      "4. It is handed to a node that orders the chain:      aika recover seat, aika recover close",
      "1 鍵を作り、2 決定を書き、3 必要な人数が署名し、4 そのチェーンのノードに渡します。"
    })
final class RecoverCommand extends Subcommands {
  @Command(
      name = "seat",
      mixinStandardHelpOptions = true,
      description = {"Replace the representatives of the term that sits.", "いまの期の代表者を入れ替えます。"},
      footer = {
        "",
        "Example / 例:  aika recover seat decision.note --data ~/aika",
        "",
        "Exit codes / 終了コード:",
        "  0 executed, 1 refused, 2 wrong arguments, 3 not known yet / まだ分からない"
      })
  int seat(
      @Parameters(
              paramLabel = "FILE",
              description = {"The signed note.", "署名した決定のファイル。"})
          Path file,
      @Mixin DataOption data) {
    return submit(file, data, "seat");
  }

  @Command(
      name = "close",
      mixinStandardHelpOptions = true,
      description = {
        "End a chain for everything that brings money in. There is no way back.",
        "チェーンへの入金をすべて終わらせます。元には戻せません。"
      },
      footer = {
        "",
        "Example / 例:  aika recover close decision.note --data ~/aika",
        "",
        "Exit codes / 終了コード:",
        "  0 executed, 1 refused, 2 wrong arguments, 3 not known yet / まだ分からない"
      })
  int close(
      @Parameters(
              paramLabel = "FILE",
              description = {"The signed note.", "署名した決定のファイル。"})
          Path file,
      @Mixin DataOption data) {
    return submit(file, data, "close");
  }

  private int submit(Path file, DataOption data, String kind) {
    byte[] bytes = SmallFile.read(file, SignedRecovery.BYTES_MAX);
    Recovery recovery = parsed(file, bytes);
    String said = recovery instanceof Recovery.Seat ? "seat" : "close";
    if (!said.equals(kind)) {
      throw CommandException.of(
          file + " decides to " + said + ", not to " + kind + '.',
          file + " の決定は " + said + " です。",
          null);
    }
    try (NodeChannel node = data.open()) {
      Map<String, @Nullable Object> done =
          node.post("/recoveries", new String(bytes, StandardCharsets.UTF_8));
      new Screen(spec.commandLine().getOut())
          .line(
              "%s: %s is leaf %s; term %s sits / 記録 %s に書きました。第%s期です"
                  .formatted(
                      NodeChannel.text(done, "chain"),
                      said,
                      NodeChannel.text(done, "leaf"),
                      NodeChannel.text(done, "term"),
                      NodeChannel.text(done, "leaf"),
                      NodeChannel.text(done, "term")));
    }
    return 0;
  }

  private static Recovery parsed(Path file, byte[] bytes) {
    try {
      return SignedRecovery.parse(bytes).recovery();
    } catch (MalformedException another) {
      throw CommandException.of(
          file + " is no decision of a recovery quorum: " + another.getMessage() + '.',
          file + " は復旧の決定ではありません（" + another.getMessage() + "）。",
          another);
    }
  }
}
