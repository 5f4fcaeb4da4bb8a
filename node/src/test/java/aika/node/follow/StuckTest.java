package aika.node.follow;

import static aika.node.TestFederation.KANAZAWA;
import static aika.node.TestFederation.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class StuckTest {
  private final AtomicLong clock = new AtomicLong(1_000_000);
  private final Stuck stuck = new Stuck("decisions", clock::get);
  private final ListAppender<ILoggingEvent> told = new ListAppender<>();
  private final Logger log = (Logger) LoggerFactory.getLogger(Stuck.class);

  @BeforeEach
  void listen() {
    told.start();
    log.addAppender(told);
  }

  @AfterEach
  void stop() {
    log.detachAppender(told);
  }

  private long warnings() {
    return told.list.stream().filter(one -> one.getLevel() == Level.WARN).count();
  }

  @Test
  void whatWaitsForAMinuteIsToldOnce() {
    assertEquals(0, stuck.seconds(KOMATSU));
    stuck.waits(KOMATSU);
    clock.addAndGet(Stuck.TOLD_MILLIS - 1);
    stuck.waits(KOMATSU);
    assertEquals(59, stuck.seconds(KOMATSU));
    assertEquals(0, warnings());
    for (int i = 0; i < 3; i++) {
      clock.addAndGet(1_001);
      stuck.waits(KOMATSU);
    }
    assertEquals(1, warnings());
    assertEquals(63, stuck.seconds(KOMATSU));
    assertEquals(0, stuck.seconds(KANAZAWA));
    stuck.done(KOMATSU);
    assertEquals(0, stuck.seconds(KOMATSU));
    stuck.waits(KOMATSU);
    assertEquals(1, warnings());
  }
}
