package aika.bench;

import java.io.PrintStream;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Hears how far a measurement is. */
public interface Progress extends AutoCloseable {
  /** A new phase begins, of {@code total} steps. */
  void phase(String name, long total);

  /** So many steps of the phase are done; may be called by any thread. */
  void at(long done);

  @Override
  void close();

  /** A bar on a terminal, elsewhere a line for each phase. */
  static Progress on(PrintStream out, boolean terminal) {
    return terminal ? new Bar(out) : new Plain(out);
  }

  /** A line for each phase. */
  record Plain(PrintStream out) implements Progress {
    @Override
    public void phase(String name, long total) {
      out.println(name + " …");
    }

    @Override
    public void at(long done) {}

    @Override
    public void close() {}
  }

  /** A bar for each phase. */
  final class Bar implements Progress {
    private static final int REFRESH_MILLIS = 200;

    private final PrintStream out;
    private @Nullable ProgressBar bar;

    Bar(PrintStream out) {
      this.out = out;
    }

    @Override
    public void phase(String name, long total) {
      close();
      bar =
          new ProgressBarBuilder()
              .setTaskName(name)
              .setInitialMax(total)
              .setStyle(ProgressBarStyle.UNICODE_BLOCK)
              .setUpdateIntervalMillis(REFRESH_MILLIS)
              .setConsumer(new me.tongfei.progressbar.ConsoleProgressBarConsumer(out))
              .build();
    }

    @Override
    public void at(long done) {
      if (bar != null) {
        bar.stepTo(done);
      }
    }

    @Override
    public void close() {
      if (bar != null) {
        bar.close();
        bar = null;
      }
    }
  }
}
