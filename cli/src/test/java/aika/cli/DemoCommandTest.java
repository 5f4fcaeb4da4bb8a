package aika.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.node.config.FederationFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DemoCommandTest {
  @TempDir Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int demo(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    List<String> all = new ArrayList<>(List.of("demo"));
    all.addAll(Arrays.asList(arguments));
    return Main.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(all.toArray(String[]::new));
  }

  @Test
  void refusesAnUnknownOptionWithoutPrintingAllTheHelp() {
    assertEquals(2, demo("--dta", "x"));
    assertTrue(err.toString().contains("--dta"), err.toString());
    assertTrue(err.toString().contains("aika demo --help"), err.toString());
    assertTrue(err.toString().lines().count() < 5, err.toString());
    assertEquals("", out.toString());
  }

  @Test
  void saysWhichPortIsTakenAndWritesNothing() throws IOException {
    int offset = FreeOffset.find();
    Path data = directory.resolve("data");
    try (ServerSocket other =
        new ServerSocket(2001 + offset, 1, InetAddress.getLoopbackAddress())) {
      assertTrue(other.isBound());
      assertEquals(1, demo("--once", "--data", data.toString(), "--port-offset", "" + offset));
    }
    List<String> said = err.toString().lines().toList();
    assertEquals(2, said.size(), err.toString());
    for (String line : said) {
      assertTrue(line.startsWith("aika: PORT_TAKEN: "), line);
      assertTrue(line.contains(String.valueOf(2001 + offset)), line);
      assertTrue(line.contains("--port-offset"), line);
    }
    assertFalse(Files.exists(data));
  }

  @Test
  void refusesAnOffsetThatLeavesNoPort() {
    assertEquals(1, demo("--once", "--port-offset", "65000"));
    assertTrue(err.toString().contains("PORT_OFFSET"), err.toString());
  }

  @Test
  void refusesADirectoryThatIsNone() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    int offset = FreeOffset.find();
    assertEquals(1, demo("--once", "--data", file.toString(), "--port-offset", "" + offset));
    assertTrue(err.toString().contains(file.toString()), err.toString());
  }

  @Test
  void refusesAFederationFileWithAFaultAndNamesItsLine() throws IOException {
    Files.writeString(directory.resolve(FederationFile.NAME), "federation: NO\n");
    int offset = FreeOffset.find();
    assertEquals(1, demo("--once", "--data", directory.toString(), "--port-offset", "" + offset));
    assertTrue(err.toString().contains("FEDERATION_FILE"), err.toString());
    assertTrue(err.toString().contains("federation.yaml:1"), err.toString());
  }

  @Test
  void refusesADirectoryThatIsInUse() throws IOException {
    String offset = String.valueOf(FreeOffset.find());
    try (DataDirectory other = DataDirectory.open(directory)) {
      assertEquals(1, demo("--once", "--data", other.path().toString(), "--port-offset", offset));
    }
    assertTrue(err.toString().contains("in use"), err.toString());
    try (Stream<Path> files = Files.list(directory)) {
      assertEquals(List.of("lock"), files.map(file -> file.getFileName().toString()).toList());
    }
  }

  @Test
  void sendsOnceInTheLifeOfADataDirectory() {
    String offset = String.valueOf(FreeOffset.find());
    assertEquals(0, demo("--once", "--data", directory.toString(), "--port-offset", offset), err());
    List<String> states =
        List.of("send", "send_pending", "listed", "receive", "receive_pending", "complete");
    List<String> lines = out.toString().lines().toList();
    for (String state : states) {
      assertEquals(
          1, lines.stream().filter(line -> line.matches(state + " +A.*")).count(), out.toString());
    }
    assertTrue(lines.stream().anyMatch(line -> line.startsWith("complete after ")), out.toString());
    assertTrue(out.toString().contains("A has 800.00"), out.toString());
    assertTrue(out.toString().contains("stopped"), out.toString());
    assertEquals("", err.toString());

    assertEquals(0, demo("--once", "--data", directory.toString(), "--port-offset", offset), err());
    assertTrue(out.toString().contains("nothing is sent"), out.toString());
    assertTrue(out.toString().contains("A has 800.00"), out.toString());
    assertFalse(out.toString().contains("send_pending"), out.toString());
    assertTrue(Files.exists(directory.resolve("logs/aika.log")));
  }

  @Test
  void theLogNamesTransfersAndNothingSecret() throws IOException {
    String offset = String.valueOf(FreeOffset.find());
    assertEquals(0, demo("--once", "--data", directory.toString(), "--port-offset", offset), err());
    String log = Files.readString(directory.resolve("logs/aika.log"));
    assertTrue(log.contains("\"transfer\":\"Asia-Komatsu:"), log);
    assertFalse(log.contains("Claire"), "a person's name is in the log");
    try (Stream<Path> files = Files.walk(directory.resolve("keys"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String key = Files.readString(file).strip();
        String secret = key.substring(key.length() - 40); // each ends with its seed in base64
        assertFalse(log.contains(secret), "the log has " + file);
      }
    }
  }

  @Test
  void removesATemporaryDirectory() {
    assertEquals(0, demo("--once", "--port-offset", "" + FreeOffset.find()), err());
    String line =
        out.toString().lines().filter(each -> each.startsWith("data ")).findFirst().orElseThrow();
    Path data = Path.of(line.substring("data  ".length(), line.indexOf("  (")));
    assertTrue(data.isAbsolute(), line);
    assertFalse(Files.exists(data), line);
  }

  private String err() {
    return err.toString();
  }
}
