package aika.cli;

import aika.node.config.Federation;
import aika.node.config.FederationFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The federation file. */
@Command(
    name = "federation",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = {"Work with a federation file.", "連合のファイルを扱います。"})
final class FederationCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do with it. / 何をするかを指定してください。");
  }

  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description = {
        "Check a federation file; every fault is named with its line.",
        "連合のファイルを調べ、誤りを行番号つきで示します。"
      },
      footer = {
        "",
        "Example / 例:",
        "  aika federation check ~/aika/federation.yaml",
        "",
        "Exit codes / 終了コード: 0 no fault, 1 faults (FEDERATION_FILE), 2 wrong arguments"
      })
  int check(
      @Parameters(
              paramLabel = "FILE",
              description = {"The federation file.", "連合のファイル。"})
          Path file) {
    FederationFile read = FederationFile.read(file);
    Federation federation = read.federation();
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%s: %d continents, %d municipalities, %d seats a chain; no fault / 誤りはありません%n",
        federation.id(),
        federation.continents().size(),
        federation.municipalities().size(),
        federation.term().seats());
    out.println("SHA-256 " + read.hash().base64() + "  (leaf 0 of each chain says so)");
    out.flush();
    return 0;
  }
}
