package aika.node.config;

import aika.core.note.VerifierKey;
import java.util.List;
import java.util.OptionalInt;

/** Writes a federation as its file, with comments that explain each key in both languages. */
final class FederationWriter {
  private static final String HEAD =
      """
      # The federation file of Aika: who takes part, on which ports, with which keys and limits.
      # Every node reads the same file; its SHA-256 stands in the first entry of every chain.
      # Unknown keys are refused. Every key is described in docs/spec/federation-file.md.
      # 愛貨の連合ファイルです。すべてのノードが同じファイルを読みます。知らない項目があると起動しません。
      # Keys are public, in the form name+hash+base64. / 鍵はすべて公開鍵です。

      """;

  private final StringBuilder out = new StringBuilder(HEAD);

  private FederationWriter() {}

  static String text(Federation federation) {
    FederationWriter writer = new FederationWriter();
    writer.header(federation);
    writer.limits(federation.limits());
    writer.term(federation.term());
    writer.line(0, "");
    writer.comment(0, "Continents and their gateways; one is the default. / 大陸とその窓口。");
    writer.comment(0, "http: gateway. node: peers (optional). mongo: MongoDB (optional).");
    writer.comment(0, "log: Ed25519 key of the chain's checkpoints. / チェックポイントの署名鍵。");
    writer.comment(0, "representatives: ML-DSA-44 keys, term.seats of them. / 代表者の鍵。");
    writer.line(0, "continents:");
    federation.continents().forEach(writer::continent);
    writer.line(0, "");
    writer.comment(0, "Municipalities; the name begins with its continent. / 市町村（大陸名-名前）。");
    writer.comment(0, "issuers: two of them sign an issue. / 発行者。二人の署名で発行します。");
    writer.comment(0, "registrars: one of them opens accounts. / 登録係。口座を開きます。");
    writer.line(0, "municipalities:");
    federation.municipalities().forEach(writer::municipality);
    return writer.out.toString();
  }

  private void header(Federation federation) {
    comment(0, "The federation's name, a line of every order. / 連合の名前。");
    value(0, "federation", quoted(federation.id()));
    comment(0, "Signs each later file of this federation (Ed25519). / 後のファイルに署名する鍵。");
    key(0, "root", federation.root());
    if (!federation.earlierFiles().isEmpty()) {
      comment(0, "SHA-256 of the files that this one continues. / 前のファイルの SHA-256。");
      line(0, "earlier-files:");
      federation.earlierFiles().forEach(file -> line(1, "- " + quoted(file.base64())));
    }
    line(0, "");
    comment(0, "A block closes after so many entries (1..1000) or so long after its first one.");
    comment(0, "ブロックは件数か時間の早い方で閉じます。");
    line(0, "block:");
    value(1, "entries", federation.block().entries());
    value(1, "interval", DurationText.of(federation.block().interval()));
  }

  private void limits(Limits limits) {
    line(0, "");
    comment(0, "What a chain accepts at most. / 上限。");
    line(0, "limits:");
    comment(1, "Entries without approval before \"busy\" is answered. / 承認待ちの上限。");
    value(1, "unapproved-leaves", limits.unapprovedLeaves());
    comment(1, "Sends of one account that wait for their receiver. / 受け取り待ちの件数。");
    value(1, "open-holds-per-account", limits.openHoldsPerAccount());
    comment(1, "Net amount accepted from one other municipality, and from all. / 受け入れ額。");
    value(1, "exposure-per-counterpart", limits.exposurePerCounterpart());
    value(1, "exposure-sum", limits.exposureSum());
    comment(1, "Smallest amount that may leave for another municipality. / 他市町村への最小額。");
    value(1, "cross-chain-min", limits.crossChainMin());
    comment(1, "How long a send waits for its receiver (at most 90d). / 受け取りの期限。");
    value(1, "valid-until-default", DurationText.of(limits.validUntilStandard()));
    value(1, "valid-until-max", DurationText.of(limits.validUntilMax()));
    comment(1, "How long an order made by a wallet may be delivered. / 注文の有効時間。");
    value(1, "not-after-default", DurationText.of(limits.notAfterStandard()));
    comment(1, "What a municipality may have issued and not redeemed. / 発行の上限。");
    value(1, "issued-max", limits.issued());
  }

  private void term(Term term) {
    line(0, "");
    comment(0, "How long representatives sit: a time (90d) or a height (100000 blocks); and");
    comment(0, "how many: 4, 5 or 7, or 1 for development. / 代表者の任期と席数。");
    line(0, "term:");
    value(
        1,
        "length",
        switch (term.length()) {
          case Term.Length.Blocks blocks -> blocks.count() + " blocks";
          case Term.Length.Time time -> DurationText.of(time.duration());
        });
    value(1, "seats", term.seats());
  }

  private void continent(Continent continent) {
    chain(continent);
    if (continent.isDefault()) {
      comment(2, "Serves requests that name no known continent. / 大陸が分からない依頼の窓口。");
      value(2, "default", true);
    }
    keys(continent);
  }

  private void municipality(Municipality municipality) {
    chain(municipality);
    keys(2, "issuers", municipality.issuers());
    keys(2, "registrars", municipality.registrars());
    keys(municipality);
  }

  private void chain(Chain chain) {
    line(1, chain.id() + ":");
    String ja = quoted(chain.name().ja());
    line(2, "name: { ja: " + ja + ", en: " + quoted(chain.name().en()) + " }");
    value(2, "http", chain.http());
    port("node", chain.node());
    port("mongo", chain.mongo());
  }

  private void port(String key, OptionalInt port) {
    port.ifPresent(number -> value(2, key, number));
  }

  private void keys(Chain chain) {
    key(2, "log", chain.log());
    line(2, "representatives:");
    chain.representatives().forEach(seat -> key(3, seat.name(), seat.key()));
    chain
        .recovery()
        .ifPresent(recovery -> {
          comment(2, "Offline keys for an emergency. / 非常時のための鍵。");
          line(2, "recovery:");
          value(3, "threshold", recovery.threshold());
          keys(3, "keys", recovery.keys());
        });
  }

  private void keys(int depth, String name, List<VerifierKey> keys) {
    line(depth, name + ":");
    keys.forEach(key -> line(depth + 1, "- " + quoted(key.format())));
  }

  private void key(int depth, String name, VerifierKey key) {
    value(depth, name, quoted(key.format()));
  }

  private void value(int depth, String key, Object value) {
    line(depth, key + ": " + value);
  }

  private void comment(int depth, String text) {
    line(depth, "# " + text);
  }

  private void line(int depth, String text) {
    out.repeat("  ", depth).append(text).append('\n');
  }

  /** Double-quoted, so that a name like {@code true} or {@code 12} stays text. */
  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
