package aika.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import aika.core.money.ChainId;
import aika.node.config.Federation;
import aika.node.config.FederationTemplate;
import aika.node.config.NeighboursFile;
import com.sun.net.httpserver.HttpServer;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
import picocli.CommandLine;

/**
 * What stands in {@code packaging} and the runbook fits the program, as far as that can be seen
 * here.
 */
@Timeout(60)
final class PackagingTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path PACKAGING = ROOT.resolve("packaging");

  /** What is given to aika; in a container it is all of the command. */
  private static final Pattern TYPED =
      Pattern.compile(
          "(?:(?:(?:sudo (?:-u aika |systemd-run (?:--[^ ]+ |-p [^ ]+ )+)?)?(?:\\./|/opt/aika/)?"
              + "|docker compose exec [a-z]+ )aika"
              + "|docker compose run --rm (?:--service-ports --use-aliases )?[a-z]+)"
              + " ([^#]*?)(?: +#.*)?");

  private static final Pattern NAMED = Pattern.compile("`(?:\\./)?aika ([a-z][^`\\n]*)`");

  /** Made once: it takes longer than what it parses here. */
  private static final CommandLine AIKA = Main.commandLine();

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
        () -> AIKA.parseArgs(arguments.toArray(String[]::new)),
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

    Map<String, String> limits = Objects.requireNonNull(sections.get("[Unit]"));
    assertEquals("0", limits.get("StartLimitIntervalSec"), "it would be given up for good");

    String start =
        Objects.requireNonNull(service.get("ExecStart"))
            .replace("%i", "Asia-Komatsu")
            .replace("${AIKA_HOST}", "0.0.0.0")
            .replace("${AIKA_GATEWAY}", "http://localhost:2001");
    for (String more : List.of("", "Asia-Kanazawa --mirror needed --port-offset 10")) {
      List<String> words = words(start.replace("$AIKA_NODE_OPTIONS", more));
      assertEquals("/opt/aika/aika", words.removeFirst());
      parses(words);
    }
  }

  private static List<String> words(String command) {
    return new ArrayList<>(Arrays.asList(command.strip().split(" +", -1)));
  }

  /** Where the runbook has the running node write is where its unit lets it. */
  @Test
  void theNodeMayWriteItsBackups() throws IOException {
    String backups = "/var/backups/aika/";
    Map<String, String> service = Objects.requireNonNull(unit("aika@.service").get("[Service]"));
    assertEquals("-" + backups + "%i", service.get("ReadWritePaths"));
    String runbook = Files.readString(ROOT.resolve("docs/operations.md"));
    assertTrue(runbook.contains("--to " + backups + "Asia-Komatsu\n"), "no backup goes there");
    assertTrue(
        runbook.contains(
            "install -d -o aika -g aika -m 0700 /var/lib/aika/Asia-Komatsu "
                + backups
                + "Asia-Komatsu\n"));
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

  /** What is given to aika in the lines of a file that somebody may copy. */
  private static List<List<String>> typed(String file) throws IOException {
    List<List<String>> found = new ArrayList<>();
    for (String line : Files.readAllLines(ROOT.resolve(file))) {
      if (line.startsWith("    ") || line.startsWith("#   ")) {
        for (String command : line.substring(1).strip().split(" && ", -1)) {
          Matcher matcher = TYPED.matcher(command);
          if (matcher.matches()) {
            found.add(words(matcher.group(1)));
          }
        }
      }
    }
    return found;
  }

  @TestFactory
  Stream<DynamicTest> everyCommandThatIsShownExists() throws IOException {
    List<List<String>> all = typed("docs/operations.md");
    assertTrue(all.size() > 70, all.size() + " commands were found");
    List<List<String>> compose = typed("packaging/compose.yaml");
    assertEquals(6, compose.size());
    all.addAll(compose);
    return all.stream()
        .map(arguments ->
            DynamicTest.dynamicTest(String.join(" ", arguments), () -> parses(arguments)));
  }

  private static Stream<Path> documents() throws IOException {
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      return Stream.concat(Stream.of(ROOT.resolve("README.md")), docs.toList().stream())
          .filter(file -> file.toString().endsWith(".md"));
    }
  }

  /** Of a command in running text, which may leave out what does not matter there. */
  @TestFactory
  Stream<DynamicTest> everyCommandThatIsNamedExists() throws IOException {
    TreeSet<String> named = new TreeSet<>();
    for (Path file : documents().toList()) {
      NAMED.matcher(Files.readString(file)).results().map(one -> one.group(1)).forEach(named::add);
    }
    assertTrue(named.size() > 80, named.size() + " commands were found");
    return named.stream().map(one -> DynamicTest.dynamicTest(one, () -> exists(words(one))));
  }

  private static void exists(List<String> named) {
    if (named.getFirst().equals("test")) {
      return; // the launcher's, which hands the rest to Maven
    }
    CommandLine command = AIKA;
    for (String word : named) {
      Map<String, CommandLine> further = command.getSubcommands();
      if (further.containsKey(word)) {
        command = Objects.requireNonNull(further.get(word));
      } else if (word.startsWith("-")) {
        String option = word.replaceFirst("=.*", "");
        assertNotNull(command.getCommandSpec().findOption(option), option);
      } else if (!further.isEmpty() && !word.equals("…")) {
        for (String one : word.split("\\\\\\|", -1)) { // several, in a cell of a table
          assertTrue(further.containsKey(one), one);
        }
        return;
      }
    }
    if (named.stream().noneMatch(word -> word.contains("…") || word.contains("|"))) {
      assertTrue(isBegun(named), () -> "aika " + String.join(" ", named));
    }
  }

  /** Whether it makes sense, but for what is not said. */
  private static boolean isBegun(List<String> named) {
    try {
      var _ = AIKA.parseArgs(named.toArray(String[]::new));
      return true;
    } catch (CommandLine.MissingParameterException unsaid) {
      return true;
    } catch (CommandLine.ParameterException wrong) {
      return false;
    }
  }

  /** What a container says of its gateway. */
  @Test
  void aContainerIsWellWhenItsGatewayAnswers() throws IOException, InterruptedException {
    Federation federation = FederationTemplate.demo().federation(new PlannedKeys());
    Map<?, ?> services = (Map<?, ?>) Objects.requireNonNull(yaml("compose.yaml").get("services"));
    commands()
        .forEach((name, command) -> {
          if (command.getFirst().equals("node")) {
            Map<?, ?> service = (Map<?, ?>) Objects.requireNonNull(services.get(name));
            Map<?, ?> check = (Map<?, ?>) Objects.requireNonNull(service.get("healthcheck"));
            int port = federation.chain(ChainId.of(command.get(1))).orElseThrow().http();
            assertEquals(
                List.of("CMD", "aika-answers", String.valueOf(port)),
                texts(Objects.requireNonNull(check.get("test"))));
          }
        });
    assumeTrue(has("bash"), "there is no bash");
    HttpServer gateway =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    int port = gateway.getAddress().getPort();
    AtomicInteger status = new AtomicInteger(200);
    gateway.createContext(
        "/metrics",
        exchange -> {
          exchange.sendResponseHeaders(status.get(), -1);
          exchange.close();
        });
    gateway.start();
    try {
      assertEquals(0, answers(port));
      status.set(503);
      assertEquals(1, answers(port));
    } finally {
      gateway.stop(0);
    }
    assertEquals(1, answers(port));
  }

  private static int answers(int port) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("bash", PACKAGING.resolve("aika-answers").toString(), "" + port)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertTrue(process.waitFor(30, TimeUnit.SECONDS), "it hangs");
    return process.exitValue();
  }

  private static Set<String> found(Pattern pattern, String text) {
    Set<String> found = new TreeSet<>();
    pattern.matcher(text).results().map(one -> one.group(1)).forEach(found::add);
    return found;
  }

  /** The names by which the program registers its meters, as Prometheus shows them. */
  private static Set<String> metrics() throws IOException {
    Pattern dotted = Pattern.compile("\"(aika(?:\\.[a-z]+)+)\"");
    Pattern shown = Pattern.compile("# TYPE (aika_[a-z_]+) ");
    Pattern counted = Pattern.compile("(?:Counter\\.builder|\\bcount)\\(\\s*\"(aika\\.[a-z.]+)\"");
    Pattern timed = Pattern.compile("Timer\\.builder\\(\\s*\"(aika\\.[a-z.]+)\"");
    Set<String> metrics = new TreeSet<>();
    try (Stream<Path> sources = Files.walk(ROOT.resolve("node/src/main/java"))) {
      for (Path file : sources.filter(one -> one.toString().endsWith(".java")).toList()) {
        String source = Files.readString(file);
        metrics.addAll(found(shown, source));
        if (source.contains("import io.micrometer.")) {
          Set<String> counters = found(counted, source);
          Set<String> timers = found(timed, source);
          for (String name : found(dotted, source)) {
            String unit =
                counters.contains(name) ? "_total" : timers.contains(name) ? "_seconds" : "";
            metrics.add(name.replace('.', '_') + unit);
          }
        }
      }
    }
    return metrics;
  }

  /** What the runbook and the specification say about metrics is what the program has. */
  @Test
  void theRunbookNamesEveryMetric() throws IOException {
    Pattern written = Pattern.compile("`(aika_[a-z_]+)`");
    Set<String> metrics = metrics();
    assertTrue(metrics.size() > 25, () -> "found in the program: " + metrics);
    assertEquals(metrics, found(written, Files.readString(ROOT.resolve("docs/spec/http.md"))));
    assertEquals(metrics, found(written, Files.readString(ROOT.resolve("docs/operations.md"))));
  }
}
