package aika.node.tls;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log that a certificate ends soon: once a day, and when it gets worse [TLS-7]. */
final class ExpiryAlarm {
  private static final Logger LOG = LoggerFactory.getLogger(ExpiryAlarm.class);
  private static final Duration REPEATED = Duration.ofDays(1);

  private Expiry.Stage told = Expiry.Stage.FAR;
  private long toldAt;

  /**
   * @param now ms since 1970
   */
  void look(List<Expiry> expiries, long now) {
    Expiry first = expiries.stream().min(Comparator.comparingLong(Expiry::end)).orElseThrow();
    Expiry.Stage stage = first.stage(now);
    if (stage != told || now - toldAt >= REPEATED.toMillis()) {
      told = stage;
      toldAt = now;
      say(first, stage, now);
    }
  }

  private static void say(Expiry first, Expiry.Stage stage, long now) {
    Instant end = Instant.ofEpochMilli(first.end());
    long days = Duration.ofMillis(first.end() - now).toDays();
    switch (stage) {
      case FAR -> LOG.info("certificates of this node count until {}", end);
      case NEAR ->
          LOG.warn("{} ({}) ends in {} days, {}", first.file(), first.subject(), days, end);
      case URGENT ->
          LOG.error(
              "{} ({}) ends in {} days, {}: then other nodes refuse this one; renew it",
              first.file(),
              first.subject(),
              days,
              end);
      case OVER ->
          LOG.error(
              "{} ({}) ended {}: other nodes refuse this one, people's orders are taken; renew it",
              first.file(),
              first.subject(),
              end);
    }
  }
}
