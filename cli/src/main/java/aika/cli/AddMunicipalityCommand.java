package aika.cli;

import aika.core.ledger.Directory;
import aika.core.money.ChainId;
import aika.core.note.MalformedException;
import aika.core.note.VerifierKey;
import aika.node.config.DisplayName;
import aika.node.config.FederationFile;
import aika.node.config.HeldKey;
import aika.node.config.Joining;
import aika.node.config.KeyFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** One municipality more, in a federation that runs. */
@Command(
    name = "add-municipality",
    mixinStandardHelpOptions = true,
    description = {
      "Add a municipality to a federation, also to one that runs: makes its keys, and a new",
      "federation file that the root signs and that changes nothing else.",
      "市町村を連合に加えます（動いている連合にも）。鍵と、署名つきの新しい連合ファイルを作ります。"
    },
    footer = {
      "",
      "Example / 例:",
      "  aika federation add-municipality Asia-Kaga --name-ja 加賀市 --name-en Kaga \\",
      "      --http 2005 --node 20005 --data ~/aika",
      "",
      "It needs keys/root.key, and the kit's certificate keys/ca.key and keys/ca.crt. What to do",
      "then is told at the end; no node has to stop for longer than a restart, and not all at once.",
      "keys/root.key が要ります（キットの証明書には keys/ca.key と keys/ca.crt も）。ほかのノードは順に再起動するだけです。",
      "",
      "Exit codes / 終了コード: 0 added, 1 failed, 2 wrong arguments"
    })
final class AddMunicipalityCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "NAME",
      description = {"Its continent and name, like Asia-Kaga.", "大陸名-名前（例 Asia-Kaga）。"})
  private String name;

  @Option(
      names = "--name-ja",
      paramLabel = "TEXT",
      required = true,
      description = {"What people read in Japanese.", "日本語の表示名。"})
  private String ja;

  @Option(
      names = "--name-en",
      paramLabel = "TEXT",
      required = true,
      description = {"What people read in English.", "英語の表示名。"})
  private String en;

  @Option(
      names = "--http",
      paramLabel = "PORT",
      required = true,
      description = {"Of its gateway.", "窓口のポート。"})
  private int http;

  @Option(
      names = "--node",
      paramLabel = "PORT",
      required = true,
      description = {"For other nodes.", "ほかのノードのためのポート。"})
  private int node;

  @Option(
      names = "--recovery",
      paramLabel = "KEY",
      description = {
        "A public key of its recovery quorum; may be given up to 15 times.",
        "非常時の鍵（公開鍵）。15 個まで。"
      })
  private List<String> recovery = List.of();

  @Option(
      names = "--recovery-threshold",
      paramLabel = "N",
      description = {"How many of them must sign; more than half.", "必要な署名の数（過半数）。"})
  private @Nullable Integer threshold;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      required = true,
      description = {"The directory that aika init made.", "aika init で作ったフォルダー。"})
  private Path data;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    NodeHome home = NodeHome.open(data);
    KeyFiles keys = home.keys();
    HeldKey root = keys.root(home.federation());
    FederationFile file =
        home.file()
            .join(new Joining(id(home), new DisplayName(ja, en), http, node, quorum()), keys, root);
    Screen screen = new Screen(spec.commandLine().getOut());
    screen.line(name + " is in " + file.path() + " / 加えました");
    screen.line("SHA-256 " + file.hash().base64());
    screen.line();
    screen.line("1. Its node / そのノード:");
    screen.line("     aika federation kit " + name + " --data " + data + " --to DIR");
    screen.line("2. Every cosigner, then every node, one after the other, with this file:");
    screen.line("   代表者の機械、つづいてほかのノードで、順に（このファイルを使います）:");
    screen.line("     aika federation update federation.yaml --data DIR");
    screen.line("   and start it again / そして再起動。");
    screen.line("3. Auditors and developers get the file, too. / 監査する人や開発者にも渡します。");
    return 0;
  }

  private ChainId id(NodeHome home) {
    try {
      ChainId id = ChainId.of(name);
      if (!id.municipal()) {
        throw wrong("NAME has the form Continent-Name");
      }
      if (home.federation().chain(id).isPresent()) {
        throw CommandException.of(
            id + " is in the federation already; nothing was changed.",
            id + " はもう連合にあります。何も変えていません。",
            null);
      }
      return id;
    } catch (MalformedException malformed) {
      throw wrong("NAME: " + malformed.getMessage());
    }
  }

  private Optional<Directory.Quorum> quorum() {
    if (recovery.isEmpty() && threshold == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Directory.Quorum(
              threshold == null ? recovery.size() / 2 + 1 : threshold,
              recovery.stream().map(VerifierKey::parse).toList()));
    } catch (MalformedException | IllegalArgumentException unusable) {
      throw wrong("--recovery: " + unusable.getMessage());
    }
  }

  private ParameterException wrong(String why) {
    return new ParameterException(spec.commandLine(), why);
  }
}
