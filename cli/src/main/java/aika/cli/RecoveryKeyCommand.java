package aika.cli;

import aika.core.money.ChainId;
import aika.core.note.MalformedException;
import aika.core.note.VerifierKey;
import aika.node.config.OfflineKey;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A member of a recovery quorum makes their key; its public half goes into the federation file. */
@Command(
    name = "key",
    mixinStandardHelpOptions = true,
    description = {
      "Make a member's key in a new file, and print what the federation file needs of it.",
      "復旧の鍵を新しいファイルに作り、連合のファイルに書く公開鍵を表示します。"
    },
    footer = {
      "",
      "Each member makes their own, on their own machine, and keeps the file off line. No node",
      "needs it. Only what is printed is given to others.",
      "各自が自分の機械で作り、ファイルはネットワークから離して保管します。ほかの人には表示された公開鍵だけを渡します。",
      "",
      "Example / 例:",
      "  aika recover key --federation aika.example --chain Asia-Komatsu --label recovery-1 \\",
      "      recovery-1.key",
      "",
      "Exit codes / 終了コード: 0 made, 1 failed (KEY_FILE), 2 wrong arguments"
    })
final class RecoveryKeyCommand implements Callable<Integer> {
  @Option(
      names = "--federation",
      paramLabel = "ID",
      required = true,
      description = {"The federation's id.", "連合の名前。"})
  private String federation;

  @Option(
      names = "--chain",
      paramLabel = "CHAIN",
      required = true,
      description = {"The chain, as in Asia-Komatsu.", "チェーン（例：Asia-Komatsu）。"})
  private String chain;

  @Option(
      names = "--label",
      paramLabel = "LABEL",
      required = true,
      description = {
        "What the key is called on that chain, as in recovery-1; another for each member.",
        "そのチェーンでの鍵の名前（例 recovery-1）。人ごとに違う名前にします。"
      })
  private String label;

  @Parameters(
      paramLabel = "FILE",
      description = {"Where the key is written; it must not be there.", "鍵を書く新しいファイル。"})
  private Path file;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    VerifierKey key = OfflineKey.make(file, name(), new SecureRandom());
    Screen screen = new Screen(spec.commandLine().getOut());
    screen.line("file  " + file);
    screen.line("key   " + key.format());
    screen.line();
    screen.line(
        "The line key goes into federation.yaml, to recovery.keys of "
            + chain
            + ". Keep the file off line.");
    screen.line(
        "key の行を federation.yaml の " + chain + " の recovery.keys に書きます。ファイルはネットワークから離して保管してください。");
    return 0;
  }

  private String name() {
    try {
      return OfflineKey.name(federation, ChainId.of(chain), label);
    } catch (MalformedException malformed) {
      throw new ParameterException(
          spec.commandLine(), String.valueOf(malformed.getMessage()), malformed);
    }
  }
}
