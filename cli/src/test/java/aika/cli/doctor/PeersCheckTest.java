package aika.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.money.ChainId;
import aika.node.config.Chain;
import aika.node.config.Federation;
import aika.node.config.FederationFile;
import aika.node.config.FederationTemplate;
import aika.node.config.KeyFiles;
import aika.node.config.PeersFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whether a node's machines reach each other, with made-up ones. */
@Timeout(60)
final class PeersCheckTest {
  private static final String THREE =
      """
      this: 1
      peers:
        1: { address: 127.0.0.1:4001 }
        2: { address: 127.0.0.1:4002 }
        3: { address: 127.0.0.1:4003 }
      """;

  private static final ChainId KOMATSU = ChainId.of("Asia-Komatsu");

  @TempDir Path home;

  private List<Result> results(Reach reach) {
    return results("127.0.0.1", Map.of(), reach);
  }

  /**
   * @param named in {@code neighbours.yaml}
   */
  private List<Result> results(String host, Map<ChainId, URI> named, Reach reach) {
    KeyFiles keys = new KeyFiles(home.resolve("keys"), new SecureRandom());
    FederationFile file =
        FederationFile.write(
            home.resolve(FederationFile.NAME), FederationTemplate.demo().federation(keys));
    Federation federation = file.federation();
    List<Chain> komatsu = List.of(federation.chain(KOMATSU).orElseThrow());
    Patient patient =
        new Patient(home, file, federation, keys, komatsu, List.of(home), Set.of(), named, host);
    return new PeersCheck(patient, reach).results();
  }

  @Test
  void theOtherMachinesAreAskedAndNotThisOne() throws IOException {
    Files.writeString(home.resolve(PeersFile.NAME), THREE);
    List<Result> all = results((host, port) -> port == 4002);
    assertEquals(
        List.of("2 (127.0.0.1:4002) answers.", "3 (127.0.0.1:4003) cannot be reached."),
        all.stream().map(one -> one.found().en()).toList());
    assertInstanceOf(Result.Attention.class, all.getLast());
  }

  /** [GOS-2] Else the others go on asking a machine that does not lead. */
  @Test
  void othersHaveToHearWhereEachMachineIs() throws IOException {
    Files.createDirectory(home.resolve("tls"));
    String three =
        """
        this: 2
        peers:
          1: { address: "10.0.0.1:4001" }
          2: { address: "10.0.0.2:4001" }
          3: { address: "10.0.0.3:4001" }
        """;
    Files.writeString(home.resolve(PeersFile.NAME), three);
    Reach all = (host, port) -> true;
    Result silent = results("0.0.0.0", Map.of(), all).getLast();
    assertInstanceOf(Result.Attention.class, silent);
    assertTrue(silent.found().en().contains("tells nobody"), silent::toString);
    Result copied =
        results("0.0.0.0", Map.of(KOMATSU, URI.create("https://10.0.0.1:20001")), all).getLast();
    assertInstanceOf(Result.Attention.class, copied);
    assertTrue(copied.found().en().contains("machine 1"), copied::toString);

    URI own = URI.create("https://10.0.0.2:20001");
    assertInstanceOf(Result.Ok.class, results("0.0.0.0", Map.of(KOMATSU, own), all).getLast());
    assertInstanceOf(Result.Ok.class, results("10.0.0.2", Map.of(), all).getLast());
  }

  @Test
  void aFaultInTheFileIsToldWithItsLine() throws IOException {
    Files.writeString(home.resolve(PeersFile.NAME), THREE.replace("this: 1", "this: 9"));
    Result only = results((host, port) -> true).getFirst();
    assertInstanceOf(Result.Wrong.class, only);
    assertTrue(only.found().en().contains(PeersFile.NAME + ":"), only::toString);
  }

  @Test
  void oneMachineHasNoPeers() {
    assertInstanceOf(Result.Skipped.class, results((host, port) -> false).getFirst());
  }
}
