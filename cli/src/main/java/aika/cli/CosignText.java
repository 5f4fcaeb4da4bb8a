package aika.cli;

import aika.core.log.Checkpoint;
import aika.node.cosign.Cosigner;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a representative how it goes: not every block, but all that is new. */
final class CosignText implements Cosigner.Watcher {
  private static final Logger LOG = LoggerFactory.getLogger(CosignText.class);
  private static final long OFTEN_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long SELDOM_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final Screen screen;
  private long toldExecuted = System.nanoTime();
  private long toldCosigned = System.nanoTime() - SELDOM_NANOS;
  private String waiting = "";

  CosignText(Screen screen) {
    this.screen = screen;
  }

  @Override
  public void executed(long leaves, long of) {
    long now = System.nanoTime();
    if (now - toldExecuted > OFTEN_NANOS) {
      toldExecuted = now;
      screen.line("executed / 調べた記録  " + leaves + " / " + of);
    }
  }

  @Override
  public void cosigned(Checkpoint checkpoint) {
    LOG.info("cosigned {} leaves, root {}", checkpoint.size(), checkpoint.root());
    long now = System.nanoTime();
    if (!waiting.isEmpty() || now - toldCosigned > SELDOM_NANOS) {
      toldCosigned = now;
      waiting = "";
      screen.line("cosigned / 署名した記録  " + checkpoint.size());
    }
  }

  @Override
  public void waits(String why) {
    if (!why.equals(waiting)) {
      waiting = why;
      LOG.info("waits: {}", why);
      screen.line("waits / 待っています  " + why);
    }
  }
}
