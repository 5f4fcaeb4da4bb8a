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
import aika.node.config.FederationFile;
import aika.node.config.KeyFiles;
import aika.node.config.NeighboursFile;
import aika.node.config.UsedFile;
import aika.node.store.StoreSettings;
import aika.node.tls.NodeTls;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A chain goes on in a node of its own. */
@Command(
    name = "move",
    mixinStandardHelpOptions = true,
    description = {
      "Move a chain out of a running node of several, into a node of its own.",
      "いくつものチェーンを動かしているノードから、一つのチェーンを独立したノードに移します。"
    },
    footer = {
      "",
      "The chain is built again there from its published log, each leaf executed and checked, while it",
      "goes on here. Then it takes no orders for some seconds, until its new node is started. When this",
      "is stopped, say the same again: it goes on where it was.",
      "移すあいだもチェーンは動きつづけ、最後の数秒だけ受け付けを止めます。途中で止まったら、同じ命令をもう一度実行してください。",
      "",
      "Examples / 例:",
      "  aika chain move Asia-Komatsu --data ~/aika --to ~/aika --prepare",
      "  aika chain move Asia-Komatsu --data ~/aika --to ~/aika && aika node Asia-Komatsu --data ~/aika",
      "",
      "Exit codes / 終了コード: 0 done, 1 failed, 2 wrong arguments"
    })
final class MoveCommand implements Callable<Integer> {
  /** What comes from the node where the chain was, in the directory that is being made. */
  private static final String COMES = "from";

  private static final Duration AGAIN_WAIT = Duration.ofSeconds(60);
  private static final long LOOK_MILLIS = 50;
  private static final StoreSettings STORE = StoreSettings.standard();

  @Parameters(
      paramLabel = "CHAIN",
      description = {"The chain, e.g. Asia-Komatsu.", "チェーンの名前（Asia-Komatsu など）。"})
  private String name;

  @Mixin private DataOption data;

  @Option(
      names = "--to",
      paramLabel = "DIR",
      required = true,
      description = {
        "A directory with federation.yaml, or an empty one, for: aika node CHAIN --data DIR.",
        "移す先。federation.yaml のあるフォルダーか、空のフォルダー。"
      })
  private Path to;

  @Option(
      names = "--prepare",
      description = {
        "Only what takes long; the chain is not stopped yet.",
        "時間のかかる準備だけをして、まだ止めません。"
      })
  private boolean prepare;

  @Option(
      names = "--port-offset",
      paramLabel = "N",
      description = {"As the nodes were started.", "ノードと同じ値。"})
  private int portOffset;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (NodeChannel node = data.open()) {
      NodeHome from = data.home();
      ChainId chain = from.chain(name).id();
      NodeHome home = target(from);
      Path end = home.node(chain.value());
      if (!Files.exists(end)) {
        Path made = end.resolveSibling(end.getFileName() + ".moving");
        if (!move(node, home, from, chain, made)) {
          return 0;
        }
        Backup.deleteTree(made.resolve(COMES));
        Files.move(made, end);
      }
      Map<String, @Nullable Object> gone = node.post(NodeChannel.path("chains", name, "gone"), "");
      if (NodeChannel.text(gone, "served").equals("true")) {
        awaitAgain(node);
      }
      screen().line(chain + " is in / 移しました: " + end);
      screen().line("Start it / 起動: aika node " + chain + " --data " + to);
    }
    return 0;
  }

  private Screen screen() {
    return new Screen(spec.commandLine().getOut());
  }

  /** Its gateway's port is free then. */
  private void awaitAgain(NodeChannel node) throws InterruptedException {
    long end = System.nanoTime() + AGAIN_WAIT.toNanos();
    while (!node.isAgain()) {
      if (System.nanoTime() >= end) {
        throw CommandException.of(
            "The node where the chain was is not back after %d s; see its log."
                .formatted(AGAIN_WAIT.toSeconds()),
            "元のノードが戻りません。そのログを見てください。",
            null);
      }
      Thread.sleep(LOOK_MILLIS);
    }
  }

  /** The same federation there, and the chain's keys. */
  private NodeHome target(NodeHome from) throws IOException {
    Path there = to.toAbsolutePath().normalize();
    Path file = there.resolve(FederationFile.NAME);
    if (!Files.exists(file)) {
      DurableFile.createPrivateDirectory(there);
      DurableFile.write(file, Files.readAllBytes(from.file().path()));
    }
    NodeHome home = NodeHome.open(there);
    if (!home.file().directory().isFile(from.file().hash())) {
      throw CommandException.of(
          file + " is another federation's, or an earlier one.", file + " は別の連合のものか、古いものです。", null);
    }
    return home;
  }

  /**
   * @return whether the chain has stopped at the node where it was, and is whole here
   */
  private boolean move(NodeChannel node, NodeHome home, NodeHome from, ChainId chain, Path made)
      throws IOException {
    try (DataDirectory lock = DataDirectory.open(made);
        NodeTls tls = NodeTls.open(from.tls(), System::currentTimeMillis).orElse(null);
        Progress progress = Terminal.progress()) {
      Path comes = lock.path().resolve(COMES);
      Path shard = lock.path().resolve("shard");
      UsedFile.check(lock.path(), home.file());
      if (Files.exists(shard) && !Restoring.isWhole(shard, chain, STORE)) {
        Backup.deleteTree(shard); // it was cut off within a block
      }
      ask(node, "copy", comes, progress);
      try (Sources sources = new Sources(from, comes, tls)) {
        build(home, chain, shard, sources, progress);
      }
      if (prepare) {
        screen().line("prepared; say it without --prepare / 準備ができました。--prepare なしで実行してください");
        return false;
      }
      long start = System.nanoTime();
      ask(node, "release", comes, progress);
      try (Sources sources = new Sources(from, comes, tls)) {
        build(home, chain, shard, sources, progress);
      }
      takeBeside(home, from, chain, comes, lock.path());
      long millis = (System.nanoTime() - start) / 1_000_000;
      screen().line("no orders for / 受付停止: " + millis + " ms so far / ここまで");
      return true;
    }
  }

  private void ask(NodeChannel node, String what, Path into, Progress progress) {
    ChainsProgress bars = new ChainsProgress(progress);
    var _ =
        node.lines(
            NodeChannel.path("chains", name, what),
            into.toString(),
            line -> {
              if (line.containsKey("done")) {
                bars.at(
                    NodeChannel.text(line, "chain"),
                    NodeChannel.number(line, "done"),
                    NodeChannel.number(line, "total"));
              }
            });
  }

  private static void build(
      NodeHome home, ChainId chain, Path shard, Sources sources, Progress progress) {
    Ed25519 ed25519 = FastEd25519.install();
    ChainsProgress bars = new ChainsProgress(progress);
    try {
      var _ =
          Restoring.goOn(
              shard,
              home.file().directory(),
              new FederationAudit.Schemes(ed25519, ed25519, new MlDsa44()),
              List.of(chain),
              sources::of,
              STORE,
              (id, done, total) -> bars.at(id.value(), done, total));
    } catch (BrokenLogException broken) {
      throw CommandException.of(
          "The log does not hold: " + broken.getMessage() + '.',
          "記録が正しくありません: " + broken.getMessage() + "。",
          broken);
    } catch (UnreadableLogException | OriginUnreachableException away) {
      throw CommandException.of(
          "What is needed cannot be read now: " + away.getMessage() + ". Say the same again.",
          "必要な記録をいま読めません。もう一度実行してください。",
          away);
    }
  }

  private static void takeBeside(NodeHome home, NodeHome from, ChainId chain, Path comes, Path made)
      throws IOException {
    Path beside = Backup.beside(comes).orElseThrow();
    for (String part : List.of("register", "wallet", KeyFiles.DIRECTORY)) {
      Backup.deleteTree(made.resolve(part));
      Backup.copyTree(beside.resolve(part), made.resolve(part));
    }
    if (!home.directory().equals(from.directory())) {
      from.keys().copy(chain, home.directory().resolve(KeyFiles.DIRECTORY));
    }
  }

  /** The chain's own log as it comes; of others, which its leaves cite, the newest that answers. */
  private final class Sources implements AutoCloseable {
    private final LogSources logs;
    private final Directory directory;
    private final Map<ChainId, PublishedLog> found = new HashMap<>();

    Sources(NodeHome from, Path comes, @Nullable NodeTls tls) {
      directory = from.file().directory();
      List<String> places = new ArrayList<>();
      places.add(comes.resolve(Backup.CHAINS).toString());
      Map<ChainId, URI> known = NeighboursFile.read(from.directory(), from.federation());
      from.federation()
          .shifted(portOffset)
          .chains()
          .filter(chain -> !chain.id().value().equals(name))
          .forEach(chain ->
              places.add(
                  known
                      .getOrDefault(chain.id(), URI.create("http://localhost:" + chain.http()))
                      .toString()));
      logs = new LogSources(places, tls);
    }

    PublishedLog of(ChainId chain) {
      return found.computeIfAbsent(chain, this::newest);
    }

    private PublishedLog newest(ChainId chain) {
      Ed25519 ed25519 = FastEd25519.install();
      return logs
          .newest(chain, one -> one.isSignedByLog(directory.entry(chain).logKey(), ed25519))
          .stream()
          .findFirst()
          .map(LogSources.Copy::log)
          .orElse(path -> null);
    }

    @Override
    public void close() {
      logs.close();
    }
  }
}
