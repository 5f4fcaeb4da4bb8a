package aika.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code aika audit} leaves behind, whatever happens meanwhile. */
final class AuditCommandTest {
  private static final Path VECTORS = Path.of("..", "docs", "spec", "vectors");

  @TempDir Path directory;

  private String said = "";

  private int audit(Path json, Path... sources) {
    StringWriter out = new StringWriter();
    String[] arguments = new String[5 + sources.length];
    arguments[0] = "audit";
    arguments[1] = "--federation";
    arguments[2] = VECTORS.resolve("federation.yaml").toString();
    arguments[3] = "--json";
    arguments[4] = json.toString();
    for (int i = 0; i < sources.length; i++) {
      arguments[5 + i] = sources[i].toString();
    }
    int code =
        Main.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(out))
            .execute(arguments);
    said = out.toString();
    return code;
  }

  private static JsonNode read(Path json) throws Exception {
    return new ObjectMapper().readTree(json.toFile());
  }

  @Test
  void aReportSaysWhetherItIsFinished() throws Exception {
    Path json = directory.resolve("report.json");
    assertEquals(0, audit(json, VECTORS.resolve("good")), () -> said);
    JsonNode report = read(json);
    assertTrue(report.path("finished").asBoolean() && report.path("clean").asBoolean());
    assertEquals("0.00", report.path("sums").path("exposed").asText());
    assertTrue(report.path("notes").isArray());
  }

  @Test
  void anEarlierReportIsNotSaidOfALogThatCannotBeRead() throws Exception {
    Path json = directory.resolve("report.json");
    assertEquals(0, audit(json, VECTORS.resolve("good")), () -> said);
    Files.createDirectories(directory.resolve("Asia").resolve("checkpoint")); // no file
    assertEquals(3, audit(json, directory, VECTORS.resolve("good")), () -> said);
    assertTrue(said.contains("A log cannot be read"), said);
    JsonNode report = read(json);
    assertFalse(report.path("finished").asBoolean() || report.path("clean").asBoolean());
  }

  /** [AUD-18] It is said, and it is not said that nobody can prove it. */
  @Test
  void aFederationOfWhichSomeHaveNotBegunIsClean() throws Exception {
    Path json = directory.resolve("report.json");
    assertEquals(0, audit(json, VECTORS.resolve("not-begun")), () -> said);
    assertTrue(said.contains("まだ始まっていません") && said.contains("has not begun"), said);
    assertTrue(said.contains("Everything holds") && !said.contains("Nobody can prove"), said);
    JsonNode report = read(json);
    assertEquals("NOT_BEGUN", report.path("notes").path(1).path("code").asText());
    assertEquals("Europe-Paris", report.path("notes").path(1).path("chain").asText());
    assertEquals("10.00", report.path("sums").path("issued").asText());
  }

  @Test
  void aSourceThatHasNothingIsNotClean() {
    assertEquals(1, audit(directory.resolve("report.json"), directory), () -> said);
    assertTrue(said.contains("CHECKPOINT_MISSING"), said);
  }

  /** Before the audit, which may take hours. */
  @Test
  void aReportThatCannotBeWrittenIsSaidFirst() {
    Path nowhere = directory.resolve("no such folder").resolve("report.json");
    assertEquals(1, audit(nowhere, VECTORS.resolve("good")), () -> said);
    assertTrue(said.contains("cannot be written"), said);
    assertFalse(said.contains("Everything holds"), said);
  }

  @Test
  void handOversOfAForkAreFound() throws Exception {
    Path json = directory.resolve("report.json");
    Path forged = VECTORS.resolve("broken").resolve("hand-over-of-another-tree");
    assertEquals(1, audit(json, forged, VECTORS.resolve("good")), () -> said);
    assertEquals("HANDOVER", read(json).path("findings").path(0).path("code").asText());
  }

  @Test
  void whatAnotherSourceShowsIsComparedAndMayBeBehind() throws Exception {
    Path json = directory.resolve("report.json");
    Path good = VECTORS.resolve("good");
    assertEquals(0, audit(json, good, good, directory), () -> said);
    Path other = VECTORS.resolve("broken").resolve("received-on-a-closed-chain");
    assertEquals(1, audit(json, good, other), () -> said);
    JsonNode finding = read(json).path("findings").path(0);
    assertEquals("TWO_HISTORIES", finding.path("code").asText());
    assertTrue(finding.path("what").asText().startsWith(other + ": "), finding::toString);
  }
}
