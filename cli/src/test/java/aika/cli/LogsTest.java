package aika.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import org.junit.jupiter.api.Test;

class LogsTest {
  /** A sink says once that its server is away; the driver would say so every few seconds. */
  @Test
  void driversAreHeardOnlyWhenTheyWarn() {
    LoggerContext context = new LoggerContext();
    var _ = new Logs().configure(context);
    assertEquals(Level.WARN, context.getLogger("org.mongodb.driver.cluster").getEffectiveLevel());
    assertEquals(Level.INFO, context.getLogger("aika.sinks.Follower").getEffectiveLevel());
    context.stop();
  }
}
