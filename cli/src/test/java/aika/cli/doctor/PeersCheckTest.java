package aika.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.node.config.FederationTemplate;
import aika.node.config.KeyFiles;
import aika.node.config.PeersFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
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

  @TempDir Path home;

  private List<Result> results(Reach reach) {
    KeyFiles keys = new KeyFiles(home.resolve("keys"), new SecureRandom());
    return new PeersCheck(
            List.of(home),
            home.resolve("tls"),
            FederationTemplate.demo().federation(keys),
            reach)
        .results();
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
