package aika.cli;

import aika.bench.Progress;

/** A bar for each chain. */
final class ChainsProgress {
  private final Progress progress;
  private String chain = "";

  ChainsProgress(Progress progress) {
    this.progress = progress;
  }

  void at(String of, long done, long total) {
    if (!of.equals(chain)) {
      chain = of;
      progress.phase(of, total);
    }
    progress.at(done);
  }
}
