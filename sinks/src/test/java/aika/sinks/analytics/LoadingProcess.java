package aika.sinks.analytics;

import aika.core.money.ChainId;
import aika.sinks.MadeUpChains;
import aika.sinks.Names;
import java.nio.file.Path;

/** Loads a DuckDB until it is killed: tells each step in a line, and waits at the end. */
final class LoadingProcess {
  private LoadingProcess() {}

  /** Arguments: the file and the seed of the world. */
  public static void main(String[] arguments) throws Exception {
    MadeUpChains world = world(Long.parseLong(arguments[1]));
    AnalyticsSettings settings = new AnalyticsSettings.DuckDb(Path.of(arguments[0]));
    AnalyticsSink sink = new AnalyticsSink(settings, world, Names.NONE, OnADatabase.TOKYO, 3);
    sink.open();
    int steps = 0;
    while (true) {
      for (ChainId chain : sink.chains()) {
        sink.advance(chain);
        System.out.println(++steps);
        System.out.flush();
      }
    }
  }

  static MadeUpChains world(long seed) {
    MadeUpChains world = MadeUpChains.random(seed, 200);
    world.closeAll();
    return world;
  }
}
