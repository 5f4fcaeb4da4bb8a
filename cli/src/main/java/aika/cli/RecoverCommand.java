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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Hands in what a chain's recovery quorum has decided. */
@Command(
    name = "recover",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Hand in what a chain's recovery quorum has decided and signed.",
      "復旧の定足数が決めて署名したものを、ノードに渡します。"
    })
final class RecoverCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "Say what was decided: seat or close. / seat か close を指定してください。");
  }

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
