package aika.node.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.money.ChainId;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeersFileTest {
  private static final Federation FEDERATION = FederationTemplate.demo().federation(new TestKeys());

  /** Those that only this file can have; each has its case here. */
  static final List<Fault> FAULTS =
      List.of(Fault.NO_SUCH_PEER, Fault.PEER_ADDRESS_TWICE, Fault.PEER_NOT_LOCAL);

  @TempDir Path directory;

  private Optional<PeersFile> read(String text, boolean secured) throws IOException {
    Files.writeString(directory.resolve(PeersFile.NAME), text);
    return PeersFile.read(directory, FEDERATION, secured);
  }

  private void refused(String text, String... said) {
    FederationException faults = assertThrows(FederationException.class, () -> read(text, false));
    assertEquals(FederationException.PEERS_FILE, faults.code());
    for (String each : said) {
      assertTrue(String.valueOf(faults.getMessage()).contains(each), faults.getMessage());
    }
  }

  @Test
  void aMachineIsAloneWithoutAFile() {
    assertEquals(Optional.empty(), PeersFile.read(directory, FEDERATION, false));
  }

  @Test
  void namesEveryMachineAndWhichOneThisIs() throws IOException {
    PeersFile file =
        read(
                """
                this: 1
                peers:
                  1:
                    address: 10.0.0.1:4001
                    gateways: { Asia-Komatsu: "http://10.0.0.1:2001" }
                  second:
                    address: peer2.example:4001
                """,
                true)
            .orElseThrow();
    assertEquals("1", file.self());
    assertFalse(file.isNew());
    assertEquals(
        new PeersFile.Peer(
            "10.0.0.1",
            4001,
            Map.of(ChainId.of("Asia-Komatsu"), URI.create("http://10.0.0.1:2001"))),
        file.peers().get("1"));
    assertEquals(new PeersFile.Peer("peer2.example", 4001, Map.of()), file.peers().get("second"));
  }

  @Test
  void onlyMachinesOfANewNodeSaySo() throws IOException {
    String rest = "this: 1\npeers:\n  1: { address: 127.0.0.1:4001 }\n";
    assertTrue(read("new: true\n" + rest, false).orElseThrow().isNew());
    refused("new: perhaps\n" + rest, "peers.yaml:1: new");
  }

  @Test
  void refusesWithTheLine() {
    refused("this: 1\n", "peers");
    refused(
        "this: 3\npeers:\n  1: { address: 127.0.0.1:4001 }\n",
        "peers.yaml:1: this: \"3\" is none of the peers");
    refused(
        "this: 1\npeers:\n  1: { address: 127.0.0.1:4001 }\n  2: { address: 127.0.0.1:4001 }\n",
        "peers.yaml:4: peers.2.address: peer 1 in line 3");
    refused("this: 1\npeers:\n  1: { address: nowhere }\n", "peers.yaml:3: peers.1.address");
    refused("this: 1\npeers:\n  1: { address: 127.0.0.1:0 }\n", "peers.yaml:3: peers.1.address");
    refused("this: A\npeers:\n  A: { address: 127.0.0.1:1 }\n", "peers.yaml:3: peers.A");
    refused(
        """
        this: 1
        peers:
          1: { address: 127.0.0.1:4001, gateways: { Asia-Nowhere: http://h:1 }, port: 5 }
        """,
        "Asia-Nowhere",
        "port: unknown key");
  }

  @Test
  void aNameHas32Characters() throws IOException {
    String most = "p".repeat(32);
    String text = "this: %1$s\npeers:\n  %1$s: { address: 127.0.0.1:1 }\n";
    assertEquals(most, read(text.formatted(most), false).orElseThrow().self());
    refused(text.formatted(most + "p"), "peers.yaml:3: peers." + most + "p");
  }

  @Test
  void otherMachinesNeedCertificates() throws IOException {
    String text = "this: 1\npeers:\n  1: { address: 10.0.0.1:4001 }\n";
    refused(text, "peers.yaml:3: peers.1.address: \"10.0.0.1\"", "tls/");
    assertEquals("1", read(text, true).orElseThrow().self());
  }
}
