package aika.core.audit;

import static aika.core.transfer.TestFederation.EUROPE;
import static aika.core.transfer.TestFederation.KANAZAWA;
import static aika.core.transfer.TestFederation.KOMATSU;
import static aika.core.transfer.TestFederation.PARIS;
import static java.nio.charset.StandardCharsets.UTF_8;

import aika.core.ledger.TestKeys;
import aika.core.log.Hash;
import aika.core.money.ChainId;
import aika.core.money.Timestamp;
import aika.core.transfer.TestFederation;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
   * @param rule the code of the rule that refuses a leaf; empty when it is not about that
   * @param change changes the chain's published files, and says where it is found
   */
  record Broken(
      ChainId chain,
      ChainId found,
      Finding.Kind kind,
      String rule,
      Function<PublishedFiles, String> change) {

    /** What stands in {@code expected.txt}, once the files are changed. */
    String expected(PublishedFiles files) {
      String place = change.apply(files);
      return kind + " " + found + " " + place + "\n" + (rule.isEmpty() ? "" : rule + "\n");
    }
  }

  /** By their names. */
  Map<String, Broken> all() {
    Map<String, Broken> all = new LinkedHashMap<>();
    all.put(
        "balance-forged",
        differs(
            KOMATSU, "send", s -> s.replace("k3v9q2mw -200.00 800.00", "k3v9q2mw -200.00 900.00")));
    all.put(
        "inflation-by-a-whole-municipality",
        refused(KOMATSU, "issue", "BAD_SIGNATURE", s -> s.replace("1000.00", "9000.00")));
    all.put(
        "receive-without-send",
        refused(
            KANAZAWA, "receive", "EVIDENCE_INVALID", s -> s.replaceFirst("cites \\d+", "cites 1")));
    all.put(
        "refund-of-what-was-received",
        settled(Finding.Kind.LEAF_DIFFERS, "", s -> s.replaceFirst(" received ", " rejected ")));
    all.put(
        "refund-without-record",
        settled(
            Finding.Kind.LEAF_REFUSED,
            "EVIDENCE_MISSING",
            s -> s.replaceFirst("recorded \\d+", "recorded 1")));
    all.put(
        "two-outcomes", // it was received, and is said to have expired
        refused(KANAZAWA, "expired", "ALREADY_DECIDED", this::asReceivedBefore));
    all.put("wrong-term", differs(KOMATSU, "seal", s -> s.replace("\nterm 1\n", "\nterm 2\n")));
    all.put("someone-else-elected", differs(KOMATSU, "elected", this::withUsurper));
    all.put(
        "other-standings",
        differs(
            KOMATSU,
            "elected",
            s -> s.replaceFirst("standing \\S+cand5 1 5.00", "standing x/cand5 1 6.00")));
    all.put(
        "history-reordered", // by itself it would do; but others have recorded it as it was
        new Broken(
            KOMATSU,
            KANAZAWA,
            Finding.Kind.RECORDED_CHECKPOINT,
            "",
            files -> {
              forge(files, KOMATSU, leaves -> leaves.add(2, leaves.remove(3)));
              List<byte[]> other = PublishedFiles.leaves(fed.chain(KANAZAWA));
              return "leaf " + first(other, "record", "origin Asia-Komatsu\n");
            }));
    all.put(
        "no-seal-at-the-end",
        file(
            KOMATSU,
            Finding.Kind.UNSEALED,
            files -> {
              forge(files, KOMATSU, List::removeLast);
              return "size " + (fed.chain(KOMATSU).head().blockStart() - 1);
            }));
    all.put(
        "entry-changed-tree-not",
        file(
            KOMATSU,
            Finding.Kind.LEAF_MALFORMED,
            files -> {
              String path = entries(files);
              byte[] bytes = file(files, path).clone();
              bytes[1_000] ^= 1;
              files.files.put(path, bytes);
              return "leaf 2";
            }));
    all.put(
        "tile-flipped",
        file(
            KOMATSU,
            Finding.Kind.TILE,
            files -> {
              String path = tile(files);
              byte[] bytes = file(files, path).clone();
              bytes[40] ^= 1;
              files.files.put(path, bytes);
              return path;
            }));
    all.put(
        "tile-with-a-hash-too-many",
        file(
            KOMATSU,
            Finding.Kind.TILE,
            files -> {
              String path = tile(files);
              byte[] bytes = file(files, path);
              files.files.put(path, Arrays.copyOf(bytes, bytes.length + Hash.BYTES));
              return path;
            }));
    all.put(
        "entries-missing",
        file(
            KOMATSU,
            Finding.Kind.ENTRIES,
            files -> {
              String path = entries(files);
              files.files.remove(path);
              return path;
            }));
    all.put(
        "checkpoint-missing",
        file( // others have recorded it
            KANAZAWA,
            Finding.Kind.CHECKPOINT_MISSING,
            files -> {
              files.files.remove("checkpoint");
              return "checkpoint";
            }));
    all.put(
        "checkpoint-with-a-leading-zero",
        file(
            EUROPE,
            Finding.Kind.CHECKPOINT_MALFORMED,
            files -> edit(files, "checkpoint", s -> s.replaceFirst("\n(\\d+)\n", "\n0$1\n"))));
    all.put(
        "root-of-other-leaves", // signed by everybody
        file(
            EUROPE,
            Finding.Kind.ROOT,
            files -> {
              long size = fed.chain(EUROPE).head().size();
              files.sign(size, Hash.of(TestKeys.seed("another")), 5);
              return "size " + size;
            }));
    all.put(
        "log-signature-wrong",
        file(
            KANAZAWA,
            Finding.Kind.LOG_SIGNATURE,
            files -> edit(files, "checkpoint", s -> flip(s, s.indexOf("— ") + 60))));
    all.put(
        "a-seat-signed-something-else",
        file(
            KANAZAWA,
            Finding.Kind.COSIGNATURE,
            files -> edit(files, "checkpoint", s -> flip(s, s.length() - 100))));
    all.put(
        "too-few-seats",
        file(
            KANAZAWA,
            Finding.Kind.QUORUM,
            files ->
                edit(
                    files,
                    "checkpoint",
                    s -> String.join("\n", s.lines().limit(8).toList()) + "\n")));
    all.put(
        "hand-over-missing",
        file(
            KOMATSU,
            Finding.Kind.QUORUM,
            files -> {
              files.files.remove("term/1");
              return "checkpoint";
            }));
    all.put(
        "hand-over-of-another-leaf",
        file(
            KOMATSU,
            Finding.Kind.HANDOVER,
            files -> edit(files, "term/1", s -> s.replaceFirst("index (\\d+)", "index 3"))));
    all.put(
        "hand-over-of-another-tree", // old keys signed a fork; who it elects approves the honest
        // tree
        file(
            KOMATSU,
            Finding.Kind.HANDOVER,
            files -> {
              files.usurped(fed.chain(KOMATSU), 50);
              return "term/1";
            }));
    all.put(
        "approved-by-seats-whose-term-is-over",
        file(
            KOMATSU,
            Finding.Kind.HANDOVER,
            files -> {
              files.overstayed(fed.chain(KOMATSU));
              return "checkpoint";
            }));
    all.put(
        "recovered-by-one-key-of-the-quorum",
        refused(PARIS, "recovered", "BAD_SIGNATURE", s -> withoutLines(s, 1)));
    all.put(
        "recovered-with-another-reason",
        refused(
            PARIS,
            "recovered",
            "BAD_SIGNATURE",
            s -> s.replace("reason the seats approved", "reason they lost")));
    all.put(
        "conflict-of-three-seats",
        refused(KANAZAWA, "conflict", "BAD_SIGNATURE", s -> withoutLines(s, 2)));
    all.put(
        "conflict-that-shows-none",
        leaf(KANAZAWA, "conflict", Finding.Kind.LEAF_MALFORMED, "", BrokenVectors::firstTwice));
    all.put(
        "sent-while-frozen", // the holder was unfrozen just before
        forged(
            PARIS,
            Finding.Kind.LEAF_REFUSED,
            "ACCOUNT_FROZEN",
            leaves -> {
              leaves.remove(last(leaves, "unfreeze"));
              return first(leaves, "send", "from Europe-Paris/fr0zen00");
            }));
    all.put(
        "key-recovered-a-second-too-early",
        forged(
            PARIS,
            Finding.Kind.LEAF_REFUSED,
            "BAD_SIGNATURE",
            leaves -> {
              change(leaves, first(leaves, "recover-key", "10stkey0"), BrokenVectors::later);
              return first(leaves, "send", "from Europe-Paris/10stkey0");
            }));
    all.put(
        "received-on-a-closed-chain",
        forged(
            PARIS,
            Finding.Kind.LEAF_REFUSED,
            "CHAIN_CLOSED",
            leaves -> {
              int declined = last(leaves, "rejected");
              change(leaves, declined, BrokenVectors::asReceived);
              return declined;
            }));
    return all;
  }

  private static byte[] file(PublishedFiles files, String path) {
    return Objects.requireNonNull(files.files.get(path), path);
  }

  private static Broken file(
      ChainId id, Finding.Kind kind, Function<PublishedFiles, String> change) {
    return new Broken(id, id, kind, "", change);
  }

  private Broken differs(ChainId id, String kind, UnaryOperator<String> change) {
    return leaf(id, kind, Finding.Kind.LEAF_DIFFERS, "", change);
  }

  private Broken refused(ChainId id, String kind, String rule, UnaryOperator<String> change) {
    return leaf(id, kind, Finding.Kind.LEAF_REFUSED, rule, change);
  }

  /** What Kanazawa decided, as Komatsu settles it. */
  private Broken settled(Finding.Kind found, String rule, UnaryOperator<String> change) {
    return forged(
        KOMATSU,
        found,
        rule,
        leaves -> {
          int index = first(leaves, "settle", "from Asia-Kanazawa");
          change(leaves, index, change);
          return index;
        });
  }

  private Broken leaf(
      ChainId id, String kind, Finding.Kind found, String rule, UnaryOperator<String> change) {
    return forged(
        id,
        found,
        rule,
        leaves -> {
          int index = first(leaves, kind, "");
          change(leaves, index, change);
          return index;
        });
  }

  /**
   * The whole quorum that sits signs other leaves.
   *
   * @param change says at which leaf it is found
   */
  private Broken forged(
      ChainId id, Finding.Kind found, String rule, ToIntFunction<List<byte[]>> change) {
    return new Broken(
        id,
        id,
        found,
        rule,
        files -> {
          int[] index = {0};
          forge(files, id, leaves -> index[0] = change.applyAsInt(leaves));
          return "leaf " + index[0];
        });
  }

  private void forge(PublishedFiles files, ChainId id, Consumer<List<byte[]>> change) {
    List<byte[]> leaves = PublishedFiles.leaves(fed.chain(id));
    change.accept(leaves);
    files.files.clear();
    files.files.putAll(PublishedFiles.forged(fed, fed.chain(id), leaves).files);
  }

  /** The same transfer as the first that was received, of which this leaf says that it expired. */
  private String asReceivedBefore(String leaf) {
    List<byte[]> leaves = PublishedFiles.leaves(fed.chain(KANAZAWA));
    String received = new String(leaves.get(first(leaves, "receive", "")), UTF_8);
    String other = leaf;
    for (String key : List.of("transfer", "cites", "send-leaf")) {
      Matcher line = Pattern.compile("\n" + key + " [^\n]+").matcher(received);
      if (!line.find()) {
        throw new AssertionError("no " + key + " in " + received);
      }
      String same = Matcher.quoteReplacement(line.group());
      other = other.replaceFirst("\n" + key + " [^\n]+", same);
    }
    return other;
  }

  /** The last of the five who were elected gives way to somebody who never stood. */
  private String withUsurper(String leaf) {
    String name = fed.directory().origin(KOMATSU) + "/usurper1";
    String key = TestKeys.cosigner(name, fed.seatSigner(name)).format();
    int last = leaf.lastIndexOf("\nseat ");
    return leaf.substring(0, last) + "\nseat " + key + leaf.substring(leaf.indexOf('\n', last + 1));
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

  private static String tile(PublishedFiles files) {
    return files.files.keySet().stream()
        .filter(path -> path.startsWith("tile/0/"))
        .findFirst()
        .orElseThrow();
  }

  private static String edit(PublishedFiles files, String path, UnaryOperator<String> change) {
    files.files.put(path, change.apply(new String(file(files, path), UTF_8)).getBytes(UTF_8));
    return path;
  }

  /** Another base64 digit at this place. */
  private static String flip(String text, int at) {
    return text.substring(0, at) + (text.charAt(at) == 'A' ? 'B' : 'A') + text.substring(at + 1);
  }
}
