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

/** The bench itself works: money stays, numbers are numbers. Nothing here depends on speed. */
class EngineBenchTest {
  @TempDir Path temporary;

  private EngineSettings small(boolean separateCosigners, int halfLoadSeconds) {
    Path data = temporary.resolve("data");
    return new EngineSettings(3, 30, 1_000, 0, 1, halfLoadSeconds, 256, 2, separateCosigners, data);
  }

  @Test
  void measuresASmallLoad() throws Exception {
    BenchResult result = EngineBench.run(small(false, 1), new Progress.Plain(System.out));
    assertTrue(result.transfers() >= 1_000);
    assertTrue(result.ratio() > 0);
    assertTrue(result.cpuMicros() > 0);
    assertTrue(result.sendLatency().p50() > 0);
    assertTrue(Files.notExists(temporary.resolve("data")));
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
  void refusesADirectoryThatExists() throws Exception {
    Files.createDirectory(temporary.resolve("data"));
    EngineSettings settings = small(false, 0);
    assertThrows(
        BenchException.class, () -> EngineBench.run(settings, new Progress.Plain(System.out)));
  }

  @Test
  void refusesSettingsThatMeanNothing() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new EngineSettings(0, 10, 1_000, 0, 1, 0, 10, 1, false, null));
    assertThrows(
        IllegalArgumentException.class,
        () -> new EngineSettings(4, 3, 1_000, 0, 1, 0, 10, 1, false, null));
  }
}
