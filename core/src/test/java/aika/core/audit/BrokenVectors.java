package aika.core.audit;

import static aika.core.transfer.TestFederation.KANAZAWA;
import static aika.core.transfer.TestFederation.KOMATSU;
import static aika.core.transfer.TestFederation.PARIS;
import static java.nio.charset.StandardCharsets.UTF_8;

import aika.core.money.ChainId;
import aika.core.money.Timestamp;
import aika.core.transfer.TestFederation;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Variants of the vectors' logs in which something is wrong, and what an auditor says of each. */
final class BrokenVectors {
  private final TestFederation fed;

  BrokenVectors(TestFederation fed) {
    this.fed = fed;
  }

  /**
   * One of them.
   *
   * @param chain whose files are changed
   * @param found the chain where it is found
   * @param kind the code of the finding
   * @param change changes the chain's published files
   */
  record Broken(ChainId chain, ChainId found, Finding.Kind kind, Consumer<PublishedFiles> change) {
    Broken(ChainId chain, Finding.Kind kind, Consumer<PublishedFiles> change) {
      this(chain, chain, kind, change);
    }

    Broken foundAt(ChainId other) {
      return new Broken(chain, other, kind, change);
    }
  }

  /** By their names. */
  Map<String, Broken> all() {
    Map<String, Broken> all = new LinkedHashMap<>();
    all.put(
        "balance-forged",
        leaf(
            KOMATSU,
            "send",
            Finding.Kind.LEAF_DIFFERS,
            s -> s.replace("k3v9q2mw -200.00 800.00", "k3v9q2mw -200.00 900.00")));
    all.put(
        "inflation-by-a-whole-municipality",
        leaf(KOMATSU, "issue", Finding.Kind.LEAF_REFUSED, s -> s.replace("1000.00", "9000.00")));
    all.put(
        "receive-without-send",
        leaf(
            KANAZAWA,
            "receive",
            Finding.Kind.LEAF_REFUSED,
            s -> s.replaceFirst("cites \\d+", "cites 1")));
    all.put(
        "refund-without-record",
        leaf(
            KOMATSU,
            "settle",
            Finding.Kind.LEAF_DIFFERS,
            s -> s.replaceFirst(" received ", " rejected ")));
    all.put(
        "two-outcomes",
        leaf(
            KANAZAWA,
            "cancelled",
            Finding.Kind.LEAF_REFUSED,
            s -> s.replaceFirst("transfer Asia-Komatsu:\\d+", "transfer Asia-Komatsu:13")));
    all.put(
        "wrong-term",
        leaf(
            KOMATSU,
            "seal",
            Finding.Kind.LEAF_DIFFERS,
            s -> s.replace("\nterm 1\n", "\nterm 2\n")));
    all.put(
        "someone-else-elected",
        leaf(
            KOMATSU,
            "elected",
            Finding.Kind.LEAF_DIFFERS,
            s -> s.replaceFirst("standing \\S+cand5 1 5.00", "standing x/cand5 1 6.00")));
    all.put(
        "history-reordered", // by itself it would do; but others have recorded it as it was
        forged(KOMATSU, Finding.Kind.RECORDED_CHECKPOINT, leaves -> leaves.add(2, leaves.remove(3)))
            .foundAt(KANAZAWA));
    all.put(
        "no-seal-at-the-end",
        forged(KOMATSU, Finding.Kind.UNSEALED, leaves -> leaves.removeLast()));
    all.put(
        "entry-changed-tree-not",
        new Broken(
            KOMATSU,
            Finding.Kind.LEAF_MALFORMED,
            files -> {
              String path = entries(files);
              byte[] bytes = file(files, path).clone();
              bytes[1_000] ^= 1;
              files.files.put(path, bytes);
            }));
    all.put(
        "tile-flipped",
        new Broken(
            KOMATSU,
            Finding.Kind.TILE,
            files -> {
              String path =
                  files.files.keySet().stream()
                      .filter(p -> p.startsWith("tile/0/"))
                      .findFirst()
                      .orElseThrow();
              byte[] bytes = file(files, path).clone();
              bytes[40] ^= 1;
              files.files.put(path, bytes);
            }));
    all.put(
        "entries-missing",
        new Broken(KOMATSU, Finding.Kind.ENTRIES, files -> files.files.remove(entries(files))));
    all.put(
        "log-signature-wrong",
        new Broken(
            KANAZAWA,
            Finding.Kind.LOG_SIGNATURE,
            files -> edit(files, "checkpoint", s -> flip(s, s.indexOf("— ") + 60))));
    all.put(
        "a-seat-signed-something-else",
        new Broken(
            KANAZAWA,
            Finding.Kind.COSIGNATURE,
            files -> edit(files, "checkpoint", s -> flip(s, s.length() - 100))));
    all.put(
        "too-few-seats",
        new Broken(
            KANAZAWA,
            Finding.Kind.QUORUM,
            files ->
                edit(
                    files,
                    "checkpoint",
                    s -> String.join("\n", s.lines().limit(8).toList()) + "\n")));
    all.put(
        "hand-over-missing",
        new Broken(KOMATSU, Finding.Kind.QUORUM, files -> files.files.remove("term/1")));
    all.put(
        "hand-over-of-another-tree",
        new Broken(
            KOMATSU,
            Finding.Kind.HANDOVER,
            files -> edit(files, "term/1", s -> s.replaceFirst("index (\\d+)", "index 3"))));
    all.put(
        "hand-over-of-a-fork", // which the old keys signed; who it elects approves the honest tree
        new Broken(KOMATSU, Finding.Kind.HANDOVER, files -> files.usurped(fed.chain(KOMATSU), 50)));
    all.put(
        "approved-by-seats-that-are-over",
        new Broken(KOMATSU, Finding.Kind.HANDOVER, files -> files.overstayed(fed.chain(KOMATSU))));
    all.put(
        "recovered-by-one-key-of-the-quorum",
        leaf(PARIS, "recovered", Finding.Kind.LEAF_REFUSED, s -> withoutLines(s, 1)));
    all.put(
        "recovered-with-another-reason",
        leaf(
            PARIS,
            "recovered",
            Finding.Kind.LEAF_REFUSED,
            s -> s.replace("reason the seats approved", "reason they lost")));
    all.put(
        "conflict-of-three-seats",
        leaf(KANAZAWA, "conflict", Finding.Kind.LEAF_REFUSED, s -> withoutLines(s, 2)));
    all.put(
        "conflict-that-shows-none",
        leaf(KANAZAWA, "conflict", Finding.Kind.LEAF_MALFORMED, BrokenVectors::firstTwice));
    all.put(
        "sent-while-frozen", // the holder was unfrozen just before
        forged(
            PARIS, Finding.Kind.LEAF_REFUSED, leaves -> leaves.remove(last(leaves, "unfreeze"))));
    all.put(
        "key-recovered-a-second-too-early",
        forged(
            PARIS,
            Finding.Kind.LEAF_REFUSED,
            leaves ->
                change(leaves, first(leaves, "recover-key", "10stkey0"), BrokenVectors::later)));
    all.put(
        "received-on-a-closed-chain",
        forged(
            PARIS,
            Finding.Kind.LEAF_REFUSED,
            leaves -> change(leaves, last(leaves, "rejected"), BrokenVectors::asReceived)));
    return all;
  }

  private static byte[] file(PublishedFiles files, String path) {
    return Objects.requireNonNull(files.files.get(path), path);
  }

  private Broken leaf(ChainId id, String kind, Finding.Kind found, UnaryOperator<String> change) {
    return forged(id, found, leaves -> change(leaves, first(leaves, kind, ""), change));
  }

  /** The whole quorum that sits signs other leaves. */
  private Broken forged(ChainId id, Finding.Kind found, Consumer<List<byte[]>> change) {
    return new Broken(
        id,
        found,
        files -> {
          List<byte[]> leaves = PublishedFiles.leaves(fed.chain(id));
          change.accept(leaves);
          files.files.clear();
          files.files.putAll(PublishedFiles.forged(fed, fed.chain(id), leaves).files);
        });
  }

  /** Where the first leaf of a kind stands that names this. */
  private static int first(List<byte[]> leaves, String kind, String named) {
    for (int i = 0; i < leaves.size(); i++) {
      String text = new String(leaves.get(i), UTF_8);
      if (text.contains("\nkind " + kind + "\n") && text.contains(named)) {
        return i;
      }
    }
    throw new AssertionError("no leaf of kind " + kind + " names " + named);
  }

  private static int last(List<byte[]> leaves, String kind) {
    return leaves.size() - 1 - first(leaves.reversed(), kind, "");
  }

  private static void change(List<byte[]> leaves, int index, UnaryOperator<String> change) {
    String text = new String(leaves.get(index), UTF_8);
    String other = change.apply(text);
    if (other.equals(text)) {
      throw new AssertionError("nothing changed in " + text);
    }
    leaves.set(index, other.getBytes(UTF_8));
  }

  /** Ordered a second later; the next leaf is as late. */
  private static String later(String leaf) {
    String line = leaf.lines().filter(one -> one.startsWith("time ")).findFirst().orElseThrow();
    long time = Timestamp.parseMillis(line.substring("time ".length()));
    return leaf.replace(line, "time " + Timestamp.millis(time + 1_000));
  }

  /** What the chain declined, it credits; the balances are never looked at. */
  private static String asReceived(String leaf) {
    return leaf.replace("kind rejected", "kind received")
        + "post Europe-Paris/~clearing.Asia-Kanazawa -6.00 9.00\n"
        + "post Europe-Paris/c1a1re00 6.00 291.00\n";
  }

  private static String withoutLines(String text, int last) {
    List<String> lines = text.lines().toList();
    return String.join("\n", lines.subList(0, lines.size() - last)) + "\n";
  }

  /** The second checkpoint of a conflict proof is the first one once more. */
  private static String firstTwice(String leaf) {
    String line = leaf.lines().filter(one -> one.startsWith("first ")).findFirst().orElseThrow();
    String head = leaf.substring(0, leaf.indexOf(line) + line.length());
    byte[] first = Base64.getDecoder().decode(line.substring("first ".length()));
    return head + "\n\n" + new String(first, UTF_8);
  }

  private static String entries(PublishedFiles files) {
    return files.files.keySet().stream()
        .filter(path -> path.startsWith("tile/entries/"))
        .findFirst()
        .orElseThrow();
  }

  private static void edit(PublishedFiles files, String path, UnaryOperator<String> change) {
    files.files.put(path, change.apply(new String(file(files, path), UTF_8)).getBytes(UTF_8));
  }

  /** Another base64 digit at this place. */
  private static String flip(String text, int at) {
    return text.substring(0, at) + (text.charAt(at) == 'A' ? 'B' : 'A') + text.substring(at + 1);
  }
}
