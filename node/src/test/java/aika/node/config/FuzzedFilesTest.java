package aika.node.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import aika.core.note.Fuzz;
import java.nio.file.Path;
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
