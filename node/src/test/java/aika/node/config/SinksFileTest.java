package aika.node.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.sinks.analytics.AnalyticsSettings;
import aika.sinks.immudb.ImmudbSettings;
import aika.sinks.webhook.WebhookSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SinksFileTest {
  private static final String PASSWORD = "p@ss/word: 100%+*~";
  private static final List<ChainId> ASIA = List.of(ChainId.of("Asia"), ChainId.of("Asia-Komatsu"));
  private static final List<ChainId> ELSEWHERE =
      List.of(ChainId.of("Default"), ChainId.of("Default-General"));

  @TempDir Path data;

  private SinksFile read(String text) {
    SinksFile.write(data, text);
    return SinksFile.read(data, SmallFederation.federation(), Map.of("PASSWORD", PASSWORD)::get);
  }

  @Test
  void withoutTheFileThereAreNoSinks() {
    assertEquals(
        SinksFile.NOTHING, SinksFile.read(data, SmallFederation.federation(), any -> null));
  }

  @Test
  void whatHasNoMongoOfItsOwnGoesToTheDefault() {
    SinksFile file = read("mongo:\n  default: {}\n  Asia: { names: true }\n");
    assertEquals(2, file.mongo().size());
    SinksFile.Mongo first = file.mongo().getFirst();
    assertEquals("mongo", first.settings().name());
    assertEquals("mongodb://localhost:27017", first.settings().uri().value());
    assertEquals(ELSEWHERE, first.scope());
    assertFalse(first.names());
    SinksFile.Mongo second = file.mongo().getLast();
    assertEquals("mongo Asia", second.settings().name());
    assertEquals("mongodb://localhost:10024", second.settings().uri().value());
    assertEquals(ASIA, second.scope());
    assertTrue(second.names());
  }

  @Test
  void withNeitherItGoesNowhere() {
    SinksFile file = read("mongo:\n  Asia-Komatsu: { uri: \"mongodb://h\" }\n");
    assertEquals(1, file.mongo().size());
    assertEquals(List.of(ChainId.of("Asia-Komatsu")), file.mongo().getFirst().scope());
  }

  @Test
  void aMunicipalitysOwnIsBesideItsContinents() {
    SinksFile file =
        read("mongo:\n  Asia: {}\n  Asia-Komatsu: { uri: \"mongodb://h\" }\n  default: {}\n");
    assertEquals(
        List.of(ASIA, List.of(ChainId.of("Asia-Komatsu")), ELSEWHERE),
        file.mongo().stream().map(SinksFile.Mongo::scope).toList());
  }

  @Test
  void oneAddressIsOneSink() {
    SinksFile file =
        read(
            """
            mongo:
              Asia: { uri: "mongodb://h" }
              default: { uri: "mongodb://h" }
            immudb:
              Asia: { address: h, user: u, password: p }
              Default: { address: "h:3322", user: u, password: p }
            """);
    assertEquals(1, file.mongo().size());
    assertEquals("mongo Asia", file.mongo().getFirst().settings().name());
    assertEquals(4, file.mongo().getFirst().scope().size());
    assertEquals(1, file.immudb().size());
    assertEquals(4, file.immudb().getFirst().chains().size());
  }

  /** The order of entries, and how a host is written, decide nothing. */
  @Test
  void aStateBelongsToAServerAndADatabase() {
    String asia = "  Asia: { address: \"DB.example.\", user: u, password: p }\n";
    String rest = "  default: { address: h, database: b, user: u, password: p }\n";
    List<Path> states = List.of(state("db.example-3322-aika"), state("h-3322-b"));
    assertEquals(states, states(read("immudb:\n" + asia + rest)));
    assertEquals(states.reversed(), states(read("immudb:\n" + rest + asia)));
    String again = "  default: { address: \"db.example\", user: u, password: p }\n";
    FederationException twice =
        assertThrows(FederationException.class, () -> read("immudb:\n" + asia + again));
    assertTrue(twice.toString().contains("Asia"), twice::toString);
    String here = "  Asia: { address: \"127.0.0.1\", user: u, password: p }\n";
    String too = "  default: { address: \"[::1]:3322\", user: u, password: p }\n";
    assertThrows(FederationException.class, () -> read("immudb:\n" + here + too));
    assertEquals(
        List.of(state("2001_db8_0_0_0_0_0_1-3322-aika")),
        states(read("immudb:\n  Asia: { address: \"[2001:DB8::1]\", user: u, password: p }\n")));
    String label = "a".repeat(63) + '.';
    SinksFile longest =
        read(
            "immudb:\n  Asia: { address: %s, user: u, password: p, database: %s }\n"
                .formatted(label.repeat(3) + "example", "d".repeat(128)));
    assertEquals(
        "immudb-.state".length() + 64,
        states(longest).getFirst().getFileName().toString().length());
  }

  private Path state(String server) {
    return data.resolve("sinks/immudb-" + server + ".state");
  }

  private static List<Path> states(SinksFile file) {
    return file.immudb().stream().map(ImmudbSettings::state).toList();
  }

  @Test
  void aPasswordInAnAddressMayHaveAnyCharacter() {
    SinksFile file = read("mongo:\n  Asia: { uri: \"mongodb://aika:${PASSWORD}@h/?tls=true\" }\n");
    assertEquals(
        "mongodb://aika:p%40ss%2Fword%3A%20100%25%2B%2A~@h/?tls=true",
        file.mongo().getFirst().settings().uri().value());
    assertFalse(file.toString().contains("ss%2Fword"), file.toString());
  }

  @Test
  void aWholeAddressFromAFileIsTakenAsItIs() throws Exception {
    Path secret = data.resolve("uri");
    Files.writeString(secret, "mongodb://a:b%40c@h\n", StandardCharsets.UTF_8);
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    SinksFile file = read("mongo:\n  Asia: { uri: \"${file:uri}\" }\n");
    assertEquals("mongodb://a:b%40c@h", file.mongo().getFirst().settings().uri().value());
  }

  /** [SNK-4] At the limit and one past it: from the environment, from a file, and with text. */
  @Test
  void aValueHas4096Characters() throws Exception {
    for (String password : List.of("${VALUE}", "${file:value}")) {
      assertEquals(4_096, password(password, "x".repeat(4_096)).length());
      assertTooLong(password, "x".repeat(4_097));
    }
    assertEquals(4_096, password("${file:value}", "é".repeat(4_096) + "\r\n").length());
    assertTooLong("${file:value}", "é".repeat(4_097));
    assertTooLong("${file:value}", "x" + " ".repeat(16_384)); // so much is not read
    assertEquals(4_096, password("-${VALUE}", "x".repeat(4_095)).length());
    assertTooLong("-${VALUE}", "x".repeat(4_096));
    assertEquals("x", password("${VALUE}", "x"));
    assertTooLong("${VALUE}", "");
  }

  /** [SNK-4] */
  @Test
  void theNameOfAVariableHas128Characters() {
    String name = "V".repeat(128);
    assertEquals("p", read(immudb("${" + name + "}"), Map.of(name, "p")));
    FederationException longer =
        assertThrows(
            FederationException.class,
            () -> read(immudb("${" + name + "V}"), Map.of(name + "V", "p")));
    assertTrue(longer.toString().contains("${NAME}"), longer::toString);
  }

  private static String immudb(String password) {
    return "immudb:\n  default: { address: h, user: u, password: \"" + password + "\" }\n";
  }

  private String read(String text, Map<String, String> environment) {
    SinksFile.write(data, text);
    return SinksFile.read(data, SmallFederation.federation(), environment::get)
        .immudb()
        .getFirst()
        .password()
        .value();
  }

  private String password(String written, String value) throws IOException {
    DurableFile.writePrivate(data.resolve("value"), value.getBytes(StandardCharsets.UTF_8));
    return read(immudb(written), Map.of("VALUE", value));
  }

  private void assertTooLong(String written, String value) {
    FederationException refused =
        assertThrows(FederationException.class, () -> password(written, value));
    assertTrue(refused.toString().contains("4096"), refused::toString);
  }

  @Test
  void immudbIsReadWhole() throws Exception {
    for (String name : List.of("ca.pem", "own.pem", "own.key", "server.pub")) {
      Path file = Files.createFile(data.resolve(name));
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
    SinksFile file =
        read(
            """
            immudb:
              default:
                address: "[::1]:4000"
                database: archive
                user: aika
                password: "${PASSWORD}"
                tls: { authorities: ca.pem, certificate: own.pem, key: own.key }
                server-key: server.pub
                sql: true
            """);
    ImmudbSettings one = file.immudb().getFirst();
    assertEquals(
        new ImmudbSettings(
            "immudb",
            List.of(
                ChainId.of("Asia"),
                ChainId.of("Asia-Komatsu"),
                ChainId.of("Default"),
                ChainId.of("Default-General")),
            "[::1]",
            4000,
            "archive",
            "aika",
            one.password(),
            Optional.of(
                new ImmudbSettings.Tls(
                    Optional.of(data.resolve("ca.pem")),
                    Optional.of(data.resolve("own.pem")),
                    Optional.of(data.resolve("own.key")))),
            Optional.of(data.resolve("server.pub")),
            data.resolve("sinks/immudb-localhost-4000-archive.state"),
            true),
        one);
    assertEquals(PASSWORD, one.password().value());
    assertFalse(file.toString().contains(PASSWORD));
  }

  @Test
  void analyticsIsAFileOrAServer() {
    SinksFile file = read("analytics: { duckdb: analytics.duckdb }\n");
    SinksFile.Analytics analytics = file.analytics().orElseThrow();
    assertEquals(
        new AnalyticsSettings.DuckDb(data.resolve("analytics.duckdb")), analytics.settings());
    assertFalse(analytics.names());
    file =
        read(
            """
            analytics:
              postgresql: { url: "jdbc:postgresql://h/d", user: u, password: p }
              names: true
            """);
    analytics = file.analytics().orElseThrow();
    assertTrue(analytics.settings() instanceof AnalyticsSettings.PostgreSql);
    assertTrue(analytics.names());
  }

  @Test
  void webhooksFollowAllChainsUnlessTold() {
    SinksFile file =
        read(
            """
            webhooks:
              shop:
                url: "https://shop.example/aika?t=${PASSWORD}"
                secret: "whsec_%s"
                chains: [ Asia-Komatsu ]
                account: Asia-Komatsu/k3v9q2mw
                kinds: [ send, receive ]
                approved-only: false
              all: { url: "http://localhost:9/", secret: "whsec_%s" }
            """
                .formatted("A".repeat(32), "B".repeat(32)));
    WebhookSettings shop = file.webhooks().getFirst();
    assertEquals("hook shop", shop.name());
    assertEquals(List.of(ChainId.of("Asia-Komatsu")), shop.chains());
    assertEquals(Set.of("send", "receive"), shop.kinds());
    assertEquals(AccountId.of("Asia-Komatsu/k3v9q2mw"), shop.account().orElseThrow());
    assertFalse(shop.approvedOnly());
    assertEquals(data.resolve("sinks/hook-shop"), shop.directory());
    WebhookSettings all = file.webhooks().getLast();
    assertEquals(4, all.chains().size());
    assertTrue(all.approvedOnly() && all.kinds().isEmpty() && all.account().isEmpty());
    assertFalse(file.toString().contains("word"), file.toString());
  }

  /** One more is in BrokenSinksFileTest. */
  @Test
  void theNameOfAWebhookHas32Characters() {
    String name = "s".repeat(32);
    String hook = "{ url: \"http://localhost:9/\", secret: \"whsec_" + "B".repeat(32) + "\" }";
    SinksFile file = read("webhooks:\n  " + name + ": " + hook + "\n");
    assertEquals("hook " + name, file.webhooks().getFirst().name());
  }

  @Test
  void aDefaultThatNobodyNeedsIsNoSink() {
    SinksFile file = read("mongo: { Asia: {}, Default: { uri: \"mongodb://h\" }, default: {} }\n");
    assertEquals(2, file.mongo().size());
  }
}
