package aika.cli;

import aika.bench.Progress;
import aika.sim.Adversary;
import aika.sim.Faults;
import aika.sim.SimFailure;
import aika.sim.SimReport;
import aika.sim.SimSettings;
import aika.sim.Simulation;
import aika.sim.Upheavals;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The federation in one thread, with virtual time and faults. */
@Command(
    name = "sim",
    mixinStandardHelpOptions = true,
    description = {
      "Simulate a federation with delays, losses, crashes; check money at every step.",
      "遅れ・消失・停止のある連合をシミュレーションし、お金を一歩ごとに確かめます。"
    },
    footer = {
      "",
      "Equal options give equal runs. A run that fails prints how to repeat it.",
      "同じオプションなら同じ動きになります。失敗した場合はやり直し方を表示します。",
      "",
      "Examples / 例:",
      "  aika sim                         20,000 transfers, a new seed / 新しい種で 2 万件",
      "  aika sim --seed 7                the run of the seed 7 / 種 7 の動き",
      "  aika sim --transfers 1000000     a million / 100 万件",
      "  aika sim --hours 8               new seeds all night / 種を変えて一晩",
      "  aika sim --adversary relay,clocks   against lying relays and wrong clocks / 敵を選ぶ",
      "",
      "Exit codes / 終了コード: 0 all rules held, 1 one did not, 2 wrong arguments"
    })
final class SimCommand implements Callable<Integer> {
  private static final int SEEDS = 1_000_000;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = {"Of everything random; default: a new one.", "乱数の種（省略すると新しい種）。"})
  private @Nullable Long seed;

  @Option(
      names = "--hours",
      paramLabel = "H",
      description = {
        "Go on with further seeds for so many hours, or until a rule is broken.",
        "指定した時間、種を変えながら続けます。決まりが破られたら止まります。"
      })
  private @Nullable Double hours;

  @Option(
      names = "--transfers",
      paramLabel = "N",
      defaultValue = "20000",
      description = {"Default: ${DEFAULT-VALUE}.", "送金の数（省略すると ${DEFAULT-VALUE}）。"})
  private long transfers;

  @Option(
      names = "--municipalities",
      paramLabel = "N",
      defaultValue = "12",
      description = {
        "Default: ${DEFAULT-VALUE}. With more than 200 each follows only those with which it deals.",
        "市町村の数（省略すると ${DEFAULT-VALUE}）。200 を超えると取引のある相手だけを追います。"
      })
  private int municipalities;

  @Option(
      names = "--accounts",
      paramLabel = "N",
      description = {
        "Residents of each municipality; default: 20, in long runs 50.",
        "各市町村の住民の数（省略すると 20、長い動きでは 50）。"
      })
  private @Nullable Integer accounts;

  @Option(
      names = "--sends-per-second",
      paramLabel = "N",
      description = {"In virtual time; default: 480.", "仮想時間 1 秒あたりの送金（省略すると 480）。"})
  private @Nullable Integer sendsPerSecond;

  @Option(
      names = "--continents",
      paramLabel = "N",
      description = {"Default: 4, or fewer.", "大陸の数（省略すると 4 以下）。"})
  private @Nullable Integer continents;

  @Option(
      names = "--seats",
      paramLabel = "N",
      split = ",",
      description = {
        "Three numbers: seats of a chain, how many of them execute for themselves, in how many "
            + "municipalities.",
        "三つの数：席の数、別に実行する席の数、それがある市町村の数。"
      })
  private int @Nullable [] seats;

  @Option(
      names = "--block-entries",
      paramLabel = "N",
      description = {"Leaves of a full block; default: 100.", "一つのブロックの記録の数（省略すると 100）。"})
  private @Nullable Integer blockEntries;

  @Option(
      names = "--term-blocks",
      paramLabel = "N",
      description = {
        "Blocks of a term; default: 15, in long runs 200.",
        "任期のブロック数（省略すると 15、長い動きでは 200）。"
      })
  private @Nullable Integer termBlocks;

  @Option(
      names = "--apart",
      description = {"No two municipalities share a shard.", "市町村どうしは同じシャードに置きません。"})
  private boolean apart;

  @Option(
      names = "--keep-leaves",
      arity = "1",
      paramLabel = "true|false",
      description = {
        "Whether all leaves stay in memory; default: up to 50,000 transfers.",
        "すべての記録をメモリーに残すか（省略すると 5 万件まで）。"
      })
  private @Nullable Boolean keepLeaves;

  @Option(
      names = "--faults",
      paramLabel = "LIST",
      description = {
        "none, or eight numbers: loss, twice, late (chances), longest delay, mean time between "
            + "crashes, longest crash, mean times between clock jumps and between forgeries (ms).",
        "none、または八つの数（障害の割合と時間）。"
      })
  private @Nullable String faults;

  @Option(
      names = "--upheavals",
      paramLabel = "LIST",
      description = {
        "none, or three numbers: municipalities that are closed, municipalities that lose their "
            + "quorum, residents who close their account; default: 1,1,12.",
        "none、または三つの数：廃止される市町村、定足数を失う市町村、口座を閉じる住民。"
      })
  private @Nullable String upheavals;

  @Option(
      names = "--adversary",
      paramLabel = "LIST",
      description = {
        "Who is against the federation: none, all, or some of",
        "  continent   false anchors, offers kept back or made up / 大陸がうそをつく",
        "  relay       evidence withheld, old, forged, repeated / 中継が隠す・偽る",
        "  inflation   a whole quorum makes money from nothing / お金を無から作る市町村",
        "  scandal     a whole quorum signs two histories / 二つの記録に署名する市町村",
        "  partition   two halves apart for days / 何日もつながらない",
        "  clocks      leaders' clocks hours wrong / 時計が何時間も違う",
        "  disks       leaders lose their disks / 台帳のディスクがなくなる",
        "Default: as the seed decides, up to 50,000 transfers; in a third of the seeds none.",
        "連合の敵。省略すると種が決めます（5 万件まで。三分の一の種では敵なし）。"
      })
  private @Nullable String adversary;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    long chosen = seed == null ? new SecureRandom().nextInt(SEEDS) : seed;
    PrintWriter out = spec.commandLine().getOut();
    if (hours != null) {
      return longRun(chosen, hours, out);
    }
    SimSettings settings = settings(chosen);
    out.printf(
        "seed %d, %d transfers, %d municipalities; against it: %s%n",
        chosen, transfers, municipalities, Adversary.text(settings.adversaries()));
    out.flush();
    SimReport report = simulated(settings);
    print(report, out);
    return 0;
  }

  /** Runs of new seeds, one after the other, until the time is over. */
  private Integer longRun(long first, double wanted, PrintWriter out) {
    long end = System.nanoTime() + Math.round(wanted * Duration.ofHours(1).toNanos());
    long runs = 0;
    long sent = 0;
    do {
      SimSettings settings = settings(first + runs);
      SimReport report = simulated(settings);
      runs++;
      sent += report.sent();
      out.printf(
          Locale.ROOT,
          "seed %d, against it %s: %d sent, %d leaves, %d elections, %d crashes; %d runs, %d transfers so far%n",
          report.seed(),
          Adversary.text(settings.adversaries()),
          report.sent(),
          report.leaves(),
          report.elections(),
          report.crashes(),
          runs,
          sent);
      out.flush();
    } while (System.nanoTime() < end);
    out.println("every rule held in " + runs + " runs / " + runs + " 回の動きですべての決まりが守られました");
    out.flush();
    return 0;
  }

  private SimReport simulated(SimSettings settings) {
    Simulation simulation = new Simulation(settings);
    try (Progress progress = Terminal.progress()) {
      progress.phase("transfers / 送金", transfers);
      return simulation.run((ended, wanted, elapsed) -> progress.at(ended));
    } catch (SimFailure failure) {
      explain(simulation, failure);
      String again = "aika sim " + settings.options();
      throw CommandException.of(
          "Step " + failure.step() + ": " + failure.what() + "\nTo repeat it: " + again,
          "決まりが破られました。やり直すには: " + again,
          failure);
    }
  }

  private void explain(Simulation simulation, SimFailure failure) {
    PrintWriter out = spec.commandLine().getOut();
    out.println("A rule was broken; the last steps before it / 決まりが破られるまでの最後の動き:");
    out.flush();
    simulation.explain(failure).forEach(line -> out.println("  " + line));
    out.flush();
  }

  /** What is simulated with these options and this seed. */
  SimSettings settings(long chosen) {
    try {
      SimSettings made = SimSettings.of(chosen, transfers);
      int wanted = continents == null ? Math.min(made.continents(), municipalities) : continents;
      made = made.withPlaces(municipalities, wanted);
      made =
          made.withTraffic(
              accounts == null ? made.accounts() : accounts,
              sendsPerSecond == null ? made.sendsPerSecond() : sendsPerSecond);
      if (seats != null) {
        if (seats.length != 3) {
          throw new IllegalArgumentException("--seats takes three numbers");
        }
        made = made.withSeats(seats[0], seats[1], seats[2]);
      }
      if (blockEntries != null) {
        made = made.withBlockEntries(blockEntries);
      }
      if (termBlocks != null) {
        made = made.withTermBlocks(termBlocks);
      }
      if (apart) {
        made = made.withSiblings(false);
      }
      if (keepLeaves != null) {
        made = made.withKeepLogs(keepLeaves);
      }
      if (faults != null) {
        made = made.withFaults(Faults.of(faults));
      }
      if (upheavals != null) {
        made = made.withUpheavals(Upheavals.of(upheavals));
      }
      if (adversary != null) {
        return made.withAdversaries(Adversary.of(adversary));
      }
      return made.keepLogs() ? made.withAdversaries(Adversary.ofSeed(chosen)) : made;
    } catch (IllegalArgumentException outOfRange) {
      throw new ParameterException(
          spec.commandLine(), String.valueOf(outOfRange.getMessage()), outOfRange);
    }
  }

  private static void print(SimReport report, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "%d sent: %d received, %d rejected, %d cancelled, %d expired; %d orders refused, as they must%n",
        report.sent(),
        report.received(),
        report.rejected(),
        report.cancelled(),
        report.expired(),
        report.refused().values().stream().mapToLong(Long::longValue).sum());
    out.printf(
        Locale.ROOT,
        "%d steps, %d leaves, %d approvals, %d messages (%d lost, %d twice), %d crashes%n",
        report.steps(),
        report.leaves(),
        report.approvals(),
        report.messages(),
        report.lost(),
        report.duplicated(),
        report.crashes());
    report.deeds().forEach((deed, times) -> out.printf(Locale.ROOT, "  %,12d  %s%n", times, deed));
    out.printf(
        Locale.ROOT,
        "audit of what the chains publish: %d leaves / 公開された記録の監査: %d 件%n",
        report.audited(),
        report.audited());
    out.println("every rule held at every step / すべての決まりが守られました  " + report.digest());
    out.flush();
  }
}
