package aika.bench;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bench itself works: peers are alike, money stays. Nothing here depends on speed. */
class PeersBenchTest {
  @TempDir Path temporary;

  @Test
  void measuresThreePeersThatAreAlike() {
    Path data = temporary.resolve("data");
    PeersSettings settings = new PeersSettings(3, 30, 1_000, 0, 1, data);
    PeersResult result = PeersBench.run(settings, new Progress.Plain(System.out));
    assertTrue(result.ratio() > 0, result.text());
    assertTrue(result.stopped().written() > 0, result.text());
    assertTrue(result.fresh().leaves() > result.stopped().leaves(), result.text());
    assertTrue(result.json().contains("catchUpByWriting"), result.json());
    assertTrue(Files.notExists(data));
  }

  @Test
  void refusesWhatCannotBeMeasured() {
    assertThrows(IllegalArgumentException.class, () -> new PeersSettings(0, 10, 1_000, 0, 1, null));
  }
}
