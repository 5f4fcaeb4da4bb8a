package aika.node.gateway;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells long answers that the gateway stops. */
final class Stopping {
  static final Logger LOG = LoggerFactory.getLogger(Stopping.class);

  private final CountDownLatch stop = new CountDownLatch(1);

  void stop() {
    stop.countDown();
  }

  boolean isStopping() {
    return stop.getCount() == 0;
  }

  /** Waits this long, or until the gateway stops. */
  void await(Duration atMost) throws InterruptedException {
    if (stop.await(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
      LOG.debug("a watcher ends because the gateway stops");
    }
  }
}
