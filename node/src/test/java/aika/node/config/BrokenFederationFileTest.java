package aika.node.config;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.note.VerifierKey;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way to break the file: the line, the key, and what is said. */
class BrokenFederationFileTest {
  private static final String FILE = "federation.yaml";

  /**
   * @param old text of the valid file, its first occurrence is replaced
   * @param now what stands there instead
   * @param at the first occurrence of this in the broken file is on the line that must be named
   */
  record Case(String old, String now, String at, String key, Fault fault, String english) {
    @Override
    public String toString() {
      return fault + " " + key + " <- " + (now.length() > 60 ? now.substring(0, 60) : now);
    }

    static Case of(String old, String now, String key, Fault fault, String english) {
      return new Case(old, now, now, key, fault, english);
    }

    Case at(String needle) {
      return new Case(old, now, needle, key, fault, english);
    }
  }

  static Stream<Case> cases() {
    return Stream.of(topLevel(), settings(), places(), keys()).flatMap(List::stream);
  }

  private static List<Case> topLevel() {
    return List.of(
        Case.of("\nblock:", "\nblocks:", "blocks", Fault.UNKNOWN_KEY, "known here: federation,")
            .at("blocks:"),
        Case.of("block:\n", "block: {}\nblock:\n", "block", Fault.DUPLICATE_KEY, "in line")
            .at("block:\n"),
        Case.of("federation: \"", "name: \"", "", Fault.MISSING_KEY, "the key federation").at("#"),
        Case.of(
            "federation: \"small.example\"",
            "federation: 12",
            "federation",
            Fault.WRONG_TYPE,
            "expected text, found \"12\""),
        Case.of(
            "federation: \"small.example\"",
            "federation: Ishikawa Kaga",
            "federation",
            Fault.BAD_FEDERATION_ID,
            "\"Ishikawa Kaga\" is not a federation id"),
        Case.of("federation: \"", "federation: &a \"", "", Fault.INDIRECTION, "anchors"),
        Case.of("federation: \"", "federation: !!str \"", "", Fault.INDIRECTION, "tags"),
        Case.of("block:", "--- {}\nblock:", "", Fault.SECOND_DOCUMENT, "second").at("--- {}"),
        Case.of("block:", "\tblock:", "", Fault.SYNTAX, "not readable as YAML"),
        Case.of("federation: \"", "federation: \"\"\"", "", Fault.SYNTAX, "not readable"));
  }

  private static List<Case> settings() {
    return List.of(
        Case.of("entries: 500", "entries: 1001", "block.entries", Fault.OUT_OF_RANGE, "1 and 1000"),
        Case.of("entries: 500", "entries: 0", "block.entries", Fault.OUT_OF_RANGE, "0 is not"),
        Case.of("entries: 500", "entries: -5", "block.entries", Fault.OUT_OF_RANGE, "-5 is not"),
        Case.of("entries: 500", "entries: 5e2", "block.entries", Fault.WRONG_TYPE, "whole number"),
        Case.of("entries: 500", "entries: \"5\"", "block.entries", Fault.WRONG_TYPE, "whole"),
        Case.of("entries: 500", "entries:", "block.entries", Fault.WRONG_TYPE, "found nothing"),
        Case.of("entries: 500", "entries: [1]", "block.entries", Fault.WRONG_TYPE, "found a list"),
        Case.of("entries: 500", "entrys: 500", "block.entrys", Fault.UNKNOWN_KEY, "interval"),
        Case.of("interval: 250ms", "interval: 250", "block.interval", Fault.WRONG_TYPE, "250ms,"),
        Case.of("interval: 250ms", "interval: 0.2s", "block.interval", Fault.WRONG_TYPE, "0.2s"),
        Case.of("interval: 250ms", "interval: 2h", "block.interval", Fault.OUT_OF_RANGE, "1ms"),
        Case.of("interval: 250ms", "interval: 0ms", "block.interval", Fault.OUT_OF_RANGE, "1ms"),
        Case.of(
            "unapproved-leaves: 25000",
            "unapproved-leaves: 499",
            "limits.unapproved-leaves",
            Fault.CONTRADICTION,
            "499 is less than block.entries (500)"),
        Case.of(
            "exposure-per-counterpart: 1000000.00",
            "exposure-per-counterpart: 0.001",
            "limits.exposure-per-counterpart",
            Fault.WRONG_TYPE,
            "an amount like"),
        Case.of(
            "exposure-per-counterpart: 1000000.00",
            "exposure-per-counterpart: 0",
            "limits.exposure-per-counterpart",
            Fault.OUT_OF_RANGE,
            "0.00 is not between 0.01"),
        Case.of(
            "exposure-sum: 10000000.00",
            "exposure-sum: 5",
            "limits.exposure-sum",
            Fault.CONTRADICTION,
            "5.00 is less than exposure-per-counterpart (1000000.00)"),
        Case.of(
            "valid-until-max: 90d",
            "valid-until-max: 91d",
            "limits.valid-until-max",
            Fault.OUT_OF_RANGE,
            "91d is not between 1m and 90d"),
        Case.of(
            "valid-until-max: 90d",
            "valid-until-max: 30d",
            "limits.valid-until-max",
            Fault.CONTRADICTION,
            "30d is less than valid-until-default (60d)"),
        Case.of(
            "not-after-default: 2m",
            "not-after-default: 25h",
            "limits.not-after-default",
            Fault.OUT_OF_RANGE,
            "25h is not between 10s and 1d"),
        Case.of(
            "cross-chain-min: 0.01",
            "cross-chain-min: 0.00",
            "limits.cross-chain-min",
            Fault.OUT_OF_RANGE,
            "0.00 is not between 0.01"),
        Case.of("  seats: 1\n", "", "term", Fault.MISSING_KEY, "the key seats").at("term:"),
        Case.of("seats: 1", "seats: 3", "term.seats", Fault.SEAT_NUMBER, "1, 4, 5, 7 seats, not 3"),
        Case.of("length: 90d", "length: 0 blocks", "term.length", Fault.OUT_OF_RANGE, "0 blocks"),
        Case.of("length: 90d", "length: long", "term.length", Fault.WRONG_TYPE, "100000 blocks"));
  }

  private static List<Case> places() {
    return List.of(
        Case.of("http: 1024", "http: 70000", "continents.Asia.http", Fault.BAD_PORT, "port 70000"),
        Case.of("http: 1024", "http: 0", "continents.Asia.http", Fault.BAD_PORT, "port 0"),
        Case.of(
            "http: 2001",
            "http: 10024",
            "municipalities.Asia-Komatsu.http",
            Fault.PORT_TWICE,
            "port 10024 is already used by continents.Asia.mongo in line"),
        Case.of(
                "    node: 20001\n",
                "",
                "municipalities.Asia-Komatsu",
                Fault.MISSING_KEY,
                "the key node is missing")
            .at("Asia-Komatsu:\n"),
        Case.of(
            "  Asia:\n",
            "  Asia-Pacific:\n",
            "continents.Asia-Pacific",
            Fault.BAD_CHAIN_ID,
            "cont"),
        Case.of("  Asia:\n", "  Azja:\n", "", Fault.UNKNOWN_CONTINENT, "continent Asia of")
            .at("Asia-Komatsu:\n"),
        Case.of(
            "  Asia-Komatsu:\n",
            "  Atlantis-Komatsu:\n",
            "municipalities.Atlantis-Komatsu",
            Fault.UNKNOWN_CONTINENT,
            "the continent Atlantis of Atlantis-Komatsu is not in this file"),
        Case.of(
            "  Asia-Komatsu:\n",
            "  Komatsu:\n",
            "municipalities.Komatsu",
            Fault.BAD_CHAIN_ID,
            "\"Komatsu\" is not the name of a municipality"),
        Case.of(
            "  Asia-Komatsu:\n",
            "  Asia-小松:\n",
            "municipalities.Asia-小松",
            Fault.BAD_CHAIN_ID,
            "is not the name of a municipality"),
        Case.of(
                "  Asia-Komatsu:\n",
                "  Asia-Komatsu:\n    continent: Europe\n",
                "municipalities.Asia-Komatsu.continent",
                Fault.CONTINENT_CONTRADICTS,
                "Asia-Komatsu begins with Asia, not with \"Europe\"")
            .at("continent: Europe"),
        Case.of(
            "  Default-General:\n",
            "  default-General:\n",
            "municipalities.default-General",
            Fault.UNKNOWN_CONTINENT,
            "the continent default"),
        Case.of(
            "  Default:\n", "  ASIA:\n", "continents.ASIA", Fault.CASE_TWICE, "from Asia in line"),
        Case.of("default: true", "default: false", "continents", Fault.DEFAULT_CONTINENT, "found 0")
            .at("continents:"),
        Case.of(
            "default: true",
            "default: yes",
            "continents.Default.default",
            Fault.WRONG_TYPE,
            "expected true or false, found \"yes\""),
        Case.of(
                "  Default-General:\n",
                "  Asia-General:\n",
                "municipalities",
                Fault.DEFAULT_MUNICIPALITY,
                "Default must have exactly one municipality, found 0")
            .at("municipalities:"),
        Case.of(
            "{ ja: \"小松市\", en: \"Komatsu\" }",
            "{ ja: \"小松市\" }",
            "municipalities.Asia-Komatsu.name",
            Fault.MISSING_KEY,
            "the key en"),
        Case.of(
            "\"小松市\"",
            "\"小\\u0007松\"",
            "municipalities.Asia-Komatsu.name.ja",
            Fault.BAD_DISPLAY_NAME,
            "control characters"),
        Case.of(
            "name: { ja: \"小松市\", en: \"Komatsu\" }",
            "name: 小松市",
            "municipalities.Asia-Komatsu.name",
            Fault.WRONG_TYPE,
            "expected a section of key: value lines, found \"小松市\""));
  }

  private static List<Case> keys() {
    String issuer = SmallFederation.vkey("issuer-1");
    String seat = SmallFederation.vkey("seat-1");
    String komatsu = "municipalities.Asia-Komatsu.";
    String short32 =
        new VerifierKey("small.example/Asia-Komatsu/issuer-1", 1, new byte[31]).format();
    return List.of(
        Case.of(issuer, issuer.replace("+", "-"), komatsu + "issuers[1]", Fault.BAD_VKEY, "name+"),
        Case.of(
            issuer,
            issuer.replace("issuer-1+", "issuer-3+"),
            komatsu + "issuers[1]",
            Fault.BAD_VKEY,
            "key id"),
        Case.of(issuer, short32, komatsu + "issuers[1]", Fault.BAD_VKEY, "31 bytes of key"),
        Case.of(
            issuer,
            seat,
            komatsu + "issuers[1]",
            Fault.KEY_TYPE,
            "expected a key of type Ed25519 (0x01), found ML-DSA-44 (0x06)"),
        Case.of(
            "seat-1: \"" + seat,
            "seat-1: \"" + issuer,
            komatsu + "representatives.seat-1",
            Fault.KEY_TYPE,
            "expected a key of type ML-DSA-44 (0x06), found Ed25519 (0x01)"),
        Case.of(
            "seat-1: \"" + seat,
            "seat-2: \"" + seat,
            komatsu + "representatives.seat-2",
            Fault.KEY_NAME,
            "expected small.example/Asia-Komatsu/seat-2"),
        Case.of(
            "seat-1: \"" + seat,
            "Seat One: \"" + seat,
            komatsu + "representatives.Seat One",
            Fault.BAD_KEY_LABEL,
            "\"Seat One\""),
        Case.of(
                "      seat-1: \"" + seat + "\"\n",
                "      {}\n",
                komatsu + "representatives",
                Fault.SEAT_COUNT,
                "0 representatives, but term.seats says 1")
            .at("representatives:\n      {}"),
        Case.of(
                "\n      - \"" + issuer + "\"",
                "",
                komatsu + "issuers",
                Fault.KEY_COUNT,
                "1 keys; there must be 2 to 15")
            .at("issuers:\n      - "),
        Case.of(
            issuer,
            SmallFederation.vkey("small.example/Asia-Kanazawa/", "issuer-1"),
            komatsu + "issuers[1]",
            Fault.KEY_NAME,
            "expected small.example/Asia-Komatsu/…"),
        Case.of(
                issuer,
                SmallFederation.vkey("issuer-2"),
                komatsu + "issuers[2]",
                Fault.KEY_TWICE,
                "the same key stands in line")
            .at("\n      - \"" + SmallFederation.vkey("issuer-2") + "\"\n    registrars"),
        Case.of(
            SmallFederation.vkey("small.example", ""),
            SmallFederation.vkey("large.example", ""),
            "root",
            Fault.KEY_NAME,
            "large.example, expected small.example"),
        Case.of(
            "    issuers:\n",
            "    recovery: { threshold: 1, keys: [ \""
                + SmallFederation.vkey("recovery-1")
                + "\", \""
                + SmallFederation.vkey("recovery-2")
                + "\" ] }\n    issuers:\n",
            komatsu + "recovery.threshold",
            Fault.BAD_THRESHOLD,
            "a threshold of 1 out of 2"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void namesLineAndKey(Case broken) {
    String valid = SmallFederation.text();
    int from = valid.indexOf(broken.old());
    assertTrue(from >= 0, () -> "not in the valid file: " + broken.old());
    String text =
        valid.substring(0, from) + broken.now() + valid.substring(from + broken.old().length());
    FederationException thrown = refused(text.getBytes(UTF_8));

    FederationException.Problem found =
        thrown.problems().stream()
            .filter(one -> one.fault() == broken.fault())
            .findFirst()
            .orElseThrow(() -> new AssertionError(thrown));
    if (!broken.key().isEmpty()) {
      assertEquals(broken.key(), found.key(), thrown::getMessage);
    }
    assertTrue(found.english().contains(broken.english()), found::english);
    assertEquals(lineOf(text, broken.at()), found.line(), thrown::getMessage);
    String where = FILE + ":" + found.line() + ": ";
    assertTrue(String.valueOf(thrown.getMessage()).contains(where), thrown::getMessage);
  }

  @Test
  void tellsAllFaultsInTheOrderOfTheFile() {
    String text =
        SmallFederation.text()
            .replace("entries: 500", "entries: 5000")
            .replace("http: 1024", "http: 99999")
            .replace("seats: 1", "seats: 2");
    FederationException thrown = refused(text.getBytes(UTF_8));
    assertEquals(
        List.of(Fault.OUT_OF_RANGE, Fault.SEAT_NUMBER, Fault.BAD_PORT),
        thrown.problems().stream().map(FederationException.Problem::fault).toList());
    String message = String.valueOf(thrown.getMessage());
    assertTrue(message.startsWith("FEDERATION_FILE: federation.yaml has 3 faults. "), message);
    assertEquals(4, message.lines().count());
    assertTrue(message.contains("ポート番号は 1 から 65535 までです。"), message);
  }

  @Test
  void tellsAWrongChainNameOnceAndNotWithEveryKey() {
    String valid = SmallFederation.text();
    String unknown = valid.replace("  Asia-Komatsu:", "  Atlantis-Komatsu:");
    FederationException thrown = refused(unknown.getBytes(UTF_8));
    assertEquals(Fault.UNKNOWN_CONTINENT, only(thrown));
    String typo = valid.replace("  Asia-Komatsu:", "  Asia-Komatu:");
    thrown = refused(typo.getBytes(UTF_8));
    assertEquals(Fault.KEY_NAME, only(thrown));
    assertEquals("municipalities.Asia-Komatu.log", thrown.problems().getFirst().key());
    thrown = refused(valid.replaceFirst("federation: .*", "federation: A").getBytes(UTF_8));
    assertEquals(Fault.BAD_FEDERATION_ID, only(thrown));
  }

  @Test
  void refusesWhatIsNotAMapping() {
    assertEquals(Fault.EMPTY, only(refused(new byte[0])));
    assertEquals(Fault.EMPTY, only(refused("# nothing\n".getBytes(UTF_8))));
    assertEquals(Fault.WRONG_TYPE, only(refused("- a\n- b\n".getBytes(UTF_8))));
    assertEquals(Fault.WRONG_TYPE, only(refused("aika".getBytes(UTF_8))));
  }

  @Test
  void refusesAFileBeyondTheLimit() {
    assertEquals(Fault.TOO_LARGE, only(refused(new byte[YamlText.BYTES_MAX + 1])));
  }

  @Test
  void refusesTwoKeysOfOneName() {
    String name = "small.example/Asia-Komatsu/issuer-1";
    byte[] other = TestKeys.key(KeyType.ED25519, "another").publicKey();
    String twice =
        SmallFederation.text()
            .replace(SmallFederation.vkey("issuer-2"), new VerifierKey(name, 1, other).format());
    assertEquals(Fault.KEY_NAME_TWICE, only(refused(twice.getBytes(UTF_8))));
  }

  @Test
  void refusesOtherEncodingsWithTheLine() {
    byte[] bytes = "federation: a\nblock: caf\u00e9\n".getBytes(ISO_8859_1);
    FederationException thrown = refused(bytes);
    assertEquals(Fault.ENCODING, only(thrown));
    assertEquals(2, thrown.problems().getFirst().line());
    assertEquals(Fault.ENCODING, only(refused(new byte[] {'a', (byte) 0xe5, (byte) 0xb0})));
  }

  @Test
  void stopsCountingFaultsSomewhere() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 1_000; i++) {
      text.append("key").append(i).append(": 1\n");
    }
    assertEquals(Problems.MAX, refused(text.toString().getBytes(UTF_8)).problems().size());
  }

  @Test
  void everyFaultHasItsCase() {
    List<Fault> elsewhere =
        List.of(Fault.ENCODING, Fault.TOO_LARGE, Fault.EMPTY, Fault.KEY_NAME_TWICE);
    List<Fault> covered = cases().map(Case::fault).toList();
    for (Fault fault : Fault.values()) {
      assertTrue(
          covered.contains(fault)
              || elsewhere.contains(fault)
              || BrokenSinksFileTest.faults().contains(fault)
              || PeersFileTest.FAULTS.contains(fault),
          fault::toString);
    }
  }

  private static FederationException refused(byte[] bytes) {
    return assertThrows(FederationException.class, () -> FederationFile.parse(FILE, bytes));
  }

  private static Fault only(FederationException thrown) {
    assertEquals(1, thrown.problems().size(), thrown::getMessage);
    return thrown.problems().getFirst().fault();
  }

  private static int lineOf(String text, String needle) {
    int at = text.indexOf(needle);
    assertTrue(at >= 0, () -> "not in the broken file: " + needle);
    int skipped = needle.length() - needle.stripLeading().length();
    return (int) text.substring(0, at + skipped).chars().filter(c -> c == '\n').count() + 1;
  }
}
