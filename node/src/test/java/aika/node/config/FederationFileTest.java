package aika.node.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.core.ledger.Directory;
import aika.core.money.ChainId;
import aika.core.money.Money;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FederationFileTest {
  @TempDir Path directory;

  @Test
  void readsWhatItWrote() throws Exception {
    Federation demo = FederationTemplate.demo().federation(new TestKeys());
    Path path = directory.resolve("data").resolve(FederationFile.NAME);
    FederationFile written = FederationFile.write(path, demo);
    FederationFile read = FederationFile.read(path);
    assertEquals(written, read);
    assertEquals(demo, read.federation());
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(path));
    assertArrayEquals(digest, read.hash().bytes());
    try (var files = Files.list(path.toAbsolutePath().getParent())) {
      assertEquals(1, files.count());
    }
  }

  @Test
  void keepsWhatIsNotStandard() {
    Federation small = SmallFederation.federation();
    Municipality komatsu = small.municipalities().getFirst();
    Directory.Quorum recovery =
        new Directory.Quorum(
            2,
            IntStream.rangeClosed(1, 3)
                .mapToObj(
                    i -> TestKeys.key(KeyType.ED25519, "small.example/Asia-Komatsu/rescue-" + i))
                .toList());
    Municipality changed =
        new Municipality(
            komatsu.id(),
            new DisplayName("true", "say \"12\" \\ : # {"),
            komatsu.http(),
            komatsu.node(),
            OptionalInt.of(27017),
            komatsu.issuers(),
            komatsu.registrars(),
            komatsu.log(),
            komatsu.representatives(),
            Optional.of(recovery));
    Limits limits =
        new Limits(
            600,
            7,
            Money.of("12.34"),
            Money.of("56.78"),
            Money.of("0.05"),
            Duration.ofSeconds(90),
            Duration.ofHours(36),
            Duration.ofSeconds(61),
            Money.of("98765.43"));
    Federation other =
        new Federation(
            small.id(),
            small.root(),
            new BlockRule(1, Duration.ofMillis(1_500)),
            limits,
            new Term(new Term.Length.Blocks(1_000), 1),
            small.continents(),
            List.of(changed, small.municipalities().getLast()));
    assertEquals(
        other, FederationFile.parse("x.yaml", FederationWriter.text(other).getBytes(UTF_8)));
  }

  @Test
  void fillsInWhatTheFileLeavesOut() {
    Federation small = SmallFederation.federation();
    assertEquals(new BlockRule(500, Duration.ofMillis(250)), small.block());
    assertEquals(Limits.STANDARD, small.limits());
    assertEquals(new Term.Length.Time(Duration.ofDays(90)), small.term().length());
    String less = SmallFederation.text().replaceAll("(?m)^limits:\n(?:  .*\n)+", "limits: {}\n");
    assertEquals(small, FederationFile.parse("x.yaml", less.getBytes(UTF_8)));
    String tenth =
        SmallFederation.text()
            .replaceAll("exposure-per-counterpart: .*", "exposure-per-counterpart: 5")
            .replaceAll(" *exposure-sum: .*\n", "");
    assertEquals(
        Money.of("50.00"),
        FederationFile.parse("x.yaml", tenth.getBytes(UTF_8)).limits().exposureSum());
  }

  @Test
  void acceptsAByteOrderMarkAndWindowsLineEnds() {
    String text = "\uFEFF" + SmallFederation.text().replace("\n", "\r\n");
    assertEquals(
        SmallFederation.federation(), FederationFile.parse("x.yaml", text.getBytes(UTF_8)));
  }

  @Test
  void refusesToWriteWhatCouldNotBeRead() {
    Federation small = SmallFederation.federation();
    Federation noPlace =
        new Federation(
            small.id(),
            small.root(),
            small.block(),
            small.limits(),
            small.term(),
            small.continents(),
            List.of());
    Path path = directory.resolve(FederationFile.NAME);
    assertThrows(FederationException.class, () -> FederationFile.write(path, noPlace));
    assertTrue(Files.notExists(path));
  }

  @Test
  void saysPlainlyThatThereIsNoFile() {
    FederationException thrown =
        assertThrows(
            FederationException.class, () -> FederationFile.read(directory.resolve("no.yaml")));
    assertEquals(FederationException.FEDERATION_FILE, thrown.code());
    assertTrue(String.valueOf(thrown.getMessage()).contains("no.yaml"), thrown::getMessage);
  }

  @Test
  void demoHasThePortsThatTheSourceNames() {
    Federation demo = FederationTemplate.demo().federation(new TestKeys());
    List<String> names =
        List.of(
            "Asia",
            "Europe",
            "Oceania",
            "Africa",
            "NorthAmerica",
            "SouthAmerica",
            "Antarctica",
            "MiddleEast",
            "CentralAmerica",
            "Arctic",
            "Default");
    assertEquals(names, demo.continents().stream().map(one -> one.id().value()).toList());
    for (int i = 0; i < names.size(); i++) {
      assertEquals(1024 + i, demo.continents().get(i).http());
      assertEquals(OptionalInt.of(10024 + i), demo.continents().get(i).mongo());
    }
    assertEquals("Default", demo.defaultContinent().id().value());
    Municipality kanazawa = demo.municipality("Asia-Kanazawa").orElseThrow();
    Municipality komatsu = demo.municipality("Asia-Komatsu").orElseThrow();
    assertEquals(2000, kanazawa.http());
    assertEquals(OptionalInt.of(20000), kanazawa.node());
    assertEquals(2001, komatsu.http());
    assertEquals(OptionalInt.of(20001), komatsu.node());
    assertEquals("小松市", komatsu.name().ja());
    assertEquals(2, komatsu.issuers().size());
    assertEquals(1, komatsu.registrars().size());
    assertEquals(15, demo.chains().count());
    demo.chains().forEach(chain -> assertEquals(5, chain.representatives().size()));
    Chain asia = demo.chain(ChainId.of("Asia")).orElseThrow();
    assertEquals("demo.aika.example/Asia", asia.log().name());
    assertEquals(demo.origin(asia.id()), asia.log().name());
  }

  @Test
  void templateRefusesKeys() {
    FederationTemplate filled =
        new FederationTemplate("t.yaml", SmallFederation.text().getBytes(UTF_8));
    FederationException thrown =
        assertThrows(FederationException.class, () -> filled.federation(new TestKeys()));
    assertTrue(thrown.problems().stream().allMatch(one -> one.fault() == Fault.UNKNOWN_KEY));
  }
}
