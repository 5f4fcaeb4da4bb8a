package aika.cli;

import aika.core.money.AccountId;
import aika.node.FastSignatures;
import aika.node.Node;
import aika.node.NodeSettings;
import aika.node.config.Chain;
import aika.node.config.Federation;
import aika.node.config.FederationFile;
import aika.node.config.FederationTemplate;
import aika.node.config.KeyFiles;
import aika.node.config.SinksFile;
import aika.node.store.StoreSettings;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A whole federation in this process, and the source's example on it. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Start a whole federation in one process; A in Komatsu sends 200 愛貨 to B in Kanazawa.",
      "連合全体を一つのプロセスで起動し、小松の A が金沢の B に 200 愛貨を送ります。"
    },
    footer = {
      "",
      "Examples / 例:",
      "  aika demo                        until Ctrl-C / Ctrl-C まで動きます",
      "  aika demo --once                 ends after the transfer / 送金の後に終了します",
      "  aika demo --data ~/aika          keeps everything / データを残します",
      "  aika demo --port-offset 20000    other ports / 別のポートを使います",
      "  aika demo --with mongo,immudb,analytics --data ~/aika",
      "                                   with stores beside it / 保存先にも書きます",
      "",
      "Exit codes / 終了コード:",
      "  0 done, 1 failed, 2 wrong arguments, 130 Ctrl-C, 143 SIGTERM"
    })
final class DemoCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(DemoCommand.class);

  /** The counter wallet pays without signatures from this machine: it must not be reached. */
  private static final String HOST = "127.0.0.1";

  @Option(
      names = "--once",
      description = {"End when the transfer is complete.", "送金が完了したら終了します。"})
  private boolean once;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = {
        "Keep the data here; a later start goes on with it. Without: a temporary directory.",
        "データをここに残し、次の起動で続けます。指定しないと一時フォルダーを使います。"
      })
  private @Nullable Path data;

  @Option(
      names = "--with",
      paramLabel = "STORE",
      split = ",",
      description = {
        "Stores that follow: ${COMPLETION-CANDIDATES}. Writes a sinks.yaml when there is none.",
        "続けて書く保存先。sinks.yaml がなければ作ります。"
      })
  private Set<SinkCommand.Kind> with = EnumSet.noneOf(SinkCommand.Kind.class);

  @Option(
      names = "--port-offset",
      paramLabel = "N",
      description = {"Add N to every port.", "すべてのポート番号に N を足します。"})
  private int portOffset;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    Screen screen = new Screen(spec.commandLine().getOut());
    FreePorts.check(data, HOST, portOffset);
    try (Stop stop = new Stop()) {
      try (DataDirectory directory = DataDirectory.open(data)) {
        Logs.into(directory.path());
        // Loads a native library, which takes as long as making the keys does.
        var _ = Thread.ofPlatform().daemon().name("warm-up").start(FastSignatures::install);
        try {
          run(directory, stop, screen);
        } finally {
          Logs.close();
        }
      }
      screen.line("stopped / 終了しました");
    }
    return 0;
  }

  private void run(DataDirectory directory, Stop stop, Screen screen) throws InterruptedException {
    Path path = directory.path();
    KeyFiles keys = new KeyFiles(path.resolve(KeyFiles.DIRECTORY), new SecureRandom());
    FederationFile file = federation(path, keys);
    screen.line("愛貨 Aika demo: " + file.federation().id());
    screen.line(
        "data  " + path + (directory.temporary() ? "  (removed at the end / 終了時に消えます)" : ""));
    if (!with.isEmpty()) {
      String database = directory.temporary() ? "aikademo" + System.currentTimeMillis() : "aika";
      if (DemoSinks.write(path, EnumSet.copyOf(with), database)) {
        screen.line("sinks " + path.resolve(SinksFile.NAME));
      }
    }
    NodeSettings settings = new NodeSettings(path, HOST, portOffset, StoreSettings.standard());
    LOG.info("starting {} in {}, port offset {}", file.hash(), path, portOffset);
    try (Node node = new Node(settings, file, keys)) {
      stop.waking(node.shard().changes()::happened);
      Residents residents = new Residents(node, keys);
      residents.ensure();
      WorkedExample example = new WorkedExample(node, residents, stop, screen);
      boolean goesOn = told(example.run(), screen);
      if (goesOn) {
        balances(residents, screen);
        SinksFile sinks = SinksFile.read(path, node.federation(), System::getenv);
        if (!node.sinks().followers().isEmpty()) {
          new DemoStores(node, sinks, example.transfer().orElseThrow(), stop, screen).show();
        }
        if (!once) {
          addresses(node.federation(), screen);
          screen.line("Ctrl-C ends it / Ctrl-C で終了します");
          stop.await();
        }
      }
    }
    LOG.info("stopped");
  }

  /** Made in an order in which a crash leaves nothing half: the file stands when all keys do. */
  private static FederationFile federation(Path data, KeyFiles keys) throws InterruptedException {
    Path path = data.resolve(FederationFile.NAME);
    if (Files.exists(path)) {
      return FederationFile.read(path);
    }
    FederationTemplate template = FederationTemplate.demo();
    PlannedKeys.make(template, keys);
    return FederationFile.write(path, template.federation(keys));
  }

  private static boolean told(WorkedExample.End end, Screen screen) {
    switch (end) {
      case NOW -> {
        long started = ManagementFactory.getRuntimeMXBean().getStartTime();
        double seconds = (System.currentTimeMillis() - started) / 1000.0;
        screen.line();
        screen.line(
            String.format(Locale.ROOT, "complete after %.1f s / %.1f 秒で完了", seconds, seconds));
      }
      case EARLIER -> {
        screen.line("The transfer was made at an earlier start: nothing is sent.");
        screen.line("送金は前の起動で終わっています。今回は何も送りません。");
      }
      case OTHERWISE -> {
        screen.line("The transfer ended, but B did not receive it.");
        screen.line("送金は終わりましたが、B は受け取っていません。");
      }
      case STOPPED -> {
        return false;
      }
    }
    return true;
  }

  private static void addresses(Federation federation, Screen screen) {
    screen.line();
    screen.line("pages 画面");
    List<Integer> columns = List.of(23);
    federation
        .municipalities()
        .forEach(one -> screen.row(columns, "http://localhost:" + one.http(), name(one)));
    federation
        .continents()
        .forEach(one -> screen.row(columns, "http://localhost:" + one.http(), name(one)));
    screen.line();
  }

  private static String name(Chain chain) {
    return chain.id() + "  " + chain.name().ja();
  }

  private static void balances(Residents residents, Screen screen) {
    AccountId a = residents.account("A");
    AccountId b = residents.account("B");
    screen.line("A has " + residents.balance(a) + " 愛貨, B has " + residents.balance(b) + " 愛貨");
  }
}
