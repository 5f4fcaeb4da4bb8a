package aika.node.config;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Two continents and two municipalities with a seat each. */
final class SmallFederation {
  private static final String TEMPLATE =
      """
      federation: small.example
      term:
        seats: 1
      continents:
        Asia:
          name: { ja: アジア, en: Asia }
          http: 1024
          mongo: 10024
        Default:
          name: { ja: その他, en: Elsewhere }
          http: 1034
          default: true
      municipalities:
        Asia-Komatsu:
          continent: Asia
          name: { ja: 小松市, en: Komatsu }
          http: 2001
          node: 20001
        Default-General:
          name: { ja: 総合, en: General }
          http: 2003
          node: 20003
      """;

  private SmallFederation() {}

  static Federation federation() {
    return federation(new TestKeys());
  }

  static Federation federation(KeyMaker keys) {
    return new FederationTemplate("small.yaml", TEMPLATE.getBytes(UTF_8)).federation(keys);
  }

  /** A valid file with keys, for tests to break. */
  static String text() {
    return FederationWriter.text(federation());
  }

  static String vkey(String label) {
    return vkey("small.example/Asia-Komatsu/", label);
  }

  static String vkey(String prefix, String label) {
    KeyType type = label.startsWith("seat") ? KeyType.ML_DSA_44 : KeyType.ED25519;
    return TestKeys.key(type, prefix + label).format();
  }
}
