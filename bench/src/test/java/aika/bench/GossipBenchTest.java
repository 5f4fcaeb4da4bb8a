package aika.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The bench itself works: all members hear everything. Nothing here depends on speed. */
class GossipBenchTest {
  @Test
  @Timeout(120)
  void membersHearRumours() throws Exception {
    GossipSettings settings = new GossipSettings(8, 1, 270, 3, 1);
    GossipResult result = GossipBench.run(settings, new Progress.Plain(System.out));
    assertEquals(3 * 7, result.each().count() + result.missed());
    assertTrue(result.all().count() > 0, result.text());
    assertTrue(result.each().p50() > 1, "the delay of a message, " + result.text());
    assertTrue(result.bytesPerRumour() > 270, result.text());
    try (JsonParser json = new JsonFactory().createParser(result.json())) {
      int objects = 0;
      while (json.nextToken() != null) {
        objects += json.currentToken().isStructStart() ? 1 : 0;
      }
      assertEquals(5, objects);
    }
  }

  @Test
  void refusesWhatCannotBeMeasured() {
    for (int[] bad :
        new int[][] {
          {1, 0, 1, 1, 1},
          {1_001, 0, 1, 1, 1},
          {2, -1, 1, 1, 1},
          {2, 0, 0, 1, 1},
          {2, 0, 1, 0, 1},
          {2, 0, 1, 1, 0}
        }) {
      assertThrows(
          IllegalArgumentException.class,
          () -> new GossipSettings(bad[0], bad[1], bad[2], bad[3], bad[4]));
    }
  }
}
