package aika.node.vectors;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.audit.AuditReport;
import aika.core.audit.FederationAudit;
import aika.core.audit.Finding;
import aika.core.audit.PublishedLog;
import aika.core.audit.Vectors;
import aika.core.ledger.Directory;
import aika.core.log.Hash;
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
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
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
    FederationFile file = FederationFile.read(VECTORS.resolve(FederationFile.NAME));
    return new FederationAudit(file.directory(), REAL, chain -> log(chain, sources))
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
    throw new AssertionError("no log of " + chain);
  }

  @Test
  void theGoodLogsAreGoodAndSumUpAsExpected() throws Exception {
    AuditReport report = audit(VECTORS.resolve("good"));
    assertEquals(List.of(), report.findings());
    assertTrue(Objects.requireNonNull(report.sums()).conserved());
    List<String> expected = Files.readAllLines(VECTORS.resolve("good").resolve("expected.txt"));
    List<String> chains = new ArrayList<>();
    for (AuditReport.OfChain chain : report.chains()) {
      chains.add(
          "chain %s leaves %d issued %s balances %s holds %s clearing %s"
              .formatted(
                  chain.chain(),
                  chain.leaves(),
                  chain.issued().negated(),
                  chain.balances(),
                  chain.holds(),
                  chain.clearing()));
    }
    assertEquals(
        expected.stream()
            .filter(line -> line.startsWith("chain "))
            .map(line -> line.replaceFirst(" term \\d+", ""))
            .sorted()
            .toList(),
        chains.stream().sorted().toList());
    Pattern posting = Pattern.compile("post (\\S+/[a-z0-9]+) \\S+ (\\S+)");
    for (String line : expected) {
      if (line.startsWith("account ")) {
        String[] words = line.split(" ", -1);
        ChainId chain = ChainId.of(words[1].substring(0, words[1].indexOf('/')));
        assertEquals(words[2], lastBalance(chain, words[1], posting), line);
      }
    }
  }

  /** What the last posting to the account says; no posting, no money. */
  private static String lastBalance(ChainId chain, String account, Pattern posting)
      throws IOException {
    String balance = "0.00";
    Path entries = VECTORS.resolve("good").resolve(chain.value()).resolve("tile/entries");
    try (Stream<Path> files = Files.walk(entries)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        for (var found =
                posting.matcher(
                    Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1));
            found.find(); ) {
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
                  String[] expected =
                      Files.readString(variant.resolve("expected.txt")).split("\\s", -1);
                  List<Finding> findings = audit(variant, VECTORS.resolve("good")).findings();
                  assertTrue(
                      findings.stream()
                          .anyMatch(one ->
                              one.kind().toString().equals(expected[0])
                                  && one.chain().value().equals(expected[1])),
                      findings::toString);
                }));
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
