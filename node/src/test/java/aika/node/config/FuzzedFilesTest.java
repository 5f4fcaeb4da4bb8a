package aika.node.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.note.Fuzz;
import aika.core.note.Signer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operator's files and keys with changed texts: read whole, or refused with their lines. */
final class FuzzedFilesTest {
  private static final String SINKS =
      """
      mongo:
        default: { uri: "mongodb://localhost:27017" }
        Asia: { uri: "mongodb://aika:${PASSWORD}@localhost:10024/?authSource=admin", names: true }
      immudb:
        default: { address: "localhost:3322", user: aika, password: "${PASSWORD}", sql: true }
      analytics: { duckdb: analytics.duckdb }
      webhooks:
        shop:
          url: https://shop.example/aika
          secret: "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
          chains: [ Asia-Komatsu ]
          account: Asia-Komatsu/k3v9q2mw
          kinds: [ send, receive ]
          approved-only: false
      """;
  private static final String SINKS_OF_POSTGRESQL =
      """
      analytics:
        names: true
        postgresql:
          url: jdbc:postgresql://localhost:5432/aika
          user: aika
          password: "${PASSWORD}"
      """;

  private static final Federation FEDERATION = SmallFederation.federation();

  @TempDir Path data;

  @Test
  void federationFiles() {
    byte[] text = FederationWriter.text(FEDERATION).getBytes(UTF_8);
    Fuzz.of("federation file", List.of(text))
        .refusingWith(FederationException.class)
        .run(bytes -> {
          Federation read = FederationFile.parse("federation.yaml", bytes);
          byte[] again = FederationWriter.text(read).getBytes(UTF_8);
          assertEquals(read, FederationFile.parse("federation.yaml", again));
          return null;
        });
  }

  @Test
  void sinksFiles() {
    Fuzz.of("sinks file", SINKS, SINKS_OF_POSTGRESQL)
        .refusingWith(FederationException.class)
        .run(bytes -> {
          Problems problems = Problems.secretive(FederationException.SINKS_FILE, SinksFile.NAME);
          SinksReader.read(bytes, data, FEDERATION, Map.of("PASSWORD", "p@ss: %")::get, problems);
          return null;
        });
  }

  /** Secured: to find out where a machine is that nobody knows takes a while. */
  @Test
  void peersFiles() {
    String text =
        """
        this: second
        new: true
        peers:
          1: { address: "10.0.0.1:4001", gateways: { Asia-Komatsu: "http://10.0.0.1:2001" } }
          second: { address: "peer2.example:4001" }
          third: { address: "[::1]:65535" }
        """;
    Fuzz.of("peers file", text)
        .refusingWith(FederationException.class)
        .cases(1_500)
        .run(bytes -> {
          Files.write(data.resolve(PeersFile.NAME), bytes);
          PeersFile read = PeersFile.read(data, FEDERATION, true).orElseThrow();
          assertTrue(read.peers().containsKey(read.self()));
          return null;
        });
  }

  @Test
  void neighboursFiles() {
    String text =
        """
        Asia-Komatsu: http://10.0.0.7:2001
        Default-General: "https://general.example/"
        Asia: http://[::1]:1024
        """;
    Fuzz.of("neighbours file", text)
        .refusingWith(FederationException.class)
        .cases(1_500)
        .run(bytes -> {
          Files.write(data.resolve(NeighboursFile.NAME), bytes);
          NeighboursFile.read(data, FEDERATION)
              .values()
              .forEach(gateway -> assertNotNull(gateway.getHost()));
          return null;
        });
  }

  /** One that the root has signed is that file and no other. */
  @Test
  void signaturesOfTheRoot() {
    String name = FEDERATION.root().name();
    Signer root = TestKeys.signer(KeyType.ED25519, name);
    byte[] signed =
        RootSignature.sign(
            FEDERATION,
            FederationWriter.text(FEDERATION).getBytes(UTF_8),
            new HeldKey(FEDERATION.root(), root));
    int line = new String(signed, UTF_8).lastIndexOf("# ");
    Path path = Path.of("federation.yaml");
    Fuzz.of("root's signature", List.of(Arrays.copyOfRange(signed, line, signed.length)))
        .refusingWith(FederationException.class)
        .cases(1_500)
        .run(last -> {
          byte[] file = Arrays.copyOf(signed, line + last.length);
          System.arraycopy(last, 0, file, line, last.length);
          RootSignature.check(path, file, FEDERATION);
          return null;
        });
    Fuzz.of("file below the root's signature", List.of(signed))
        .refusingWith(FederationException.class)
        .cases(500)
        .run(file -> {
          RootSignature.check(path, file, FEDERATION);
          assertTrue(Arrays.equals(signed, 0, line, file, 0, Math.min(line, file.length)));
          return null;
        });
  }

  @Test
  void privateKeys() {
    String key =
        new PrivateKeyText(KeyType.ED25519, "small.example/root", new byte[32], "0123abcd")
            .format();
    Fuzz.of("private key", key).runTexts(text -> PrivateKeyText.parse(text).format());
  }

  @Test
  void durations() {
    Fuzz.of("duration", "200ms", "10s", "5min", "24h", "90d")
        .runTexts(text -> {
          DurationText.parse(text)
              .ifPresent(read ->
                  assertEquals(read, DurationText.parse(DurationText.of(read)).orElseThrow()));
          return null;
        });
  }
}
