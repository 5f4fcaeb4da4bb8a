package aika.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import aika.core.money.ChainId;
import aika.node.config.Federation;
import aika.node.config.FederationTemplate;
import aika.node.config.NeighboursFile;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * What stands in {@code packaging} and the runbook fits the program, as far as that can be seen
 * here.
 */
@Timeout(60)
final class PackagingTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path PACKAGING = ROOT.resolve("packaging");
  private static final int SERVICE_SECONDS_MIN = 30; // as long as the program itself may take

  /** The options of a unit by their sections; one that stands twice keeps the last. */
  private static Map<String, Map<String, String>> unit(String unit) throws IOException {
    Map<String, Map<String, String>> sections = new LinkedHashMap<>();
    Map<String, String> section = new LinkedHashMap<>();
    for (String line : Files.readAllLines(PACKAGING.resolve(unit))) {
      if (line.startsWith("[")) {
        section = sections.computeIfAbsent(line, name -> new LinkedHashMap<>());
      } else if (!line.isBlank() && !line.startsWith("#")) {
        int at = line.indexOf('=');
        assertTrue(at > 0, line);
        section.put(line.substring(0, at), line.substring(at + 1));
      }
    }
    return sections;
  }

  private static void parses(List<String> arguments) {
    assertDoesNotThrow(
        () -> Main.commandLine().parseArgs(arguments.toArray(String[]::new)),
        () -> "aika " + String.join(" ", arguments));
  }

  @ParameterizedTest
  @CsvSource({"aika@.service, aika/%i", "aika-cosign@.service, aika-cosign/%i"})
  void theUnitIsHardenedAndStartsACommandThatExists(String unit, String state) throws IOException {
    Map<String, Map<String, String>> sections = unit(unit);
    assertEquals(List.of("[Unit]", "[Service]", "[Install]"), List.copyOf(sections.keySet()));
    Map<String, String> service = Objects.requireNonNull(sections.get("[Service]"));
    Map<String, String> wanted =
        Map.of(
            "User", "aika",
            "ProtectSystem", "strict",
            "NoNewPrivileges", "yes",
            "PrivateTmp", "yes",
            "CapabilityBoundingSet", "",
            "MemoryDenyWriteExecute", "no",
            "Restart", "on-failure",
            "StateDirectory", state,
            "StateDirectoryMode", "0700",
            "LimitNOFILE", "65536");
    wanted.forEach((name, value) -> assertEquals(value, service.get(name), name));
    int stop = Integer.parseInt(Objects.requireNonNull(service.get("TimeoutStopSec")));
    assertTrue(stop > SERVICE_SECONDS_MIN, "it would be killed while it stops");

    String start = Objects.requireNonNull(service.get("ExecStart"));
    List<String> words =
        new ArrayList<>(
            Arrays.asList(
                start
                    .replace("%i", "Asia-Komatsu")
                    .replace("${AIKA_HOST}", "0.0.0.0")
                    .replace("${AIKA_GATEWAY}", "http://localhost:2001")
                    .split(" ", -1)));
    assertEquals("/opt/aika/aika", words.removeFirst());
    parses(words);
  }

  private static boolean has(String program) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"aika@", "aika-cosign@"})
  void systemdTakesTheUnit(String template, @TempDir Path directory)
      throws IOException, InterruptedException {
    assumeTrue(has("systemd-analyze"), "there is no systemd-analyze; the unit's keys were checked");
    String unit = template + ".service";
    String text = Files.readString(PACKAGING.resolve(unit));
    assertTrue(text.contains("=/opt/aika/aika "), text);
    // The program need not be installed here.
    Files.writeString(directory.resolve(unit), text.replace("=/opt/aika/aika ", "=/bin/true "));
    Path said = directory.resolve("said");
    Process process =
        new ProcessBuilder(
                "systemd-analyze",
                "verify",
                "--man=no",
                directory.resolve(template + "Asia-Komatsu.service").toString())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    assertTrue(process.waitFor(30, TimeUnit.SECONDS), "systemd-analyze hangs");
    // What it does not know it names and ignores, with the code 0.
    assertEquals("", Files.readString(said));
    assertEquals(0, process.exitValue());
  }

  private static Map<?, ?> yaml(String name) throws IOException {
    Object loaded =
        new Load(LoadSettings.builder().build())
            .loadFromString(Files.readString(PACKAGING.resolve(name)));
    return (Map<?, ?>) Objects.requireNonNull(loaded);
  }

  private static List<String> texts(Object list) {
    return ((List<?>) list).stream().map(String::valueOf).toList();
  }

  /** The arguments after {@code aika} of each service. */
  private static Map<String, List<String>> commands() throws IOException {
    Map<String, List<String>> commands = new LinkedHashMap<>();
    Map<?, ?> services = (Map<?, ?>) Objects.requireNonNull(yaml("compose.yaml").get("services"));
    services.forEach((name, service) ->
        commands.put(
            String.valueOf(name),
            texts(Objects.requireNonNull(((Map<?, ?>) service).get("command")))));
    return commands;
  }

  @Test
  void everyServiceOfTheComposeFileStartsACommandThatExists() throws IOException {
    Map<String, List<String>> commands = commands();
    commands.values().forEach(PackagingTest::parses);
    List<String> nodes =
        commands.values().stream()
            .filter(command -> command.getFirst().equals("node"))
            .map(command -> command.get(1))
            .toList();
    assertEquals(List.of("Asia", "Asia-Komatsu", "Asia-Kanazawa", "Europe", "Default"), nodes);
  }

  /** A service's name is its host; the port is the node's, since kits have certificates. */
  @Test
  void neighboursAreWhereTheComposeFileHasThem() throws IOException {
    Federation federation = FederationTemplate.demo().federation(new PlannedKeys());
    Map<ChainId, URI> gateways = NeighboursFile.read(PACKAGING, federation);
    Map<String, List<String>> commands = commands();
    assertEquals(6, gateways.size());
    gateways.forEach((chain, gateway) -> {
      assertEquals("https", gateway.getScheme());
      assertEquals(
          federation.chain(chain).orElseThrow().nodePort(), gateway.getPort(), chain.value());
      List<String> command = Objects.requireNonNull(commands.get(gateway.getHost()));
      assertTrue(
          chain.value().equals(command.get(1)) || chain.value().startsWith(command.get(1) + "-"),
          chain + " at " + command);
    });
  }

  @Test
  void theContainerRunsAsNobodySpecialAndWritesOnlyItsData() throws IOException {
    String file = Files.readString(PACKAGING.resolve("Containerfile"));
    assertTrue(file.lines().anyMatch(line -> line.equals("USER 10001:10001")), file);
    assertTrue(file.lines().anyMatch(line -> line.equals("VOLUME /data")), file);
    for (String line : file.lines().filter(each -> each.startsWith("COPY packaging/")).toList()) {
      assertTrue(Files.exists(ROOT.resolve(line.split(" ", -1)[1])), line);
    }
    String compose = Files.readString(PACKAGING.resolve("compose.yaml"));
    for (String part : List.of("read_only: true", "cap_drop: [ ALL ]", "no-new-privileges:true")) {
      assertTrue(compose.contains(part), part);
    }
  }

  /** Lines in files that somebody may copy; {@code docker compose run} hands its rest to aika. */
  private static List<List<String>> lines(String file, String... prefixes) throws IOException {
    List<List<String>> found = new ArrayList<>();
    for (String line : Files.readAllLines(ROOT.resolve(file))) {
      for (String prefix : prefixes) {
        if (line.startsWith(prefix)) {
          String command = line.substring(prefix.length()).replaceFirst(" +#.*", "");
          found.add(Arrays.asList(command.strip().split(" +", -1)));
        }
      }
    }
    return found;
  }

  @TestFactory
  Stream<DynamicTest> everyCommandThatIsShownExists() throws IOException {
    List<List<String>> all = new ArrayList<>();
    all.addAll(
        lines(
            "docs/operations.md",
            "    aika ",
            "    ./aika ",
            "    sudo -u aika /opt/aika/aika ",
            "    docker compose exec komatsu aika ",
            "    docker compose exec kanazawa aika "));
    List<List<String>> compose =
        lines("packaging/compose.yaml", "#   docker compose run --rm setup ");
    assertEquals(6, compose.size());
    all.addAll(compose);
    assertTrue(all.size() > 25, all.size() + " commands were found");
    return all.stream()
        .map(arguments ->
            DynamicTest.dynamicTest(String.join(" ", arguments), () -> parses(arguments)));
  }

  /** What the runbook says about metrics and codes is what the program has. */
  @Test
  void theRunbookNamesEveryMetric() throws IOException {
    String runbook = Files.readString(ROOT.resolve("docs/operations.md"));
    String spec = Files.readString(ROOT.resolve("docs/spec/http.md"));
    TreeSet<String> missing = new TreeSet<>();
    Matcher names = Pattern.compile("`(aika_[a-z_]+)`").matcher(spec);
    while (names.find()) {
      if (!runbook.contains("`" + names.group(1) + "`")) {
        missing.add(names.group(1));
      }
    }
    assertEquals(new TreeSet<>(), missing, "metrics that docs/operations.md does not explain");
  }
}
