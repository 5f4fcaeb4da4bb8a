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

/** The bench itself works, and an audit that goes on says the same. Nothing depends on speed. */
class AuditBenchTest {
  @TempDir Path temporary;

  @Test
  void measuresASmallLog() throws Exception {
    Path data = temporary.resolve("data");
    AuditSettings settings = new AuditSettings(3, 30, 1_000, 1, 2, 16L << 20, data);
    AuditResult result = AuditBench.run(settings, new Progress.Plain(System.out));
    assertTrue(result.leaves() > 2_000);
    assertTrue(result.ratio() > 0);
    assertTrue(result.cpuRatio() > 0);
    assertTrue(result.text().contains("1,000 complete transfers"), result.text());
    assertTrue(Files.notExists(data));
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
  void refusesSettingsThatMeanNothing() {
    assertThrows(
        IllegalArgumentException.class, () -> new AuditSettings(0, 10, 1_000, 1, 1, 1, null));
    assertThrows(IllegalArgumentException.class, () -> new AuditSettings(1, 10, 10, 1, 1, 1, null));
    assertThrows(
        IllegalArgumentException.class, () -> new AuditSettings(1, 10, 1_000, 1, 0, 1, null));
  }
}
