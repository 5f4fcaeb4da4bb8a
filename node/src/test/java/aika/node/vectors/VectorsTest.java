package aika.node.vectors;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.audit.AuditReport;
import aika.core.audit.FederationAudit;
import aika.core.audit.Finding;
import aika.core.audit.GivenUpFiles;
import aika.core.audit.MemoryBook;
import aika.core.audit.PublishedLog;
import aika.core.audit.Vectors;
import aika.core.ledger.Directory;
import aika.core.ledger.Key;
import aika.core.ledger.Row;
import aika.core.log.Hash;
import aika.core.money.AccountId;
import aika.core.money.ChainId;
import aika.core.note.Ed25519;
import aika.core.note.MlDsa44;
import aika.core.transfer.TestFederation;
import aika.node.config.BlockRule;
import aika.node.config.Continent;
import aika.node.config.DisplayName;
import aika.node.config.Federation;
import aika.node.config.FederationFile;
import aika.node.config.Limits;
import aika.node.config.Municipality;
import aika.node.config.Seat;
import aika.node.config.Term;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** docs/spec/vectors says what an auditor finds; this one finds exactly that. */
final class VectorsTest {
  private static final Path VECTORS = Path.of("..", "docs", "spec", "vectors");
  private static final FederationAudit.Schemes REAL =
      new FederationAudit.Schemes(new Ed25519(64), new Ed25519(64), new MlDsa44());

  private static AuditReport audit(Path... sources) throws InterruptedException {
    return audit(new HashMap<>(), sources);
  }

  /**
   * @param books gets what the audit knows of each chain
   */
  private static AuditReport audit(Map<ChainId, MemoryBook> books, Path... sources)
      throws InterruptedException {
    return audit(books, path -> true, sources);
  }

  /**
   * @param there whether a file is published that is there
   */
  private static AuditReport audit(
      Map<ChainId, MemoryBook> books, Predicate<String> there, Path... sources)
      throws InterruptedException {
    FederationFile file = FederationFile.read(VECTORS.resolve(FederationFile.NAME));
    return new FederationAudit(
            file.directory(),
            REAL,
            chain -> {
              PublishedLog log = log(chain, sources);
              return path -> there.test(path) ? log.file(path) : null;
            },
            (chain, leaves) -> books.computeIfAbsent(chain, any -> new MemoryBook()))
        .run(runs -> runs.forEach(Runnable::run), more -> {});
  }

  /** The first source that has the chain. */
  private static PublishedLog log(ChainId chain, Path... sources) {
    for (Path source : sources) {
      Path directory = source.resolve(chain.value());
      if (Files.isDirectory(directory)) {
        return path -> {
          Path file = directory.resolve(path);
          try {
            return Files.exists(file) ? Files.readAllBytes(file) : null;
          } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
          }
        };
      }
    }
    return path -> null; // it has not begun
  }

  @Test
  void theGoodLogsAreGoodAndSumUpAsExpected() throws Exception {
    sumUpAsExpected(VECTORS.resolve("good"));
  }

  /** One of them has a full bundle of entries, and hash tiles of two levels. */
  @Test
  void theLongLogsAreGoodAndSumUpAsExpected() throws Exception {
    Path komatsu = VECTORS.resolve("long").resolve("Asia-Komatsu").resolve("tile");
    for (String tile : List.of("entries/000", "0/000", "1/000.p/1")) {
      assertTrue(Files.isRegularFile(komatsu.resolve(tile)), tile);
    }
    sumUpAsExpected(VECTORS.resolve("long"));
  }

  /** [AUD-16] Also when nobody has kept the history that was given up. */
  @Test
  void whatWasDoneOnAGivenUpHistoryIsNoted() throws Exception {
    Path[] sources = {VECTORS.resolve("given-up"), VECTORS.resolve("long")};
    sumUpAsExpected(sources);
    AuditReport without =
        audit(new HashMap<>(), path -> !path.startsWith(GivenUpFiles.DIRECTORY), sources);
    assertEquals(List.of(), without.findings());
    List<String> expected = Files.readAllLines(sources[0].resolve("expected.txt"));
    assertEquals(expected.subList(0, 6), notes(without));
    assertTrue(expected.getFirst().startsWith("note GIVEN_UP "), expected::toString);
  }

  /** [AUD-18] The money of the others is added up. */
  @Test
  void chainsThatHaveNotBegunAreNoted() throws Exception {
    sumUpAsExpected(VECTORS.resolve("not-begun"));
  }

  /** And what is exposed then, if anything is noted. */
  private static List<String> notes(AuditReport report) {
    List<String> lines = new ArrayList<>();
    for (Finding note : report.notes()) {
      lines.add("note " + note.kind() + " " + note.chain() + " " + note.place());
    }
    if (!lines.isEmpty()) {
      lines.add("exposed " + Objects.requireNonNull(report.sums()).exposed());
    }
    return lines;
  }

  private static void sumUpAsExpected(Path... sources) throws Exception {
    Map<ChainId, MemoryBook> books = new HashMap<>();
    AuditReport report = audit(books, sources);
    assertEquals(List.of(), report.findings());
    assertTrue(Objects.requireNonNull(report.sums()).conserved());
    List<String> expected = Files.readAllLines(sources[0].resolve("expected.txt"));
    assertEquals(
        expected.stream().filter(line -> line.matches("(note|exposed) .*")).toList(),
        notes(report));
    List<String> chains = new ArrayList<>();
    for (AuditReport.OfChain chain : report.chains()) {
      Row.Head head = head(books, chain.chain());
      chains.add(
          "chain %s leaves %d term %d issued %s balances %s holds %s clearing %s%s"
              .formatted(
                  chain.chain(),
                  chain.leaves(),
                  head.term(),
                  chain.issued().negated(),
                  chain.balances(),
                  chain.holds(),
                  chain.clearing(),
                  head.closed() ? " closed" : ""));
      String accounts = "account " + chain.chain() + "/";
      assertEquals(
          chain.accounts(), expected.stream().filter(line -> line.startsWith(accounts)).count());
    }
    assertEquals(
        expected.stream().filter(line -> line.startsWith("chain ")).sorted().toList(),
        chains.stream().sorted().toList());
  }

  private static Row.Head head(Map<ChainId, MemoryBook> books, ChainId chain) {
    return Objects.requireNonNull(Objects.requireNonNull(books.get(chain)).head());
  }

  @Test
  void theAccountsAreAsExpected() throws Exception {
    Map<ChainId, MemoryBook> books = new HashMap<>();
    audit(books, VECTORS.resolve("good"));
    Pattern posting = Pattern.compile("post (\\S+/[a-z0-9]+) \\S+ (\\S+)");
    int accounts = 0;
    for (String line : Files.readAllLines(VECTORS.resolve("good").resolve("expected.txt"))) {
      if (line.startsWith("account ")) {
        AccountId id = AccountId.of(line.split(" ", -1)[1]);
        Row.Account row = Objects.requireNonNull(books.get(id.chain())).get(new Key.OfAccount(id));
        long now = head(books, id.chain()).time();
        assertEquals(line, described(Objects.requireNonNull(row).at(now)));
        assertEquals(row.balance().toString(), lastBalance(id.chain(), id.toString(), posting));
        accounts++;
      }
    }
    assertTrue(accounts >= 12, () -> "few accounts");
  }

  private static String described(Row.Account account) {
    StringBuilder out = new StringBuilder("account " + account.id() + " " + account.balance());
    out.append(" key ").append(base64(account.publicKey()));
    Row.Standing standing = account.standing();
    if (standing.frozen()) {
      out.append(" frozen");
    }
    if (standing.closed()) {
      out.append(" closed");
    }
    Row.NewKey announced = standing.recovery();
    if (announced != null) {
      out.append(" announced ").append(base64(announced.publicKey()));
    }
    return out.toString();
  }

  private static String base64(byte[] key) {
    return Base64.getEncoder().encodeToString(key);
  }

  /** So that an outsider's auditor has met each of them. */
  @Test
  void everyKindOfLeafIsInTheGoodLogs() throws IOException {
    String spec = Files.readString(VECTORS.resolveSibling("leaves.md"));
    String table = spec.substring(spec.indexOf("| kind | lines"), spec.indexOf("In `ended`"));
    Set<String> specified = new TreeSet<>();
    table
        .lines()
        .skip(2)
        .filter(line -> line.startsWith("|"))
        .map(line -> line.split("\\|", -1)[1])
        .forEach(kinds -> addAll(specified, "`([a-z-]+)`", kinds));
    assertTrue(specified.size() > 25, specified::toString);
    Set<String> found = new TreeSet<>();
    Set<String> decisions = new TreeSet<>();
    try (Stream<Path> files = Files.walk(VECTORS.resolve("good"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (file.toString().contains("entries")) {
          String text = Files.readString(file, ISO_8859_1);
          addAll(found, "aika/leaf/v1\nkind (\\S+)\n", text);
          addAll(decisions, "aika/recovery/v1\n(?:.+\n)*?kind (\\S+)\n", text);
        }
      }
    }
    assertEquals(specified, found);
    assertEquals(Set.of("seat", "close"), decisions);
  }

  private static void addAll(Set<String> into, String pattern, String text) {
    for (var found = Pattern.compile(pattern).matcher(text); found.find(); ) {
      into.add(found.group(1));
    }
  }

  /** What the last posting to the account says; no posting, no money. */
  private static String lastBalance(ChainId chain, String account, Pattern posting)
      throws IOException {
    String balance = "0.00";
    Path entries = VECTORS.resolve("good").resolve(chain.value()).resolve("tile/entries");
    try (Stream<Path> files = Files.walk(entries)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        for (var found = posting.matcher(Files.readString(file, ISO_8859_1)); found.find(); ) {
          if (found.group(1).equals(account)) {
            balance = found.group(2);
          }
        }
      }
    }
    return balance;
  }

  @TestFactory
  Stream<DynamicTest> eachBrokenVariantIsFound() throws IOException {
    List<Path> variants;
    try (Stream<Path> listed = Files.list(VECTORS.resolve("broken"))) {
      variants = listed.sorted().toList();
    }
    assertTrue(variants.size() >= 20, variants::toString);
    return variants.stream()
        .map(variant ->
            DynamicTest.dynamicTest(
                variant.getFileName().toString(),
                () -> {
                  List<String> expected = Files.readAllLines(variant.resolve("expected.txt"));
                  String rule = expected.size() == 1 ? "" : expected.get(1) + " ";
                  List<Finding> findings = audit(variant, others(variant)).findings();
                  assertTrue(
                      findings.stream()
                          .anyMatch(one ->
                              expected
                                      .getFirst()
                                      .equals(one.kind() + " " + one.chain() + " " + one.place())
                                  && one.what().startsWith(rule)),
                      () -> expected + ", not " + findings);
                  assertEquals(
                      expected.getFirst().startsWith("LEAF_REFUSED "), !rule.isEmpty(), rule);
                }));
  }

  /** A variant of one chain stands among the good ones; one of several has a story of its own. */
  private static Path others(Path variant) throws IOException {
    try (Stream<Path> chains = Files.list(variant).filter(Files::isDirectory)) {
      return VECTORS.resolve(chains.count() == 1 ? "good" : "long");
    }
  }

  // ---- how they were made

  @Test
  @EnabledIfSystemProperty(
      named = "aika.vectors.write",
      matches = "true",
      disabledReason = "writes the vectors anew")
  void writes() throws IOException {
    Files.createDirectories(VECTORS);
    Directory keys = new Vectors(Hash.of(new byte[Hash.BYTES])).federation().directory();
    FederationFile file =
        FederationFile.write(VECTORS.resolve(FederationFile.NAME), federation(keys));
    new Vectors(file.hash()).write(VECTORS);
    assertTrue(Files.size(VECTORS.resolve("good").resolve("expected.txt")) > 0);
    assertEquals(file.hash(), file.directory().fileHash());
    assertTrue(new String(Files.readAllBytes(file.path()), UTF_8).contains(TestFederation.ID));
  }

  private static Federation federation(Directory directory) {
    List<Continent> continents = new ArrayList<>();
    List<Municipality> municipalities = new ArrayList<>();
    int port = 2_000;
    for (ChainId id : new java.util.TreeSet<>(directory.chains().keySet())) {
      Directory.Entry entry = directory.entry(id);
      List<Seat> seats =
          entry.seats().keys().stream()
              .map(key -> new Seat(key.name().substring(key.name().lastIndexOf('/') + 1), key))
              .toList();
      DisplayName name = new DisplayName(id.value(), id.value());
      if (id.municipal()) {
        municipalities.add(
            new Municipality(
                id,
                name,
                port++,
                OptionalInt.of(port + 18_000),
                OptionalInt.empty(),
                entry.issuers(),
                entry.registrars(),
                entry.logKey(),
                seats,
                Optional.ofNullable(entry.recovery())));
      } else {
        continents.add(
            new Continent(
                id,
                name,
                port++,
                OptionalInt.empty(),
                OptionalInt.empty(),
                id.value().equals("Europe"),
                entry.logKey(),
                seats,
                Optional.ofNullable(entry.recovery())));
      }
    }
    return new Federation(
        directory.federation(),
        aika.core.ledger.TestKeys.verifier(
            directory.federation(), aika.core.ledger.TestKeys.ed25519(directory.federation())),
        BlockRule.STANDARD,
        Limits.STANDARD,
        new Term(new Term.Length.Blocks(4), 5),
        continents,
        municipalities);
  }
}
