package aika.cli.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Memory and open files, as Linux tells them. */
final class LimitsCheck implements Check {
  private static final long MIB = 1L << 10; // the file counts in KiB
  private static final long AVAILABLE_MIB_GOOD = 512;

  /** A node has some hundreds of files open, and a socket for each reader. */
  private static final long FILES_GOOD = 4_096;

  private static final Pattern AVAILABLE = Pattern.compile("MemAvailable:\\s+([0-9]+) kB");
  private static final Pattern TOTAL = Pattern.compile("MemTotal:\\s+([0-9]+) kB");

  /** The soft limit and the hard one, up to which Java raises the soft one. */
  private static final Pattern FILES =
      Pattern.compile("Max open files\\s+([0-9]+|unlimited)\\s+([0-9]+|unlimited)\\s.*");

  private final Path proc;

  /**
   * @param proc {@code /proc}
   */
  LimitsCheck(Path proc) {
    this.proc = proc;
  }

  @Override
  public String name() {
    return "limits";
  }

  @Override
  public Said title() {
    return new Said("Memory and files", "メモリーとファイル");
  }

  @Override
  public List<Result> results() {
    List<Result> results = new ArrayList<>();
    try {
      memory(proc.resolve("meminfo"), results);
      files(proc.resolve("self/limits"), results);
    } catch (IOException elsewhere) {
      results.add(
          Result.Skipped.of(
              "This system does not tell them as Linux does.", "Linux ではないので調べていません。"));
    }
    return results;
  }

  private static void memory(Path file, List<Result> results) throws IOException {
    OptionalLong available = number(file, AVAILABLE, 1);
    OptionalLong total = number(file, TOTAL, 1);
    if (available.isEmpty() || total.isEmpty()) {
      return;
    }
    long free = available.getAsLong() / MIB;
    long all = total.getAsLong() / MIB;
    Said found =
        new Said(
            "%d MiB of %d MiB memory are available.".formatted(free, all),
            "メモリーは %d MiB のうち %d MiB 使えます。".formatted(all, free));
    results.add(
        free >= AVAILABLE_MIB_GOOD
            ? new Result.Ok(found)
            : new Result.Attention(
                found,
                Advice.of(
                    "End other programs, or give the machine more memory. -Xmx in AIKA_JAVA_OPTS bounds"
                        + " what a node takes.",
                    "ほかのプログラムを終わらせるか、メモリーを増やしてください。ノードの使う量は AIKA_JAVA_OPTS の -Xmx で決まります。")));
  }

  private static void files(Path file, List<Result> results) throws IOException {
    OptionalLong hard = number(file, FILES, 2);
    if (hard.isEmpty()) {
      return;
    }
    String limit =
        hard.getAsLong() == Long.MAX_VALUE ? "unlimited" : String.valueOf(hard.getAsLong());
    Said found = new Said("Open files: at most " + limit + '.', "開けるファイルの数：" + limit + "。");
    results.add(
        hard.getAsLong() >= FILES_GOOD
            ? new Result.Ok(found)
            : new Result.Attention(
                found,
                Advice.of(
                    "Raise it to 65536 for the node's user (LimitNOFILE in its systemd unit).",
                    "ノードの利用者の上限を 65536 にしてください（systemd では LimitNOFILE）。",
                    "ulimit -n 65536")));
  }

  private static OptionalLong number(Path file, Pattern pattern, int group) throws IOException {
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .map(pattern::matcher)
          .filter(Matcher::matches)
          .map(found -> found.group(group))
          .mapToLong(text -> text.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(text))
          .findFirst();
    }
  }
}
