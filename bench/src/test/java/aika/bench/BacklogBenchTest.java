package aika.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bench itself works: everything is settled, money stays. Nothing here depends on speed. */
class BacklogBenchTest {
  @TempDir Path temporary;

  @Test
  void measuresASmallBacklog() throws Exception {
    Path data = temporary.resolve("data");
    BacklogSettings settings = new BacklogSettings(3, 30, 2_000, 0, 50, 1, 2, data);
    BacklogResult result = BacklogBench.run(settings, new Progress.Plain(System.out));
    assertEquals(2, result.rounds().size());
    assertEquals(100, result.settledWithout().count());
    assertEquals(100, result.completeWithout().count());
    assertTrue(result.settledWith().count() > 0);
    assertEquals(result.settledWith().count(), result.completeWith().count());
    assertTrue(result.settledWithout().p50() >= result.completeWithout().p50());
    assertTrue(result.p99Ratio() > 0);
    assertTrue(Files.notExists(data));
    assertTrue(result.text().contains("beside 2,000 old outcomes"), result.text());
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
  void refusesWhatCannotBeMeasured() {
    for (int[] bad : new int[][] {{0, 1, 1, 1}, {1, 0, 1, 1}, {1, 1, 0, 1}, {1, 1, 1, 0}}) {
      assertThrows(
          IllegalArgumentException.class,
          () -> new BacklogSettings(3, 30, bad[0], 0, bad[1], bad[2], bad[3], null));
    }
  }
}
