package aika.cli.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.log.Hash;
import aika.core.money.ChainId;
import aika.core.note.Sha256;
import aika.node.config.Chain;
import aika.node.config.Federation;
import aika.node.config.FederationFile;
import aika.node.config.FederationTemplate;
import aika.node.config.KeyFiles;
import aika.node.config.SinksFile;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What is looked at of a node, with made-up neighbours, ports and firewalls. */
@Timeout(60)
final class NodeChecksTest {
  private static final long NOW = 1_795_000_000_000L;
  private static final ChainId KOMATSU = ChainId.of("Asia-Komatsu");
  private static final Machine LINUX = new Machine(Machine.Kind.LINUX, Set.of());

  @TempDir static Path data;
  private static @Nullable FederationFile made;

  @BeforeAll
  static void federation() {
    KeyFiles keys = new KeyFiles(data.resolve(KeyFiles.DIRECTORY), new SecureRandom());
    made =
        FederationFile.write(
            data.resolve(FederationFile.NAME), FederationTemplate.demo().federation(keys));
  }

  private static FederationFile file() {
    return Objects.requireNonNull(made);
  }

  private static Chain komatsu() {
    return file().federation().chain(KOMATSU).orElseThrow();
  }

  private static Result only(Check check) {
    List<Result> results = check.results();
    assertEquals(1, results.size(), results::toString);
    return results.getFirst();
  }

  private static Voice.Node node(String gateway, String status, OptionalLong ahead) {
    return new Voice.Node(
        URI.create(gateway), true, status, 12, 12, ahead, Optional.of(file().hash()));
  }

  private static Voice away() {
    return new Voice.Away(URI.create("http://localhost:1"), "nobody listens there");
  }

  // The federation file

  @Test
  void theFileIsTheOneThatTheChainsBeganWith() {
    Voice same = node("http://localhost:1024", "up", OptionalLong.empty());
    List<Result> well =
        new FederationCheck(file(), Map.of(ChainId.of("Asia"), same, KOMATSU, away())).results();
    assertTrue(well.stream().allMatch(Result.Ok.class::isInstance), well::toString);

    Hash another = Hash.of(Sha256.of("another".getBytes(UTF_8)));
    Voice other =
        new Voice.Node(
            URI.create("http://x"), true, "up", 1, 1, OptionalLong.empty(), Optional.of(another));
    Result wrong =
        new FederationCheck(file(), Map.of(ChainId.of("Asia"), same, KOMATSU, other))
            .results()
            .getLast();
    assertInstanceOf(Result.Wrong.class, wrong);
    assertTrue(wrong.found().en().contains("Asia-Komatsu"), wrong::toString);

    assertInstanceOf(
        Result.Skipped.class,
        new FederationCheck(file(), Map.of(KOMATSU, away())).results().getLast());
  }

  // Keys

  private static Path copyOfKomatsu(Path to) {
    new KeyFiles(data.resolve(KeyFiles.DIRECTORY), new SecureRandom()).copy(KOMATSU, to);
    return to.resolve("Asia-Komatsu");
  }

  private static Result keys(Path directory) {
    return only(
        new KeysCheck(new KeyFiles(directory, new SecureRandom()), List.of(komatsu()), List.of()));
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void keysAreThereAndPrivateAndTheFederations(@TempDir Path keys) throws IOException {
    Path own = copyOfKomatsu(keys);
    Result well = keys(keys);
    assertInstanceOf(Result.Ok.class, well);
    assertTrue(well.found().en().contains("5/5 seats"), well::toString);

    Files.delete(own.resolve("seat-1.key"));
    assertInstanceOf(Result.Ok.class, keys(keys), "four of five approve");
    Files.delete(own.resolve("seat-2.key"));
    assertInstanceOf(Result.Attention.class, keys(keys));

    Path log = own.resolve("log.key");
    Files.setPosixFilePermissions(log, PosixFilePermissions.fromString("rw-r--r--"));
    assertTrue(keys(keys).found().en().contains("chmod 600"));
    Files.delete(log);
    assertInstanceOf(Result.Wrong.class, keys(keys));
    Files.copy(data.resolve("keys/Asia/log.key"), log);
    Result another = keys(keys);
    assertInstanceOf(Result.Wrong.class, another);
    assertTrue(another.found().en().contains("federation file says"), another::toString);
  }

  @Test
  void aWalletWithoutItsKeyIsWrong(@TempDir Path home) throws IOException {
    KeyFiles keys = new KeyFiles(data.resolve(KeyFiles.DIRECTORY), new SecureRandom());
    Check check = new KeysCheck(keys, List.of(komatsu()), List.of(home));
    assertEquals(1, check.results().size(), "no wallet, no key");
    Files.createDirectory(home.resolve("wallet"));
    assertInstanceOf(Result.Wrong.class, check.results().getLast());
  }

  @Test
  void noKeysAtAllAreWrong() {
    KeyFiles keys = new KeyFiles(data, new SecureRandom());
    assertInstanceOf(Result.Wrong.class, only(new KeysCheck(keys, List.of(), List.of())));
  }

  // Ports and the address

  private static List<Result> ports(Ports ports, Voice voice) {
    return new PortsCheck(List.of(komatsu()), "127.0.0.1", ports, Map.of(KOMATSU, voice), LINUX)
        .results();
  }

  @Test
  void portsAreFreeOrTakenOrTheNodes() {
    assertInstanceOf(Result.Ok.class, ports((host, port) -> Ports.State.FREE, away()).getFirst());

    List<Result> taken = ports((host, port) -> Ports.State.TAKEN, away());
    assertEquals(2, taken.size(), "HTTP and node port: " + taken);
    for (Result result : taken) {
      assertInstanceOf(Result.Wrong.class, result);
    }
    assertEquals(
        List.of("sudo ss -ltnp 'sport = :20001'"), taken.getLast().next().orElseThrow().commands());

    Voice well = node("http://127.0.0.1:2001", "up", OptionalLong.empty());
    Result running = ports((host, port) -> Ports.State.TAKEN, well).getFirst();
    assertInstanceOf(Result.Ok.class, running);
    assertTrue(running.found().en().contains("12 approved"), running::toString);

    Voice stranger = new Voice.Stranger(URI.create("http://127.0.0.1:2001"));
    assertInstanceOf(
        Result.Wrong.class, ports((host, port) -> Ports.State.TAKEN, stranger).getFirst());
    assertInstanceOf(
        Result.Wrong.class, ports((host, port) -> Ports.State.FORBIDDEN, away()).getFirst());
  }

  @Test
  void aNodeThatIsNotWellIsTold() {
    for (String status : List.of("halted", "busy")) {
      Voice voice = node("http://127.0.0.1:2001", status, OptionalLong.empty());
      Result result = ports((host, port) -> Ports.State.TAKEN, voice).getFirst();
      assertInstanceOf(Result.Wrong.class, result);
      assertTrue(result.found().en().contains(status), result::toString);
    }
    Voice stopped =
        new Voice.Node(
            URI.create("http://x"), false, "up", 1, 1, OptionalLong.empty(), Optional.empty());
    Result result = ports((host, port) -> Ports.State.TAKEN, stopped).getFirst();
    assertInstanceOf(Result.Wrong.class, result);
    assertTrue(result.found().en().contains("ordering down"), result::toString);
  }

  @Test
  void realPortsAreLookedAtWithoutBeingKept() throws IOException {
    int port;
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = other.getLocalPort();
      assertEquals(Ports.State.TAKEN, Ports.real("127.0.0.1", port));
      assertTrue(Reach.real("127.0.0.1", port));
    }
    assertEquals(Ports.State.FREE, Ports.real("127.0.0.1", port));
    assertFalse(Reach.real("127.0.0.1", port));
    assertEquals(Ports.State.NO_ADDRESS, Ports.real("192.0.2.1", 0)); // nobody has this one
    assertEquals(Ports.State.NO_ADDRESS, Ports.real("host.invalid", 0));
  }

  @Test
  void neighboursElsewhereNeedAnAddressThatTheyReach() {
    List<URI> elsewhere = List.of(URI.create("http://kanazawa.example:2000"));
    List<URI> here = List.of(URI.create("http://localhost:2000"));
    Ports free = (host, port) -> Ports.State.FREE;
    assertInstanceOf(Result.Ok.class, only(new HostCheck("127.0.0.1", here, free)));
    assertInstanceOf(Result.Attention.class, only(new HostCheck("127.0.0.1", elsewhere, free)));
    assertInstanceOf(Result.Ok.class, only(new HostCheck("0.0.0.0", elsewhere, free)));
    assertInstanceOf(
        Result.Wrong.class,
        only(new HostCheck("192.0.2.1", here, (host, port) -> Ports.State.NO_ADDRESS)));
  }

  // Firewall

  private static List<String> firewall(Machine.Kind kind, String... programs) {
    Result result =
        only(new FirewallCheck(List.of(komatsu()), new Machine(kind, Set.of(programs))));
    assertInstanceOf(Result.Skipped.class, result);
    return result.next().orElseThrow().commands();
  }

  @Test
  void theFirewallsCommandsAreExact() {
    assertEquals(
        List.of(
            "sudo ufw allow 2001/tcp comment 'Aika Asia-Komatsu'",
            "sudo ufw allow 20001/tcp comment 'Aika Asia-Komatsu node'"),
        firewall(Machine.Kind.LINUX, "ufw", "firewall-cmd"));
    assertEquals(
        List.of(
            "sudo firewall-cmd --permanent --add-port=2001/tcp",
            "sudo firewall-cmd --permanent --add-port=20001/tcp",
            "sudo firewall-cmd --reload"),
        firewall(Machine.Kind.LINUX, "firewall-cmd"));
    assertEquals(
        List.of(
            "New-NetFirewallRule -DisplayName \"Aika Asia-Komatsu 2001\" -Direction Inbound"
                + " -LocalPort 2001 -Protocol TCP -Action Allow",
            "New-NetFirewallRule -DisplayName \"Aika Asia-Komatsu node 20001\" -Direction Inbound"
                + " -LocalPort 20001 -Protocol TCP -Action Allow"),
        firewall(Machine.Kind.WINDOWS));
    assertEquals(List.of(), firewall(Machine.Kind.LINUX));
    assertEquals(List.of(), firewall(Machine.Kind.MAC, "ufw"));
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void programsAreFoundOnTheSearchPath(@TempDir Path bin) throws IOException {
    Path program = Files.createFile(bin.resolve("aika-ufw"));
    Set<String> wanted = Set.of("aika-ufw");
    assertEquals(Set.of(), Machine.of("Linux", bin.toString(), wanted).programs());
    assertTrue(program.toFile().setExecutable(true));
    assertEquals(wanted, Machine.of("Linux", "/none::" + bin, wanted).programs());
    assertEquals(Machine.Kind.WINDOWS, Machine.of("Windows 11", "", wanted).kind());
  }

  // Clock

  private static List<Result> clock(long... aheadSeconds) {
    Map<ChainId, Voice> neighbours = new LinkedHashMap<>();
    for (int i = 0; i < aheadSeconds.length; i++) {
      neighbours.put(
          ChainId.of("Asia-" + (char) ('A' + i)),
          node("http://n" + i + ".example", "up", OptionalLong.of(aheadSeconds[i] * 1_000)));
    }
    return new ClockCheck(neighbours, LINUX).results();
  }

  @Test
  void theClockIsComparedWithTheNeighboursMiddle() {
    assertInstanceOf(Result.Ok.class, clock(0, 1, -5).getFirst());
    Result behind = clock(7).getFirst();
    assertInstanceOf(Result.Attention.class, behind);
    assertTrue(behind.found().en().contains("7 s behind"), behind::toString);
    Result ahead = clock(-3_600, -3_601, 0).getFirst();
    assertInstanceOf(Result.Wrong.class, ahead);
    assertTrue(ahead.found().en().contains("3600 s ahead"), ahead::toString);
    assertInstanceOf(Result.Attention.class, clock(60).getFirst());
    assertInstanceOf(Result.Wrong.class, clock(61).getFirst());

    List<Result> one = clock(0, 0, 4_000);
    assertInstanceOf(Result.Ok.class, one.getFirst());
    assertInstanceOf(Result.Attention.class, one.getLast());
    assertTrue(one.getLast().found().en().contains("Asia-C +4000 s"), one::toString);
  }

  @Test
  void withoutAnotherMachineThereIsNoClockToCompareWith() {
    assertInstanceOf(Result.Skipped.class, clock().getFirst());
    Voice here = node("http://localhost:2000", "up", OptionalLong.of(900_000));
    assertInstanceOf(Result.Skipped.class, only(new ClockCheck(Map.of(KOMATSU, here), LINUX)));
  }

  // Neighbours

  @Test
  void neighboursAreWellOrAwayOrStrangers() {
    Map<ChainId, Voice> all = new LinkedHashMap<>();
    all.put(ChainId.of("Asia"), node("http://a.example", "up", OptionalLong.empty()));
    List<Result> well = new NeighboursCheck(all).results();
    assertInstanceOf(Result.Ok.class, well.getFirst());
    assertEquals(1, well.size());

    all.put(KOMATSU, away());
    all.put(ChainId.of("Europe"), node("http://e.example", "halted", OptionalLong.empty()));
    all.put(ChainId.of("Arctic"), new Voice.Stranger(URI.create("http://x.example:8080")));
    List<Result> mixed = new NeighboursCheck(all).results();
    assertEquals(4, mixed.size(), mixed::toString);
    assertTrue(mixed.get(0).found().en().startsWith("1/4"), mixed::toString);
    assertInstanceOf(Result.Wrong.class, mixed.get(1));
    assertTrue(mixed.get(1).found().en().contains("Arctic x.example:8080"), mixed::toString);
    assertInstanceOf(Result.Attention.class, mixed.get(2));
    assertInstanceOf(Result.Attention.class, mixed.get(3));
    assertInstanceOf(Result.Skipped.class, only(new NeighboursCheck(Map.of())));
  }

  /** Gateways by their address; whoever is not there does not listen. */
  private record Fakes(Map<String, Reply> answers) implements Web {
    @Override
    public Reply get(URI address) throws IOException, InterruptedException {
      if (String.valueOf(address.getHost()).equals("slow.example")) {
        Thread.sleep(60_000); // until it is interrupted
      }
      Reply reply = answers.get(address.toString());
      if (reply == null) {
        throw new ConnectException("refused");
      }
      return reply;
    }
  }

  private static Web.Reply json(int status, String body) {
    return new Web.Reply(
        status, body.getBytes(UTF_8), Optional.of(Instant.ofEpochMilli(NOW + 30_000)));
  }

  @Test
  void gatewaysAreAskedAtOnceAndWithinALimit() throws InterruptedException {
    Map<String, Web.Reply> answers = new HashMap<>();
    answers.put(
        "http://a.example/health",
        json(
            503,
            """
            {"status":"down","ordering":"up",
             "chains":{"Asia":{"status":"busy","leaves":30,"approved":3}}}
            """));
    answers.put("http://a.example/chains/Asia/checkpoint", json(404, "{}"));
    answers.put("http://b.example/health", json(200, "{\"chains\":{\"Africa\":{}}}"));
    answers.put("http://c.example/health", json(200, "<html>"));
    answers.put("http://d.example/health", json(301, ""));
    Map<ChainId, URI> gateways = new LinkedHashMap<>();
    gateways.put(ChainId.of("Asia"), URI.create("http://a.example"));
    for (String name : List.of("b", "c", "d", "away", "slow")) {
      gateways.put(ChainId.of("Asia-" + name), URI.create("http://" + name + ".example"));
    }
    long start = System.nanoTime();
    Map<ChainId, Voice> heard = new Round(new Fakes(answers), () -> NOW).ask(gateways);
    long seconds = (System.nanoTime() - start) / 1_000_000_000;
    assertTrue(seconds <= Round.SECONDS_MAX + 2, seconds + " s");

    Voice.Node asia = assertInstanceOf(Voice.Node.class, heard.get(ChainId.of("Asia")));
    assertEquals("busy", asia.status());
    assertEquals(3, asia.approved());
    assertEquals(30_500, asia.ahead().orElseThrow());
    assertEquals(Optional.empty(), asia.began());
    for (String name : List.of("b", "c", "d")) {
      assertInstanceOf(Voice.Stranger.class, heard.get(ChainId.of("Asia-" + name)), name);
    }
    assertInstanceOf(Voice.Away.class, heard.get(ChainId.of("Asia-away")));
    assertInstanceOf(Voice.Away.class, heard.get(ChainId.of("Asia-slow")));
  }

  // Stores

  private static Check stores(Path home, Reach reach) {
    return new StoresCheck(
        List.of(home),
        file().federation(),
        name -> name.equals("MONGO_PASSWORD") ? "secret@pass/word" : null,
        reach);
  }

  @Test
  void storesAreReachedAtTheirPortsAndNoSecretIsShown(@TempDir Path home) {
    SinksFile.write(
        home,
        """
        mongo:
          default: { uri: "mongodb://aika:${MONGO_PASSWORD}@db1.example,db2.example:27018/x?tls=true" }
          Asia: { uri: "mongodb+srv://aika:${MONGO_PASSWORD}@cluster.example/x" }
        immudb:
          default: { address: "[::1]:3323", user: aika, password: hunter2 }
        analytics:
          postgresql: { url: "jdbc:postgresql://pg.example/aika", user: aika, password: hunter2 }
        """);
    List<Result> all = stores(home, (host, port) -> !host.equals("pg.example")).results();
    List<String> found = all.stream().map(one -> one.found().en()).toList();
    assertEquals(
        List.of(
            "mongo (db1.example:27017) answers.",
            "mongo (db2.example:27018) answers.",
            "mongo Asia: only its own client finds its servers.",
            "immudb ([::1]:3323) answers.",
            "analytics (pg.example:5432) cannot be reached."),
        found);
    assertInstanceOf(Result.Attention.class, all.getLast());
    assertFalse(all.toString().contains("secret@pass"), "a password is shown");
    assertFalse(all.toString().contains("hunter2"), "a password is shown");
  }

  @Test
  void aFaultInTheFileOfStoresIsToldWithItsLine(@TempDir Path home) {
    assertInstanceOf(Result.Skipped.class, only(stores(home, (host, port) -> true)));
    SinksFile.write(home, "mongo:\n  Atlantis: { uri: \"mongodb://localhost\" }\n");
    Result result = only(stores(home, (host, port) -> true));
    assertInstanceOf(Result.Wrong.class, result);
    assertTrue(result.found().en().contains("sinks.yaml:2"), result::toString);
  }

  /** Whatever is asked of a patient, it knows where everything is. */
  @Test
  void aPatientKnowsItsPortsAndItsNeighbours() {
    Federation shifted = file().federation().shifted(100);
    Patient patient =
        new Patient(
            data,
            file(),
            shifted,
            new KeyFiles(data, new SecureRandom()),
            List.of(shifted.chain(KOMATSU).orElseThrow()),
            List.of(),
            Map.of(ChainId.of("Asia"), URI.create("https://asia.example")),
            "0.0.0.0");
    assertEquals(Map.of(KOMATSU, URI.create("http://localhost:2101")), patient.own());
    Map<ChainId, URI> neighbours = patient.neighbours();
    assertEquals(14, neighbours.size());
    assertEquals(URI.create("https://asia.example"), neighbours.get(ChainId.of("Asia")));
    assertEquals(URI.create("http://localhost:2100"), neighbours.get(ChainId.of("Asia-Kanazawa")));
  }
}
