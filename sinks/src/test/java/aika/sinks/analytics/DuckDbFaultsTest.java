package aika.sinks.analytics;

import static aika.sinks.MadeUpChains.A;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.sinks.Follower;
import aika.sinks.MadeUpChains;
import aika.sinks.Names;
import aika.sinks.SinkException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What can go wrong with a DuckDB in a file. */
@Timeout(120)
final class DuckDbFaultsTest extends OnADatabase {
  @TempDir private Path folder;
  private int files;

  @Override
  AnalyticsSettings fresh() {
    return TestDuckDb.settings(folder, ++files);
  }

  @Override
  void tamper(AnalyticsSettings settings, String sql) {
    TestDuckDb.tamper(settings, sql);
  }

  private static Path file(AnalyticsSettings settings) {
    return ((AnalyticsSettings.DuckDb) settings).file();
  }

  @Test
  void filesSettingsAndInsidesAreOutOfReach() throws IOException {
    Path secret = Files.writeString(folder.resolve("secret.csv"), "a,b\n1,2\n");
    try (AnalyticsSink sink = sink(fresh(), MadeUpChains.world())) {
      for (String sql :
          List.of(
              "SELECT * FROM read_csv('%s')",
              "SELECT * FROM read_text('%s')",
              "SELECT * FROM read_blob('%s')",
              "SELECT * FROM read_json('%s')",
              "SELECT * FROM read_parquet('%s')",
              "SELECT * FROM sniff_csv('%s')",
              "SELECT * FROM '%s'",
              "SELECT * FROM \"%s\"",
              "SELECT * FROM glob('%s')",
              "SELECT (SELECT count(*) FROM read_text('%s'))",
              "WITH a AS (SELECT * FROM read_text('%s')) SELECT * FROM a",
              "SELECT * FROM query('SELECT * FROM read_text(''%s'')')",
              "ATTACH '%s'",
              "ATTACH '%s' AS other",
              "EXPORT DATABASE '%s'",
              "COPY transfers TO '%s'",
              "COPY (SELECT 1) TO '%s'",
              "INSTALL httpfs",
              "LOAD httpfs",
              "SET memory_limit = '100GB'",
              "SET enable_external_access = true",
              "RESET lock_configuration",
              "PRAGMA threads = 64",
              "USE names",
              "DETACH names",
              "CHECKPOINT",
              "CALL checkpoint()",
              "SELECT * FROM checkpoint()",
              "SELECT * FROM force_checkpoint()",
              "SELECT * FROM enable_logging()",
              "SELECT * FROM enable_profiling()",
              "SELECT * FROM duckdb_settings()",
              "SELECT * FROM duckdb_secrets()",
              "SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))",
              "SELECT write_log('x')",
              "SELECT sleep_ms(100000)",
              "PREPARE a AS SELECT 1",
              "CREATE MACRO m(x) AS x",
              "SELECT getenv('HOME')")) {
        String filled = sql.replace("%s", secret.toString());
        SinkException refused =
            assertThrows(SinkException.class, () -> sink.reader().query(filled, 10, LONG), filled);
        assertTrue(refused.kind() != SinkException.Kind.TAMPERED);
      }
      assertEquals("a,b\n1,2\n", Files.readString(secret));
      assertEquals(List.of("3"), lines(sink.reader(), "SELECT max(range) FROM range(4)"));
      assertEquals(
          List.of("about"),
          lines(
              sink.reader(),
              "SELECT table_name FROM information_schema.tables WHERE table_name = 'about'"));
    }
  }

  @Test
  void namesAreInNoFile() throws IOException {
    String name = "Kaneko-who-shall-be-forgotten";
    MadeUpChains world = MadeUpChains.world();
    world.closeAll();
    AnalyticsSettings settings = fresh();
    Names names = account -> account.equals(A) ? Optional.of(name) : Optional.empty();
    try (AnalyticsSink sink = sink(settings, world, names)) {
      Content.advanceAll(sink);
      assertEquals(List.of(name), lines(sink.reader(), "SELECT name FROM people"));
      assertFalse(foundInFiles(name), "while it is there");
      assertTrue(foundInFiles(A.toString()), "what is looked for is found");
    }
    assertFalse(foundInFiles(name));
    try (AnalyticsReader reader = AnalyticsReader.open(settings)) {
      assertEquals(List.of(), lines(reader, "SELECT name FROM people"));
    }
  }

  private boolean foundInFiles(String text) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path one : all.filter(Files::isRegularFile).toList()) {
        if (new String(Files.readAllBytes(one), StandardCharsets.ISO_8859_1).contains(text)) {
          return true;
        }
      }
      return false;
    }
  }

  @Test
  void aKilledNodeLosesNothingAndWritesNothingTwice() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    MadeUpChains world = LoadingProcess.world(seed);
    AnalyticsSettings settings = fresh();
    for (int steps : List.of(9, 30, 55)) {
      killAfter(settings, seed, steps);
    }
    try (AnalyticsReader reader = AnalyticsReader.open(settings)) {
      assertTrue(Content.of(reader).size() > 10, "with the log of the killed one");
    }
    try (AnalyticsSink sink = sink(settings, world)) {
      assertTrue(sink.progress(A.chain()).leaves() > 0);
      Content.advanceAll(sink);
      assertClean(sink);
      assertEquals(written(fresh(), world), Content.of(sink.reader()));
    }
  }

  private static void killAfter(AnalyticsSettings settings, long seed, int steps) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                LoadingProcess.class.getName(),
                file(settings).toString(),
                Long.toString(seed))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out = process.inputReader()) {
      for (int i = 0; i < steps; i++) {
        assertTrue(out.readLine() != null, "it ended by itself");
      }
      SinkException taken = assertThrows(SinkException.class, () -> AnalyticsReader.open(settings));
      assertEquals(SinkException.Kind.UNREACHABLE, taken.kind());
      assertTrue(String.valueOf(taken.getMessage()).contains("another process"), taken::getMessage);
    } finally {
      process.destroyForcibly();
      assertTrue(process.waitFor(20, TimeUnit.SECONDS));
    }
  }

  @Test
  void aStoppedNodesTablesAreReadAndNotChanged() throws IOException {
    AnalyticsSettings settings = fresh();
    SinkException nothing = assertThrows(SinkException.class, () -> AnalyticsReader.open(settings));
    assertEquals(SinkException.Kind.UNREACHABLE, nothing.kind());
    assertFalse(Files.exists(file(settings)));
    List<String> live = written(settings, ReadingCases.small());
    byte[] before = Files.readAllBytes(file(settings));
    try (AnalyticsReader reader = AnalyticsReader.open(settings);
        AnalyticsReader another = AnalyticsReader.open(settings)) {
      assertEquals(live, Content.of(reader));
      assertEquals(live, Content.of(another));
      assertThrows(SinkException.class, () -> reader.query("DROP TABLE transfers", 1, LONG));
    }
    assertEquals(new String(before, StandardCharsets.ISO_8859_1), bytes(settings));
  }

  private static String bytes(AnalyticsSettings settings) throws IOException {
    return new String(Files.readAllBytes(file(settings)), StandardCharsets.ISO_8859_1);
  }

  @Test
  void whatCannotBeOpenedIsExplained() throws IOException {
    Path text = Files.writeString(folder.resolve("text.duckdb"), "no database ".repeat(1_000));
    SinkException failed =
        assertThrows(
            SinkException.class,
            () -> sink(new AnalyticsSettings.DuckDb(text), MadeUpChains.world()));
    assertEquals(SinkException.Kind.FAILED, failed.kind());
    assertTrue(String.valueOf(failed.getMessage()).contains("DuckDB"), failed::getMessage);
    SinkException refused =
        assertThrows(
            SinkException.class,
            () ->
                sink(
                    new AnalyticsSettings.DuckDb(text.resolve("below/a.duckdb")),
                    MadeUpChains.world()));
    assertEquals(SinkException.Kind.REFUSED, refused.kind());
  }

  @Test
  void aClosedSinkStaysClosed() {
    AnalyticsSink sink = sink(fresh(), MadeUpChains.world());
    sink.close();
    sink.close();
    assertThrows(SinkException.class, sink::open);
    assertThrows(SinkException.class, () -> sink.advance(A.chain()));
    assertThrows(SinkException.class, () -> sink.reader().query("SELECT 1", 1, LONG));
  }

  @Test
  void aDamagedFileIsSetAsideForARebuild() throws IOException {
    AnalyticsSettings settings = fresh();
    Path file = file(settings);
    MadeUpChains world = MadeUpChains.world();
    Files.createDirectories(folder.resolve("made"));
    Files.writeString(file, "damaged");
    Files.writeString(file.resolveSibling(file.getFileName() + ".damaged-1"), "earlier");
    AnalyticsSink sink = new AnalyticsSink(settings, world, Names.NONE, TOKYO);
    try (Follower follower = new Follower(sink, System::currentTimeMillis)) {
      Path aside = file.resolveSibling(file.getFileName() + ".damaged-2");
      assertEquals(List.of(aside), follower.rebuild());
      assertEquals("damaged", Files.readString(aside));
      Content.advanceAll(sink);
      assertClean(sink);
      assertEquals(List.of(), follower.rebuild());
    }
    // A file that another process has open is not damaged.
    assertEquals(
        List.of(),
        new DuckDbEngine(file, false)
            .setAside(new SinkException(SinkException.Kind.UNREACHABLE, "locked", null)));
  }
}
