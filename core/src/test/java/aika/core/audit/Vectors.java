package aika.core.audit;

import static aika.core.transfer.TestFederation.ASIA;
import static aika.core.transfer.TestFederation.KANAZAWA;
import static aika.core.transfer.TestFederation.KOMATSU;
import static aika.core.transfer.TestFederation.PARIS;
import static java.nio.charset.StandardCharsets.UTF_8;

import aika.core.follow.FollowedFederation;
import aika.core.ledger.Action;
import aika.core.ledger.Order;
import aika.core.ledger.OutcomeKind;
import aika.core.ledger.Policy;
import aika.core.ledger.Recovery;
import aika.core.ledger.Row;
import aika.core.ledger.TestKeys;
import aika.core.log.Checkpoint;
import aika.core.log.ConflictProof;
import aika.core.log.Cosignature;
import aika.core.log.Hash;
import aika.core.log.SignedCheckpoint;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import aika.core.note.Ed25519;
import aika.core.note.Signer;
import aika.core.note.VerifierKey;
import aika.core.transfer.TestChain;
import aika.core.transfer.TestFederation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A small federation's logs with real signatures, and broken variants of them, for those who write
 * an auditor: docs/spec/vectors. What it writes is checked in; a test of the node audits it.
 */
public final class Vectors {
  /** Terms of four blocks and five seats, so that one term is over. */
  public static final Policy POLICY = Policy.standard().with(new Policy.Term(5, 4, 0));

  private final TestFederation fed;
  private final FollowedFederation followed;
  private final Map<ChainId, PublishedFiles> published = new TreeMap<>();

  /**
   * @param file hash of the federation file, which leaf 0 of each chain logs
   */
  public Vectors(Hash file) {
    fed =
        new TestFederation(
            TestFederation.Signing.REAL, TestFederation.Between.CARRIED, POLICY, file);
    followed = new FollowedFederation(fed);
    tell();
    fed.chains().forEach(chain -> chain.seal(fed.now()));
    fed.chains().forEach(chain -> published.put(chain.id(), PublishedFiles.of(fed, chain)));
  }

  /** The federation as it is in tests, for its keys. */
  public TestFederation federation() {
    return fed;
  }

  private void step() {
    fed.advance(1_000);
  }

  private long until() {
    return (fed.now() + TestFederation.HOUR) / 1_000 * 1_000;
  }

  private void stand(AccountId account) {
    Order.Header header = fed.header();
    Signer seat = fed.seatSigner(TestFederation.ID + "/" + account);
    byte[] possession = seat.sign(Order.Stand.possessionMessage(header, account));
    fed.accepted(new Order.Stand(header, account, seat.publicKey(), possession));
  }

  private void tell() {
    AccountId a = fed.open(KOMATSU, "k3v9q2mw", "1000.00");
    AccountId b = fed.open(KANAZAWA, "p8d1x7aa");
    AccountId shop = fed.open(KOMATSU, "s0h0p0aa");
    for (int i = 1; i <= 5; i++) {
      stand(fed.open(KOMATSU, "cand" + i));
    }
    TransferId received = fed.send(a, b, "200.00");
    final TransferId rejected = fed.send(a, b, "30.00");
    final TransferId cancelled = fed.send(a, b, "20.00");
    final TransferId expired = fed.send(a, b, "10.00");
    step();
    long cancel = fed.cancel(a, cancelled).index();
    fed.accepted(new Order.AutoReceive(fed.header(), shop, Money.of("50.00")));
    List<Order.Payment> wages = new ArrayList<>();
    for (int i = 1; i <= 5; i++) {
      wages.add(new Order.Payment(AccountId.of("Asia-Komatsu/cand" + i), Money.of(i + ".00")));
    }
    long first = fed.accepted(new Order.SendBatch(fed.header(), a, wages, until())).index();
    step();
    for (int i = 0; i < 5; i++) {
      TransferId wage = new TransferId(KOMATSU, first + i);
      fed.receive(wages.get(i).to(), wage);
      fed.settle(KOMATSU, wage);
    }
    followed.record(KANAZAWA, KOMATSU);
    step();
    fed.receive(b, received);
    fed.reject(b, rejected);
    fed.chain(KANAZAWA).accepted(fed.now(), fed.cancellation(KANAZAWA, cancelled, cancel));
    TransferId bought = fed.send(b, shop, "12.50");
    fed.advance(TestFederation.HOUR);
    fed.expire(KANAZAWA, expired);
    followed.record(KOMATSU, KANAZAWA);
    for (TransferId transfer : List.of(received, rejected, cancelled, expired)) {
      fed.settle(KANAZAWA, transfer);
    }
    step();
    bought = again(b, shop, bought);
    Action.Citation cites = fed.cite(KOMATSU, KANAZAWA, bought.index());
    fed.chain(KOMATSU)
        .accepted(fed.now(), new Action.Conclude(bought, OutcomeKind.RECEIVED, cites));
    fed.accepted(new Order.Redeem(fed.header(), a, Money.of("100.00")));
    fed.accepted(new Order.RotateKey(fed.header(), a, fed.signer("a new key").publicKey()));
    fed.rekey(a, "a new key");
    step();
    fed.chain(KOMATSU).seal(fed.now());
    followed.record(KANAZAWA, KOMATSU);
    fed.settle(KOMATSU, bought);
    fed.accepted(new Order.Clear(fed.header(), KANAZAWA, KOMATSU, Money.of("100.00"), false));
    fed.accepted(new Order.Clear(fed.header(), KOMATSU, KANAZAWA, Money.of("100.00"), true));
    step();
    // the fourth block ends the term: those who stood sit from here on
    while (fed.chain(KOMATSU).head().term() == 1) {
      fed.send(a, b, "1.00");
      step();
      fed.chain(KOMATSU).seal(fed.now());
    }
    TransferId last = fed.send(a, b, "3.00");
    followed.record(KANAZAWA, KOMATSU);
    fed.receive(b, last);
    followed.record(ASIA, KOMATSU);
    twoHistories(b);
    fed.checkConservation();
  }

  /** Paris's seats approve two; Kanazawa writes it down; Paris's recovery quorum seats others. */
  private void twoHistories(AccountId b) {
    AccountId claire = fed.open(PARIS, "c1a1re00", "300.00");
    TransferId before = fed.send(claire, b, "7.00");
    followed.record(KANAZAWA, PARIS);
    fed.receive(b, before);
    step();
    Checkpoint one = fed.checkpoint(PARIS);
    Checkpoint other = new Checkpoint(one.origin(), one.size(), Hash.of(TestKeys.seed("another")));
    ConflictProof proof = ConflictProof.of(approved(one), approved(other));
    fed.chain(KANAZAWA).accepted(fed.now(), new Action.Convict(PARIS, 1, proof));
    step();
    List<VerifierKey> seats = new ArrayList<>();
    for (int i = 1; i <= 5; i++) {
      String name = TestFederation.official(PARIS.value(), "rescue" + i);
      seats.add(TestKeys.cosigner(name, fed.seatSigner(name)));
    }
    Recovery.Seat decided =
        new Recovery.Seat(TestFederation.ID, PARIS, 1, seats, "the seats approved two histories");
    fed.chain(PARIS).accepted(fed.now(), new Action.Recover(fed.sign(decided)));
    step();
    TransferId after = fed.send(claire, b, "8.00");
    followed.record(KANAZAWA, PARIS);
    fed.receive(b, after);
  }

  /** By all seats of Paris's first term. */
  private SignedCheckpoint approved(Checkpoint checkpoint) {
    String origin = checkpoint.origin();
    SignedCheckpoint signed = SignedCheckpoint.sign(checkpoint, Ed25519.TYPE, fed.signer(origin));
    for (int i = 1; i <= 5; i++) {
      String name = origin + "/seat" + i;
      signed =
          signed.withSignature(
              Cosignature.sign(checkpoint, name, fed.now() / 1_000, fed.seatSigner(name)));
    }
    return signed;
  }

  /** The first one has expired by then: it stays open. */
  private TransferId again(AccountId from, AccountId to, TransferId first) {
    TransferId second = fed.send(from, to, "12.50");
    followed.record(to.chain(), first.origin());
    return second;
  }

  // ---- broken variants

  /**
   * A broken variant.
   *
   * @param chain whose files are changed
   * @param found the chain where it is found
   * @param kind the code of the finding
   * @param change changes the chain's published files
   */
  private record Broken(
      ChainId chain, ChainId found, Finding.Kind kind, Consumer<PublishedFiles> change) {
    Broken(ChainId chain, Finding.Kind kind, Consumer<PublishedFiles> change) {
      this(chain, chain, kind, change);
    }

    Broken foundAt(ChainId other) {
      return new Broken(chain, other, kind, change);
    }
  }

  private static byte[] file(PublishedFiles files, String path) {
    return Objects.requireNonNull(files.files.get(path), path);
  }

  private Broken leaf(ChainId id, String kind, Finding.Kind found, UnaryOperator<String> change) {
    return forged(
        id,
        found,
        leaves -> {
          for (int i = 0; i < leaves.size(); i++) {
            String text = new String(leaves.get(i), UTF_8);
            if (text.contains("\nkind " + kind + "\n")) {
              String other = change.apply(text);
              if (other.equals(text)) {
                throw new AssertionError("nothing changed in " + text);
              }
              leaves.set(i, other.getBytes(UTF_8));
              return;
            }
          }
          throw new AssertionError("no leaf of kind " + kind);
        });
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

  private Map<String, Broken> broken() {
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
        leaf(KANAZAWA, "conflict", Finding.Kind.LEAF_MALFORMED, Vectors::firstTwice));
    return all;
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

  // ---- files

  /** Writes everything but the federation file. */
  public void write(Path directory) throws IOException {
    for (Map.Entry<ChainId, PublishedFiles> chain : published.entrySet()) {
      write(directory.resolve("good").resolve(chain.getKey().value()), chain.getValue().files);
    }
    Files.writeString(directory.resolve("good").resolve("expected.txt"), expected());
    for (Map.Entry<String, Broken> one : broken().entrySet()) {
      Broken broken = one.getValue();
      PublishedFiles changed = PublishedFiles.of(fed, fed.chain(broken.chain));
      changed.files.clear();
      changed.files.putAll(Objects.requireNonNull(published.get(broken.chain)).files);
      broken.change.accept(changed);
      Path variant = directory.resolve("broken").resolve(one.getKey());
      write(variant.resolve(broken.chain.value()), changed.files);
      Files.writeString(variant.resolve("expected.txt"), broken.kind + " " + broken.found + "\n");
    }
  }

  private static void write(Path directory, Map<String, byte[]> files) throws IOException {
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path path = directory.resolve(file.getKey());
      Files.createDirectories(Objects.requireNonNull(path.getParent()));
      Files.write(path, file.getValue());
    }
  }

  /** What an auditor finds in the good logs: sums of each chain, and every account. */
  private String expected() {
    StringBuilder out = new StringBuilder();
    for (TestChain chain : fed.chains()) {
      Row.Totals totals = chain.head().totals();
      out.append("chain ").append(chain.id());
      out.append(" leaves ").append(chain.head().size());
      out.append(" term ").append(chain.head().term());
      out.append(" issued ").append(totals.issued()).append(" balances ").append(totals.balances());
      out.append(" holds ").append(totals.holds()).append(" clearing ").append(totals.clearing());
      out.append('\n');
      List<String> accounts = new ArrayList<>();
      for (Row row : chain.state().rows()) {
        if (row instanceof Row.Account account) {
          accounts.add("account " + account.id() + " " + account.balance());
        }
      }
      String[] sorted = accounts.toArray(String[]::new);
      Arrays.sort(sorted);
      for (String line : sorted) {
        out.append(line).append('\n');
      }
    }
    return out.toString();
  }
}
