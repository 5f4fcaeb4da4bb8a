package aika.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.money.ChainId;
import aika.node.Node;
import aika.node.NodeSettings;
import aika.node.config.FederationFile;
import aika.node.config.FederationTemplate;
import aika.node.config.KeyFiles;
import aika.node.gateway.Json;
import aika.node.store.StoreSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code aika doctor} as somebody types it, beside a real node of a whole federation. */
@Timeout(120)
final class DoctorCommandTest {
  @TempDir static Path data;
  private static int offset;
  private static @Nullable Node node;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void start() throws Exception {
    KeyFiles keys = new KeyFiles(data.resolve(KeyFiles.DIRECTORY), new SecureRandom());
    FederationFile file =
        FederationFile.write(
            data.resolve(FederationFile.NAME), FederationTemplate.demo().federation(keys));
    offset = FreeOffset.find();
    Node started =
        new Node(new NodeSettings(data, "127.0.0.1", offset, StoreSettings.standard()), file, keys);
    node = started;
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (started.shard().chain(ChainId.of("Asia-Komatsu")).approvedSize() == 0) {
      assertTrue(System.nanoTime() < end, "nothing is approved");
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  @AfterAll
  static void stop() {
    if (node != null) {
      node.close();
    }
  }

  private int doctor(Path directory, int portOffset, String... more) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    List<String> all =
        new ArrayList<>(
            List.of("doctor", "--data", directory.toString(), "--port-offset", "" + portOffset));
    all.addAll(Arrays.asList(more));
    return Main.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(all.toArray(String[]::new));
  }

  private void said(String... parts) {
    for (String part : parts) {
      assertTrue(out.toString().contains(part), () -> part + " in: " + out + err);
    }
  }

  private static Map<String, Long> sizes(Path directory) throws IOException {
    Map<String, Long> sizes = new TreeMap<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        sizes.put(directory.relativize(file).toString(), Files.size(file));
      }
    }
    return sizes;
  }

  /** No free space is asked of the machine that runs the tests: that check has its own test. */
  private void nothingWrongBut(String... checks) {
    for (Object each : (Iterable<?>) Objects.requireNonNull(json().get("findings"))) {
      Map<?, ?> finding = (Map<?, ?>) each;
      assertTrue(
          !"WRONG".equals(finding.get("status"))
              || "disk".equals(finding.get("check"))
              || Arrays.asList(checks).contains(finding.get("check")),
          () -> finding + " in: " + out);
    }
  }

  private Map<String, @Nullable Object> json() {
    return Json.object(out.toString().strip().getBytes(UTF_8));
  }

  @Test
  void aRunningNodeIsTold() {
    doctor(data, offset, "Asia-Komatsu");
    int port = 2001 + offset;
    said(
        "Java " + Runtime.version(),
        "Asia-Komatsu (" + port + "): up, ",
        "Its node runs.",
        "The file with which the chains began (15 compared).",
        "Asia-Komatsu: log key, 5 of 5 seats, issuers: 2, registrars: 1.",
        "14/14 answer and are well.",
        "ノードが動いています");
    assertTrue(err.toString().contains("asking 15 gateways"), err.toString());

    doctor(data, offset, "--json");
    nothingWrongBut();
    said("This node serves the whole federation.");
  }

  @Test
  void anotherFederationFileIsWrong(@TempDir Path directory) throws IOException {
    Path file = directory.resolve(FederationFile.NAME);
    Files.copy(data.resolve(FederationFile.NAME), file);
    Files.writeString(file, "# changed\n", StandardOpenOption.APPEND);
    new KeyFiles(data.resolve(KeyFiles.DIRECTORY), new SecureRandom())
        .copy(ChainId.of("Asia-Komatsu"), directory.resolve(KeyFiles.DIRECTORY));
    assertEquals(1, doctor(directory, offset));
    said("WRONG", "Chains began with another file: Asia-Komatsu, Asia,", "byte for byte");
  }

  @Test
  void aNewDirectoryIsReadyAndStaysAsItIs(@TempDir Path parent) throws IOException {
    Path directory = parent.resolve("aika");
    assertEquals(
        0, Main.commandLine().setOut(new PrintWriter(out)).execute("init", "" + directory));
    Map<String, Long> before = sizes(directory);
    int free = FreeOffset.find();
    doctor(directory, free, "Asia", "--json");
    nothingWrongBut();
    said("Asia (" + (1024 + free) + ") is free.");
    assertEquals(before, sizes(directory));

    doctor(directory, free);
    said("Asia (" + (1024 + free) + ") is free.", "Europe (" + (1025 + free) + ") is free.");
    Files.createDirectories(directory.resolve("nodes/Europe")); // as its node does at its start
    doctor(directory, free);
    said(
        "Europe (" + (1025 + free) + "): no node runs here.",
        "logs/aika.log",
        "No answer from Asia localhost:");
    assertFalse(out.toString().contains("Asia (" + (1024 + free) + ") is free."), out.toString());
  }

  @Test
  void aDirectoryWithoutAFederationIsWrongAndSaysWhatToDo(@TempDir Path directory)
      throws IOException {
    assertEquals(1, doctor(directory, 0));
    said("federation.yaml is missing", "aika init", "連合を作れます");
    Files.writeString(directory.resolve(FederationFile.NAME), "federation: NO\n");
    assertEquals(1, doctor(directory, 0, "--json"));
    said("federation.yaml:1", "\"status\":\"WRONG\"");
    Path none = directory.resolve("none");
    assertEquals(1, doctor(none, 0));
    assertFalse(Files.exists(none));
  }

  @Test
  void aNameThatIsNoneIsWrong() {
    assertEquals(1, doctor(data, offset, "Asia-Atlantis"));
    said("Asia-Atlantis");
  }
}
