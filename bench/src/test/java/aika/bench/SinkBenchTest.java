package aika.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bench itself works: money stays, stores hold the log. Nothing here depends on speed. */
class SinkBenchTest {
  @TempDir Path temporary;

  private SinkSettings small(@Nullable String immudb) {
    Path data = temporary.resolve("data");
    return new SinkSettings(3, 30, 300, 0, 100, 2, 1, 20, 60, null, immudb, System::getenv, data);
  }

  @Test
  void measuresASmallLoad() throws Exception {
    SinkResult result = SinkBench.run(small(null), new Progress.Plain(System.out));
    assertEquals(2, result.rounds().size());
    assertEquals(200, result.without().count());
    assertEquals(200, result.with().count());
    assertTrue(result.p99Ratio() > 0);
    assertTrue(result.medianP99Ratio() > 0);
    assertTrue(result.slowLeaves() > 0);
    assertEquals(1, result.followed().size());
    Followed analytics = result.followed().getFirst();
    assertNull(analytics.failure());
    assertTrue(analytics.whole());
    assertTrue(analytics.compared());
    // What is sent at full load, before the rounds, and in each half of a round.
    assertEquals(300 + 300 + 100 + 4 * 100, analytics.transfers());
    assertTrue(analytics.units() > analytics.transfers());
    assertTrue(Files.notExists(temporary.resolve("data")));
    assertTrue(result.text().contains("give --immudb HOST:PORT"), result.text());
    try (JsonParser json = new JsonFactory().createParser(result.json())) {
      int depth = 0;
      while (json.nextToken() != null) {
        depth += json.currentToken().isStructStart() ? 1 : 0;
        depth -= json.currentToken().isStructEnd() ? 1 : 0;
      }
      assertEquals(0, depth);
    }
  }

  @Test
  void refusesAnAddressThatNamesADatabase() {
    assertEquals(
        "mongodb://u:p@h:1,i:2/db?w=1&authSource=admin",
        MeasuredStore.withDatabase("mongodb://u:p@h:1,i:2/?w=1", "db"));
    assertEquals("mongodb://h/db", MeasuredStore.withDatabase("mongodb://h", "db"));
    assertThrows(
        BenchException.class, () -> MeasuredStore.withDatabase("mongodb://h/theirs", "db"));
  }

  @Test
  void saysWhyAStoreWasNotMeasured() {
    Followed refused = Followed.failed("immudb", "entries", "nobody answers");
    assertFalse(refused.whole());
    assertEquals(0, refused.unitsPerSecond());
    assertNotNull(refused.failure());
  }
}
