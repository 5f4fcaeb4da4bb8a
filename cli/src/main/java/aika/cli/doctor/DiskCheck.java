package aika.cli.doctor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Free space; a node whose disk is full stops taking orders. */
final class DiskCheck implements Check {
  private static final long GIB = 1L << 30;
  private static final long FREE_BYTES_MIN = GIB;
  private static final long FREE_BYTES_GOOD = 5 * GIB;
  private static final int FREE_PERCENT_GOOD = 10;
  private static final int PERCENT = 100;

  private final Path directory;
  private final Disk disk;

  DiskCheck(Path directory, Disk disk) {
    this.directory = directory;
    this.disk = disk;
  }

  @Override
  public String name() {
    return "disk";
  }

  @Override
  public Said title() {
    return new Said("Disk", "ディスク");
  }

  @Override
  public List<Result> results() {
    Disk.State state;
    try {
      state = disk.of(directory);
    } catch (IOException unknown) {
      return List.of(
          Result.Skipped.of(
              "The disk of " + directory + " cannot be looked at (" + unknown + ").",
              directory + " のディスクを調べられません。"));
    }
    return List.of(of(state));
  }

  private static Result of(Disk.State state) {
    long percent =
        state.total() <= 0 ? 0 : (long) (PERCENT * (state.usable() / (double) state.total()));
    String free = gib(state.usable());
    String total = gib(state.total());
    Said found =
        new Said(
            "%s GiB of %s GiB are free (%d%%).".formatted(free, total, percent),
            "空きは %s GiB / %s GiB です（%d%%）。".formatted(free, total, percent));
    if (state.readOnly()) {
      return new Result.Wrong(
          new Said("The file system is read-only.", "ファイルシステムが読み取り専用です。"),
          Advice.of(
              "Mount it for writing, or use another directory. A disk with errors is often made"
                  + " read-only by the system: look at its log first.",
              "書き込めるようにマウントするか、別のフォルダーを使ってください。故障したディスクはシステムが読み取り専用にすることがあります。先にシステムのログを見てください。"));
    }
    Advice more =
        Advice.of(
            "Free some space or move the directory to a larger disk before it is full.",
            "いっぱいになる前に、空きを作るか、もっと大きいディスクに移してください。");
    if (state.usable() < FREE_BYTES_MIN) {
      return new Result.Wrong(found, more);
    }
    return state.usable() < FREE_BYTES_GOOD || percent < FREE_PERCENT_GOOD
        ? new Result.Attention(found, more)
        : new Result.Ok(found);
  }

  private static String gib(long bytes) {
    return String.format(Locale.ROOT, "%.1f", bytes / (double) GIB);
  }
}
