package aika.node.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import aika.core.ledger.Directory;
import aika.core.ledger.Policy;
import aika.core.log.Hash;
import aika.core.money.ChainId;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FederationTest {
  private static final Federation SMALL = SmallFederation.federation();

  @ParameterizedTest
  @CsvSource({
    "Asia-Komatsu,    Asia,     to Asia-Komatsu",
    "Asia-Komatsu,    ,         to Asia-Komatsu",
    "Asia-Komatsu,    ' ',      to Asia-Komatsu",
    "' Asia-Komatsu', 'Asia ',  to Asia-Komatsu",
    "Asia-Komatsu,    Default,  contradiction",
    "Asia-Komatsu,    Europe,   contradiction",
    "Asia-Komatsu,    asia,     contradiction",
    "Asia-Nowhere,    Asia,     none in Asia",
    "Asia-Nowhere,    ,         none in Asia",
    "Asia,            ,         none in Asia",
    "Asia,            Default,  contradiction",
    ",                Asia,     none in Asia",
    "Komatsu,         Asia,     none in Asia",
    "Atlantis-Komatsu,Asia,     none in Asia",
    "Atlantis-Komatsu,,         to Default-General",
    "Atlantis-Komatsu,Atlantis, to Default-General",
    "asia-Komatsu,    ,         to Default-General",
    ",                ,         to Default-General",
    "'',              '',       to Default-General",
    "-,               -,        to Default-General",
    ",                Atlantis, to Default-General",
    ",                Default,  to Default-General",
    "Atlantis-X,      Default,  to Default-General",
    "Default,         ,         to Default-General",
    "Default-General, Default,  to Default-General",
    "Default-General, ,         to Default-General",
    "Default-General, Asia,     contradiction",
    "Default-Nowhere, ,         none in Default"
  })
  void routes(@Nullable String municipality, @Nullable String continent, String expected) {
    String found =
        switch (SMALL.route(municipality, continent)) {
          case Route.To to -> "to " + to.municipality().id();
          case Route.NoMunicipality none -> "none in " + none.continent().id();
          case Route.Contradiction contradiction -> "contradiction";
        };
    assertEquals(expected, found);
  }

  @Test
  void tellsTheLedgerWhoIsWho() {
    Hash hash = Hash.of(new byte[Hash.BYTES]);
    Directory directory = SMALL.directory(hash);
    assertEquals(hash, directory.fileHash());
    assertEquals("small.example", directory.federation());
    Policy.Term oneSeat = new Policy.Term(1, 0, Duration.ofDays(90).toMillis());
    assertEquals(Policy.standard().with(oneSeat), directory.policy());
    assertEquals(4, directory.chains().size());
    Municipality komatsu = SMALL.municipality("Asia-Komatsu").orElseThrow();
    Directory.Entry entry = directory.entry(komatsu.id());
    assertEquals(komatsu.log(), entry.logKey());
    assertEquals(komatsu.issuers(), entry.issuers());
    assertEquals(komatsu.registrars(), entry.registrars());
    assertEquals(komatsu.representatives().stream().map(Seat::key).toList(), entry.seats().keys());
    assertEquals(List.of(), directory.entry(ChainId.of("Asia")).issuers());
    assertEquals(komatsu.log().name(), directory.origin(komatsu.id()));
  }

  @Test
  void shiftsEveryPort() {
    Federation shifted = SMALL.shifted(10_000);
    assertEquals(11_024, shifted.continents().getFirst().http());
    assertEquals(OptionalInt.of(20_024), shifted.continents().getFirst().mongo());
    assertEquals(OptionalInt.empty(), shifted.continents().getFirst().node());
    assertEquals(12_001, shifted.municipalities().getFirst().http());
    assertEquals(OptionalInt.of(30_001), shifted.municipalities().getFirst().node());
    assertEquals(SMALL, shifted.shifted(-10_000));
    assertSame(SMALL, SMALL.shifted(0));
  }

  @Test
  void refusesAShiftOutOfRange() {
    for (int offset : new int[] {45_533, -1_024, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      FederationException thrown =
          assertThrows(FederationException.class, () -> SMALL.shifted(offset));
      assertEquals(FederationException.PORT_OFFSET, thrown.code());
    }
    assertEquals(
        65_535,
        SMALL.shifted(45_532).municipality("Default-General").orElseThrow().node().orElseThrow());
  }
}
