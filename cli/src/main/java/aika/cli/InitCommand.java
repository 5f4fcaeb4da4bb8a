package aika.cli;

import aika.node.config.Federation;
import aika.node.config.FederationFile;
import aika.node.config.FederationTemplate;
import aika.node.config.KeyFiles;
import aika.node.tls.CertificateMaker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A new federation: its file and its keys. */
@Command(
    name = "init",
    mixinStandardHelpOptions = true,
    description = {
      "Make a federation: its file and all private keys, in a new directory.",
      "連合を作ります。設定ファイルとすべての秘密鍵を、新しいフォルダーに置きます。"
    },
    footer = {
      "",
      "Each municipality's keys go to its own machine with: aika federation kit NAME",
      "それぞれの市町村の鍵は aika federation kit 名前 で取り出し、その機械に移します。",
      "",
      "Examples / 例:",
      "  aika init ~/aika",
      "  aika init ~/aika --template towns.yaml",
      "",
      "Exit codes / 終了コード: 0 made, 1 failed, 2 wrong arguments"
    })
final class InitCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "DIR",
      description = {"Where; made when it is not there.", "場所。なければ作ります。"})
  private Path directory;

  @Option(
      names = "--template",
      paramLabel = "FILE",
      description = {
        "A federation file without keys. Without: ten continents and Default, Komatsu, Kanazawa,"
            + " Paris.",
        "鍵のない連合のファイル。指定しないと、十の大陸と Default、小松・金沢・パリです。"
      })
  private @Nullable Path template;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    Screen screen = new Screen(spec.commandLine().getOut());
    FederationTemplate wanted =
        template == null ? FederationTemplate.demo() : FederationTemplate.read(template);
    try (DataDirectory made = DataDirectory.open(directory)) {
      Path path = made.path().resolve(FederationFile.NAME);
      if (Files.exists(path)) {
        throw CommandException.of(
            path + " is there already; nothing was changed.", path + " はもうあります。何も変えていません。", null);
      }
      KeyFiles keys = new KeyFiles(made.path().resolve(KeyFiles.DIRECTORY), new SecureRandom());
      PlannedKeys.make(wanted, keys);
      Federation federation = wanted.federation(keys);
      authority(made.path().resolve(KeyFiles.DIRECTORY), federation);
      FederationFile file = FederationFile.write(path, federation);
      told(screen, made.path(), file);
    }
    return 0;
  }

  /** Unless an earlier start that did not finish has made it. */
  private static void authority(Path keys, Federation federation) {
    if (!Files.exists(keys.resolve(CertificateMaker.AUTHORITY_KEY))) {
      new CertificateMaker(new SecureRandom()).authority(keys, federation.id());
    }
  }

  private void told(Screen screen, Path path, FederationFile file) {
    Federation federation = file.federation();
    screen.line("愛貨 Aika federation: " + federation.id());
    screen.line("file  " + file.path());
    screen.line("keys  " + path.resolve(KeyFiles.DIRECTORY));
    screen.line();
    screen.line(
        "Keep keys/root.key and keys/ca.key off line. /"
            + " keys/root.key と keys/ca.key はネットワークから離して保管してください。");
    screen.line("Start a node / ノードを動かす:");
    screen.line(
        "  aika node " + federation.municipalities().getFirst().id() + " --data " + directory);
  }
}
