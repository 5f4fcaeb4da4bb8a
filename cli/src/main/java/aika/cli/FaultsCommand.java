package aika.cli;

import aika.cli.faults.Fault;
import aika.cli.faults.Faults;
import aika.cli.faults.LabException;
import aika.cli.faults.Outcome;
import aika.cli.faults.Size;
import aika.client.ClientException;
import aika.node.config.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Faults on real processes. */
@Command(
    name = "faults",
    mixinStandardHelpOptions = true,
    description = {
      "Break a federation of real nodes again and again, and check that no money is lost.",
      "本物のノードの連合をくり返し壊し、お金が失われないことを確かめます。"
    },
    footer = {
      "",
      "The nodes run in network namespaces of their own (Linux, root); nothing reaches another",
      "network. While residents pay, one fault comes after the other. After each: every payment that",
      "was acknowledged is complete, every balance is what these payments make of it, and an audit of",
      "what all nodes publish finds nothing.",
      "ノードは専用のネットワーク名前空間で動きます（Linux、root）。外のネットワークにはつながりません。",
      "住民が払い続ける間に、障害を一つずつ起こします。そのたびに、受け付けた支払いがすべて完了し、残高が合い、",
      "監査で何も見つからないことを確かめます。",
      "",
      "Faults / 障害:",
      "  kill freeze cut split flaky far clock full-disk slow-disk corrupt lost",
      "  with --peers 3 / --peers 3 のとき: leader follower alone upgrade",
      "",
      "Examples / 例:",
      "  aika faults                          each once / ひと通り",
      "  aika faults --only kill,split        some of them / 選んで",
      "  aika faults --peers 3 --only leader  a town on three machines / 一つの市町村を三台で",
      "  aika faults --minutes 20             at random for so long / 時間を決めて続ける",
      "",
      "Exit codes / 終了コード:",
      "  0 all rules held, or skipped; 1 one did not; 2 wrong arguments",
      "  130, 143 stopped by Ctrl-C or SIGTERM; nothing is left running / 途中で止めた"
    })
final class FaultsCommand implements Callable<Integer> {
  private static final int SEEDS = 1_000_000;
  private static final int HOLD_SECONDS_MAX = 120;

  /** What the loss of one of several machines may cost; told, and no rule: a computer is busy. */
  private static final Duration SILENT_TARGET = Duration.ofSeconds(3);

  private static final List<Integer> WIDTHS = List.of(10, 8, 6, 9, 9);

  @Option(
      names = "--only",
      paramLabel = "LIST",
      split = ",",
      description = {"Some of the faults, in this order.", "選んだ障害だけを、この順に。"})
  private List<String> only = List.of();

  @Option(
      names = "--minutes",
      paramLabel = "N",
      description = {"Go on with faults at random for so long.", "この時間、でたらめな順に続けます。"})
  private @Nullable Integer minutes;

  @Option(
      names = "--towns",
      paramLabel = "N",
      defaultValue = "5",
      description = {"Municipalities, 2 to 5. Default: ${DEFAULT-VALUE}.", "市町村の数（2〜5）。"})
  private int towns;

  @Option(
      names = "--peers",
      paramLabel = "N",
      defaultValue = "1",
      description = {
        "Machines that are the first municipality's node together, 1 or 3. Default:"
            + " ${DEFAULT-VALUE}.",
        "最初の市町村のノードを動かすコンピューターの数（1 か 3）。"
      })
  private int peers;

  @Option(
      names = "--hold",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description = {"How long a fault lasts. Default: ${DEFAULT-VALUE}.", "障害の長さ（秒）。"})
  private int hold;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = {"Of everything random; default: a new one.", "乱数の種（省略すると新しい種）。"})
  private @Nullable Long seed;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (!Size.isPossible(towns, peers)) {
      throw wrong(
          "--towns: %d to %d / %1$d〜%2$d; --peers: 1, %d"
              .formatted(Size.TOWNS_MIN, Size.TOWNS_MAX, Size.PEERS));
    }
    Size size = new Size(towns, peers);
    if (hold < 1 || hold > HOLD_SECONDS_MAX || minutes != null && minutes < 1) {
      throw wrong("--hold: 1 to %d; --minutes: at least 1".formatted(HOLD_SECONDS_MAX));
    }
    List<Fault> chosen = chosen();
    Screen screen = new Screen(spec.commandLine().getOut());
    Optional<String> missing = Faults.missing();
    if (missing.isPresent()) {
      screen.line("skipped: " + missing.get() + " / 行いません（名前空間を使えません）");
      return 0;
    }
    List<Fault> faults = chosen.stream().filter(fault -> isPossible(fault, size, screen)).toList();
    if (faults.isEmpty()) {
      return 0;
    }
    long begin = seed == null ? new SecureRandom().nextInt(SEEDS) : seed;
    Path directory = Files.createTempDirectory("aika-faults");
    screen.line("seed %d; what the nodes say is in %s".formatted(begin, directory));
    screen.row(WIDTHS, "fault", "payments", "again", "silent", "ended", "where");
    Sum sum = new Sum();
    try (Stop stop = new Stop()) {
      stop.waking(Thread.currentThread()::interrupt); // a fault may last for minutes
      try {
        Faults.run(
            directory,
            size,
            Duration.ofSeconds(hold),
            begin,
            minutes == null ? faults : atRandom(faults, minutes, new Random(begin)),
            stop::asked,
            outcome -> {
              told(screen, outcome);
              sum.add(outcome);
            });
      } catch (LabException | ClientException | InterruptedException ended) {
        // Ctrl-C ends the nodes too, so what the laboratory finds then is no verdict
        if (!stop.asked()) {
          throw ended;
        }
      }
      DurableFile.deleteTree(directory);
      sum.told(screen);
      screen.line(
          stop.asked()
              ? "stopped; until then every rule held / 止めました。それまではすべて守られました"
              : "every rule held / すべて守られました");
    } catch (LabException broken) {
      throw CommandException.of(
          broken.getMessage() + ". Repeat it with --seed " + begin + "; see " + directory + ".",
          "決まりが守られていないか、実験ができません。--seed %d でくり返せます。記録は %s にあります。".formatted(begin, directory),
          broken);
    }
    return 0;
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private List<Fault> chosen() {
    if (only.isEmpty()) {
      return List.of(Fault.values());
    }
    List<Fault> chosen = new ArrayList<>();
    for (String word : only) {
      chosen.add(
          List.of(Fault.values()).stream()
              .filter(fault -> fault.word().equals(word.strip()))
              .findFirst()
              .orElseThrow(() -> wrong("--only: no such fault: " + word + " / ありません")));
    }
    return chosen;
  }

  private static boolean isPossible(Fault fault, Size size, Screen screen) {
    Optional<String> missing = fault.missing(size);
    missing.ifPresent(why -> screen.line("%s is skipped: %s / 行いません".formatted(fault.word(), why)));
    return missing.isEmpty();
  }

  private static Iterable<Fault> atRandom(List<Fault> faults, int minutes, Random random) {
    long end = System.nanoTime() + Duration.ofMinutes(minutes).toNanos();
    return () ->
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return System.nanoTime() < end;
          }

          @Override
          public Fault next() {
            return faults.get(random.nextInt(faults.size()));
          }
        };
  }

  /** What came of all of them. */
  private static final class Sum {
    private int faults;
    private int payments;
    private Duration silent = Duration.ZERO;

    void add(Outcome outcome) {
      faults++;
      payments += outcome.payments();
      silent = outcome.silent().compareTo(silent) > 0 ? outcome.silent() : silent;
    }

    void told(Screen screen) {
      screen.line(
          "%d faults, %d payments, at most %s without an answer / 障害 %1$d 回、支払い %2$d 件、応答なし 最長 %3$s"
              .formatted(faults, payments, seconds(silent)));
    }
  }

  private static void told(Screen screen, Outcome outcome) {
    screen.row(
        WIDTHS,
        outcome.fault().word(),
        String.valueOf(outcome.payments()),
        String.valueOf(outcome.again()),
        seconds(outcome.silent()),
        seconds(outcome.end()),
        outcome.where());
    if (outcome.fault().isOfPeers()) {
      screen.line(
          "  no answer for %s / 応答なし %1$s; target / 目標 %s: %s"
              .formatted(
                  seconds(outcome.silent()),
                  seconds(SILENT_TARGET),
                  outcome.silent().compareTo(SILENT_TARGET) > 0 ? "missed / 未達" : "met / 達成"));
    }
  }

  private static String seconds(Duration time) {
    return "%.1f s".formatted(time.toMillis() / 1_000.0);
  }
}
