package aika.cli;

import aika.bench.AuditBench;
import aika.bench.AuditResult;
import aika.bench.AuditSettings;
import aika.bench.BacklogBench;
import aika.bench.BacklogResult;
import aika.bench.BacklogSettings;
import aika.bench.BenchResult;
import aika.bench.EngineBench;
import aika.bench.EngineSettings;
import aika.bench.MicroBench;
import aika.bench.MicroResult;
import aika.bench.MicroSettings;
import aika.bench.PeersBench;
import aika.bench.PeersResult;
import aika.bench.PeersSettings;
import aika.bench.Progress;
import aika.bench.SinkBench;
import aika.bench.SinkResult;
import aika.bench.SinkSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measurements. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = GossipBenchCommand.class,
    description = {"Measure this machine.", "この機械での性能を測ります。"})
final class BenchCommand implements Runnable {
  private static final String ACCOUNTS_EN = "Over all municipalities.";
  private static final String ACCOUNTS_JA = "口座の数（全体で）。";
  private static final String WARM_UP_EN = "At full load, before measuring.";
  private static final String WARM_UP_JA = "測る前に動かす秒数。";
  static final String JSON_EN = "Write the result here as JSON.";
  static final String JSON_JA = "結果を JSON でここに書きます。";
  private static final String DATA_EN =
      "A new directory on the disk to measure; removed at the end.";
  private static final String DATA_JA = "測るディスクの新しいフォルダー（終わると消えます）。";

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to measure. / 測るものを指定してください。");
  }

  @Command(
      name = "engine",
      mixinStandardHelpOptions = true,
      description = {
        "Complete transfers a second: real signatures, durable, beside the machine's own rate",
        "of checking signatures in the same run, and the ratio of the two.",
        "署名つき・保存つきの送金の速さと、署名を調べる速さに対する比を測ります。"
      },
      footer = {
        "",
        "Examples / 例:",
        "  aika bench engine                                about four minutes / 約 4 分",
        "  aika bench engine --seconds 60 --json out.json   longer, for programs",
        "",
        "Exit codes / 終了コード: 0 measured, 1 failed, 2 wrong arguments"
      })
  int engine(
      @Option(
              names = "--municipalities",
              paramLabel = "N",
              description = {"Chains with accounts.", "市町村の数。"})
          @Nullable Integer municipalities,
      @Option(
              names = "--accounts",
              paramLabel = "N",
              description = {ACCOUNTS_EN, ACCOUNTS_JA})
          @Nullable Integer accounts,
      @Option(
              names = "--stage-transfers",
              paramLabel = "N",
              description = {"Signed beforehand and sent in one stage.", "一度に用意する送金の数。"})
          @Nullable Integer stageTransfers,
      @Option(
              names = "--warm-up-seconds",
              paramLabel = "N",
              description = {WARM_UP_EN, WARM_UP_JA})
          @Nullable Integer warmUpSeconds,
      @Option(
              names = "--seconds",
              paramLabel = "N",
              description = {"Measured at full load, at least.", "全力で測る秒数（最低）。"})
          @Nullable Integer seconds,
      @Option(
              names = "--half-load-seconds",
              paramLabel = "N",
              description = {"Measured at half load; 0: none.", "半分の負荷で測る秒数（0 で省略）。"})
          @Nullable Integer halfLoadSeconds,
      @Option(
              names = "--in-flight",
              paramLabel = "N",
              description = {"Orders waiting for their answer.", "答えを待つ注文の数。"})
          @Nullable Integer inFlight,
      @Option(
              names = "--separate-cosigners",
              description = {
                "Five representatives execute everything again.",
                "五人の代表者が別々に実行し直します。"
              })
          boolean separateCosigners,
      @Option(
              names = "--data",
              paramLabel = "DIR",
              description = {DATA_EN, DATA_JA})
          @Nullable Path data,
      @Option(
              names = "--json",
              paramLabel = "FILE",
              description = {JSON_EN, JSON_JA})
          @Nullable Path json) {
    EngineSettings standard = EngineSettings.standard();
    EngineSettings settings;
    try {
      settings =
          new EngineSettings(
              or(municipalities, standard.municipalities()),
              or(accounts, standard.accounts()),
              or(stageTransfers, standard.stageTransfers()),
              or(warmUpSeconds, standard.warmUpSeconds()),
              or(seconds, standard.seconds()),
              or(halfLoadSeconds, standard.halfLoadSeconds()),
              or(inFlight, standard.inFlight()),
              standard.submitters(),
              separateCosigners,
              data);
    } catch (IllegalArgumentException outOfRange) {
      throw new ParameterException(
          spec.commandLine(), String.valueOf(outOfRange.getMessage()), outOfRange);
    }
    BenchResult result;
    try (Progress progress = Terminal.progress()) {
      result = EngineBench.run(settings, progress);
    }
    show(result.text(), result.json(), json);
    return 0;
  }

  @Command(
      name = "micro",
      mixinStandardHelpOptions = true,
      description = {
        "The steps of a transfer one by one: parsing, checking a signature, executing, encoding,",
        "hashing, cosigning. With JMH, each in a process of its own.",
        "送金の各段階の時間を、一つずつ別のプロセスで測ります（JMH）。"
      },
      footer = {
        "",
        "Examples / 例:",
        "  aika bench micro                                 about a minute / 約 1 分",
        "  aika bench micro --seconds 20 --json out.json    longer, for programs",
        "",
        "Exit codes / 終了コード: 0 measured, 1 failed, 2 wrong arguments"
      })
  int micro(
      @Option(
              names = "--seconds",
              paramLabel = "N",
              description = {
                "Measured of each step, after half as long to warm up.",
                "各段階を測る秒数（その半分の準備のあと）。"
              })
          @Nullable Integer seconds,
      @Option(
              names = "--json",
              paramLabel = "FILE",
              description = {JSON_EN, JSON_JA})
          @Nullable Path json) {
    MicroSettings settings;
    try {
      settings = MicroSettings.ofSeconds(or(seconds, MicroSettings.SECONDS_STANDARD));
    } catch (IllegalArgumentException outOfRange) {
      throw new ParameterException(
          spec.commandLine(), String.valueOf(outOfRange.getMessage()), outOfRange);
    }
    MicroResult result;
    try (Progress progress = Terminal.progress()) {
      result = MicroBench.run(settings, progress);
    }
    show(result.text(), result.json(), json);
    return 0;
  }

  @Command(
      name = "sinks",
      mixinStandardHelpOptions = true,
      description = {
        "What a store that answers slowly costs the ledger (answers to sends, in turns with and",
        "without it), and how fast each store follows the log, beside the ledger's own rate.",
        "遅い保存先が台帳に与える影響と、各保存先が台帳に追いつく速さを測ります。"
      },
      footer = {
        "",
        "Analytics (DuckDB) needs no server. scripts/real-servers builds immudb and",
        "FerretDB; aika demo --with immudb,mongo says how to start them. The bench makes a",
        "database of its own there and drops it. immudb's user and password are immudb",
        "unless AIKA_IMMUDB_USER and AIKA_IMMUDB_PASSWORD say otherwise; what the URI has",
        "as $${NAME} is taken from the environment.",
        "",
        "Examples / 例:",
        "  aika bench sinks                                 about three minutes / 約 3 分",
        "  aika bench sinks --immudb localhost:3322 --mongodb mongodb://localhost:27017",
        "  aika bench sinks --rate 1000 --rounds 10 --json out.json",
        "",
        "Exit codes / 終了コード: 0 measured, 1 failed, 2 wrong arguments"
      })
  int sinks(
      @Option(
              names = "--mongodb",
              paramLabel = "URI",
              description = {"MongoDB, without a database.", "MongoDB の URI（データベース名なし）。"})
          @Nullable String mongodb,
      @Option(
              names = "--immudb",
              paramLabel = "HOST:PORT",
              description = {"immudb, without TLS.", "immudb（TLS なし）。"})
          @Nullable String immudb,
      @Option(
              names = "--accounts",
              paramLabel = "N",
              description = {ACCOUNTS_EN, ACCOUNTS_JA})
          @Nullable Integer accounts,
      @Option(
              names = "--stage-transfers",
              paramLabel = "N",
              description = {"Of one stage at full load.", "全力で一度に送る送金の数。"})
          @Nullable Integer stageTransfers,
      @Option(
              names = "--warm-up-seconds",
              paramLabel = "N",
              description = {WARM_UP_EN, WARM_UP_JA})
          @Nullable Integer warmUpSeconds,
      @Option(
              names = "--rate",
              paramLabel = "N",
              description = {
                "Transfers a second while answers are timed; 0: half of the full rate.",
                "答えを測る間の毎秒の送金数（0 で全力の半分）。"
              })
          @Nullable Integer rate,
      @Option(
              names = "--rounds",
              paramLabel = "N",
              description = {"Each once without and once with slow stores.", "なし・ありを交互に測る回数。"})
          @Nullable Integer rounds,
      @Option(
              names = "--round-seconds",
              paramLabel = "N",
              description = {"Of each half of a round.", "一回（片方）の秒数。"})
          @Nullable Integer roundSeconds,
      @Option(
              names = "--slow-millis",
              paramLabel = "N",
              description = {"That the slow store takes for a batch.", "遅い保存先が一束にかけるミリ秒。"})
          @Nullable Integer slowMillis,
      @Option(
              names = "--follow-seconds",
              paramLabel = "N",
              description = {
                "That a store may take to follow the log, at most.",
                "各保存先が追いつくのを待つ秒数（最大）。"
              })
          @Nullable Integer followSeconds,
      @Option(
              names = "--data",
              paramLabel = "DIR",
              description = {DATA_EN, DATA_JA})
          @Nullable Path data,
      @Option(
              names = "--json",
              paramLabel = "FILE",
              description = {JSON_EN, JSON_JA})
          @Nullable Path json) {
    SinkSettings standard = SinkSettings.standard();
    SinkSettings settings;
    try {
      settings =
          new SinkSettings(
              standard.municipalities(),
              or(accounts, standard.accounts()),
              or(stageTransfers, standard.stageTransfers()),
              or(warmUpSeconds, standard.warmUpSeconds()),
              or(rate, standard.perSecond()),
              or(rounds, standard.rounds()),
              or(roundSeconds, standard.roundSeconds()),
              or(slowMillis, standard.slowMillis()),
              or(followSeconds, standard.followSeconds()),
              mongodb,
              immudb,
              System::getenv,
              data);
    } catch (IllegalArgumentException outOfRange) {
      throw new ParameterException(
          spec.commandLine(), String.valueOf(outOfRange.getMessage()), outOfRange);
    }
    SinkResult result;
    try (Progress progress = Terminal.progress()) {
      result = SinkBench.run(settings, progress);
    }
    show(result.text(), result.json(), json);
    return 0;
  }

  @Command(
      name = "backlog",
      mixinStandardHelpOptions = true,
      description = {
        "What old outcomes that wait to be settled cost fresh transfers: followers come back to",
        "many decisions that nobody brought to the senders' chains; times of fresh transfers from",
        "send to complete and to settled, without and beside that, in turns.",
        "清算を待つ古い結果がたまっているとき、新しい送金がどれだけ遅くなるかを測ります。"
      },
      footer = {
        "",
        "Examples / 例:",
        "  aika bench backlog                               about six minutes / 約 6 分",
        "  aika bench backlog --old 20000 --rounds 1        shorter / 短く",
        "",
        "Exit codes / 終了コード: 0 measured, 1 failed, 2 wrong arguments"
      })
  int backlog(
      @Option(
              names = "--old",
              paramLabel = "N",
              description = {"Old outcomes that wait.", "たまっている古い結果の数。"})
          @Nullable Integer old,
      @Option(
              names = "--accounts",
              paramLabel = "N",
              description = {ACCOUNTS_EN, ACCOUNTS_JA})
          @Nullable Integer accounts,
      @Option(
              names = "--warm-up-seconds",
              paramLabel = "N",
              description = {WARM_UP_EN, WARM_UP_JA})
          @Nullable Integer warmUpSeconds,
      @Option(
              names = "--rate",
              paramLabel = "N",
              description = {"Fresh transfers a second.", "新しい送金の毎秒の数。"})
          @Nullable Integer rate,
      @Option(
              names = "--seconds",
              paramLabel = "N",
              description = {
                "Of fresh transfers in each half of a round; beside old ones at most.",
                "一回（片方）の秒数（最大）。"
              })
          @Nullable Integer seconds,
      @Option(
              names = "--rounds",
              paramLabel = "N",
              description = {"Each once without and once with old outcomes.", "なし・ありを交互に測る回数。"})
          @Nullable Integer rounds,
      @Option(
              names = "--data",
              paramLabel = "DIR",
              description = {DATA_EN, DATA_JA})
          @Nullable Path data,
      @Option(
              names = "--json",
              paramLabel = "FILE",
              description = {JSON_EN, JSON_JA})
          @Nullable Path json) {
    BacklogSettings standard = BacklogSettings.standard();
    BacklogSettings settings;
    try {
      settings =
          new BacklogSettings(
              standard.municipalities(),
              or(accounts, standard.accounts()),
              or(old, standard.backlog()),
              or(warmUpSeconds, standard.warmUpSeconds()),
              or(rate, standard.perSecond()),
              or(seconds, standard.seconds()),
              or(rounds, standard.rounds()),
              data);
    } catch (IllegalArgumentException outOfRange) {
      throw new ParameterException(
          spec.commandLine(), String.valueOf(outOfRange.getMessage()), outOfRange);
    }
    BacklogResult result;
    try (Progress progress = Terminal.progress()) {
      result = BacklogBench.run(settings, progress);
    }
    show(result.text(), result.json(), json);
    return 0;
  }

  @Command(
      name = "peers",
      mixinStandardHelpOptions = true,
      description = {
        "Complete transfers a second of three peers, all in this process, beside one peer in the same",
        "run, and how fast a peer that was away, or is new, catches up beside the rate of writing.",
        "三台の組（すべてこのプロセス）と一台の速さの比、遅れた一台が追いつく速さを測ります。"
      },
      footer = {
        "",
        "Examples / 例:",
        "  aika bench peers                                 about six minutes / 約 6 分",
        "  aika bench peers --warm-up-seconds 20 --seconds 10",
        "",
        "Exit codes / 終了コード: 0 measured, 1 failed, 2 wrong arguments"
      })
  int peers(
      @Option(
              names = "--municipalities",
              paramLabel = "N",
              description = {"Chains with accounts.", "市町村の数。"})
          @Nullable Integer municipalities,
      @Option(
              names = "--accounts",
              paramLabel = "N",
              description = {ACCOUNTS_EN, ACCOUNTS_JA})
          @Nullable Integer accounts,
      @Option(
              names = "--stage-transfers",
              paramLabel = "N",
              description = {"Signed beforehand and sent in one stage.", "一度に用意する送金の数。"})
          @Nullable Integer stageTransfers,
      @Option(
              names = "--warm-up-seconds",
              paramLabel = "N",
              description = {WARM_UP_EN, WARM_UP_JA})
          @Nullable Integer warmUpSeconds,
      @Option(
              names = "--seconds",
              paramLabel = "N",
              description = {"Measured at full load, at least.", "全力で測る秒数（最低）。"})
          @Nullable Integer seconds,
      @Option(
              names = "--data",
              paramLabel = "DIR",
              description = {DATA_EN, DATA_JA})
          @Nullable Path data,
      @Option(
              names = "--json",
              paramLabel = "FILE",
              description = {JSON_EN, JSON_JA})
          @Nullable Path json) {
    PeersSettings standard = PeersSettings.standard();
    PeersSettings settings;
    try {
      settings =
          new PeersSettings(
              or(municipalities, standard.municipalities()),
              or(accounts, standard.accounts()),
              or(stageTransfers, standard.stageTransfers()),
              or(warmUpSeconds, standard.warmUpSeconds()),
              or(seconds, standard.seconds()),
              data);
    } catch (IllegalArgumentException outOfRange) {
      throw new ParameterException(
          spec.commandLine(), String.valueOf(outOfRange.getMessage()), outOfRange);
    }
    PeersResult result;
    try (Progress progress = Terminal.progress()) {
      result = PeersBench.run(settings, progress);
    }
    show(result.text(), result.json(), json);
    return 0;
  }

  @Command(
      name = "audit",
      mixinStandardHelpOptions = true,
      description = {
        "Transfers a second that aika audit checks, from files, beside the machine's own rate of",
        "checking signatures in the same run, and the ratio of the two.",
        "aika audit が一秒に調べる送金の数と、署名を調べる速さに対する比を測ります。"
      },
      footer = {
        "",
        "Examples / 例:",
        "  aika bench audit                                 about a minute / 約 1 分",
        "  aika bench audit --transfers 500000 --json out.json",
        "",
        "Exit codes / 終了コード: 0 measured, 1 failed, 2 wrong arguments"
      })
  int audit(
      @Option(
              names = "--municipalities",
              paramLabel = "N",
              description = {"Chains with accounts.", "市町村の数。"})
          @Nullable Integer municipalities,
      @Option(
              names = "--accounts",
              paramLabel = "N",
              description = {ACCOUNTS_EN, ACCOUNTS_JA})
          @Nullable Integer accounts,
      @Option(
              names = "--transfers",
              paramLabel = "N",
              description = {"In the logs that are audited.", "調べる記録の中の送金の数。"})
          @Nullable Integer transfers,
      @Option(
              names = "--rounds",
              paramLabel = "N",
              description = {"Audits that are measured, after one more.", "測る回数（準備の一回のあと）。"})
          @Nullable Integer rounds,
      @Option(
              names = "--threads",
              paramLabel = "N",
              description = {"That audit; default: one for each processor.", "調べるスレッドの数。"})
          @Nullable Integer threads,
      @Option(
              names = "--data",
              paramLabel = "DIR",
              description = {DATA_EN, DATA_JA})
          @Nullable Path data,
      @Option(
              names = "--json",
              paramLabel = "FILE",
              description = {JSON_EN, JSON_JA})
          @Nullable Path json) {
    AuditSettings standard = AuditSettings.standard();
    AuditSettings settings;
    try {
      settings =
          new AuditSettings(
              or(municipalities, standard.municipalities()),
              or(accounts, standard.accounts()),
              or(transfers, standard.transfers()),
              or(rounds, standard.rounds()),
              or(threads, standard.threads()),
              standard.memoryBytes(),
              data);
    } catch (IllegalArgumentException outOfRange) {
      throw new ParameterException(
          spec.commandLine(), String.valueOf(outOfRange.getMessage()), outOfRange);
    }
    AuditResult result;
    try (Progress progress = Terminal.progress()) {
      result = AuditBench.run(settings, progress);
    }
    show(result.text(), result.json(), json);
    return 0;
  }

  private void show(String text, String json, @Nullable Path file) {
    show(spec, text, json, file);
  }

  /** Prints the text, and writes the JSON where it is wanted. */
  static void show(CommandSpec spec, String text, String json, @Nullable Path file) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(text);
    out.flush();
    if (file != null) {
      write(file, json);
    }
  }

  static int or(@Nullable Integer given, int standard) {
    return given == null ? standard : given;
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException unwritable) {
      throw CommandException.of(
          file + " cannot be written (" + unwritable + ").", file + " に書けません。", unwritable);
    }
  }
}
