package aika.cli;

import aika.core.ledger.Reason;
import aika.core.ledger.Refusal;
import aika.core.money.ChainId;
import aika.node.Node;
import aika.node.NodeSettings;
import aika.node.config.MovedChains;
import aika.node.store.StoreSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The node of a municipality or a continent. */
@Command(
    name = "node",
    mixinStandardHelpOptions = true,
    description = {
      "Start the node of a municipality or a continent, until Ctrl-C.",
      "市町村や大陸のノードを Ctrl-C まで動かします。"
    },
    footer = {
      "",
      "The default continent's municipality is served by its continent's node.",
      "既定の大陸の市町村は、大陸のノードがあつかいます。",
      "",
      "Examples / 例:",
      "  aika node Asia-Komatsu --data ~/aika",
      "  aika node Asia --data ~/aika           a continental main chain / 大陸のメインチェーン",
      "  aika node Asia Europe --data ~/aika    several in one process / 一つのプロセスでいくつか",
      "  aika node --all-local --data ~/aika    the whole federation / 連合のすべて",
      "",
      "Exit codes / 終了コード:",
      "  0 stopped, 1 failed, 2 wrong arguments, 130 Ctrl-C, 143 SIGTERM"
    })
final class NodeCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(NodeCommand.class);

  @Parameters(
      arity = "0..*",
      paramLabel = "NAME",
      description = {
        "Chains of the federation file: Asia-Komatsu, Asia.",
        "連合のファイルにある名前（Asia-Komatsu など）。"
      })
  private List<String> names = List.of();

  @Option(
      names = "--all-local",
      description = {"Every chain of the federation in this process.", "連合のすべてを一つのプロセスで動かします。"})
  private boolean all;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      required = true,
      description = {
        "A directory with federation.yaml and keys; the node's data go below it.",
        "federation.yaml と鍵のあるフォルダー。ノードのデータもこの下に置きます。"
      })
  private Path data;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = {
        "Address to listen on; 0.0.0.0 for all of this machine's. Default: ${DEFAULT-VALUE}.",
        "待ち受けるアドレス。すべてなら 0.0.0.0。"
      })
  private String host;

  @Option(
      names = "--port-offset",
      paramLabel = "N",
      description = {"Add N to every port.", "すべてのポート番号に N を足します。"})
  private int portOffset;

  @Option(
      names = "--mirror",
      paramLabel = "WHICH",
      defaultValue = "all",
      description = {
        "Which chains of other nodes are copied: all, or needed, those that its own deal with."
            + " Default: ${DEFAULT-VALUE}.",
        "ほかのノードのチェーンのうち写すもの: all（すべて）か needed（取引のある相手だけ）。"
      })
  private String mirror;

  @Option(
      names = "--clock-is-right",
      description = {
        "You have looked at this machine's clock: start although its chains stood still for more"
            + " than a week and no other node confirms the time. It holds for this start: let it run"
            + " until something is ordered, and do not write it into a service.",
        "このコンピューターの時計を自分で確かめたときだけ付けます。7 日より長く止まっていて、ほかのノードに時刻を"
            + "確かめられなくても始めます。何か記録されるまで動かし続け、サービスには書かないでください。"
      })
  private boolean clockIsRight;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    if (all == !names.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "Say which node, or --all-local. / ノードの名前か --all-local を指定してください。");
    }
    checkHost();
    NodeSettings.Mirror _ = copied();
    Screen screen = new Screen(spec.commandLine().getOut());
    NodeHome home = NodeHome.open(data);
    Set<ChainId> serves = home.serving(names);
    Path own = all ? home.directory() : home.node(names.getFirst());
    checkNotMoving(own);
    checkNotRestoring(own);
    Set<ChainId> here = new LinkedHashSet<>(serves);
    if (all) {
      home.federation().chains().forEach(chain -> here.add(chain.id()));
    }
    here.removeAll(MovedChains.of(own).keySet());
    if (here.isEmpty()) {
      throw CommandException.of(
          Refusal.of(Reason.CHAIN_MOVED, "every chain of " + own + " goes on elsewhere"));
    }
    FreePorts.check(home.federation(), here, host, portOffset);
    try (Stop stop = new Stop()) {
      try (DataDirectory directory = DataDirectory.open(own)) {
        Logs.into(directory.path());
        try {
          run(home, serves, directory.path(), stop, screen);
        } finally {
          Logs.close();
        }
      }
      screen.line("stopped / 終了しました");
    }
    return 0;
  }

  private void checkHost() {
    try {
      InetAddress _ = InetAddress.getByName(host);
    } catch (UnknownHostException unknown) {
      throw new ParameterException(
          spec.commandLine(), host + " is no address / " + host + " はアドレスではありません", unknown);
    }
  }

  private NodeSettings.Mirror copied() {
    return switch (mirror) {
      case "all" -> NodeSettings.Mirror.ALL;
      case "needed" -> NodeSettings.Mirror.NEEDED;
      default ->
          throw new ParameterException(
              spec.commandLine(), "--mirror is all or needed / --mirror は all か needed です");
    };
  }

  private void run(NodeHome home, Set<ChainId> serves, Path own, Stop stop, Screen screen)
      throws InterruptedException {
    NodeSettings settings =
        new NodeSettings(
                own, host, portOffset, StoreSettings.standard(), serves, Map.of(), home.tls())
            .with(copied())
            .withClock(clockIsRight);
    Starts starts = new Starts(home, settings, stop, screen);
    Node node = starts.first();
    while (node != null) { // another one when a chain has gone elsewhere
      try (Node running = node) {
        LOG.info("started {} in {}, port offset {}", serves, own, portOffset);
        tell(running, own, screen);
        await(running, stop);
      }
      node = stop.asked() ? null : starts.again();
    }
    LOG.info("stopped");
  }

  /**
   * A chain that is on its way here has nothing to start with; made too early, it would not come.
   */
  private static void checkNotMoving(Path own) {
    Path moving = own.resolveSibling(own.getFileName() + MoveCommand.MOVING);
    if (!Files.exists(own) && Files.exists(moving)) {
      throw CommandException.of(
          moving + " is not finished. Say aika chain move again.",
          moving + " がまだ途中です。aika chain move をもう一度実行してください。",
          null);
    }
  }

  /** Restored whole, but not in its place; started now, it would begin with nothing beside it. */
  private static void checkNotRestoring(Path own) {
    Path restoring = own.resolveSibling(own.getFileName() + RestoreCommand.RESTORING);
    if (!Files.exists(own) && Files.exists(restoring)) {
      throw CommandException.of(
          restoring + " is not finished. Say aika restore again.",
          restoring + " がまだ途中です。aika restore をもう一度実行してください。",
          null);
    }
  }

  private static void tell(Node node, Path own, Screen screen) {
    screen.line("愛貨 Aika node: " + node.federation().id());
    screen.line("data  " + own);
    List<Integer> columns = List.of(23);
    node.served()
        .forEach(one ->
            screen.row(
                columns, "http://localhost:" + one.http(), one.id() + "  " + one.name().ja()));
    screen.line("ready; Ctrl-C ends it / 動いています。Ctrl-C で終了します");
  }

  private static void await(Node node, Stop stop) throws InterruptedException {
    CountDownLatch end = new CountDownLatch(1);
    var _ = node.outdated().thenRun(end::countDown);
    stop.waking(() -> {
      node.shard().changes().happened();
      end.countDown();
    });
    end.await();
  }
}
