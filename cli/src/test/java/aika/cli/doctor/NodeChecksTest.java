package aika.cli.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Reason;
import aika.core.log.Hash;
import aika.core.money.ChainId;
import aika.core.note.Sha256;
import aika.node.config.Chain;
import aika.node.config.Federation;
import aika.node.config.FederationFile;
import aika.node.config.FederationTemplate;
import aika.node.config.KeyFiles;
import aika.node.config.PeersFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
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
        URI.create(gateway),
        true,
        Optional.empty(),
        status,
        12,
        12,
        ahead,
        Optional.of(file().hash()));
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
            URI.create("http://x"),
            true,
            Optional.empty(),
            "up",
            1,
            1,
            OptionalLong.empty(),
            Optional.of(another));
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
    assertTrue(well.found().en().contains("5 of 5 seats"), well::toString);

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
    return ports(ports, voice, Set.of());
  }

  private static List<Result> ports(Ports ports, Voice voice, Set<ChainId> begun) {
    return new PortsCheck(
            List.of(komatsu()), "127.0.0.1", ports, Map.of(KOMATSU, voice), begun, LINUX)
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
  void aMachineThatStandsByHoldsItsPort() {
    URI here = URI.create("http://127.0.0.1:2001");
    Ports held = (host, port) -> port == 2001 ? Ports.State.TAKEN : Ports.State.FREE;
    List<Result> well = ports(held, new Voice.StandsBy(here, Optional.of("2")));
    assertEquals(1, well.size(), well::toString);
    assertInstanceOf(Result.Ok.class, well.getFirst());
    assertTrue(well.getFirst().found().en().contains("2 leads"), well::toString);
    assertInstanceOf(
        Result.Attention.class, ports(held, new Voice.StandsBy(here, Optional.empty())).getFirst());
  }

  @Test
  void aNodeThatIsNotWellIsTold() {
    for (String status : List.of("halted", "busy")) {
      Voice voice = node("http://127.0.0.1:2001", status, OptionalLong.empty());
      Result result = ports((host, port) -> Ports.State.TAKEN, voice).getFirst();
      assertInstanceOf(Result.Wrong.class, result);
      assertTrue(result.found().en().contains(status), result::toString);
    }
  }

  private static Said stopped(Optional<Reason> reason, String found) {
    Voice voice =
        new Voice.Node(
            URI.create("http://x"),
            false,
            reason,
            "up",
            1,
            1,
            OptionalLong.empty(),
            Optional.empty());
    Result result = ports((host, port) -> Ports.State.TAKEN, voice).getFirst();
    assertInstanceOf(Result.Wrong.class, result);
    assertTrue(result.found().en().contains(found), result::toString);
    return result.next().orElseThrow().said();
  }

  @Test
  void whatToDoDependsOnWhyNothingIsOrdered() {
    for (Optional<Reason> unknown :
        List.of(Optional.<Reason>empty(), Optional.of(Reason.INTERNAL))) {
      assertTrue(stopped(unknown, "ordering down").en().contains("often a full disk"));
    }
    Said clock = stopped(Optional.of(Reason.CLOCK_DIFFERS), "ordering down (CLOCK_DIFFERS)");
    assertTrue(clock.en().contains("Set the clock"), clock::toString);
    assertTrue(clock.ja().contains("時計を合わせて"), clock::toString);
    assertFalse(clock.en().contains("disk"), clock::toString);
    for (Reason reason : List.of(Reason.NODE_BEHIND, Reason.CHECKPOINT_INCONSISTENT, Reason.BUSY)) {
      Said said = stopped(Optional.of(reason), reason.name());
      assertTrue(said.en().contains(reason.nextEn()), said::toString);
      assertTrue(said.ja().contains(reason.nextJa()), said::toString);
    }
  }

  /** Somebody pays there, or wants to. */
  @Test
  void aNodeThatHasRunAndDoesNotIsTold() {
    Ports free = (host, port) -> Ports.State.FREE;
    assertInstanceOf(Result.Ok.class, ports(free, away(), Set.of()).getFirst());
    Result silent = ports(free, away(), Set.of(KOMATSU)).getFirst();
    assertInstanceOf(Result.Attention.class, silent);
    assertTrue(silent.found().en().contains("no node runs here"), silent::toString);
    assertEquals(
        List.of("systemctl status aika@Asia-Komatsu"), silent.next().orElseThrow().commands());
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
    return firewall(List.of(), kind, programs);
  }

  private static List<String> firewall(
      List<PeersFile> peers, Machine.Kind kind, String... programs) {
    Result result =
        only(
            new FirewallCheck(
                List.of(komatsu()), peers, false, new Machine(kind, Set.of(programs))));
    assertInstanceOf(Result.Skipped.class, result);
    return result.next().orElseThrow().commands();
  }

  /** Whoever comes to the HTTP port without a proxy comes without TLS. */
  @Test
  void withCertificatesOthersComeToTheNodePortOnly() {
    for (Set<String> programs : List.of(Set.of("ufw"), Set.of("firewall-cmd"), Set.<String>of())) {
      Advice advice =
          only(new FirewallCheck(
                  List.of(komatsu()), List.of(), true, new Machine(Machine.Kind.LINUX, programs)))
              .next()
              .orElseThrow();
      assertTrue(
          advice.commands().stream().noneMatch(command -> command.matches(".*\\b2001\\b.*")),
          advice::toString);
      assertEquals(
          !programs.isEmpty(),
          advice.commands().stream().anyMatch(command -> command.contains("20001/tcp")));
      assertTrue(advice.said().en().contains("(2001) is reached by the proxy"), advice::toString);
      assertTrue(advice.said().ja().contains("プロキシーだけ"), advice::toString);
    }
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

  /** Where the machines of a node talk to each other nobody else has to come. */
  @Test
  void thePeersPortIsOpenToPeersOnly() {
    Map<String, PeersFile.Peer> machines =
        Map.of(
            "1", new PeersFile.Peer("10.0.0.1", 4001, Map.of()),
            "2", new PeersFile.Peer("10.0.0.2", 4002, Map.of()),
            "3", new PeersFile.Peer("127.0.0.1", 4003, Map.of()));
    List<PeersFile> peers = List.of(new PeersFile(false, "1", machines));
    assertEquals(
        "sudo ufw allow proto tcp from 10.0.0.2 to any port 4001 comment 'Aika peer'",
        firewall(peers, Machine.Kind.LINUX, "ufw").getLast());
    List<String> firewalld = firewall(peers, Machine.Kind.LINUX, "firewall-cmd");
    assertEquals(
        "sudo firewall-cmd --permanent --add-rich-rule='rule family=\"ipv4\" source"
            + " address=\"10.0.0.2\" port port=\"4001\" protocol=\"tcp\" accept'",
        firewalld.get(firewalld.size() - 2));
    assertEquals(
        "New-NetFirewallRule -DisplayName \"Aika peer 10.0.0.2\" -Direction Inbound -LocalPort 4001"
            + " -RemoteAddress 10.0.0.2 -Protocol TCP -Action Allow",
        firewall(peers, Machine.Kind.WINDOWS).getLast());
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
            Set.of(),
            Map.of(ChainId.of("Asia"), URI.create("https://asia.example")),
            "0.0.0.0");
    assertEquals(Map.of(KOMATSU, URI.create("http://localhost:2101")), patient.own());
    Map<ChainId, URI> neighbours = patient.neighbours();
    assertEquals(14, neighbours.size());
    assertEquals(URI.create("https://asia.example"), neighbours.get(ChainId.of("Asia")));
    assertEquals(URI.create("http://localhost:2100"), neighbours.get(ChainId.of("Asia-Kanazawa")));
  }
}
