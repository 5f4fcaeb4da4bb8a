package aika.node.web;

import aika.node.sink.Sinks;
import aika.sinks.SinkException;
import aika.sinks.analytics.AnalyticsCharts;
import com.github.benmanes.caffeine.cache.AsyncLoadingCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The numbers that a node shows everybody. However many look, its analytics are asked for each
 * period once in some seconds, one question at a time, by a thread of their own: the places for
 * questions are few, and the operator needs them too.
 */
public final class Statistics implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Statistics.class);

  /** Also how long nobody tries again when the store did not answer. */
  private static final Duration KEPT = Duration.ofSeconds(10);

  private static final Duration WAIT_MAX = Duration.ofSeconds(5);

  /** Where the numbers come from. */
  interface Source {
    /**
     * @throws SinkException when the store does not answer
     */
    Figures read(Period period);
  }

  private final @Nullable Source source;
  private final Duration waitMax;
  private final ExecutorService asking =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("statistics").factory());
  private final AsyncLoadingCache<Period, Optional<Figures>> answers =
      Caffeine.newBuilder().expireAfterWrite(KEPT).executor(asking).buildAsync(this::ask);

  /**
   * @param source null when there is none
   * @param waitMax how long a reader waits for an answer
   */
  Statistics(@Nullable Source source, Duration waitMax) {
    this.source = source;
    this.waitMax = waitMax;
  }

  /**
   * @param clock ms since 1970
   */
  public static Statistics of(Sinks sinks, LongSupplier clock) {
    Source source =
        sinks
            .analytics()
            .<Source>map(sink -> {
              AnalyticsCharts charts = new AnalyticsCharts(sink.reader());
              return period ->
                  Figures.read(
                      charts, period, Instant.ofEpochMilli(clock.getAsLong()).atZone(sink.zone()));
            })
            .orElse(null);
    return new Statistics(source, WAIT_MAX);
  }

  /** Whether this node keeps any. */
  boolean kept() {
    return source != null;
  }

  /** Not older than some seconds; empty when the store does not answer now. */
  Optional<Figures> figures(Period period) {
    try {
      return answers.get(period).get(waitMax.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException slow) {
      return Optional.empty(); // whoever looks next may have it
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException broken) {
      throw new IllegalStateException("the numbers could not be made", broken.getCause());
    }
  }

  private Optional<Figures> ask(Period period) {
    if (source == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(source.read(period));
    } catch (SinkException failed) {
      LOG.warn("analytics gives no numbers: {}", failed.getMessage());
      return Optional.empty();
    }
  }

  /** Waits for nothing: what is being asked only reads. */
  @Override
  public void close() {
    asking.shutdownNow();
  }
}
