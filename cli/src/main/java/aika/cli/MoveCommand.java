package aika.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import aika.bench.Progress;
import aika.core.approval.OriginUnreachableException;
import aika.core.audit.BrokenLogException;
import aika.core.audit.FederationAudit;
import aika.core.audit.GivenUpFiles;
import aika.core.audit.PublishedLog;
import aika.core.audit.UnreadableLogException;
import aika.core.ledger.Directory;
import aika.core.money.ChainId;
import aika.core.note.Ed25519;
import aika.core.note.MlDsa44;
import aika.node.FastSignatures;
import aika.node.backup.Backup;
import aika.node.backup.Restoring;
import aika.node.config.DurableFile;
import aika.node.config.FederationFile;
import aika.node.config.KeyFiles;
import aika.node.config.MovedChains;
import aika.node.config.NeighboursFile;
import aika.node.config.UsedFile;
import aika.node.mirror.KeptHistories;
import aika.node.store.StoreSettings;
import aika.node.tls.NodeTls;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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

  /** Ends the name of the directory as long as it is being made. */
  static final String MOVING = ".moving";

  /** Names the move, in the directory that is being made, and stays there. */
  private static final String MOVE = "move";

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

  @Option(
      names = "--move",
      paramLabel = "ID",
      description = {
        "The move by which the chain went, as moved/CHAIN in the node's directory says: when the new"
            + " directory is lost before its node has ever run.",
        "移した先が一度も動かないうちに失われたとき、元のノードの moved/CHAIN にある番号。"
      })
  private @Nullable String move;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    NodeHome from = data.home();
    ChainId chain = from.chain(name).id();
    NodeHome home = target(from);
    Path end = home.node(chain.value());
    if (!Files.exists(end)) {
      Path made = end.resolveSibling(end.getFileName() + MOVING);
      try (DataDirectory lock = DataDirectory.open(made)) {
        UsedFile.check(lock.path(), home.file());
        if (!moved(home, from, chain, lock.path())) {
          screen().line("prepared; say it without --prepare / 準備ができました。--prepare なしで実行してください");
          return 0;
        }
        DurableFile.moveTree(made, end, lock.path().resolve(DataDirectory.LOCK));
      }
    } else if (!Files.exists(end.resolve(MOVE))) {
      throw CommandException.of(
          end
              + " is there already, and does not come from a move. Nothing was changed. When nothing"
              + " has run there, delete it and say the same again.",
          end + " はもうあり、移したものではありません。何も変えていません。使っていないものなら、消してからもう一度実行してください。",
          null);
    }
    retireKeys(home, from, chain, end);
    screen().line(chain + " is in / 移しました: " + end);
    screen().line("Start it / 起動: aika node " + chain + " --data " + to);
    screen()
        .line("Leave it out where the other node is started / 元のノードの起動からは " + chain + " を外してください");
    return 0;
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
   * @return false when it was to be prepared only
   */
  private boolean moved(NodeHome home, NodeHome from, ChainId chain, Path made)
      throws IOException, InterruptedException {
    Path comes = made.resolve(COMES);
    String id = "?move=" + NodeChannel.encoded(moveId(made));
    try (NodeTls tls = NodeTls.open(from.tls(), System::currentTimeMillis).orElse(null);
        Progress progress = Terminal.progress();
        Sources sources =
            new Sources(
                from.file().directory(),
                chain,
                comes,
                new LogSources(gateways(from, chain), tls))) {
      long start;
      try (NodeChannel node = data.open()) {
        long size = brought(node, "copy", comes, progress);
        built(home, chain, made, sources, size, progress);
        if (prepare) {
          return false;
        }
        start = System.nanoTime();
        size = brought(node, "release" + id, comes, progress);
        built(home, chain, made, sources, size, progress);
        Map<String, @Nullable Object> gone = node.post(path("gone" + id), "");
        if (NodeChannel.text(gone, "served").equals("true")) {
          awaitAgain(node);
        }
      }
      try (NodeChannel again = data.open()) { // whose chains nobody changes there any more
        var _ = again.post(path("beside" + id), comes.toString());
      }
      takeBeside(comes, made);
      bringKeys(home, from, chain);
      DurableFile.deleteTree(comes);
      long millis = (System.nanoTime() - start) / 1_000_000;
      screen().line("no orders since / 受付停止から: " + millis + " ms");
      return true;
    }
  }

  private String path(String what) {
    return NodeChannel.path("chains", name) + '/' + what;
  }

  private Screen screen() {
    return new Screen(spec.commandLine().getOut());
  }

  /** The chain goes once, by the move whose name is here first. */
  private String moveId(Path made) throws IOException {
    Path file = made.resolve(MOVE);
    if (move != null || !Files.exists(file)) {
      String id = move == null ? UUID.randomUUID().toString() : move;
      DurableFile.writePrivate(file, id.getBytes(UTF_8));
    }
    return Files.readString(file);
  }

  /**
   * @return leaves of the published log that came
   */
  private long brought(NodeChannel node, String what, Path into, Progress progress) {
    ChainsProgress bars = new ChainsProgress(progress);
    Map<String, @Nullable Object> end =
        node.lines(
            path(what),
            into.toString(),
            line -> {
              if (line.containsKey("done")) {
                bars.at(
                    NodeChannel.text(line, "chain"),
                    NodeChannel.number(line, "done"),
                    NodeChannel.number(line, "total"));
              }
            });
    if (!end.containsKey("size")) {
      throw CommandException.of(
          "The node ended before all had come. Say the same again.",
          "ノードが途中で終わりました。もう一度実行してください。",
          null);
    }
    return NodeChannel.number(end, "size");
  }

  /** Its gateway's port is free then. */
  private static void awaitAgain(NodeChannel node) throws InterruptedException {
    long end = System.nanoTime() + AGAIN_WAIT.toNanos();
    while (!node.isAgain()) {
      if (System.nanoTime() >= end) {
        throw CommandException.of(
            ("The node where the chain was is not back after %d s: see its log, start it, and say the"
                    + " same again.")
                .formatted(AGAIN_WAIT.toSeconds()),
            "元のノードが戻りません。ログを見て起動し、もう一度実行してください。",
            null);
      }
      Thread.sleep(LOOK_MILLIS);
    }
  }

  private static void built(
      NodeHome home, ChainId chain, Path made, Sources sources, long size, Progress progress) {
    long built = build(home, chain, made, sources, progress);
    if (built != size) {
      throw CommandException.of(
          "%d leaves came, and %d are built. Say the same again.".formatted(size, built),
          "%d 件のうち %d 件だけできました。もう一度実行してください。".formatted(size, built),
          null);
    }
  }

  /** Of the chains that go on as they are. */
  private List<String> gateways(NodeHome from, ChainId moving) {
    Map<ChainId, URI> known = NeighboursFile.read(from.directory(), from.federation());
    return from.federation()
        .shifted(portOffset)
        .chains()
        .filter(chain -> !chain.id().equals(moving))
        .map(
            chain -> known.getOrDefault(chain.id(), URI.create("http://localhost:" + chain.http())))
        .map(URI::toString)
        .distinct()
        .toList();
  }

  static long build(NodeHome home, ChainId chain, Path made, Sources sources, Progress progress) {
    Path shard = made.resolve("shard");
    Ed25519 ed25519 = FastSignatures.install();
    ChainsProgress bars = new ChainsProgress(progress);
    try {
      return Restoring.goOn(
              shard,
              home.file().directory(),
              new FederationAudit.Schemes(ed25519, ed25519, new MlDsa44()),
              List.of(chain),
              sources::of,
              new KeptHistories(made),
              STORE,
              (id, done, total) -> bars.at(id.value(), done, total))
          .getOrDefault(chain, 0L);
    } catch (BrokenLogException broken) {
      throw CommandException.of(
          ("The log does not hold: %s. If a disk has changed it, or after a recovery, delete %s and"
                  + " %s, nothing else, and say the same again.")
              .formatted(broken.getMessage(), shard, made.resolve(COMES)),
          "記録が正しくありません: %s。ディスクの故障や回復のあとなら、%s と %s だけを消して、もう一度実行してください。"
              .formatted(broken.getMessage(), shard, made.resolve(COMES)),
          broken);
    } catch (UnreadableLogException | OriginUnreachableException away) {
      throw CommandException.of(
          "What is needed cannot be read now: " + away.getMessage() + ". Say the same again.",
          "必要な記録をいま読めません。もう一度実行してください。",
          away);
    }
  }

  private static void takeBeside(Path comes, Path made) throws IOException {
    Path beside = Backup.beside(comes).orElseThrow();
    for (String part : List.of("register", "wallet", KeyFiles.DIRECTORY)) {
      DurableFile.deleteTree(made.resolve(part));
      DurableFile.copyTree(beside.resolve(part), made.resolve(part));
    }
  }

  private static Path keysOf(NodeHome home, ChainId chain) {
    return home.directory().resolve(KeyFiles.DIRECTORY).resolve(chain.value());
  }

  /** Also those that were set aside at an earlier end of this move, whose new home is lost. */
  private static void bringKeys(NodeHome home, NodeHome from, ChainId chain) throws IOException {
    if (isSame(home, from)) {
      return;
    }
    Path keys = keysOf(from, chain);
    Path aside = aside(from, chain);
    if (!Files.exists(keys) && Files.exists(aside)) {
      Files.move(aside, keys, StandardCopyOption.ATOMIC_MOVE);
    }
    if (Files.exists(keys)) {
      from.keys().copy(chain, home.directory().resolve(KeyFiles.DIRECTORY));
    }
  }

  private static Path aside(NodeHome from, ChainId chain) {
    return keysOf(from, chain).resolveSibling(chain + ".moved");
  }

  private static boolean isSame(NodeHome home, NodeHome from) throws IOException {
    return Files.isSameFile(home.directory(), from.directory());
  }

  /** The old node must not be able to sign for the chain, whatever is restored there. */
  private void retireKeys(NodeHome home, NodeHome from, ChainId chain, Path end)
      throws IOException {
    Path keys = keysOf(from, chain);
    boolean went =
        Files.readString(end.resolve(MOVE)).equals(MovedChains.of(data.path()).get(chain));
    if (went && !isSame(home, from) && Files.exists(keys)) {
      Files.move(keys, aside(from, chain), StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /** The chain's own log as it comes; of others, which its leaves cite, the newest that answers. */
  static final class Sources implements AutoCloseable {
    private final ChainId moving;
    private final LogSources own;
    private final LogSources others;
    private final Directory directory;
    private final Map<ChainId, PublishedLog> found = new HashMap<>();

    Sources(Directory directory, ChainId moving, Path comes, LogSources others) {
      this.moving = moving;
      this.directory = directory;
      own = new LogSources(List.of(comes.resolve(Backup.CHAINS).toString()));
      this.others = others;
    }

    /** Looked for when it is needed: others may not answer. */
    PublishedLog of(ChainId chain) {
      return path ->
          (chain.equals(moving) ? own.of(chain) : found.computeIfAbsent(chain, this::newest))
              .file(path);
    }

    private PublishedLog newest(ChainId chain) {
      Ed25519 ed25519 = FastSignatures.install();
      PublishedLog log =
          others
              .newest(
                  chain, (one, _) -> one.isSignedByLog(directory.entry(chain).logKey(), ed25519))
              .stream()
              .findFirst()
              .map(LogSources.Copy::log)
              .orElse(path -> null);
      List<PublishedLog> places = new ArrayList<>(own.all(chain)); // what the old node kept
      places.add(log);
      return GivenUpFiles.joined(log, places);
    }

    @Override
    public void close() {
      own.close();
      others.close();
    }
  }
}
