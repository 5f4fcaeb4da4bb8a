package aika.sinks.analytics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.sinks.Follower;
import aika.sinks.MadeUpChains;
import aika.sinks.Names;
import aika.sinks.Secret;
import aika.sinks.SinkException;
import aika.sinks.SinkStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What can go wrong with a PostgreSQL, and that both databases agree. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PostgreSqlFaultsIT extends OnADatabase {
  @TempDir private Path folder;
  private TestPostgreSql server;

  @BeforeAll
  void start() {
    server = new TestPostgreSql();
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Override
  AnalyticsSettings.PostgreSql fresh() {
    return server.fresh();
  }

  @Override
  void tamper(AnalyticsSettings settings, String sql) {
    server.tamper(settings, sql);
  }

  private static SinkException failure(AnalyticsSettings settings) {
    SinkException failed =
        assertThrows(SinkException.class, () -> sink(settings, MadeUpChains.world()));
    for (Throwable one = failed; one != null; one = one.getCause()) {
      assertFalse(String.valueOf(one.getMessage()).contains("a-wrong-password"), "shown");
    }
    return failed;
  }

  @Test
  void whoIsRefusedIsToldAndNoPasswordIsShown() {
    AnalyticsSettings.PostgreSql right = fresh();
    Secret wrong = new Secret("a-wrong-password");
    AnalyticsSettings.PostgreSql badly =
        new AnalyticsSettings.PostgreSql(right.url(), right.user(), wrong);
    assertEquals(SinkException.Kind.REFUSED, failure(badly).kind());
    assertFalse(badly.toString().contains("a-wrong-password"));
    String url = right.url() + "?password=a-wrong-password";
    assertEquals(
        SinkException.Kind.REFUSED,
        failure(new AnalyticsSettings.PostgreSql(url, right.user(), right.password())).kind());
    assertEquals(
        SinkException.Kind.REFUSED,
        failure(
                new AnalyticsSettings.PostgreSql(
                    server.url("nothing"), right.user(), right.password()))
            .kind());
    server.sql("postgres", "CREATE DATABASE bare");
    SinkException bare =
        failure(
            new AnalyticsSettings.PostgreSql(server.url("bare"), right.user(), right.password()));
    assertEquals(SinkException.Kind.REFUSED, bare.kind());
    assertTrue(String.valueOf(bare.getMessage()).contains("permission denied"), bare::getMessage);
    assertEquals(
        SinkException.Kind.UNREACHABLE,
        failure(
                new AnalyticsSettings.PostgreSql(
                    "jdbc:postgresql://127.0.0.1:1/nowhere", right.user(), right.password()))
            .kind());
  }

  @Test
  void oneWhoMayOnlyReadReadsAndWritesNothing() {
    AnalyticsSettings.PostgreSql settings = fresh();
    List<String> live = written(settings, ReadingCases.small());
    String database = settings.url().substring(settings.url().lastIndexOf('/') + 1);
    server.sql(database, "CREATE ROLE reader LOGIN PASSWORD 'reading'");
    server.sql(database, "GRANT USAGE ON SCHEMA aika TO reader");
    server.sql(database, "GRANT SELECT ON ALL TABLES IN SCHEMA aika TO reader");
    AnalyticsSettings reading =
        new AnalyticsSettings.PostgreSql(settings.url(), "reader", new Secret("reading"));
    try (AnalyticsReader reader = AnalyticsReader.open(reading)) {
      assertEquals(live, Content.of(reader));
      assertThrows(SinkException.class, () -> reader.query("DROP TABLE aika.about", 1, LONG));
    }
    assertEquals(SinkException.Kind.REFUSED, failure(reading).kind());
  }

  @Test
  void theServersOwnDoorsAreClosed() {
    AnalyticsSettings.PostgreSql settings = fresh();
    written(settings, ReadingCases.small());
    try (AnalyticsReader reader = AnalyticsReader.open(settings)) {
      for (String sql :
          List.of(
              "SELECT pg_read_file('/etc/passwd')",
              "SELECT pg_ls_dir('/')",
              "SELECT lo_import('/etc/passwd')",
              "SELECT set_config('transaction_read_only', 'off', false)",
              "COPY (SELECT 1) TO PROGRAM 'true'",
              "DO $$ BEGIN DELETE FROM transfers; END $$",
              "CALL nothing()",
              "LISTEN a",
              "SELECT * FROM transfers FOR UPDATE",
              "SELECT id INTO TEMP mine FROM transfers",
              "PREPARE TRANSACTION 'a'")) {
        assertThrows(SinkException.class, () -> reader.query(sql, 10, LONG), sql);
      }
      lines(reader, "SELECT set_config('default_transaction_read_only', 'off', false)");
      assertThrows(SinkException.class, () -> reader.query("DELETE FROM transfers", 10, LONG));
      SinkException slow =
          assertThrows(
              SinkException.class,
              () -> reader.query("SELECT pg_sleep(60)", 1, Duration.ofSeconds(1)));
      assertEquals(SinkException.Kind.UNREACHABLE, slow.kind());
      assertEquals(List.of("6"), lines(reader, "SELECT count(*) FROM transfers"));
    }
  }

  @Test
  void aKilledServerCostsLagAndNothingElse() throws InterruptedException {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    MadeUpChains world = MadeUpChains.random(seed, 150);
    Growing growing = new Growing(world);
    AnalyticsSettings.PostgreSql settings = fresh();
    AnalyticsSink sink = new AnalyticsSink(settings, growing, Names.NONE, TOKYO, 7);
    try (Follower follower = new Follower(sink, System::currentTimeMillis)) {
      follower.start();
      int kills = 0;
      for (int grown = 1; growing.grow(random); grown++) {
        follower.wake();
        if (grown % 8 == 0 && kills < 3) {
          kills++;
          server.server().kill();
          growing.grow(random);
          follower.wake();
          until(() -> follower.status().state() == SinkStatus.State.WAITING);
          assertEquals(SinkException.Kind.UNREACHABLE, follower.status().kind());
          server.server().start();
        }
      }
      follower.wake();
      until(() ->
          follower.status().state() == SinkStatus.State.FOLLOWING && follower.status().lag() == 0);
      assertEquals(3, kills);
      assertClean(sink);
      assertEquals(written(fresh(), world), Content.of(sink.reader()));
    }
  }

  private static void until(BooleanSupplier there) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!there.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "it did not happen");
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  @Test
  void bothDatabasesAgree() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    MadeUpChains world = MadeUpChains.random(seed, 200);
    world.closeAll();
    AnalyticsSettings.PostgreSql settings = fresh();
    AnalyticsSettings duck = TestDuckDb.settings(folder, 1);
    assertEquals(written(duck, world), written(settings, world));
    try (AnalyticsReader one = AnalyticsReader.open(duck);
        AnalyticsReader other = AnalyticsReader.open(settings)) {
      for (Question question : Questions.all()) {
        Map<String, String> arguments = new HashMap<>();
        for (Question.Parameter parameter : question.parameters()) {
          switch (parameter.name()) {
            case "since" -> arguments.put("since", "2026-10-01");
            case "until" -> arguments.put("until", "2027-12-31");
            case "now" -> arguments.put("now", "2027-01-01T00:00:00");
            case "origin" -> arguments.put("origin", "Asia-Komatsu");
            case "destination" -> arguments.put("destination", "Asia-Kanazawa");
            default -> {}
          }
        }
        Answer first = one.ask(question, arguments, 1_000, LONG);
        assertFalse(first.rows().isEmpty(), question.id());
        Answer second = other.ask(question, arguments, 1_000, LONG);
        assertAlike(first, second, question.id());
      }
    }
  }

  /** The last digits of fractions differ. */
  private static void assertAlike(Answer first, Answer second, String question) {
    assertEquals(first.rows().size(), second.rows().size(), question);
    for (int row = 0; row < first.rows().size(); row++) {
      List<?> one = first.rows().get(row);
      List<?> other = second.rows().get(row);
      assertEquals(one.size(), other.size(), question);
      for (int i = 0; i < one.size(); i++) {
        if (one.get(i) instanceof Double number && other.get(i) instanceof Double same) {
          assertEquals(number, same, 1e-9 * Math.max(1, Math.abs(number)), question);
        } else {
          assertEquals(String.valueOf(one.get(i)), String.valueOf(other.get(i)), question);
        }
      }
    }
  }
}
