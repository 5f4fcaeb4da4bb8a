package aika.cli;

import aika.cli.faults.Fault;
import aika.cli.faults.Faults;
import aika.cli.faults.LabException;
import aika.cli.faults.Outcome;
import aika.cli.faults.Size;
import aika.node.backup.Backup;
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
      "",
      "Faults / 障害:",
      "  kill freeze cut split flaky far clock full-disk slow-disk corrupt lost",
      "  with --peers 3 / --peers 3 のとき: leader follower alone",
      "",
      "Examples / 例:",
      "  aika faults                          each once / ひと通り",
      "  aika faults --only kill,split        some of them / 選んで",
      "  aika faults --peers 3 --only leader  a town on three machines / 一つの市町村を三台で",
      "  aika faults --minutes 20             at random for so long / 時間を決めて続ける",
      "",
      "Exit codes / 終了コード:",
      "  0 all rules held, or skipped; 1 one did not; 2 wrong arguments"
    })
final class FaultsCommand implements Callable<Integer> {
  private static final int SEEDS = 1_000_000;
  private static final int HOLD_SECONDS_MAX = 120;

  /** What the loss of one of several machines may cost; told, and no rule: a computer is busy. */
  private static final Duration SILENT_TARGET = Duration.ofSeconds(3);

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
  private int minutes;

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
    if (hold < 1 || hold > HOLD_SECONDS_MAX || minutes < 0) {
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
    List<Integer> widths = List.of(10, 8, 6, 9, 9);
    screen.row(widths, "fault", "payments", "again", "silent", "ended", "where");
    try (Stop stop = new Stop()) {
      Faults.run(
          directory,
          size,
          Duration.ofSeconds(hold),
          begin,
          minutes == 0 ? faults : atRandom(faults, new Random(begin)),
          stop::asked,
          outcome -> told(screen, widths, outcome));
    } catch (LabException broken) {
      throw CommandException.of(
          broken.getMessage() + ". Repeat it with --seed " + begin + "; see " + directory + ".",
          "決まりが守られていないか、実験ができません: " + broken.getMessage(),
          broken);
    }
    Backup.deleteTree(directory);
    screen.line("every rule held / すべて守られました");
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

  private Iterable<Fault> atRandom(List<Fault> faults, Random random) {
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

  private static void told(Screen screen, List<Integer> widths, Outcome outcome) {
    screen.row(
        widths,
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
