package aika.cli.faults;

import java.util.Locale;
import java.util.Optional;

/** What can be done to a federation. Each ends by itself and leaves every machine running. */
public enum Fault {
  KILL(false, "kill -9 of nodes, municipal and continental / ノードを kill -9 で止める"),
  FREEZE(false, "a node neither works nor ends / ノードが固まる"),
  CUT(false, "a machine hears nothing of the others / ひとつの機械が孤立する"),
  SPLIT(false, "the continents hear nothing of each other / 大陸どうしが切れる"),
  FLAKY(false, "links that break again and again / 切れたりつながったりする"),
  CLOCK(false, "a clock jumps hours ahead, then back / 時計が何時間もずれる"),
  FULL_DISK(false, "a disk is full / ディスクがいっぱいになる"),
  CORRUPT(true, "bytes of a node's files are changed / ファイルが壊れる"),
  LOST(true, "a node loses all its data / ノードがデータをすべて失う");

  /** Whether all payments have ended before: what no copy has yet would be lost with the disk. */
  final boolean quiet;

  private final String description;

  Fault(boolean quiet, String description) {
    this.quiet = quiet;
    this.description = description;
  }

  /** In English and Japanese. */
  public String description() {
    return description;
  }

  /** As the command line has it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Why this one cannot be tried here; empty when it can. */
  public Optional<String> missing() {
    return this == CLOCK && Machine.faketime().isEmpty()
        ? Optional.of("libfaketime is not installed (Debian: faketime)")
        : Optional.empty();
  }
}
