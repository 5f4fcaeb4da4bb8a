package aika.core.audit;

import static aika.core.transfer.TestFederation.EUROPE;
import static aika.core.transfer.TestFederation.KANAZAWA;
import static aika.core.transfer.TestFederation.KOMATSU;
import static aika.core.transfer.TestFederation.PARIS;

import aika.core.ledger.Action;
import aika.core.ledger.Order;
import aika.core.ledger.Policy;
import aika.core.ledger.Row;
import aika.core.log.Hash;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import aika.core.transfer.TestChain;
import aika.core.transfer.TestFederation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A small federation's logs with real signatures, and broken variants of them, for those who write
 * an auditor: docs/spec/vectors. What it writes is checked in; a test of the node audits it.
 */
public final class Vectors {
  /** Terms of four blocks and five seats, so that one term is over. */
  public static final Policy POLICY = Policy.standard().with(new Policy.Term(5, 4, 0));

  /** More than a bundle holds. */
  private static final int LONG_PAYMENTS = 260;

  private final TestFederation fed;
  private final Map<ChainId, PublishedFiles> published = new TreeMap<>();

  /**
   * @param file hash of the federation file, which leaf 0 of each chain logs
   */
  public Vectors(Hash file) {
    fed =
        new TestFederation(
            TestFederation.Signing.REAL, TestFederation.Between.CARRIED, POLICY, file);
    new VectorsStory(fed).tell();
    fed.chains().forEach(chain -> chain.seal(fed.now()));
    fed.chains().forEach(chain -> published.put(chain.id(), PublishedFiles.of(fed, chain)));
  }

  /** The federation as it is in tests, for its keys. */
  public TestFederation federation() {
    return fed;
  }

  /** Writes everything but the federation file, in place of what was there. */
  public void write(Path directory) throws IOException {
    delete(directory.resolve("good"));
    delete(directory.resolve("broken"));
    for (Map.Entry<ChainId, PublishedFiles> chain : published.entrySet()) {
      write(directory.resolve("good").resolve(chain.getKey().value()), chain.getValue().files);
    }
    Files.writeString(directory.resolve("good").resolve("expected.txt"), expected(fed.chains()));
    for (Map.Entry<String, BrokenVectors.Broken> one : new BrokenVectors(fed).all().entrySet()) {
      BrokenVectors.Broken broken = one.getValue();
      PublishedFiles changed = PublishedFiles.of(fed, fed.chain(broken.chain()));
      changed.files.clear();
      changed.files.putAll(Objects.requireNonNull(published.get(broken.chain())).files);
      String expected = broken.expected(changed);
      Path variant = directory.resolve("broken").resolve(one.getKey());
      write(variant.resolve(broken.chain().value()), changed.files);
      Files.writeString(variant.resolve("expected.txt"), expected);
    }
    writeElsewhere(directory.resolve("broken"));
    writeLong(directory.resolve("long"));
    writeGivenUp(directory.resolve("given-up"));
    writeNotBegun(directory.resolve("not-begun"));
  }

  /** Of the same federation file, with nothing in its logs. */
  private TestFederation another() {
    return new TestFederation(
        TestFederation.Signing.REAL,
        TestFederation.Between.CARRIED,
        POLICY,
        fed.directory().fileHash());
  }

  /** What is found in one chain and rests on another, in logs by themselves. */
  private void writeElsewhere(Path broken) throws IOException {
    TestFederation other = another();
    AccountId a = other.open(KOMATSU, "k3v9q2mw", "10.00");
    TransferId sent = other.send(a, new AccountId(KANAZAWA, "p8d1x7aa"), "5.00");
    long cancel = other.cancel(a, sent).index();
    long recorded = other.record(PARIS, KOMATSU).index();
    Action.Conclude cancelled = other.cancellation(PARIS, sent, cancel);
    long decided = other.chain(PARIS).accepted(other.now(), cancelled).index();
    other.chain(PARIS).seal(other.now());
    Map<String, byte[]> komatsu = PublishedFiles.of(other, other.chain(KOMATSU)).files;
    Map<String, byte[]> paris = PublishedFiles.of(other, other.chain(PARIS)).files;
    writeElsewhere(
        broken.resolve("cancelled-by-a-third-chain"),
        komatsu,
        paris,
        Finding.atLeaf(PARIS, Finding.Kind.OUTCOME_ELSEWHERE, decided, ""));
    komatsu.remove("checkpoint");
    writeElsewhere(
        broken.resolve("evidence-of-a-chain-without-checkpoint"),
        komatsu,
        paris,
        Finding.atLeaf(PARIS, Finding.Kind.EVIDENCE_UNREADABLE, recorded, ""));
  }

  private static void writeElsewhere(
      Path variant, Map<String, byte[]> komatsu, Map<String, byte[]> paris, Finding found)
      throws IOException {
    write(variant.resolve(KOMATSU.value()), komatsu);
    write(variant.resolve(PARIS.value()), paris);
    String expected = found.kind() + " " + found.chain() + " " + found.place() + "\n";
    Files.writeString(variant.resolve("expected.txt"), expected);
  }

  private void writeGivenUp(Path directory) throws IOException {
    delete(directory);
    GivenUpStory story = new GivenUpStory(this::another);
    for (Map.Entry<ChainId, PublishedFiles> chain : story.published().entrySet()) {
      write(directory.resolve(chain.getKey().value()), chain.getValue().files);
    }
    Files.writeString(
        directory.resolve("expected.txt"),
        story.expected() + expected(story.federation().chains()));
  }

  /** [AUD-18] A federation of which one continent has not begun. */
  private void writeNotBegun(Path directory) throws IOException {
    delete(directory);
    TestFederation other = another();
    AccountId a = other.open(KOMATSU, "k3v9q2mw", "10.00");
    AccountId b = other.open(KANAZAWA, "p8d1x7aa");
    other.receive(b, other.send(a, b, "4.00"));
    StringBuilder notes = new StringBuilder();
    List<TestChain> begun = new ArrayList<>();
    for (TestChain chain : other.chains()) {
      if (chain.id().equals(PARIS) || chain.id().equals(EUROPE)) {
        notes.append("note NOT_BEGUN ").append(chain.id()).append(" checkpoint\n");
      } else {
        begun.add(chain);
        chain.seal(other.now());
        write(directory.resolve(chain.id().value()), PublishedFiles.of(other, chain).files);
      }
    }
    Files.writeString(
        directory.resolve("expected.txt"), notes + "exposed 0.00\n" + expected(begun));
  }

  /** A federation in which one log has a full bundle, and hash tiles of two levels. */
  private void writeLong(Path directory) throws IOException {
    delete(directory);
    TestFederation other = another();
    AccountId a = other.open(KOMATSU, "k3v9q2mw", "1000.00");
    AccountId b = other.open(KOMATSU, "s0h0p0aa");
    List<Order.Payment> payments = new ArrayList<>();
    for (int i = 1; i <= LONG_PAYMENTS; i++) {
      payments.add(new Order.Payment(b, Money.of("1.00")));
    }
    long until = (other.now() + TestFederation.HOUR) / 1_000 * 1_000;
    other.accepted(new Order.SendBatch(other.header(), a, payments, until));
    other.chains().forEach(chain -> chain.seal(other.now()));
    for (TestChain chain : other.chains()) {
      Map<String, byte[]> files = PublishedFiles.of(other, chain).files;
      write(directory.resolve(chain.id().value()), files);
    }
    Files.writeString(directory.resolve("expected.txt"), expected(other.chains()));
  }

  private static void delete(Path old) throws IOException {
    if (Files.exists(old)) {
      try (Stream<Path> files = Files.walk(old)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
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
  private static String expected(Iterable<TestChain> chains) {
    StringBuilder out = new StringBuilder();
    for (TestChain chain : chains) {
      Row.Totals totals = chain.head().totals();
      out.append("chain ").append(chain.id());
      out.append(" leaves ").append(chain.head().size());
      out.append(" term ").append(chain.head().term());
      out.append(" issued ").append(totals.issued()).append(" balances ").append(totals.balances());
      out.append(" holds ").append(totals.holds()).append(" clearing ").append(totals.clearing());
      out.append(chain.head().closed() ? " closed\n" : "\n");
      List<String> accounts = new ArrayList<>();
      for (Row row : chain.state().rows()) {
        if (row instanceof Row.Account account) {
          accounts.add(account(account.at(chain.head().time())));
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

  /** Its balance, its key, and what of its standing is not usual. */
  private static String account(Row.Account account) {
    Row.Standing standing = account.standing();
    Row.NewKey announced = standing.recovery();
    return "account "
        + account.id()
        + " "
        + account.balance()
        + " key "
        + base64(account.publicKey())
        + (standing.frozen() ? " frozen" : "")
        + (standing.closed() ? " closed" : "")
        + (announced == null ? "" : " announced " + base64(announced.publicKey()));
  }

  private static String base64(byte[] key) {
    return Base64.getEncoder().encodeToString(key);
  }
}
