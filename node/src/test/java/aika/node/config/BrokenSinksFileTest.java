package aika.node.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way in which the operator's file of sinks can be wrong is told with its line. */
final class BrokenSinksFileTest {
  private static final String PASSWORD = "p-secret-1";
  private static final Map<String, String> ENVIRONMENT =
      Map.of("MONGO_PASSWORD", PASSWORD, "EMPTY", "", "BROKEN", "http://u:" + PASSWORD + "@h");

  private static final String IMMUDB =
      "immudb:\n  default:\n    address: h\n    user: u\n    password: p\n";

  private static final String HOOK =
      "webhooks:\n  shop:\n    url: \"https://h\"\n    secret: \"whsec_" + "A".repeat(32) + "\"\n";

  @TempDir Path data;

  /**
   * @param text of the file; its faulty line is the one with {@code !}, which is taken out
   */
  record Case(String text, String key, Fault fault, String english) {
    int line() {
      return (int) text.substring(0, text.indexOf('!')).chars().filter(c -> c == '\n').count() + 1;
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
        new Case("!mongodb: {}\n", "mongodb", Fault.UNKNOWN_KEY, "mongo, immudb"),
        new Case("mongo:\n  !Atlantis: {}\n", "mongo.Atlantis", Fault.UNKNOWN_PLACE, "Atlantis"),
        new Case(
            "mongo:\n  default: {}\n  !default: {}\n",
            "mongo.default",
            Fault.DUPLICATE_KEY,
            "line 2"),
        new Case(
            "mongo:\n  Asia:\n    !uri: \"mongo://h\"\n",
            "mongo.Asia.uri",
            Fault.NOT_LIKE,
            "mongodb://"),
        new Case(
            "mongo:\n  Asia:\n    !uri: \"${BROKEN}\"\n",
            "mongo.Asia.uri",
            Fault.NOT_LIKE,
            "mongodb://"),
        new Case(
            "mongo:\n  Asia:\n    !uri: \"mongodb://a:${ABSENT}@h\"\n",
            "mongo.Asia.uri",
            Fault.NO_VARIABLE,
            "ABSENT"),
        new Case(
            "mongo:\n  Asia:\n    !uri: \"mongodb://a:${MONGO_PASSWORD@h\"\n",
            "mongo.Asia.uri",
            Fault.BAD_REFERENCE,
            "${file:PATH}"),
        new Case(
            "mongo:\n  Asia:\n    !uri: \"mongodb://a:${not-one}@h\"\n",
            "mongo.Asia.uri",
            Fault.BAD_REFERENCE,
            "${NAME}"),
        new Case(
            "mongo:\n  Asia:\n    !uri: \"mongodb://a:${file:absent}@h\"\n",
            "mongo.Asia.uri",
            Fault.MISSING_FILE,
            "absent"),
        new Case(
            "mongo:\n  Asia:\n    !uri: \"mongodb://a:${file:open}@h\"\n",
            "mongo.Asia.uri",
            Fault.OPEN_TO_OTHERS,
            "chmod 600"),
        new Case(
            "mongo:\n  Asia:\n    !uri: \"mongodb://a:${file:binary}@h\"\n",
            "mongo.Asia.uri",
            Fault.UNREADABLE_FILE,
            "MalformedInput"),
        new Case(
            "mongo:\n  Asia:\n    !uri: \"mongodb://a:${file:large}@h\"\n",
            "mongo.Asia.uri",
            Fault.SECRET_LENGTH,
            "4096"),
        new Case("mongo:\n  !Asia:\n", "mongo.Asia", Fault.WRONG_TYPE, "found nothing"),
        new Case("mongo:\n  !Europe: {}\n", "mongo.Europe", Fault.UNKNOWN_PLACE, "Europe"),
        new Case(
            "mongo:\n  !Asia-Komatsu: {}\n", "mongo.Asia-Komatsu", Fault.MISSING_KEY, "key uri"),
        new Case(
            """
            mongo:
              Asia: {}
              default: {}
              !Asia-Komatsu: { uri: "mongodb://localhost:10024", names: true }
            """,
            "mongo.Asia-Komatsu",
            Fault.SAME_STORE,
            "mongo.Asia in line 2"),
        new Case(
            "mongo:\n  Asia:\n    !names: yes\n", "mongo.Asia.names", Fault.WRONG_TYPE, "true or"),
        new Case(
            "immudb:\n  !default: { user: u, password: p }\n",
            "immudb.default",
            Fault.MISSING_KEY,
            "key address"),
        new Case(
            "immudb:\n  default:\n    !address: \"h:1:2\"\n    user: u\n    password: p\n",
            "immudb.default.address",
            Fault.NOT_LIKE,
            "host:3322"),
        new Case(
            "immudb:\n  default:\n    !address: \"h:70000\"\n    user: u\n    password: p\n",
            "immudb.default.address",
            Fault.BAD_PORT,
            "70000"),
        new Case(
            "immudb:\n  default:\n    address: h\n    user: u\n    !password: 4711\n",
            "immudb.default.password",
            Fault.NOT_LIKE,
            "in quotes"),
        new Case(
            "immudb:\n  default:\n    address: h\n    user: u\n    !password: \"${EMPTY}\"\n",
            "immudb.default.password",
            Fault.SECRET_LENGTH,
            "empty"),
        new Case(
            IMMUDB + "    !database: My Data\n",
            "immudb.default.database",
            Fault.NOT_LIKE,
            "a-z 0-9"),
        new Case(
            IMMUDB + "    !tls: { certificate: certificate }\n",
            "immudb.default.tls",
            Fault.MISSING_KEY,
            "key key"),
        new Case(
            IMMUDB + "    tls:\n      certificate: certificate\n      !key: open\n",
            "immudb.default.tls.key",
            Fault.OPEN_TO_OTHERS,
            "chmod 600"),
        new Case(
            "webhooks:\n  !Shop Two: { url: \"https://h\", secret: s }\n",
            "webhooks.Shop Two",
            Fault.NOT_LIKE,
            "a-z 0-9 -"),
        new Case(
            HOOK.replace("shop", "!" + "s".repeat(33)),
            "webhooks." + "s".repeat(33),
            Fault.NOT_LIKE,
            "1 to 32"),
        new Case(
            "webhooks:\n  shop:\n    !url: \"https://h/a b\"\n    secret: s\n",
            "webhooks.shop.url",
            Fault.NOT_LIKE,
            "https://host/path"),
        new Case(
            "webhooks:\n  !shop: { url: \"https://h\", secret: s }\n",
            "webhooks.shop",
            Fault.UNUSABLE,
            "whsec_"),
        new Case(
            HOOK + "    chains:\n      - Asia\n      !- Atlantis\n",
            "webhooks.shop.chains[2]",
            Fault.UNKNOWN_PLACE,
            "not shown"),
        new Case(
            HOOK + "    !account: \"Asia-Komatsu\"\n",
            "webhooks.shop.account",
            Fault.NOT_LIKE,
            "k3v9q2mw"),
        new Case("!analytics: {}\n", "analytics", Fault.EXACTLY_ONE, "duckdb, postgresql"),
        new Case(
            """
            analytics:
              postgresql:
                !url: "postgresql://h/d"
                user: u
                password: p
            """,
            "analytics.postgresql.url",
            Fault.NOT_LIKE,
            "jdbc:postgresql:"));
  }

  /** Those that only this file can have; see {@link BrokenFederationFileTest}. */
  static Set<Fault> faults() {
    Set<Fault> faults = EnumSet.noneOf(Fault.class);
    cases().forEach(one -> faults.add(one.fault));
    return faults;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void namesLineAndKeyAndNoSecret(Case broken) throws IOException {
    Files.write(data.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe});
    Files.writeString(data.resolve("large"), "x".repeat(SecretText.CHARS_MAX + 1));
    for (String name : List.of("binary", "large")) {
      Files.setPosixFilePermissions(
          data.resolve(name), PosixFilePermissions.fromString("rw-------"));
    }
    for (String name : List.of("open", "certificate")) {
      Files.writeString(data.resolve(name), PASSWORD);
      Files.setPosixFilePermissions(
          data.resolve(name), PosixFilePermissions.fromString("rw-r--r--"));
    }
    FederationException thrown = refused(broken.text.replace("!", ""));
    FederationException.Problem found =
        thrown.problems().stream()
            .filter(one -> one.fault() == broken.fault)
            .findFirst()
            .orElseThrow(() -> new AssertionError(thrown));
    assertEquals(broken.key, found.key(), thrown::getMessage);
    assertTrue(found.english().contains(broken.english), found::english);
    assertEquals(broken.line(), found.line(), thrown::getMessage);
    String message = String.valueOf(thrown.getMessage());
    assertTrue(message.startsWith("SINKS_FILE: sinks.yaml has "), message);
    assertTrue(message.contains("sinks.yaml:" + broken.line() + ": "), message);
    assertFalse(message.contains(PASSWORD) || message.contains("4711"), message);
  }

  /** Also where a whole address stands in a place that is not for one. */
  @Test
  void noValueIsEverShown() {
    for (String text :
        List.of(
            "mongo: { default: \"mongodb://aika:Secret1@db:27017\" }\n",
            "mongo: \"mongodb://aika:Secret1@db:27017\"\n",
            "mongo: { default: { names: Secret1 } }\n",
            "webhooks: { shop: \"https://h/Secret1\" }\n",
            HOOK + "    chains: [ Secret1 ]\n",
            HOOK + "    kinds: Secret1\n",
            HOOK + "    kinds: [ Secret1 ]\n",
            IMMUDB + "    tls: { authorities: Secret1 }\n",
            IMMUDB + "    server-key: Secret1\n",
            "immudb: { default: { address: h, user: u, password: !Secret1!x } }\n",
            "analytics: { postgresql: \"jdbc:postgresql://h/d?password=Secret1\" }\n")) {
      FederationException thrown = refused(text);
      assertFalse(String.valueOf(thrown.getMessage()).contains("Secret1"), thrown::getMessage);
      for (FederationException.Problem one : thrown.problems()) {
        assertFalse((one.english() + one.japanese()).contains("Secret1"), one::english);
      }
    }
  }

  @Test
  void aFileThatOthersMayReadIsRefused() throws IOException {
    SinksFile.write(data, "mongo: { default: {} }\n");
    Files.setPosixFilePermissions(
        data.resolve(SinksFile.NAME), PosixFilePermissions.fromString("rw-r-----"));
    FederationException thrown =
        assertThrows(
            FederationException.class,
            () -> SinksFile.read(data, SmallFederation.federation(), ENVIRONMENT::get));
    assertEquals(Fault.OPEN_TO_OTHERS, thrown.problems().getFirst().fault());
  }

  private FederationException refused(String text) {
    SinksFile.write(data, text);
    return assertThrows(
        FederationException.class,
        () -> SinksFile.read(data, SmallFederation.federation(), ENVIRONMENT::get));
  }

  @Test
  void otherEncodingsAreRefused() throws IOException {
    SinksFile.write(data, "");
    Files.write(data.resolve(SinksFile.NAME), "# caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));
    FederationException thrown =
        assertThrows(
            FederationException.class,
            () -> SinksFile.read(data, SmallFederation.federation(), ENVIRONMENT::get));
    assertEquals(Fault.ENCODING, thrown.problems().getFirst().fault());
  }
}
