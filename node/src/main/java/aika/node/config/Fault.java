package aika.node.config;

import java.util.Arrays;

/**
 * What can be wrong with one place of the federation file or of the operator's file of sinks. The
 * sentences are the ones that people see; {@code %n$s} are filled in by whoever finds the fault.
 */
public enum Fault {
  SYNTAX("not readable as YAML: %1$s", "YAML として読めません。"),
  ENCODING("not UTF-8", "UTF-8 ではありません。"),
  TOO_LARGE("the file has more than %1$s bytes", "ファイルが %1$s バイトを超えています。"),
  EMPTY("the file is empty", "ファイルが空です。"),
  SECOND_DOCUMENT("a second YAML document begins here", "YAML 文書は一つだけにしてください。"),
  INDIRECTION("anchors, aliases and tags are not used in this file", "アンカー・エイリアス・タグは使えません。"),
  UNKNOWN_KEY("unknown key; known here: %1$s", "知らない項目です。使える項目: %1$s。"),
  DUPLICATE_KEY("this key stands in line %1$s already", "同じ項目が %1$s 行目にもあります。"),
  MISSING_KEY("the key %1$s is missing here", "項目 %1$s がありません。"),
  WRONG_TYPE("expected %1$s, found %2$s", "ここには%1$sを書いてください。"),
  OUT_OF_RANGE("%1$s is not between %2$s and %3$s", "%2$s から %3$s までの値にしてください。"),
  CONTRADICTION("%1$s is less than %2$s (%3$s)", "%2$s（%3$s）以上の値にしてください。"),
  BAD_FEDERATION_ID(
      "%1$s is not a federation id: at most 63 of a-z 0-9 . - beginning and ending with a-z 0-9",
      "連合の名前には a-z 0-9 . - だけを 63 文字まで使えます。"),
  BAD_CHAIN_ID("%1$s is not the name of a %2$s", "%2$sの名前として正しくありません。"),
  CASE_TWICE(
      "differs from %1$s in line %2$s only by upper and lower case",
      "%2$s 行目の %1$s と大文字・小文字しか違いません。"),
  BAD_DISPLAY_NAME(
      "a name to show has 1 to %1$s characters and no control characters",
      "表示名は 1 から %1$s 文字で、制御文字は使えません。"),
  BAD_PORT("port %1$s is not between 1 and 65535", "ポート番号は 1 から 65535 までです。"),
  PORT_TWICE("port %1$s is already used by %2$s in line %3$s", "ポート %1$s は %3$s 行目の %2$s が使っています。"),
  UNKNOWN_CONTINENT(
      "the continent %1$s of %2$s is not in this file", "%2$s の大陸 %1$s がこのファイルにありません。"),
  CONTINENT_CONTRADICTS(
      "%2$s begins with %3$s, not with %1$s", "%2$s の大陸は名前の先頭にある %3$s です（%1$s ではありません）。"),
  DEFAULT_CONTINENT(
      "exactly one continent must have default: true, found %1$s",
      "default: true の大陸はちょうど一つにしてください（今は %1$s）。"),
  DEFAULT_MUNICIPALITY(
      "the default continent %1$s must have exactly one municipality, found %2$s",
      "既定の大陸 %1$s の市町村はちょうど一つにしてください（今は %2$s）。"),
  SEAT_NUMBER("there can be %1$s seats, not %2$s", "代表者の席数は %1$s のどれかにしてください。"),
  SEAT_COUNT(
      "%1$s representatives, but term.seats says %2$s",
      "代表者が %1$s 人です。term.seats の %2$s に合わせてください。"),
  BAD_KEY_LABEL(
      "%1$s is not a seat's name: at most 32 of a-z 0-9 -, and not log",
      "席の名前には a-z 0-9 - だけを 32 文字まで使えます（log は使えません）。"),
  KEY_COUNT("%1$s keys; there must be %2$s to %3$s", "鍵は %2$s から %3$s 個にしてください（今は %1$s 個）。"),
  BAD_THRESHOLD(
      "a threshold of %1$s out of %2$s keys is not more than half",
      "必要な署名の数は %2$s 個の鍵の過半数にしてください。"),
  BAD_VKEY("not a verifier key (name+hash+base64): %1$s", "公開鍵（name+hash+base64）として読めません。"),
  KEY_TYPE("expected a key of type %1$s, found %2$s", "鍵の種類が違います（%1$s が必要です）。"),
  KEY_NAME("the key is named %1$s, expected %2$s", "鍵の名前を %2$s にしてください（今は %1$s）。"),
  KEY_NAME_TWICE("a key named %1$s stands in line %2$s already", "%1$s という鍵が %2$s 行目にもあります。"),
  KEY_TWICE("the same key stands in line %1$s already", "同じ鍵が %1$s 行目にもあります。"),
  OPEN_TO_OTHERS(
      "others than its owner may read %1$s; permit the owner only (chmod 600)",
      "%1$s は所有者だけが読めるようにしてください（chmod 600）。"),
  MISSING_FILE("there is no file %1$s", "ファイル %1$s がありません。"),
  UNREADABLE_FILE("%1$s cannot be read (%2$s)", "ファイル %1$s を読めません。"),
  BAD_REFERENCE(
      "expected ${NAME} or ${file:PATH} where ${ begins",
      "${ の後は ${環境変数名} か ${file:ファイル名} の形にしてください。"),
  NO_VARIABLE("the environment has no variable %1$s", "環境変数 %1$s がありません。"),
  SECRET_LENGTH("empty, or more than %1$s characters", "1 から %1$s 文字にしてください。"),
  NOT_LIKE("expected %1$s", "ここには%1$sを書いてください。"),
  UNUSABLE("%1$s", "この設定は使えません。"),
  EXACTLY_ONE("exactly one of %1$s must stand here", "%1$s のどれか一つだけを書いてください。"),
  NO_SUCH_PEER("%1$s is none of the peers in this file", "%1$s というコンピューターがこのファイルにありません。"),
  PEER_ADDRESS_TWICE("peer %1$s in line %2$s has the same address", "%2$s 行目の %1$s と同じアドレスです。"),
  PEER_NOT_LOCAL(
      "%1$s is not this machine's loopback address, and there is no tls/ for peers on other machines",
      "tls/ がないので、%1$s のような他のコンピューターのアドレスは使えません。"),
  UNKNOWN_PLACE(
      "%1$s is no continent or municipality of this federation", "%1$s はこの連合の大陸・市町村ではありません。"),
  SAME_STORE(
      "the same store as %1$s in line %2$s, but with other settings",
      "%2$s 行目の %1$s と同じ保存先ですが、設定が違います。");

  private final String en;
  private final String ja;

  Fault(String en, String ja) {
    this.en = en;
    this.ja = ja;
  }

  String english(Object... arguments) {
    return String.format(
        en, Arrays.stream(arguments).map(one -> one instanceof Shape s ? s.en : one).toArray());
  }

  String japanese(Object... arguments) {
    return String.format(
        ja, Arrays.stream(arguments).map(one -> one instanceof Shape s ? s.ja : one).toArray());
  }

  /** Kinds of values and of chains, as an argument in either language. */
  enum Shape {
    SECTION("a section of key: value lines", "「項目: 値」の行"),
    LIST("a list of \"- value\" lines", "「- 値」の行"),
    TEXT("text", "文字"),
    QUOTED("text, in quotes where it looks like a number", "文字（数字だけのときは引用符で囲む）"),
    NUMBER("a whole number", "整数"),
    AMOUNT("an amount like 1000000.00", "1000000.00 のような金額"),
    DURATION("a duration like 250ms, 2s, 5m, 24h or 60d", "250ms・2s・5m・24h・60d のような時間"),
    TERM_LENGTH(
        "a duration like 90d or a number of blocks like 100000 blocks", "90d または 100000 blocks"),
    TRUTH("true or false", "true か false"),
    SHA_256("a SHA-256 in base64", "base64 の SHA-256"),
    NOTHING("nothing", "空"),
    HIDDEN("a text (not shown here)", "書かれた文字"),
    CONTINENT("continent", "大陸"),
    MUNICIPALITY("municipality (Continent-Name)", "市町村（大陸名-名前）"),
    MONGO_URI(
        "a MongoDB address like mongodb://user:password@host:27017",
        " mongodb://user:password@host:27017 のような接続先"),
    POSTGRESQL_URL(
        "an address like jdbc:postgresql://host:5432/database",
        " jdbc:postgresql://host:5432/database のような接続先"),
    ADDRESS("an address like host:3322", " host:3322 のような接続先"),
    HTTPS_URL("an address like https://host/path", " https://host/path のような宛先"),
    GATEWAY_URL("an address like http://host:2001", " http://host:2001 のような窓口の場所"),
    PEER_NAME("a name of 1 to 32 of a-z 0-9 -", "名前（a-z 0-9 - を 32 文字まで）"),
    PEER_ADDRESS("an address like 10.0.0.1:4001", " 10.0.0.1:4001 のようなアドレス"),
    HOOK_NAME("a name of 1 to 32 of a-z 0-9 -", "名前（a-z 0-9 - を 32 文字まで）"),
    ACCOUNT("an account like Asia-Komatsu/k3v9q2mw", " Asia-Komatsu/k3v9q2mw のような口座番号"),
    DATABASE("a database's name: 1 to 128 of a-z 0-9 _", "データベース名（a-z 0-9 _ を 128 文字まで）");

    private final String en;
    private final String ja;

    Shape(String en, String ja) {
      this.en = en;
      this.ja = ja;
    }
  }
}
