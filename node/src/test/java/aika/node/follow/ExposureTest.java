package aika.node.follow;

import static aika.node.TestFederation.KANAZAWA;
import static aika.node.TestFederation.KOMATSU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Policy;
import aika.core.money.Money;
import aika.node.TestFederation;
import aika.node.TestFederation.Person;
import aika.node.follow.Exposure.Owed;
import aika.node.follow.Town.Following;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The operator hears that a cap is near, and that it is reached, once each. */
class ExposureTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger(Exposure.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @TempDir Path data;

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void stop() {
    logger.detachAppender(lines);
  }

  private long warnings() {
    return lines.list.stream().filter(line -> line.getLevel() == Level.WARN).count();
  }

  @Test
  void nearAndReachedAreToldOnce() throws InterruptedException {
    Policy usual = Policy.standard();
    TestFederation federation =
        new TestFederation(
            new Policy(
                usual.blockEntries(),
                usual.openHoldsMax(),
                usual.validMillisMax(),
                usual.crossChainMin(),
                Money.of("100.00"),
                Money.of("1000.00")));
    Person a = federation.person(KOMATSU, "aaaa");
    Person b = federation.person(KANAZAWA, "bbbb");
    try (Town town = new Town(data, federation, Following.EVERYTHING);
        Exposure exposure = new Exposure(town.shard, federation.directory, owed -> {})) {
      town.open(a, "1000.00");
      town.open(b, "");
      Town.accepted(town.decide(b, town.send(a, b, "79.99", 3_600), true));
      exposure.tell(exposure.owed());
      assertEquals(0, warnings());
      Town.accepted(town.decide(b, town.send(a, b, "0.01", 3_600), true));
      exposure.tell(exposure.owed());
      exposure.tell(exposure.owed());
      assertEquals(1, warnings());
      assertTrue(
          lines.list.getLast().getFormattedMessage().contains("80.00"), lines.list::toString);
      Town.accepted(town.decide(b, town.send(a, b, "20.00", 3_600), true));
      exposure.tell(exposure.owed());
      exposure.tell(exposure.owed());
      assertEquals(2, warnings());
      assertTrue(
          lines.list.getLast().getFormattedMessage().contains("try later until"),
          lines.list::toString);
      List<Owed> owed =
          exposure.owed().stream().filter(one -> one.name().chain().equals(KANAZAWA)).toList();
      assertEquals(
          List.of(
              new Owed(new Owed.Name(KANAZAWA, "*"), Money.of("100.00"), Money.of("1000.00")),
              new Owed(
                  new Owed.Name(KANAZAWA, KOMATSU.value()),
                  Money.of("100.00"),
                  Money.of("100.00"))),
          owed);
      exposure.tell(List.of());
      assertEquals(Level.INFO, lines.list.getLast().getLevel());
      exposure.tell(exposure.owed());
      assertEquals(3, warnings(), "told anew when it is reached again");
    }
  }
}
