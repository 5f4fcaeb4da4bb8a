package aika.cli;

import aika.bench.Progress;
import aika.core.approval.OriginUnreachableException;
import aika.core.audit.BrokenLogException;
import aika.core.audit.FederationAudit;
import aika.core.audit.PublishedLog;
import aika.core.audit.UnreadableLogException;
import aika.core.ledger.Directory;
import aika.core.money.ChainId;
import aika.core.note.Ed25519;
import aika.core.note.MlDsa44;
import aika.node.FastEd25519;
import aika.node.backup.Backup;
import aika.node.backup.Restoring;
import aika.node.config.DurableFile;
import aika.node.config.Federation;
import aika.node.config.NeighboursFile;
import aika.node.store.StoreSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A node's data, built again. */
@Command(
    name = "restore",
    mixinStandardHelpOptions = true,
    description = {
      "Build a stopped node's data again from the newest copies of its chains, and a backup.",
      "止まっているノードのデータを、残っている最新の写しとバックアップから作り直します。"
    },
    footer = {
      "",
      "Every leaf is executed and checked, so it does not matter from whom the copies come. What no",
      "representatives had approved and nobody else has is lost. Without --from there is no register",
      "and no counter wallet. What is there of the node is put aside, not deleted.",
      "写しはすべて実行して確かめるので、だれから得たものでもかまいません。承認されていなかった記録は戻りません。",
      "--from がないと名簿と窓口の鍵は戻りません。いまあるデータは消さずに脇に置きます。",
      "",
      "Examples / 例:",
      "  aika restore Asia-Komatsu --data ~/aika --from /backup/komatsu",
      "  aika restore Asia-Komatsu --data ~/aika      from the neighbours' copies / 近隣の写しから",
      "",
      "Exit codes / 終了コード: 0 done, 1 failed, 2 wrong arguments"
    })
final class RestoreCommand implements Callable<Integer> {
  private static final List<String> BESIDE = List.of("register", "wallet", "keys");

  @Parameters(
      paramLabel = "NAME",
      description = {"The node, as it is started.", "ノードの名前。"})
  private String name;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      required = true,
      description = {"A directory with federation.yaml and keys.", "federation.yaml と鍵のあるフォルダー。"})
  private Path data;

  @Option(
      names = "--from",
      paramLabel = "DIR",
      description = {"A backup of this node.", "このノードのバックアップ。"})
  private @Nullable Path from;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = {"Gateways that have copies, besides those of the federation.", "ほかに写しのある窓口。"})
  private List<String> urls = List.of();

  @Option(
      names = "--port-offset",
      paramLabel = "N",
      description = {"As the nodes were started.", "ノードと同じ値。"})
  private int portOffset;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    NodeHome home = NodeHome.open(data);
    List<ChainId> chains = List.copyOf(home.serving(List.of(name)));
    Path own = home.node(home.chain(name).id().value());
    if (from != null && !Files.isDirectory(from.resolve(Backup.CHAINS))) {
      throw CommandException.of(from + " is no backup.", from + " はバックアップではありません。", null);
    }
    Screen screen = new Screen(spec.commandLine().getOut());
    Path fresh = own.resolveSibling(own.getFileName() + ".restoring");
    Backup.deleteTree(fresh);
    try (DataDirectory before = DataDirectory.open(own);
        DataDirectory after = DataDirectory.open(fresh)) {
      Map<ChainId, Long> sizes = built(home, chains, after.path());
      copyBeside(before.path(), after.path());
      Path aside = aside(own);
      Files.move(own, aside);
      Files.move(fresh, own);
      sizes.forEach((chain, leaves) -> screen.line(chain + "  " + leaves + " leaves / 件"));
      screen.line("put aside / 脇に置きました: " + aside);
      screen.line("Start it / 起動: aika node " + name + " --data " + data);
    }
    return 0;
  }

  private Map<ChainId, Long> built(NodeHome home, List<ChainId> chains, Path into) {
    Directory directory = home.file().directory();
    Ed25519 ed25519 = FastEd25519.install();
    try (LogSources sources = new LogSources(sources(home));
        Progress progress = Terminal.progress()) {
      ChainsProgress bars = new ChainsProgress(progress);
      return Restoring.restore(
          into.resolve("shard"),
          directory,
          new FederationAudit.Schemes(ed25519, ed25519, new MlDsa44()),
          chains,
          chain -> newest(sources, directory, chain, ed25519),
          StoreSettings.standard(),
          (chain, done, total) -> bars.at(chain.value(), done, total));
    } catch (BrokenLogException broken) {
      throw CommandException.of(
          "A copy does not hold: " + broken.getMessage() + ". Nothing was changed.",
          "写しが正しくありません: " + broken.getMessage() + "。何も変えていません。",
          broken);
    } catch (UnreadableLogException | OriginUnreachableException away) {
      throw CommandException.of(
          "What is needed cannot be read now: " + away.getMessage() + ". Nothing was changed.",
          "必要な記録をいま読めません。何も変えていません。",
          away);
    }
  }

  private static PublishedLog newest(
      LogSources sources, Directory directory, ChainId chain, Ed25519 ed25519) {
    return sources.newest(
        chain, signed -> signed.isSignedByLog(directory.entry(chain).logKey(), ed25519));
  }

  private List<String> sources(NodeHome home) {
    List<String> sources = new ArrayList<>(urls);
    if (from != null) {
      sources.add(from.resolve(Backup.CHAINS).toString());
    }
    Federation shifted = home.federation().shifted(portOffset);
    Map<ChainId, URI> known = NeighboursFile.read(home.directory(), home.federation());
    shifted
        .chains()
        .forEach(chain ->
            sources.add(
                known
                    .getOrDefault(chain.id(), URI.create("http://localhost:" + chain.http()))
                    .toString()));
    return sources;
  }

  /** From the backup, or else what is there: only the chains are behind. */
  private void copyBeside(Path before, Path after) throws IOException {
    for (String part : BESIDE) {
      Path there = from == null ? before.resolve(part) : from.resolve(Backup.BESIDE).resolve(part);
      Backup.copyTree(there, after.resolve(part));
    }
    Path sinks = before.resolve("sinks.yaml");
    if (Files.exists(sinks)) {
      DurableFile.writePrivate(after.resolve("sinks.yaml"), Files.readAllBytes(sinks));
    }
  }

  private static Path aside(Path own) {
    for (int number = 1; ; number++) {
      Path aside = own.resolveSibling(own.getFileName() + ".before-" + number);
      if (!Files.exists(aside)) {
        return aside;
      }
    }
  }
}
