package aika.cli;

import aika.bench.Progress;
import aika.core.approval.OriginUnreachableException;
import aika.core.audit.BrokenLogException;
import aika.core.audit.FederationAudit;
import aika.core.audit.PublishedLog;
import aika.core.audit.UnreadableLogException;
import aika.core.ledger.Directory;
import aika.core.ledger.SignedRecovery;
import aika.core.log.SignedCheckpoint;
import aika.core.money.ChainId;
import aika.core.note.Ed25519;
import aika.core.note.MalformedException;
import aika.core.note.MlDsa44;
import aika.node.Decision;
import aika.node.FastSignatures;
import aika.node.backup.Backup;
import aika.node.backup.Restoring;
import aika.node.config.DurableFile;
import aika.node.config.Federation;
import aika.node.config.MovedChains;
import aika.node.config.NeighboursFile;
import aika.node.config.PeersFile;
import aika.node.config.SinksFile;
import aika.node.config.UsedFile;
import aika.node.gossip.Conflicts;
import aika.node.mirror.KeptHistories;
import aika.node.store.Approvals;
import aika.node.store.SideStore;
import aika.node.store.StoreException;
import aika.node.store.StoreSettings;
import aika.node.tls.NodeTls;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
      "Every leaf is executed and checked, so it does not matter from whom the copies come. But the",
      "newest must be among them: whoever does not answer may have seen more, and is named. What no",
      "representatives had approved and nobody else has is lost. The register and the counter wallet",
      "stay as they are here, or come from the backup where they are missing.",
      "写しはすべて実行して確かめるので、だれから得たものでもかまいません。ただし最新の写しが要ります。答えない",
      "相手は、もっと新しい記録を持っているかもしれないので、名前を示します。承認されていなかった記録は戻りません。",
      "名簿と窓口の鍵はいまのものを使い、なければバックアップから戻します。",
      "",
      "Examples / 例:",
      "  aika restore Asia-Komatsu --data ~/aika --from ~/backup/komatsu",
      "  aika restore Asia-Komatsu --data ~/aika      from the neighbours' copies / 近隣の写しから",
      "",
      "Exit codes / 終了コード: 0 done, 1 failed, 2 wrong arguments"
    })
final class RestoreCommand implements Callable<Integer> {
  /** In what was built whole and only has to take its place. */
  private static final String DONE = "restored";

  /** Behind the name of a directory that is built beside the node's. */
  static final String RESTORING = ".restoring";

  private static final List<String> STORES = List.of("register", "wallet");
  private static final List<String> BESIDE = List.of("register", "wallet", "keys");

  @Parameters(
      arity = "1..*",
      paramLabel = "NAME",
      description = {"The node, with the names with which it is started.", "ノードの名前（起動するときと同じ）。"})
  private List<String> names;

  @Option(
      names = "--accept-loss",
      description = {
        "Go on although this node itself had approved more than the newest copy has, or its"
            + " approvals cannot be read.",
        "このノード自身がもっと先まで承認していても、承認の記録が読めなくても続けます。"
      })
  private boolean acceptLoss;

  @Option(
      names = "--accept-missing",
      description = {
        "Go on although somebody who may have seen more does not answer. Not needed for chains that"
            + " never began, when their unused keys are in this directory.",
        "もっと新しい記録を持つかもしれない相手が答えなくても続けます。未使用の鍵がここにあるチェーンには要りません。"
      })
  private boolean acceptMissing;

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
      names = "--all-peers-lost",
      description = {
        "Of a node of several machines none has its data any more: this one goes on alone.",
        "複数で動かしていたノードのデータがすべて失われたとき。この一台で続けます。"
      })
  private boolean allPeersLost;

  @Option(
      names = "--branch",
      paramLabel = "FILE",
      description = {
        "Of two histories: a checkpoint of the one that the recovery quorum has decided for.",
        "記録が二つに分かれたとき：復旧の決定で選ばれた方のチェックポイント。"
      })
  private @Nullable Path branch;

  @Option(
      names = "--decision",
      paramLabel = "FILE",
      description = {
        "The quorum's signed note, which the node writes before anything else.",
        "署名された復旧の決定。ノードが最初に記録します。"
      })
  private @Nullable Path decision;

  @Option(
      names = "--port-offset",
      paramLabel = "N",
      description = {"As the nodes were started.", "ノードと同じ値。"})
  private int portOffset;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    NodeHome home = NodeHome.open(data);
    List<ChainId> named = List.copyOf(home.serving(names));
    Path own = home.node(home.chain(names.getFirst()).id().value());
    if (from != null && !Files.isDirectory(from.resolve(Backup.CHAINS))) {
      throw CommandException.of(from + " is no backup.", from + " はバックアップではありません。", null);
    }
    Branch chosen = branch == null ? null : Branch.read(branch, home.file().directory());
    byte[] decided = decided(home, named);
    Screen screen = new Screen(spec.commandLine().getOut());
    Path fresh = own.resolveSibling(own.getFileName() + RESTORING);
    if (!Files.exists(own) && Files.exists(fresh.resolve(DONE))) {
      finish(fresh, own); // an earlier restore was stopped just before that
      screen.line("finished / 仕上げました: " + own);
      return 0;
    }
    checkNotAside(own);
    try (DataDirectory before = DataDirectory.open(own)) {
      checkAlone(before.path(), home);
      UsedFile.check(before.path(), home.file());
      Path beside = beside(before.path());
      Map<ChainId, String> moved = moved(named, before.path());
      List<ChainId> chains = named.stream().filter(chain -> !moved.containsKey(chain)).toList();
      DurableFile.deleteTree(fresh);
      Map<ChainId, Long> sizes;
      try (DataDirectory after = DataDirectory.open(fresh)) {
        new KeptHistories(before.path()).copyInto(after.path().resolve(KeptHistories.DIRECTORY));
        sizes = built(home, chains, moved, chosen, after.path());
        checkApprovals(before.path(), sizes);
        copyBeside(before.path(), beside, after.path());
        copyMore(before.path(), named, after.path());
        if (decided.length > 0) {
          DurableFile.writePrivate(after.path().resolve(Decision.FILE), decided);
        }
        moved.forEach((chain, move) -> MovedChains.add(after.path(), chain, move));
        UsedFile.check(after.path(), home.file());
        DurableFile.writePrivate(after.path().resolve(DONE), new byte[0]);
      }
      Path aside = aside(own);
      Files.move(own, aside);
      finish(fresh, own);
      sizes.forEach((chain, leaves) -> screen.line(chain + "  " + leaves + " leaves / 件"));
      screen.line("put aside / 脇に置きました: " + aside);
      screen.line("Start it / 起動: aika node " + String.join(" ", names) + " --data " + data);
    }
    return 0;
  }

  /**
   * What went elsewhere from this node must not be built here, and go on in two places. An old
   * node's backup may help the new node of a chain that went from there.
   */
  private Map<ChainId, String> moved(List<ChainId> named, Path before) {
    Map<ChainId, String> moved = new TreeMap<>(MovedChains.of(before));
    if (from != null && named.size() > 1) {
      Backup.beside(from).ifPresent(backup -> moved.putAll(MovedChains.of(backup)));
    }
    if (moved.keySet().containsAll(named)) {
      throw CommandException.of(
          "Every chain of this node goes on elsewhere: "
              + moved.keySet()
              + ". Nothing was changed.",
          "このノードのチェーンはすべて別のノードに移っています。何も変えていません。",
          null);
    }
    return moved;
  }

  /** Beside peers that live, a machine that was built anew would order the same chains. */
  private void checkAlone(Path own, NodeHome home) {
    Path told = Files.exists(own.resolve(PeersFile.NAME)) ? own : backup(own);
    PeersFile file = PeersFile.read(told, home.federation(), true).orElse(null);
    if (file == null) {
      return;
    }
    List<String> others =
        file.peers().keySet().stream().filter(name -> !name.equals(file.self())).sorted().toList();
    if (!others.isEmpty() && !allPeersLost) {
      throw CommandException.of(
          "This machine is one of several ("
              + told.resolve(PeersFile.NAME)
              + " names "
              + others
              + "). While one of"
              + " them has its data, replace this one with aika peers remove, copy and add; two that"
              + " order the same chains write two histories. When all are lost, stop them all and say"
              + " --all-peers-lost. Nothing was changed.",
          "このコンピューターは複数のうちの一台です（"
              + told.resolve(PeersFile.NAME)
              + "）。データの残っている機械があれば aika peers で置き換えてください。すべて失われたときだけ、"
              + "すべてを止めてから --all-peers-lost を付けます。何も変えていません。",
          null);
    }
  }

  private static void finish(Path fresh, Path own) throws IOException {
    Files.move(fresh, own);
    Files.deleteIfExists(own.resolve(DONE));
  }

  /** The newest register and wallet must not be overlooked. */
  private static void checkNotAside(Path own) {
    Path last = own.resolveSibling(own.getFileName() + ".before-1");
    if (!Files.exists(own) && Files.exists(last)) {
      throw CommandException.of(
          own + " is missing, but " + last + " is there. Move the newest of these back first.",
          own + " がありませんが、" + last + " があります。先に、いちばん新しいものを元の名前に戻してください。",
          null);
    }
  }

  /** The node's own old approvals may tell of more than anybody who answered has. */
  private void checkApprovals(Path before, Map<ChainId, Long> sizes) {
    Path old = before.resolve("shard").resolve("approvals");
    if (acceptLoss || !Files.exists(old)) {
      return;
    }
    try (Approvals approvals = Approvals.open(old)) {
      sizes.forEach((chain, size) -> {
        SignedCheckpoint known = approvals.latest(chain);
        if (known != null && known.checkpoint().size() > size) {
          throw CommandException.of(
              ("%s had %d approved leaves here, but the newest copy has %d. Find a newer one, or say"
                      + " --accept-loss. Nothing was changed.")
                  .formatted(chain, known.checkpoint().size(), size),
              "%s はここで %d 件まで承認されていましたが、写しには %d 件しかありません。何も変えていません。"
                  .formatted(chain, known.checkpoint().size(), size),
              null);
        }
      });
    } catch (StoreException damaged) {
      throw CommandException.of(
          "What this node had approved cannot be read, and may be more than the newest copy has: "
              + damaged.getMessage()
              + ". When all who have copies answered, say --accept-loss. Nothing was changed.",
          "このノードがどこまで承認していたか読めません（写しより先かもしれません）。写しを持つ相手がすべて答えたなら、"
              + "--accept-loss を付けてください。何も変えていません。",
          damaged);
    }
  }

  /** Whoever is silent may have seen more of these chains than all others. */
  private void checkAll(
      NodeHome home, Map<ChainId, String> gateways, LogSources sources, List<ChainId> chains) {
    Set<String> silent = new TreeSet<>(sources.silent(chains.getFirst()));
    if (silent.isEmpty() || acceptMissing) {
      return;
    }
    Set<ChainId> away =
        gateways.keySet().stream()
            .filter(chain -> silent.contains(gateways.get(chain)))
            .collect(Collectors.toSet());
    Set<ChainId> never =
        new TreeSet<>(
            new NeverBegun(home).among(away, chains, chain -> sources.isShown(chain, silent)));
    away.removeAll(never);
    Set<String> waited = new TreeSet<>(named());
    away.forEach(chain -> waited.add(gateways.get(chain)));
    silent.retainAll(waited);
    if (!never.isEmpty()) {
      String list = never.stream().map(ChainId::value).collect(Collectors.joining(", "));
      new Screen(spec.commandLine().getOut())
          .line("never begun, nobody is waited for / まだ始まっていないので待ちません: " + list);
    }
    if (!silent.isEmpty()) {
      throw CommandException.of(
          "These do not answer, and may have seen more: "
              + String.join(", ", silent)
              + ". Wait for them, or say --accept-missing. Nothing was changed.",
          "次の相手が答えません（もっと新しい記録を持つかもしれません）: "
              + String.join(", ", silent)
              + "。待つか、--accept-missing を付けてください。何も変えていません。",
          null);
    }
  }

  /** The note of {@code --decision}; nothing without. */
  private byte[] decided(NodeHome home, List<ChainId> named) {
    if (decision == null) {
      return new byte[0];
    }
    byte[] bytes = SmallFile.read(decision, SignedRecovery.BYTES_MAX);
    try {
      SignedRecovery signed = SignedRecovery.parse(bytes);
      Decision.check(signed, decision, home.file().directory(), new Ed25519(1));
      if (!named.contains(signed.recovery().chain())) {
        throw CommandException.of(
            decision + " is for " + signed.recovery().chain() + ". Nothing was changed.",
            decision + " は " + signed.recovery().chain() + " の決定です。何も変えていません。",
            null);
      }
      return bytes;
    } catch (MalformedException malformed) {
      throw CommandException.of(
          decision + " is no decision: " + malformed.getMessage() + ". Nothing was changed.",
          decision + " は復旧の決定ではありません。何も変えていません。",
          malformed);
    }
  }

  private Map<ChainId, Long> built(
      NodeHome home,
      List<ChainId> chains,
      Map<ChainId, String> moved,
      @Nullable Branch chosen,
      Path into)
      throws IOException {
    Directory directory = home.file().directory();
    Ed25519 ed25519 = FastSignatures.install();
    Map<ChainId, String> gateways = gateways(home, chains);
    List<String> all = Stream.concat(named().stream(), gateways.values().stream()).toList();
    try (NodeTls tls = NodeTls.open(home.tls(), System::currentTimeMillis).orElse(null);
        LogSources sources = new LogSources(all, tls);
        Progress progress = Terminal.progress()) {
      checkAll(home, gateways, sources, chains);
      ChainsProgress bars = new ChainsProgress(progress);
      Copies copies = new Copies(sources, directory, ed25519, chosen);
      while (true) {
        try {
          return Restoring.restore(
              into.resolve("shard"),
              directory,
              new FederationAudit.Schemes(ed25519, ed25519, new MlDsa44()),
              chains,
              moved,
              copies::of,
              new KeptHistories(into),
              StoreSettings.standard(),
              (chain, done, total) -> bars.at(chain.value(), done, total));
        } catch (BrokenLogException broken) {
          String passedOver = copies.passOver(broken);
          spec.commandLine()
              .getErr()
              .printf(
                  "%s: a copy that does not hold; the next is tried (%s) / 正しくない写しです。次を試します。%n",
                  passedOver, broken.getMessage());
          DurableFile.deleteTree(into.resolve("shard"));
        }
      }
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

  /**
   * The newest copies of each chain, one after the other. An older one never takes the place of a
   * newer one that does not hold: what it lacks would be written a second time, and differently.
   */
  private static final class Copies {
    private final LogSources sources;
    private final Directory directory;
    private final Ed25519 ed25519;
    private final @Nullable Branch chosen;
    private final Map<ChainId, Deque<LogSources.Copy>> left = new HashMap<>();

    /**
     * @param chosen which of two histories; null when there is one
     */
    Copies(LogSources sources, Directory directory, Ed25519 ed25519, @Nullable Branch chosen) {
      this.sources = sources;
      this.directory = directory;
      this.ed25519 = ed25519;
      this.chosen = chosen;
    }

    private Deque<LogSources.Copy> left(ChainId chain) {
      return left.computeIfAbsent(chain, this::newest);
    }

    private Deque<LogSources.Copy> newest(ChainId chain) {
      Branch split = chosen != null && chosen.chain().equals(chain) ? chosen : null;
      List<LogSources.Copy> newest =
          sources.newest(
              chain,
              (signed, log) ->
                  signed.isSignedByLog(directory.entry(chain).logKey(), ed25519)
                      && (split == null || split.isContinuedBy(signed.checkpoint(), log)));
      if (split != null && newest.isEmpty()) {
        throw CommandException.of(
            "No copy that can be reached continues the history of --branch. Nothing was changed.",
            "--branch の記録の続きである写しが見つかりません。何も変えていません。",
            null);
      }
      return new ArrayDeque<>(newest);
    }

    PublishedLog of(ChainId chain) {
      LogSources.Copy next = left(chain).peekFirst();
      return next == null ? path -> null : next.log();
    }

    /**
     * @return where the copy is that is not read any more
     * @throws BrokenLogException when it was the last one
     */
    String passOver(BrokenLogException broken) {
      Deque<LogSources.Copy> copies = left(broken.finding().chain());
      if (copies.size() < 2) {
        throw broken;
      }
      return copies.removeFirst().source();
    }
  }

  /** Where the operator says that there are copies. */
  private List<String> named() {
    List<String> named = new ArrayList<>(urls);
    if (from != null) {
      named.add(from.resolve(Backup.CHAINS).toString());
    }
    return named;
  }

  /** Those of the federation's other chains, in its order. */
  private Map<ChainId, String> gateways(NodeHome home, List<ChainId> own) {
    Federation shifted = home.federation().shifted(portOffset);
    Map<ChainId, URI> known = NeighboursFile.read(home.directory(), home.federation());
    Map<ChainId, String> gateways = new LinkedHashMap<>();
    shifted
        .chains()
        .filter(chain -> !own.contains(chain.id())) // this node is stopped
        .forEach(chain ->
            gateways.put(
                chain.id(),
                known
                    .getOrDefault(chain.id(), URI.create("http://localhost:" + chain.http()))
                    .toString()));
    return gateways;
  }

  /** Where the register, the wallet and the keys are that are not here any more. */
  private Path beside(Path before) {
    if (from == null || BESIDE.stream().allMatch(part -> isThere(before, part))) {
      return before;
    }
    return Backup.beside(from)
        .orElseThrow(() ->
            CommandException.of(
                from
                    + " is not whole: the backup was cut off before the register and the keys were"
                    + " in it. Nothing was changed.",
                from + " は途中で切れたバックアップです（名簿と鍵がありません）。何も変えていません。",
                null));
  }

  /** A start that failed leaves empty stores. */
  private static boolean isThere(Path directory, String part) {
    Path there = directory.resolve(part);
    return Files.exists(there) && !(STORES.contains(part) && SideStore.isEmpty(there));
  }

  /** What is there, or else from the backup: it is newer than any backup. */
  private static void copyBeside(Path before, Path beside, Path after) throws IOException {
    for (String part : BESIDE) {
      Path source = isThere(before, part) ? before : beside;
      DurableFile.copyTree(source.resolve(part), after.resolve(part));
    }
  }

  /** What a node may have, in the same way. The stores of a node that a chain left stay its own. */
  private void copyMore(Path before, List<ChainId> named, Path after) throws IOException {
    Path backup = backup(before);
    boolean another = named.stream().anyMatch(MovedChains.of(backup)::containsKey);
    for (String part : List.of(Conflicts.DIRECTORY, Decision.FILE, SinksFile.NAME)) {
      boolean here = Files.exists(before.resolve(part)) || another && part.equals(SinksFile.NAME);
      DurableFile.copyTree((here ? before : backup).resolve(part), after.resolve(part));
    }
  }

  /** What stands beside the logs in the backup; the node's own directory when there is none. */
  private Path backup(Path own) {
    return from == null ? own : Backup.beside(from).orElse(own);
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
