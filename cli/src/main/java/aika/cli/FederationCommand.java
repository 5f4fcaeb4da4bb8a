package aika.cli;

import aika.core.money.ChainId;
import aika.node.config.DurableFile;
import aika.node.config.Federation;
import aika.node.config.FederationFile;
import aika.node.config.KeyFiles;
import aika.node.tls.TlsFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The federation file. */
@Command(
    name = "federation",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = AddMunicipalityCommand.class,
    description = {"Work with a federation file.", "連合のファイルを扱います。"})
final class FederationCommand extends Subcommands {
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

  @Command(
      name = "update",
      mixinStandardHelpOptions = true,
      description = {
        "Take a later federation file that adds municipalities; it must be signed by the root and"
            + " change nothing else.",
        "市町村を加えた新しい連合ファイルに置き換えます。署名と、ほかに変更がないことを確かめます。"
      },
      footer = {
        "",
        "Example / 例:",
        "  aika federation update federation.yaml --data ~/komatsu",
        "",
        "Start the node again afterwards. / そのあとノードを再起動してください。",
        "",
        "Exit codes / 終了コード: 0 done, 1 refused (FEDERATION_FILE), 2 wrong arguments"
      })
  int update(
      @Parameters(
              paramLabel = "FILE",
              description = {"The later federation file.", "新しい連合のファイル。"})
          Path file,
      @Option(
              names = "--data",
              paramLabel = "DIR",
              required = true,
              description = {"Of the node or the cosigner.", "ノードや代表者のフォルダー。"})
          Path data) {
    FederationFile old = NodeHome.open(data).file();
    FederationFile later = FederationFile.read(file);
    PrintWriter out = spec.commandLine().getOut();
    if (later.hash().equals(old.hash())) {
      out.println(old.path() + " is that file already. / もうこのファイルです。");
    } else {
      old.addedBy(later)
          .forEach(one ->
              out.printf(
                  "added / 追加  %s  %s / %s  http %d%n",
                  one.id(), one.name().ja(), one.name().en(), one.http()));
      FederationFile now = old.update(later);
      out.println("SHA-256 " + now.hash().base64());
      out.println("Start the node again. / ノードを再起動してください。");
    }
    out.flush();
    return 0;
  }

  @Command(
      name = "kit",
      mixinStandardHelpOptions = true,
      description = {
        "Put what the node of one chain needs into a directory: the file, that chain's keys and a"
            + " certificate.",
        "一つのチェーンのノードに要るもの（連合のファイル、その鍵、証明書）を、フォルダーに取り出します。"
      },
      footer = {
        "",
        "Example / 例:",
        "  aika federation kit Asia-Komatsu --data ~/aika --to ~/komatsu",
        "",
        "Move it to the node's machine on a way that nobody else can read.",
        "ほかの人が読めない方法で、ノードの機械に移してください。",
        "",
        "Exit codes / 終了コード: 0 done, 1 failed, 2 wrong arguments"
      })
  int kit(
      @Parameters(
              paramLabel = "NAME",
              description = {"A chain of the federation.", "チェーンの名前。"})
          String name,
      @Option(
              names = "--data",
              paramLabel = "DIR",
              required = true,
              description = {"The directory that aika init made.", "aika init で作ったフォルダー。"})
          Path data,
      @Option(
              names = "--to",
              paramLabel = "DIR",
              required = true,
              description = {"Where it goes.", "取り出す先。"})
          Path to)
      throws IOException {
    NodeHome home = NodeHome.open(data);
    try (DataDirectory kit = DataDirectory.open(to)) {
      Path file = kit.path().resolve(FederationFile.NAME);
      if (Files.exists(file)) {
        throw CommandException.of(
            file + " is there already; nothing was changed.", file + " はもうあります。", null);
      }
      for (ChainId chain : home.serving(List.of(name))) {
        home.keys().copy(chain, kit.path().resolve(KeyFiles.DIRECTORY));
      }
      Path tls = kit.path().resolve(TlsFiles.DIRECTORY);
      boolean certified = CertificateCommand.hasAuthority(home);
      if (certified) {
        CertificateCommand.make(home, List.of(name), tls);
      }
      DurableFile.writePrivate(file, Files.readAllBytes(home.file().path())); // now it is whole
      PrintWriter out = spec.commandLine().getOut();
      out.println("kit  " + kit.path());
      out.println(
          certified
              ? "tls  " + tls
              : "There is no CA, so the kit has no certificate. / 認証局がないので証明書はありません。");
      out.flush();
    }
    return 0;
  }
}
