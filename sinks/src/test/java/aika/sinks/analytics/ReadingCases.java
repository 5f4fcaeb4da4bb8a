package aika.sinks.analytics;

import static aika.sinks.MadeUpChains.A;
import static aika.sinks.MadeUpChains.B;
import static aika.sinks.MadeUpChains.C;
import static aika.sinks.MadeUpChains.KANAZAWA;
import static aika.sinks.MadeUpChains.KOMATSU;
import static aika.sinks.MadeUpChains.PARIS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.OutcomeKind;
import aika.core.money.TransferId;
import aika.sinks.MadeUpChains;
import aika.sinks.SinkException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Questions, refusals and exports, on both databases. */
abstract class ReadingCases extends OnADatabase {
  private static final long HOUR = 60L * 60 * 1000;
  private static final long DAY = 24 * HOUR;

  @TempDir private Path exports;
  private AnalyticsSink sink;
  private AnalyticsReader reader;

  @BeforeEach
  void write() {
    sink = sink(fresh(), small());
    Content.advanceAll(sink);
    reader = sink.reader();
  }

  @AfterEach
  void close() {
    sink.close();
  }

  /** Six transfers in two months. Days and hours in the tables are those of Tokyo, nine ahead. */
  static MadeUpChains small() {
    MadeUpChains world = MadeUpChains.world();
    TransferId first = world.send(A, B, "200.00");
    world.close(KOMATSU);
    world.pass(HOUR);
    world.decide(first, OutcomeKind.RECEIVED);
    world.close(KANAZAWA);
    world.settle(first);
    TransferId second = world.send(A, B, "50.00");
    world.close(KOMATSU);
    world.pass(HOUR / 2);
    world.decide(second, OutcomeKind.REJECTED);
    world.close(KANAZAWA);
    world.send(A, C, "30.00");
    world.close(KOMATSU);
    world.pass(40 * DAY);
    TransferId fourth = world.send(B, A, "20.00");
    world.close(KANAZAWA);
    world.pass(2 * HOUR);
    world.decide(fourth, OutcomeKind.RECEIVED);
    world.close(KOMATSU);
    TransferId fifth = world.send(C, A, "10.00");
    TransferId sixth = world.send(C, B, "5.00");
    world.close(PARIS);
    world.pass(HOUR);
    world.decide(fifth, OutcomeKind.CANCELLED);
    world.decide(sixth, OutcomeKind.EXPIRED);
    world.issue(A, "500.00");
    world.closeAll();
    return world;
  }

  private static Map<String, String> arguments(Question question, String... more) {
    Map<String, String> arguments = new HashMap<>();
    for (Question.Parameter parameter : question.parameters()) {
      switch (parameter.name()) {
        case "since" -> arguments.put("since", "2026-10-01");
        case "until" -> arguments.put("until", "2026-12-31");
        case "now" -> arguments.put("now", "2026-12-11T02:30:00Z");
        default -> {}
      }
    }
    for (int i = 0; i < more.length; i += 2) {
      arguments.put(more[i], more[i + 1]);
    }
    return arguments;
  }

  private List<String> ask(Question question, String... more) {
    Answer answer = reader.ask(question, arguments(question, more), 100, LONG);
    assertEquals(
        question.columns().stream().map(Question.Column::name).toList(),
        answer.columns().stream().map(Answer.Column::name).toList());
    return answer.rows().stream()
        .map(row -> String.join(" ", row.stream().map(ReadingCases::text).toList()))
        .toList();
  }

  private static String text(Object value) {
    return value instanceof Double number ? "%.2f".formatted(number) : String.valueOf(value);
  }

  @Test
  void eachQuestionHasItsAnswer() {
    Map<Question, List<String>> wanted = new HashMap<>();
    wanted.put(
        Questions.DAILY_FLOWS,
        List.of(
            "2026-11-01 Asia-Komatsu Asia-Kanazawa 2 25000",
            "2026-11-01 Asia-Komatsu Europe-Paris 1 3000",
            "2026-12-11 Asia-Kanazawa Asia-Komatsu 1 2000",
            "2026-12-11 Europe-Paris Asia-Kanazawa 1 500",
            "2026-12-11 Europe-Paris Asia-Komatsu 1 1000"));
    wanted.put(
        Questions.WAITING,
        List.of("2026-11-01 1 3600.00 3600.00 3600.00", "2026-12-01 1 7200.00 7200.00 7200.00"));
    wanted.put(
        Questions.PENDING, List.of("Asia-Komatsu Europe-Paris 1 3000 2026-11-01T01:30 961.00"));
    wanted.put(Questions.PENDING_AGE, List.of("720 1 3000"));
    wanted.put(
        Questions.ACTIVE_ACCOUNTS,
        List.of(
            "2026-11-01 Asia-Kanazawa 1",
            "2026-11-01 Asia-Komatsu 1",
            "2026-12-01 Asia-Kanazawa 1",
            "2026-12-01 Asia-Komatsu 1",
            "2026-12-01 Europe-Paris 1"));
    wanted.put(
        Questions.VELOCITY, List.of("2026-11-01 20000 100000 0.20", "2026-12-01 2000 150000 0.01"));
    wanted.put(
        Questions.TOP_SENDERS,
        List.of("Asia-Komatsu 3 28000", "Asia-Kanazawa 1 2000", "Europe-Paris 2 1500"));
    wanted.put(Questions.TOP_RECEIVERS, List.of("Asia-Kanazawa 1 20000", "Asia-Komatsu 1 2000"));
    wanted.put(Questions.ENDINGS, List.of("2026-11-01 1 1 0 0 5000", "2026-12-01 1 0 1 1 1500"));
    wanted.put(Questions.SUPPLY, List.of("2026-11-01 100000 100000", "2026-12-01 50000 150000"));
    wanted.put(Questions.HOURS, List.of("9 1 20000", "10 3 10000", "12 2 1500"));
    wanted.put(
        Questions.AMOUNTS,
        List.of("2026-11-01 3 9333.33 5000.00 20000", "2026-12-01 3 1166.67 1000.00 2000"));
    wanted.put(
        Questions.ACCOUNTS,
        List.of(
            "2026-11-01 Asia-Kanazawa 1 1",
            "2026-11-01 Asia-Komatsu 1 1",
            "2026-11-01 Europe-Paris 1 1"));
    wanted.forEach((question, rows) -> assertEquals(rows, ask(question), question.id()));
    assertTrue(ask(Questions.BLOCKS).contains("Asia-Kanazawa 5 2.20 3 868050.00 0.00"));
    assertEquals(List.of("2 25000 20000 0"), ask(Questions.SENT_BETWEEN, between("2026-11-30")));
    Set<Question> asked = new HashSet<>(wanted.keySet());
    asked.addAll(List.of(Questions.BLOCKS, Questions.SENT_BETWEEN));
    assertEquals(new HashSet<>(Questions.all()), asked);
  }

  private static String[] between(String until) {
    return new String[] {
      "origin",
      "Asia-Komatsu",
      "destination",
      "Asia-Kanazawa",
      "since",
      "2026-11-01",
      "until",
      until
    };
  }

  @Test
  void questionsTakeArguments() {
    assertEquals(
        List.of("2026-10-26 Asia-Kanazawa 1", "2026-10-26 Asia-Komatsu 1"),
        ask(Questions.ACTIVE_ACCOUNTS, "period", "week", "until", "2026-11-30"));
    assertEquals(List.of("Asia-Komatsu 3 28000"), ask(Questions.TOP_SENDERS, "top", "1"));
    assertEquals(
        List.of("2026-12-11 Europe-Paris Asia-Komatsu 1 1000"),
        ask(Questions.DAILY_FLOWS, "origin", "Europe-Paris", "destination", "Asia-Komatsu"));
    for (String[] bad :
        List.of(
            new String[] {"since", "yesterday"},
            new String[] {"since", "2026-02-30"},
            new String[] {"nothing", "1"},
            new String[] {"top", "0"},
            new String[] {"top", "1; DROP TABLE transfers"})) {
      SinkException refused =
          assertThrows(SinkException.class, () -> ask(Questions.TOP_SENDERS, bad));
      assertEquals(SinkException.Kind.REFUSED, refused.kind());
    }
    assertThrows(SinkException.class, () -> ask(Questions.SENT_BETWEEN), "origin is missing");
    assertEquals(List.of(), ask(Questions.DAILY_FLOWS, "origin", "x' OR '1'='1"));
  }

  @Test
  void whatIsNotGivenIsOfTheOfficesDay() {
    // In Tokyo this is the first of December already.
    Clock clock = Clock.fixed(Instant.parse("2026-11-30T20:00:00Z"), TOKYO);
    Question.Bound bound =
        Questions.SENT_BETWEEN.bind(
            Map.of("origin", "Asia-Komatsu", "destination", "Asia-Kanazawa"), clock);
    assertEquals(
        List.of("Asia-Komatsu", "Asia-Kanazawa", "2026-11-01", "2026-11-30"), bound.values());
    assertEquals(List.of("2026-11-30T20:00"), Questions.PENDING_AGE.bind(Map.of(), clock).values());
  }

  @Test
  void chartsHaveTheirSeries() {
    AnalyticsCharts charts = new AnalyticsCharts(reader);
    LocalDate since = LocalDate.parse("2026-11-01");
    LocalDate until = LocalDate.parse("2026-11-30");
    assertEquals(
        List.of(
            new AnalyticsCharts.Flow("Asia-Komatsu", "Asia-Kanazawa", 25_000, 2),
            new AnalyticsCharts.Flow("Asia-Komatsu", "Europe-Paris", 3_000, 1)),
        charts.flows(since, until));
    assertEquals(
        List.of(
            new AnalyticsCharts.StateCount(since, "complete", 1),
            new AnalyticsCharts.StateCount(since, "rejected", 1),
            new AnalyticsCharts.StateCount(since, "send_pending", 3)),
        charts.states(since, until));
    assertEquals(
        List.of(new AnalyticsCharts.AgeBucket(1, 1, 3_000)),
        charts.pendingAge(LocalDateTime.parse("2026-11-01T04:00:00")));
  }

  @Test
  void whatWritesIsRefused() {
    List<String> before = Content.of(reader);
    for (String sql :
        List.of(
            "DROP TABLE transfers",
            "DELETE FROM transfers",
            "INSERT INTO about VALUES ('a', 'b')",
            "UPDATE transfers SET amount_minor = 0 RETURNING id",
            "WITH gone AS (DELETE FROM transfers RETURNING id) SELECT * FROM gone",
            "CREATE TABLE mine (id BIGINT)",
            "CREATE TEMP TABLE mine AS SELECT 1",
            "TRUNCATE transfers",
            "SELECT 1; DROP TABLE transfers",
            "ROLLBACK; DELETE FROM transfers",
            "SELECT 1; SELECT 2",
            "COMMIT",
            "BEGIN",
            "SET search_path = 'main'",
            "VACUUM",
            "COPY transfers TO '/tmp/aika-must-not-be-there'",
            "EXPLAIN ANALYZE DELETE FROM transfers",
            "SELECT 1) AS a; DELETE FROM transfers; SELECT * FROM (SELECT 1")) {
      SinkException refused =
          assertThrows(SinkException.class, () -> reader.query(sql, 10, LONG), sql);
      assertTrue(refused.kind() != SinkException.Kind.TAMPERED, sql);
    }
    assertEquals(before, Content.of(reader));
    assertEquals(SinkException.Kind.FAILED, kindOf("SELECT * FROM nothing"));
    assertEquals(SinkException.Kind.FAILED, kindOf("SELEC 1"));
    assertEquals(SinkException.Kind.REFUSED, kindOf("DELETE FROM transfers"));
    assertEquals(List.of("1"), lines(reader, "SELECT 1 -- ; a comment\n;"));
    assertEquals(List.of("a;b"), lines(reader, "SELECT 'a;b'"));
  }

  private SinkException.Kind kindOf(String sql) {
    return assertThrows(SinkException.class, () -> reader.query(sql, 10, LONG), sql).kind();
  }

  @Test
  void answersHaveTypesAndABound() {
    Answer answer =
        reader.query(
            "SELECT id, amount_minor, amount_minor / 2.5 AS part, sent_day, sent_at, listed_at,"
                + " amount_minor > 2500 AS much, client_id FROM transfers ORDER BY sent_at, leaf",
            2,
            LONG);
    assertEquals(2, answer.rows().size());
    assertTrue(answer.more());
    assertEquals(
        List.of(
            Answer.Kind.TEXT,
            Answer.Kind.INTEGER,
            Answer.Kind.NUMBER,
            Answer.Kind.DAY,
            Answer.Kind.TIME,
            Answer.Kind.TIME,
            Answer.Kind.TRUTH,
            Answer.Kind.TEXT),
        answer.columns().stream().map(Answer.Column::kind).toList());
    List<Object> row = new ArrayList<>(answer.rows().getFirst());
    assertEquals(20_000L, row.get(1));
    assertEquals(LocalDate.parse("2026-11-01"), row.get(3));
    assertEquals(LocalDateTime.parse("2026-11-01T00:00:00"), row.get(4));
    assertEquals(true, row.get(6));
    assertFalse(reader.query("SELECT 1", 1, LONG).more());
    List<Object> none = new ArrayList<>();
    none.add(null);
    assertEquals(List.of(none), reader.query("SELECT NULL", 1, LONG).rows());
  }

  /** [ANA-12] At the limit and one past it. */
  @Test
  void aStatementHas20000Characters() {
    String longest = "SELECT 1" + " ".repeat(19_992);
    assertEquals(20_000, longest.length());
    assertEquals(List.of("1"), lines(reader, longest));
    assertEquals(SinkException.Kind.REFUSED, kindOf(longest + ' '));
  }

  /** [ANA-11] At the limit and one past it, whoever asks for more. */
  @Test
  void anAnswerHas100000Rows() {
    Answer all = reader.query(rows(100_000), 200_000, LONG);
    assertEquals(100_000, all.rows().size());
    assertFalse(all.more());
    Answer some = reader.query(rows(100_001), 200_000, LONG);
    assertEquals(100_000, some.rows().size());
    assertTrue(some.more());
  }

  private static String rows(int count) {
    return "SELECT n.i FROM generate_series(1, %d) AS n(i)".formatted(count);
  }

  /** [ANA-11] 32 Mi, of one value and of two. */
  @Test
  void anAnswerHas32MiCharacters() {
    String one = "SELECT repeat('x', %d)";
    Answer most = reader.query(one.formatted(33_554_432), 10, LONG);
    assertEquals(33_554_432, String.valueOf(most.rows().getFirst().getFirst()).length());
    assertEquals(SinkException.Kind.REFUSED, kindOf(one.formatted(33_554_433)));
    String two = "SELECT repeat('x', 33554431), repeat('x', %d)";
    assertEquals(2, reader.query(two.formatted(1), 10, LONG).columns().size());
    assertEquals(SinkException.Kind.REFUSED, kindOf(two.formatted(2)));
  }

  /** [ANA-11] Ten minutes, whoever asks for more. */
  @Test
  void aQuestionTakesTenMinutes() {
    Duration most = Duration.ofMinutes(10);
    assertEquals(most, AnalyticsReader.limited(most));
    assertEquals(most, AnalyticsReader.limited(most.plusNanos(1)));
    assertEquals(most.minusNanos(1), AnalyticsReader.limited(most.minusNanos(1)));
  }

  /** [ANA-11] Four at a time; a fifth is refused, and asked again later. */
  @Test
  void fourQuestionsAreAnsweredAtATime() {
    assertEquals(List.of("1"), whileSoManyAreAsked(3, () -> lines(reader, "SELECT 1")));
    assertEquals(SinkException.Kind.UNREACHABLE, whileSoManyAreAsked(4, () -> kindOf("SELECT 1")));
    assertEquals(List.of("1"), lines(reader, "SELECT 1"));
  }

  private <T> T whileSoManyAreAsked(int others, Supplier<T> asked) {
    return others == 0
        ? asked.get()
        : reader.use(LONG, connection -> whileSoManyAreAsked(others - 1, asked));
  }

  @Test
  void whatIsTooMuchForTheMemoryIsRefused() {
    assertEquals(SinkException.Kind.REFUSED, kindOf("SELECT repeat('x', 50000000)"));
    String rows =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)"
            + " SELECT repeat('x', 100000) AS much FROM n";
    SinkException sum = assertThrows(SinkException.class, () -> reader.query(rows, 1_000, LONG));
    assertEquals(SinkException.Kind.REFUSED, sum.kind());
    assertEquals(10, reader.query(rows, 10, LONG).rows().size());
  }

  @Test
  void whatTakesTooLongIsCutShort() {
    String endless =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000)"
            + " SELECT count(*) FROM n";
    long begin = System.nanoTime();
    SinkException late =
        assertThrows(SinkException.class, () -> reader.query(endless, 10, Duration.ofSeconds(1)));
    assertEquals(SinkException.Kind.UNREACHABLE, late.kind());
    assertTrue(Duration.ofNanos(System.nanoTime() - begin).toSeconds() < 20);
    assertEquals(List.of("1"), lines(reader, "SELECT 1"));
  }

  /** A statement that soon has thousands of rows, one of them at a time, and goes on for long. */
  abstract String slowAfterTheFirstRows();

  @Test
  void whatTakesTooLongWhileItsRowsAreFetchedIsCutShortToo() {
    String sql = slowAfterTheFirstRows();
    assertEquals(3_000, reader.query(sql, 3_000, LONG).rows().size());
    long begin = System.nanoTime();
    SinkException late =
        assertThrows(
            SinkException.class,
            () -> reader.query(sql, AnalyticsReader.ROWS_MAX, Duration.ofSeconds(2)));
    assertEquals(SinkException.Kind.UNREACHABLE, late.kind());
    assertTrue(Duration.ofNanos(System.nanoTime() - begin).toSeconds() < 10);
    Question question = new Question("slow", "", "", List.of(), List.of(), sql);
    SinkException asked =
        assertThrows(
            SinkException.class,
            () -> reader.ask(question, Map.of(), AnalyticsReader.ROWS_MAX, Duration.ofSeconds(2)));
    assertEquals(SinkException.Kind.UNREACHABLE, asked.kind());
    assertEquals(List.of("1"), lines(reader, "SELECT 1"));
  }

  @Test
  void exportsCanBeReadBack() throws IOException, SQLException {
    Map<String, Long> watched = new HashMap<>();
    AnalyticsExport export = new AnalyticsExport(reader);
    List<Path> files =
        export.parquet(exports.resolve("new"), (table, done, total) -> watched.put(table, done));
    assertEquals(AnalyticsExport.TABLES.size(), files.size());
    assertEquals(new HashSet<>(AnalyticsExport.TABLES), watched.keySet());
    export.parquet(exports.resolve("new"), (table, done, total) -> {});
    String compared = "SELECT id, state, amount_minor, sent_at, sent_day FROM transfers";
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement()) {
      String from = " FROM '" + files.getFirst() + "' ORDER BY id";
      try (ResultSet rows = statement.executeQuery(compared.replace(" FROM transfers", from))) {
        assertEquals(
            reader.query(compared + " ORDER BY id", 100, LONG).rows(),
            Values.answer(rows, 100).rows());
      }
    }
    List<Path> texts = export.ndjson(exports, (table, done, total) -> {});
    List<String> lines = Files.readAllLines(texts.getFirst());
    assertEquals(6, lines.size());
    JsonNode first = new ObjectMapper().readTree(lines.getFirst());
    assertTrue(first.path("amount_minor").isIntegralNumber());
    assertTrue(first.path("sent_at").asText().endsWith("Z"));
    assertTrue(first.has("ended_at"));
    try (var left = Files.list(exports)) {
      assertTrue(left.noneMatch(one -> one.toString().contains(".part")));
    }
  }

  @Test
  void anExportThatNobodyWaitsForLeavesNothingBegun() throws IOException, SQLException {
    AnalyticsExport export = new AnalyticsExport(reader);
    AnalyticsExport.Watcher gone =
        (table, done, total) -> {
          throw new UncheckedIOException(new IOException("gone"));
        };
    assertThrows(UncheckedIOException.class, () -> export.parquet(exports, gone));
    assertThrows(UncheckedIOException.class, () -> export.ndjson(exports, gone));
    try (var left = Files.list(exports)) {
      assertEquals(List.of(), left.toList());
    }
    try (Connection scratch = AnalyticsExport.scratch(exports.resolve("scratch.duckdb"));
        Statement statement = scratch.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT current_setting('threads'), current_setting('memory_limit')")) {
      assertTrue(rows.next());
      assertEquals("2 512.0 MiB", rows.getString(1) + " " + rows.getString(2));
    }
  }
}
