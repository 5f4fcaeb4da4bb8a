package aika.sinks.mongo;

import static aika.sinks.MadeUpChains.A;
import static aika.sinks.MadeUpChains.B;
import static aika.sinks.mongo.MongoSinkIT.ASIANS;
import static aika.sinks.mongo.MongoSinkIT.assertClean;
import static aika.sinks.mongo.MongoSinkIT.follow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.money.TransferId;
import aika.sinks.Follower;
import aika.sinks.MadeUpChains;
import aika.sinks.Names;
import aika.sinks.RealServer;
import aika.sinks.RealServers;
import aika.sinks.Secret;
import aika.sinks.SinkException;
import aika.sinks.SinkStatus;
import aika.sinks.TestCertificates;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Servers that are away, are killed, or refuse. */
@Timeout(180)
final class MongoOutagesIT {
  @TempDir private Path folder;

  private static void until(BooleanSupplier there) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
    while (!there.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "it did not happen");
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  private static MongoSettings settings(String uri) {
    return new MongoSettings("mongo Asia", new Secret(uri), ASIANS);
  }

  @Test
  void aServerThatIsKilledInTheMiddleAndComesBackHasEverything() throws InterruptedException {
    MadeUpChains world = MadeUpChains.random(5, 80);
    try (RealServer server = RealServers.ferretDb()) {
      String uri = "mongodb://" + server.address() + "/aika?serverSelectionTimeoutMS=500";
      MongoSink sink = new MongoSink(settings(uri), world, Names.NONE);
      try (Follower follower = new Follower(sink, System::currentTimeMillis)) {
        follower.start();
        until(() ->
            follower.status().chains().values().stream().anyMatch(it -> it.at().leaves() > 0));
        server.kill();
        world.send(A, B, "1.00");
        world.closeAll();
        follower.wake();
        until(() -> follower.status().state() == SinkStatus.State.WAITING);
        assertEquals(SinkException.Kind.UNREACHABLE, follower.status().kind());
        world.send(B, A, "1.00");
        world.closeAll();
        server.start();
        until(() -> follower.status().lag() == 0);
        until(() -> follower.status().state() == SinkStatus.State.FOLLOWING);
        assertClean(sink);
      }
    }
  }

  @Test
  void aServerThatComesLaterGetsEverything() throws InterruptedException {
    MadeUpChains world = MadeUpChains.random(6, 20);
    try (RealServer server = RealServers.ferretDb()) {
      server.stop();
      String uri = "mongodb://" + server.address() + "/aika?serverSelectionTimeoutMS=200";
      MongoSink sink = new MongoSink(settings(uri), world, Names.NONE);
      try (Follower follower = new Follower(sink, System::currentTimeMillis)) {
        follower.start();
        until(() -> follower.status().state() == SinkStatus.State.WAITING);
        assertEquals(SinkException.Kind.UNREACHABLE, follower.status().kind());
        String failure = follower.status().failure();
        assertNotNull(failure);
        assertTrue(failure.contains(server.address()), failure);
        server.start();
        until(() -> follower.status().lag() == 0);
        assertClean(sink);
      }
    }
  }

  /** What the sink says about this URI; the password {@code geheim} is in no message and no log. */
  private static SinkException refusal(String uri) {
    Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    logged.start();
    root.addAppender(logged);
    try (MongoSink sink = new MongoSink(settings(uri), MadeUpChains.world(), Names.NONE)) {
      SinkException failed = assertThrows(SinkException.class, sink::open);
      for (Throwable at = failed; at != null; at = at.getCause()) {
        assertFalse(at.toString().contains("geheim"), at.toString());
      }
      return failed;
    } finally {
      root.detachAppender(logged);
      for (ILoggingEvent event : List.copyOf(logged.list)) {
        assertFalse(event.getFormattedMessage().contains("geheim"), event.getFormattedMessage());
      }
    }
  }

  /** On SQLite, FerretDB has no users: it refuses the way in which MongoDB asks for a password. */
  @Test
  void aWrongPasswordIsRefusedAndNeverShown() {
    try (RealServer server = RealServers.ferretDb()) {
      SinkException failed = refusal("mongodb://aika:geheim@" + server.address() + "/aika");
      assertEquals(SinkException.Kind.REFUSED, failed.kind(), failed.getMessage());
    }
    try (RealServer postgresql = RealServers.postgresql();
        RealServer server =
            RealServers.ferretDb("--postgresql=postgres://" + postgresql.address() + "/postgres")) {
      String host = "@" + server.address() + "/aika?authMechanism=PLAIN";
      SinkException wrong = refusal("mongodb://" + RealServers.POSTGRESQL_USER + ":geheim" + host);
      // FerretDB has no code of its own for this; MongoDB answers as above.
      assertNotEquals(SinkException.Kind.UNREACHABLE, wrong.kind(), wrong.getMessage());
      String right = RealServers.POSTGRESQL_USER + ":" + RealServers.POSTGRESQL_PASSWORD + host;
      MadeUpChains world = MadeUpChains.random(9, 20);
      try (MongoSink sink = new MongoSink(settings("mongodb://" + right), world, Names.NONE)) {
        sink.open();
        follow(sink);
        assertClean(sink);
      }
    }
  }

  @Test
  void anUnreadableUriIsSaidWithoutShowingIt() {
    SinkException failed = refusal("mongodb://aika:ge/heim:geheim@127.0.0.1:1/aika");
    assertEquals(SinkException.Kind.FAILED, failed.kind());
  }

  @Test
  void writesThatNobodyAcknowledgesAreRefused() {
    SinkException failed = refusal("mongodb://aika:geheim@127.0.0.1:1/aika?w=0");
    assertEquals(SinkException.Kind.REFUSED, failed.kind());
  }

  @Test
  void tlsWorksAndAServerThatNobodyVouchesForIsRefused() {
    TestCertificates certificates = TestCertificates.in(folder);
    try (RealServer server =
        RealServers.ferretDb(
            "--certificate=" + certificates.server(), "--key=" + certificates.serverKey())) {
      String uri = "mongodb://" + server.address() + "/aika?tls=true";
      MadeUpChains world = MadeUpChains.world();
      TransferId transfer = world.send(MadeUpChains.A, MadeUpChains.B, "1.00");
      world.closeAll();
      MongoSettings trusting = settings(uri + "&tlsCAFile=" + certificates.authority());
      try (MongoSink sink = new MongoSink(trusting, world, Names.NONE);
          MongoReader reader = new MongoReader(trusting)) {
        sink.open();
        follow(sink);
        assertClean(sink);
        assertEquals("aika", reader.database());
        assertEquals("send_pending", reader.transfer(transfer).orElseThrow().getString("state"));
        assertEquals(server.port(), MongoReader.port(trusting));
      }
      SinkException failed = refusal(uri);
      assertEquals(SinkException.Kind.REFUSED, failed.kind(), failed.getMessage());
    }
  }
}
